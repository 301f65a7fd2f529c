//! `docuvault`: a self-hosted document vault.

use std::process::ExitCode;

fn main() -> ExitCode {
    // The reader child must be small and confined before it sees a byte: no runtime, no logs.
    if docuvault::is_reader_child(std::env::args_os()) {
        return docuvault::reader_child();
    }
    docuvault::cli::main()
}

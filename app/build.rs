//! Compiles the web app into the binary again when it was built again. It is not built here.

fn main() {
    println!("cargo:rerun-if-changed=web/dist");
}

//! The child of the tests. Without further ado it is the real one; its first argument makes it one
//! that misbehaves, confined as the real one is.

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::UnixStream;
use std::process::{Command, ExitCode};
use std::thread;
use std::time::Duration;

use docuvault_domain::documents::MimeType;
use docuvault_domain::ports::{TextExtractor, TextSource};
use docuvault_extract::{ChildExtractor, ExtractConfig, SandboxLimits, child_main, enter_sandbox};
use tokio::runtime::{self, Handle};

fn main() -> ExitCode {
    let mode = std::env::args().nth(1).unwrap_or_default();
    if mode == "read" {
        return child_main();
    }
    if mode == "parent" {
        return parent();
    }
    // limits as the real child takes them
    let limits = SandboxLimits::from_args(std::env::args_os());
    if mode != "silent" && enter_sandbox(limits).is_err() {
        return ExitCode::FAILURE;
    }
    match misbehave(&mode) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// A server whose child is busy for long.
fn parent() -> ExitCode {
    let Ok(program) = std::env::current_exe() else {
        return ExitCode::FAILURE;
    };
    let config = ExtractConfig::new(program, ["spin", "--marker=orphan-test"]);
    let source = TextSource {
        mime: MimeType::Text,
        size: 0,
        bytes: Box::pin(futures::stream::empty()),
        thumbnail: false,
    };
    let extract = async {
        let extractor = ChildExtractor::new(config, Handle::current()).ok()?;
        extractor.extract(source).await.ok()
    };
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    match runtime.map(|runtime| runtime.block_on(extract)) {
        Ok(Some(_)) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn misbehave(mode: &str) -> io::Result<()> {
    match mode {
        "break-out" => {
            let report = escape_attempts().map(|(name, outcome)| format!("{name}: {outcome}"));
            answer(&report.join("\\n"))?;
        }
        "environment" => {
            let variables: Vec<_> = std::env::vars_os().collect();
            answer(&format!("{} variables", variables.len()))?;
        }
        "eat-memory" => eat_memory(),
        "spin" => spin(),
        "overflow-stack" => {
            black_box(recurse(0));
        }
        "panic" => {
            let empty: [u8; 0] = black_box([]);
            black_box(empty.first().copied()).ok_or(io::ErrorKind::Other)?;
        }
        "silent" => thread::sleep(Duration::from_hours(1)),
        "garbage" => io::stdout().write_all(b"This is not how children speak.\n")?,
        "half" => io::stdout().write_all(b"\xff\0\0\0{\"page\":\"the start")?,
        "long-frame" => io::stdout().write_all(b"\xff\xff\xff\xff")?,
        "flood" => flood()?,
        "many-pages" => loop {
            frame(r#"{"page":""}"#)?;
        },
        "complain" => {
            io::stderr().write_all(&vec![b'x'; 1 << 20])?;
            answer("done")?;
        }
        thumbnail if thumbnail.starts_with("thumbnail-") => {
            answer("the text")?;
            misbehave_after_the_text(thumbnail)?;
        }
        _ => return Err(io::ErrorKind::InvalidInput.into()),
    }
    Ok(())
}

/// The text was read; what is said of the thumbnail is not as it should be.
fn misbehave_after_the_text(mode: &str) -> io::Result<()> {
    match mode {
        "thumbnail-none" => frame(r#""no_thumbnail""#)?,
        "thumbnail-spin" => spin(),
        "thumbnail-panic" => {
            let empty: [u8; 0] = black_box([]);
            black_box(empty.first().copied()).ok_or(io::ErrorKind::Other)?;
        }
        "thumbnail-memory" => eat_memory(),
        "thumbnail-another-page" => frame(r#"{"page":"more"}"#)?,
        "thumbnail-too-large" => {
            frame(r#"{"thumbnail":524289}"#)?;
            io::stdout().write_all(&vec![b'x'; 524_289])?;
        }
        "thumbnail-half" => {
            frame(r#"{"thumbnail":1000}"#)?;
            io::stdout().write_all(b"RIFF")?;
        }
        "thumbnail-html" => write_thumbnail(b"<!DOCTYPE html><script>alert(1)</script>")?,
        "thumbnail-empty" => write_thumbnail(b"")?,
        // a whole WebP file, and something behind it
        "thumbnail-and-more" => {
            let head = b"RIFF\x14\0\0\0WEBPVP8L\x08\0\0\0";
            let body = [0; 8];
            write_thumbnail(&[&head[..], &body, b"<script>"].concat())?;
        }
        _ => return Err(io::ErrorKind::InvalidInput.into()),
    }
    io::stdout().flush()
}

fn write_thumbnail(bytes: &[u8]) -> io::Result<()> {
    frame(&format!(r#"{{"thumbnail":{}}}"#, bytes.len()))?;
    io::stdout().write_all(bytes)
}

/// What a confined child must not be able to do, and how it went.
fn escape_attempts() -> [(&'static str, String); 10] {
    let outcome_name = |done: io::Result<()>| match done {
        Ok(()) => "done".to_owned(),
        Err(error) => format!("{:?}", error.kind()),
    };
    [
        (
            "read a file",
            outcome_name(File::open("/etc/passwd").map(drop)),
        ),
        (
            "write a file",
            outcome_name(fs::write("/tmp/docuvault-broke-out", "x")),
        ),
        ("list a folder", outcome_name(fs::read_dir("/").map(drop))),
        (
            "delete a file",
            outcome_name(fs::remove_file("/tmp/docuvault-no-such-file")),
        ),
        (
            "connect",
            outcome_name(TcpStream::connect(("127.0.0.1", 9)).map(drop)),
        ),
        (
            "listen",
            outcome_name(TcpListener::bind(("127.0.0.1", 0)).map(drop)),
        ),
        (
            "send a datagram",
            outcome_name(UdpSocket::bind(("127.0.0.1", 0)).map(drop)),
        ),
        (
            "open a local socket",
            outcome_name(UnixStream::pair().map(drop)),
        ),
        (
            "start a thread",
            outcome_name(thread::Builder::new().spawn(|| ()).map(drop)),
        ),
        (
            "start a program",
            outcome_name(Command::new("/bin/true").spawn().map(drop)),
        ),
    ]
}

fn eat_memory() {
    let mut eaten = Vec::new();
    loop {
        eaten.push(black_box(vec![1_u8; 1 << 20]));
    }
}

fn spin() {
    let mut count = 0_u64;
    loop {
        count = black_box(count.wrapping_add(1));
    }
}

fn recurse(depth: u64) -> u64 {
    let page = black_box([depth; 512]);
    if depth == u64::MAX {
        return 0;
    }
    recurse(depth + 1) + page[7]
}

fn flood() -> io::Result<()> {
    let text = "x".repeat(1 << 20);
    for _ in 0..1024 {
        frame(&format!(r#"{{"page":"{text}"}}"#))?;
    }
    Ok(())
}

/// Takes a document and answers with one page of text.
fn answer(text: &str) -> io::Result<()> {
    io::stdin().read_to_end(&mut Vec::new())?;
    frame(&format!(r#"{{"page":"{text}"}}"#))?;
    frame(
        r#"{"done":{"page_count":null,"language":null,"title":null,"author":null,"created":null,"truncated":false}}"#,
    )
}

fn frame(json: &str) -> io::Result<()> {
    let mut output = io::stdout();
    let length = u32::try_from(json.len()).map_err(io::Error::other)?;
    output.write_all(&length.to_le_bytes())?;
    output.write_all(json.as_bytes())?;
    output.flush()
}

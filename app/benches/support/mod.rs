//! Starting vaults, putting load on them, and reading what that cost.

mod accounts;
pub(crate) mod fixtures;
pub(crate) mod nginx;
pub(crate) mod s3;
mod vault;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Instant;

pub(crate) use accounts::SETTINGS;
pub(crate) use vault::{Load, PASSWORD, Vault};

/// Processor, cores, memory, kernel.
pub(crate) fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cpu = read("/proc/cpuinfo");
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .unwrap_or("?");
    let memory = read("/proc/meminfo");
    let kib = memory
        .split_whitespace()
        .nth(1)
        .and_then(|kib| kib.parse::<f64>().ok());
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!(
        "machine: {}, {cores} cores, {:.0} GiB, Linux {}, load {}",
        model.trim_start_matches([' ', '\t', ':']),
        kib.unwrap_or_default() / 1024.0 / 1024.0,
        read("/proc/sys/kernel/osrelease").trim(),
        read("/proc/loadavg")
            .split_whitespace()
            .next()
            .unwrap_or("?"),
    )
}

pub(crate) fn binary_bytes() -> u64 {
    std::fs::metadata(env!("CARGO_BIN_EXE_docuvault"))
        .unwrap()
        .len()
}

pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// MiB a second of `count` downloads on one connection, by a client that does nothing but read.
pub(crate) fn throughput(address: &str, token: Option<&str>, path: &str, count: usize) -> f64 {
    let mut connection = Connection::open(address, token);
    let started = Instant::now();
    let bytes: usize = (0..count).map(|_| connection.get(path)).sum();
    bytes as f64 / 1024.0 / 1024.0 / started.elapsed().as_secs_f64()
}

/// HTTP/1.1 on one connection, as cheap as can be.
pub(crate) struct Connection {
    stream: TcpStream,
    /// The request but for its first line.
    headers: String,
    buffer: Vec<u8>,
}

impl Connection {
    /// With `token` as `Authorization`, where there is one.
    pub(crate) fn open(address: &str, token: Option<&str>) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream,
            headers: token.map_or_else(
                || format!("Host: {address}\r\n\r\n"),
                |token| format!("Host: {address}\r\nAuthorization: Bearer {token}\r\n\r\n"),
            ),
            buffer: vec![0; 256 * 1024],
        }
    }

    /// Fetches and throws away; the size of the body.
    pub(crate) fn get(&mut self, path: &str) -> usize {
        let request = format!("GET {path} HTTP/1.1\r\n{}", self.headers);
        self.stream.write_all(request.as_bytes()).unwrap();
        let mut filled = 0;
        let (head, length) = loop {
            filled += self.stream.read(&mut self.buffer[filled..]).unwrap();
            let text = &self.buffer[..filled];
            if let Some(end) = text.windows(4).position(|window| window == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&text[..end]).to_ascii_lowercase();
                assert!(head.starts_with("http/1.1 200"), "{head}");
                let length = head
                    .lines()
                    .find_map(|line| line.strip_prefix("content-length: "));
                break (end + 4, length.unwrap().trim().parse::<usize>().unwrap());
            }
        };
        let mut left = length - (filled - head);
        while left > 0 {
            let count = self.stream.read(&mut self.buffer).unwrap();
            assert!(count > 0, "the answer broke off");
            left -= count;
        }
        length
    }
}

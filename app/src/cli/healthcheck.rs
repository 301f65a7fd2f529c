use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};

use crate::config::Overrides;

const TIMEOUT: Duration = Duration::from_secs(3);

#[derive(clap::Args)]
#[command(after_help = "Example:\n  HEALTHCHECK CMD [\"docuvault\", \"healthcheck\"]")]
pub(super) struct Args {}

pub(super) fn run(_: &Args, overrides: &Overrides) -> anyhow::Result<ExitCode> {
    let config = super::configuration(overrides)?;
    let address = config
        .listen_address()
        .context("listen is not an address")?;
    let status = ask(reachable(address))?;
    if status == "200" {
        println!("ready");
        return Ok(ExitCode::SUCCESS);
    }
    bail!("not ready: HTTP {status}")
}

/// A server that listens everywhere is asked on loopback.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// One request and the status of its answer: not worth an HTTP client in a probe that runs every few
/// seconds.
fn ask(address: SocketAddr) -> anyhow::Result<String> {
    let context = || format!("no vault answers on {address}");
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT).with_context(context)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream
        .write_all(b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut head = Vec::new();
    stream
        .take(64)
        .read_to_end(&mut head)
        .with_context(context)?;
    let line = String::from_utf8_lossy(&head);
    let status = line.split_ascii_whitespace().nth(1);
    status.map(str::to_owned).with_context(context)
}

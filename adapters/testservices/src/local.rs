use std::env;
use std::ffi::OsString;
use std::future::Future;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::guard::Guard;

/// How long a server may take until it answers.
const READY_WITHIN: Duration = Duration::from_mins(1);

/// A directory for a server's data.
pub(crate) fn data_directory() -> Result<TempDir> {
    tempfile::Builder::new()
        .prefix("docuvault-test-")
        .tempdir()
        .context("making a temporary directory")
}

/// Ports of the loopback interface that nobody uses at this moment.
pub(crate) fn free_ports<const N: usize>() -> Result<[u16; N]> {
    let mut listeners = Vec::with_capacity(N);
    let mut ports = [0; N];
    for port in &mut ports {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        *port = listener.local_addr()?.port();
        listeners.push(listener);
    }
    Ok(ports)
}

/// The program of that name on the PATH or in one of the further directories.
pub(crate) fn find_program(name: &str, further: &[PathBuf]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(further.iter().cloned())
        .map(|dir| dir.join(name))
        .find(|file| file.is_file())
}

/// A command line of texts and paths.
pub(crate) fn command(program: &Path, args: &[&str]) -> Vec<OsString> {
    let args = args.iter().map(OsString::from);
    std::iter::once(program.into()).chain(args).collect()
}

/// Asks until the server answers; an error, with what it logged, when it ended or took too long.
pub(crate) async fn ready<F>(guard: &mut Guard, ask: impl Fn() -> F + Send) -> Result<()>
where
    F: Future<Output = Result<()>> + Send,
{
    let started = Instant::now();
    loop {
        if let Some(status) = guard.ended()? {
            bail!("it ended with {status}: {}", guard.log_tail());
        }
        let answer = tokio::time::timeout(Duration::from_secs(5), ask()).await;
        match answer
            .map_err(anyhow::Error::from)
            .and_then(|answer| answer)
        {
            Ok(()) => return Ok(()),
            Err(error) if started.elapsed() > READY_WITHIN => {
                bail!("no answer ({error:#}): {}", guard.log_tail())
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

use std::ffi::OsString;
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};

use anyhow::{Context, Result};
use tempfile::TempDir;

/// Runs the server and beside it a watcher that reads a pipe whose other end this process holds.
/// The pipe closes when the guard is dropped and also when this process ends in any way: then the
/// watcher ends the server and removes its directory.
const SERVER: &str = r#"
signal=$1 dir=$2
shift 2
exec 3<&0
(
  cat <&3 >/dev/null
  kill -"$signal" $$
  tries=0
  while kill -0 $$ && [ $tries -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
  rm -rf "$dir"
) >/dev/null 2>&1 &
exec "$@" </dev/null 3<&-
"#;

/// The same for a container, which is no child of ours.
const CONTAINER: &str = r#"cat >/dev/null; exec docker rm --force --volumes "$1""#;

/// Keeps a server running until it is dropped or this process ends.
pub(crate) struct Guard {
    child: Child,
    log: Option<PathBuf>,
}

impl Guard {
    /// Starts `command` and ends it by `signal`; `dir` goes with it.
    pub(crate) fn server(command: &[OsString], dir: TempDir, signal: &str) -> Result<Self> {
        let path = dir.path().join("server.log");
        let log = File::create(&path)?;
        let child = watched(
            Command::new("sh")
                .args(["-c", SERVER, "sh", signal])
                .arg(dir.path())
                .args(command)
                .stdout(log.try_clone()?)
                .stderr(log),
        )?;
        let _the_watcher_removes_it = dir.keep();
        Ok(Self {
            child,
            log: Some(path),
        })
    }

    /// Removes the container in the end.
    pub(crate) fn container(id: &str) -> Result<Self> {
        let child = watched(
            Command::new("sh")
                .args(["-c", CONTAINER, "sh", id])
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        )?;
        Ok(Self { child, log: None })
    }

    /// How the server ended, when it ended by itself.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// The last lines that the server wrote.
    pub(crate) fn log_tail(&self) -> String {
        let Some(log) = &self.log else {
            return "see the container's log".to_owned();
        };
        let log = fs::read(log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(12)..].join("\n")
    }
}

fn watched(command: &mut Command) -> Result<Child> {
    command
        .stdin(Stdio::piped())
        // Ctrl-C is for the tests; what they started ends through the pipe.
        .process_group(0)
        .spawn()
        .context("starting sh")
}

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        // Nothing is to be done about a server that was gone already.
        let _ = self.child.wait();
    }
}

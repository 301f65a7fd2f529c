//! Starts children, and keeps one idle child at hand while there is work.

use std::ffi::OsString;
use std::io;
use std::process::Stdio;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;

use tokio::process::{Child, Command};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use crate::child::FALLBACK_FONT;
use crate::limits::ExtractConfig;

/// A thread that starts children. A child dies when the *thread* that started it ends, so this one
/// lives as long as the pool.
#[derive(Debug)]
pub(crate) struct Pool {
    requests: mpsc::Sender<oneshot::Sender<io::Result<Child>>>,
}

impl Pool {
    /// Children are started as `config` says and speak through the runtime of `runtime`.
    pub(crate) fn start(config: ExtractConfig, runtime: Handle) -> io::Result<Self> {
        let (requests, received) = mpsc::channel();
        thread::Builder::new()
            .name("extract-pool".to_owned())
            .spawn(move || {
                let _context = runtime.enter();
                serve(&config, &received);
            })?;
        Ok(Self { requests })
    }

    /// A child that waits for its document.
    pub(crate) async fn child(&self) -> io::Result<Child> {
        let (reply, child) = oneshot::channel();
        let gone = || io::Error::other("the thread that starts children is gone");
        self.requests.send(reply).map_err(|_| gone())?;
        child.await.map_err(|_| gone())?
    }
}

fn serve(config: &ExtractConfig, requests: &mpsc::Receiver<oneshot::Sender<io::Result<Child>>>) {
    let mut idle_child: Option<Child> = None;
    loop {
        let request = if idle_child.is_some() {
            requests.recv_timeout(config.idle_timeout)
        } else {
            requests.recv().map_err(|_| RecvTimeoutError::Disconnected)
        };
        match request {
            Ok(reply) => {
                let child = match idle_child.take().and_then(alive) {
                    Some(child) => Ok(child),
                    None => spawn(config),
                };
                // nobody waits any more: the child is dropped, hence killed
                drop(reply.send(child));
                idle_child = spawn(config).ok();
            }
            Err(RecvTimeoutError::Timeout) => idle_child = None,
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

fn fallback_font(config: &ExtractConfig) -> Option<OsString> {
    let path = config.fallback_font.as_ref()?;
    let mut argument = OsString::from(FALLBACK_FONT);
    argument.push(path);
    Some(argument)
}

fn alive(mut child: Child) -> Option<Child> {
    matches!(child.try_wait(), Ok(None)).then_some(child)
}

fn spawn(config: &ExtractConfig) -> io::Result<Child> {
    Command::new(&config.program)
        .args(&config.args)
        .args(config.limits.to_args())
        .args(fallback_font(config))
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        // Ctrl-C is for the server, which lets the reading at hand come to its end.
        .process_group(0)
        .spawn()
}

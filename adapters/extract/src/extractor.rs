//! Reading a document in a child process.

use std::error::Error;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::Duration;

use async_trait::async_trait;
use docuvault_domain::PortError;
use docuvault_domain::ports::{ExtractError, Reading, RefusalReason, TextExtractor, TextSource};
use tokio::io::AsyncReadExt;
use tokio::process::{Child, ChildStderr};
use tokio::runtime::Handle;
use tokio::time::timeout;

use crate::child::{can_read, can_thumbnail};
use crate::exchange::{ExchangeError, Outcome, Session, exchange};
use crate::limits::ExtractConfig;
use crate::pool::Pool;
use crate::refusal::refuse;

/// How long a child may take to end once the exchange has ended.
const EXIT_TIMEOUT: Duration = Duration::from_millis(500);

/// So much of what a child writes to standard error is kept for the log.
const MAX_STDERR_BYTES: usize = 4096;

/// Reads each document in a child process of its own.
#[derive(Debug)]
pub struct ChildExtractor {
    config: ExtractConfig,
    pool: Pool,
}

impl ChildExtractor {
    /// Starts no child yet. Children speak through the runtime of `runtime`.
    pub fn new(config: ExtractConfig, runtime: Handle) -> io::Result<Self> {
        Ok(Self {
            pool: Pool::start(config.clone(), runtime)?,
            config,
        })
    }
}

#[async_trait]
impl TextExtractor for ChildExtractor {
    async fn extract(&self, source: TextSource) -> Result<Reading, ExtractError> {
        let mime = source.mime;
        let has_use = can_read(mime) || source.thumbnail && can_thumbnail(mime);
        if !has_use {
            return Err(ExtractError::Unsupported);
        }
        let mut child = self
            .pool
            .child()
            .await
            .map_err(failed("starting a reader"))?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(stdin), Some(stdout), Some(stderr)) = pipes else {
            return Err(failed("starting a reader")(io::Error::other("no pipes")));
        };

        let config = &self.config;
        let session = async {
            let session = exchange(source, config, stdin, stdout).await;
            let grace = match &session {
                Ok(Session {
                    thumbnail_error: None,
                    ..
                })
                | Err(ExchangeError::Child(_)) => EXIT_TIMEOUT,
                Ok(_) | Err(_) => Duration::ZERO,
            };
            (session, end(&mut child, grace).await)
        };
        // drained all the while, so that a talkative child does not get stuck
        let ((session, status), stderr_output) = tokio::join!(session, stderr_output(stderr));
        let status = status.map_err(failed("ending a reader"))?;
        if let Ok(Session {
            thumbnail_error: Some(error),
            ..
        }) = &session
        {
            tracing::debug!(%mime, %status, %error, stderr_output, "there is no picture of a page");
        }

        match session.map(|session| session.outcome) {
            Ok(Outcome::Read(reading)) => Ok(reading),
            Ok(Outcome::Refused(reason)) => Err(ExtractError::Refused(refuse(mime, reason.into()))),
            Ok(Outcome::Unconfined(problem)) => Err(failed("confining a reader")(problem)),
            Err(error @ (ExchangeError::Source(_) | ExchangeError::Size { .. })) => {
                Err(failed("handing a document to its reader")(error))
            }
            Err(ExchangeError::TooLong) => Err(ExtractError::Refused(refuse(
                mime,
                RefusalReason::TooDemanding,
            ))),
            Err(ExchangeError::Child(error)) => {
                tracing::debug!(%mime, %status, %error, stderr_output, "a reader broke off");
                let reason = reason_of_end(status, &stderr_output);
                Err(ExtractError::Refused(refuse(mime, reason)))
            }
        }
    }
}

/// Something around the document failed.
fn failed<E: Into<Box<dyn Error + Send + Sync>>>(
    context: &'static str,
) -> impl FnOnce(E) -> ExtractError {
    move |error| PortError::transient(context, error).into()
}

/// Waits for a child to end, and makes it end when it does not.
async fn end(child: &mut Child, grace: Duration) -> io::Result<ExitStatus> {
    if let Ok(status) = timeout(grace, child.wait()).await {
        return status;
    }
    child.kill().await?;
    child.wait().await
}

/// What a child wrote to standard error, the start of it.
async fn stderr_output(mut stderr: ChildStderr) -> String {
    let mut kept = Vec::new();
    let mut buffer = [0; 1024];
    while let Ok(read @ 1..) = stderr.read(&mut buffer).await {
        let room = MAX_STDERR_BYTES - kept.len();
        kept.extend_from_slice(&buffer[..read.min(room)]);
    }
    String::from_utf8_lossy(&kept).into_owned()
}

/// Why a child ended that did not say it.
fn reason_of_end(status: ExitStatus, stderr_output: &str) -> RefusalReason {
    let out_of_time = status.signal() == Some(libc::SIGXCPU);
    // the words of the standard library, before it aborts
    let out_of_memory =
        status.signal() == Some(libc::SIGABRT) && stderr_output.contains("memory allocation of ");
    if out_of_time || out_of_memory {
        RefusalReason::TooDemanding
    } else {
        RefusalReason::Crashed
    }
}

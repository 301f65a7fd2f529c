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

use crate::child::{can_picture, can_read};
use crate::conversation::{Broken, Said, Talk, converse};
use crate::limits::ExtractConfig;
use crate::pool::Pool;
use crate::refusal::refuse;

/// How long a child may take to end once its talk has ended.
const END_WITHIN: Duration = Duration::from_millis(500);

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
        let has_use = can_read(mime) || source.thumbnail && can_picture(mime);
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
        let talk = async {
            let talk = converse(source, config, stdin, stdout).await;
            let grace = match &talk {
                Ok(Talk {
                    broken_picture: None,
                    ..
                })
                | Err(Broken::Child(_)) => END_WITHIN,
                Ok(_) | Err(_) => Duration::ZERO,
            };
            (talk, end(&mut child, grace).await)
        };
        // drained all the while, so that a talkative child does not get stuck
        let ((talk, status), complaints) = tokio::join!(talk, complaints(stderr));
        let status = status.map_err(failed("ending a reader"))?;
        if let Ok(Talk {
            broken_picture: Some(error),
            ..
        }) = &talk
        {
            tracing::debug!(%mime, %status, %error, complaints, "there is no picture of a page");
        }

        match talk.map(|talk| talk.said) {
            Ok(Said::Read(reading)) => Ok(reading),
            Ok(Said::Refused(reason)) => Err(ExtractError::Refused(refuse(mime, reason.into()))),
            Ok(Said::Unconfined(problem)) => Err(failed("confining a reader")(problem)),
            Err(broken @ (Broken::Source(_) | Broken::Size { .. })) => {
                Err(failed("handing a document to its reader")(broken))
            }
            Err(Broken::TooLong) => Err(ExtractError::Refused(refuse(
                mime,
                RefusalReason::TooDemanding,
            ))),
            Err(Broken::Child(error)) => {
                tracing::debug!(%mime, %status, %error, complaints, "a reader broke off");
                let reason = reason_of_end(status, &complaints);
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
async fn complaints(mut stderr: ChildStderr) -> String {
    let mut kept = Vec::new();
    let mut buffer = [0; 1024];
    while let Ok(read @ 1..) = stderr.read(&mut buffer).await {
        let room = MAX_STDERR_BYTES - kept.len();
        kept.extend_from_slice(&buffer[..read.min(room)]);
    }
    String::from_utf8_lossy(&kept).into_owned()
}

/// Why a child ended that did not say it.
fn reason_of_end(status: ExitStatus, complaints: &str) -> RefusalReason {
    let out_of_time = status.signal() == Some(libc::SIGXCPU);
    // the words of the standard library, before it aborts
    let out_of_memory =
        status.signal() == Some(libc::SIGABRT) && complaints.contains("memory allocation of ");
    if out_of_time || out_of_memory {
        RefusalReason::TooDemanding
    } else {
        RefusalReason::Crashed
    }
}

//! What runs in the child: one document from standard input, its text to standard output.
//!
//! One thread, no runtime, no logging, no file: whatever a document does to its reader happens here.

mod clean;
mod confine;
mod language;
mod pages;
mod pdf;
mod text;

use std::io::{self, Read, Write};
use std::process::ExitCode;

use docuvault_domain::documents::MimeType;
use thiserror::Error;

pub use confine::{ConfineError, confine};
use pages::Pages;

use crate::limits::Limits;
use crate::protocol::{Answer, Reason, Request, read_request, write_answer};

/// Why reading a document ended early.
#[derive(Debug, Error)]
enum ReadError {
    #[error("refused")]
    Refused(Reason),
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Whether there is a reader for this kind of file.
pub(crate) const fn can_read(mime: MimeType) -> bool {
    mime.is_text() || matches!(mime, MimeType::Pdf)
}

/// The whole program of a child: confines itself, reads one document from standard input and writes
/// its text to standard output. Call it before anything else, while there is one thread.
pub fn child_main() -> ExitCode {
    let limits = Limits::from_args(std::env::args_os());
    let mut output = io::stdout().lock();
    let served = match confine(limits) {
        Ok(()) => serve(&mut io::stdin().lock(), &mut output),
        Err(error) => write_answer(&mut output, &Answer::Unconfined(error.to_string())),
    };
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn serve(input: &mut impl Read, output: &mut impl Write) -> io::Result<()> {
    let Some(request) = read_request(input)? else {
        return Ok(());
    };
    let mut pages = Pages::new(output, request.max_text_bytes);
    let answer = match read(&request, input, &mut pages) {
        Ok(answer) => answer,
        Err(ReadError::Refused(reason)) => Answer::Refused(reason),
        Err(ReadError::Io(error)) => return Err(error),
    };
    write_answer(output, &answer)
}

fn read(
    request: &Request,
    input: &mut impl Read,
    pages: &mut Pages<'_, impl Write>,
) -> Result<Answer, ReadError> {
    let mut summary = if request.mime.is_text() {
        text::read(request.size, input, pages)?
    } else {
        pdf::read(all(request.size, input)?, pages)?
    };
    summary.language = language::of(pages.sample());
    summary.truncated |= pages.truncated();
    Ok(Answer::Done(summary))
}

/// `size` bytes. Fewer mean that the parent gave up on this document: there is nobody to answer.
fn all(size: u64, input: &mut impl Read) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    let length = usize::try_from(size).map_err(|_| ReadError::Refused(Reason::TooDemanding))?;
    bytes
        .try_reserve_exact(length)
        .map_err(|_| ReadError::Refused(Reason::TooDemanding))?;
    input.take(size).read_to_end(&mut bytes)?;
    if bytes.len() < length {
        return Err(ReadError::Io(io::ErrorKind::UnexpectedEof.into()));
    }
    Ok(bytes)
}

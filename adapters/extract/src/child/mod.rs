//! What runs in the child: one document from standard input, its text to standard output, and after
//! it, where asked for, a thumbnail of its first page.
//!
//! One thread, no runtime, no logging, no file but a font that was opened before the sandbox was entered:
//! whatever a document does to its reader happens here.

mod clean;
mod fallback_font;
mod language;
mod pages;
mod pdf;
mod sandbox;
mod text;
mod thumbnail;

use std::io::{self, Read, Write};
use std::process::ExitCode;

use docuvault_domain::documents::MimeType;
use thiserror::Error;

pub(crate) use fallback_font::ARGUMENT as FALLBACK_FONT;
use fallback_font::FallbackFont;
use pages::Pages;
pub use sandbox::{SandboxError, enter_sandbox};
use thumbnail::Subject;
pub(crate) use thumbnail::can_thumbnail;

use crate::limits::SandboxLimits;
use crate::protocol::{Answer, Reason, Request, Summary, read_request, write_answer};

/// Why reading a document ended early.
#[derive(Debug, Error)]
enum ReadError {
    #[error("refused")]
    Refused(Reason),
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Whether there is a reader for the text of this kind of file.
pub(crate) const fn can_read(mime: MimeType) -> bool {
    mime.is_text() || matches!(mime, MimeType::Pdf)
}

/// The whole program of a child: confines itself, reads one document from standard input and writes
/// its text and its thumbnail to standard output. Call it before anything else, while there is one thread.
pub fn child_main() -> ExitCode {
    let limits = SandboxLimits::from_args(std::env::args_os());
    let font = FallbackFont::open(std::env::args_os());
    let mut output = io::stdout().lock();
    let served = match enter_sandbox(limits) {
        Ok(()) => serve(&mut io::stdin().lock(), &mut output, &font),
        Err(error) => write_answer(&mut output, &Answer::Unconfined(error.to_string())),
    };
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn serve(input: &mut impl Read, output: &mut impl Write, font: &FallbackFont) -> io::Result<()> {
    let Some(request) = read_request(input)? else {
        return Ok(());
    };
    let mut pages = Pages::new(output, request.max_text_bytes);
    let subject = match read(&request, input, &mut pages) {
        Ok((summary, subject)) => {
            write_answer(output, &Answer::Done(summary))?;
            subject
        }
        Err(ReadError::Refused(reason)) => return write_answer(output, &Answer::Refused(reason)),
        Err(ReadError::Io(error)) => return Err(error),
    };
    // The text is out: a thumbnail that fails or takes too long must not lose it.
    if request.thumbnail {
        let thumbnail_webp =
            subject.and_then(|subject| thumbnail::of(&subject, request.mime, font));
        write_thumbnail(output, thumbnail_webp.as_deref())?;
    }
    Ok(())
}

fn write_thumbnail(output: &mut impl Write, thumbnail_webp: Option<&[u8]>) -> io::Result<()> {
    let Some(thumbnail_webp) = thumbnail_webp else {
        return write_answer(output, &Answer::NoThumbnail);
    };
    write_answer(output, &Answer::Thumbnail(thumbnail_webp.len()))?;
    output.write_all(thumbnail_webp)?;
    output.flush()
}

/// Sends the pages. Returns what a thumbnail can be made of, where one can.
fn read(
    request: &Request,
    input: &mut impl Read,
    pages: &mut Pages<'_, impl Write>,
) -> Result<(Summary, Option<Subject>), ReadError> {
    if request.mime.is_text() {
        let summary = text::read(request.size, input, pages)?;
        return Ok((finish_summary(summary, pages), None));
    }
    let bytes = read_all(request.size, input)?;
    if thumbnail::is_image(request.mime) {
        return Ok((Summary::default(), Some(Subject::Image(bytes))));
    }
    let pdf = pdf::load(bytes).map_err(ReadError::Refused)?;
    let summary = pdf::read(&pdf, pages)?;
    Ok((finish_summary(summary, pages), Some(Subject::Pdf(pdf))))
}

fn finish_summary(summary: Summary, pages: &Pages<'_, impl Write>) -> Summary {
    Summary {
        language: language::of(pages.sample()),
        truncated: summary.truncated || pages.truncated(),
        ..summary
    }
}

/// `size` bytes. Fewer mean that the parent gave up on this document: there is nobody to answer.
fn read_all(size: u64, input: &mut impl Read) -> Result<Vec<u8>, ReadError> {
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

//! What runs in the child: one document from standard input, its text to standard output, and after
//! it, where asked for, a thumbnail of its first page.
//!
//! One thread, no runtime, no logging, no file but a font that was opened before the walls stood:
//! whatever a document does to its reader happens here.

mod clean;
mod confine;
mod fallback_font;
mod language;
mod pages;
mod pdf;
mod text;
mod thumbnail;

use std::io::{self, Read, Write};
use std::process::ExitCode;

use docuvault_domain::documents::MimeType;
use thiserror::Error;

pub use confine::{ConfineError, confine};
pub(crate) use fallback_font::ARGUMENT as FALLBACK_FONT;
use fallback_font::FallbackFont;
use pages::Pages;
use thumbnail::Subject;
pub(crate) use thumbnail::can_picture;

use crate::limits::Limits;
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
/// its text and its picture to standard output. Call it before anything else, while there is one thread.
pub fn child_main() -> ExitCode {
    let limits = Limits::from_args(std::env::args_os());
    let font = FallbackFont::open(std::env::args_os());
    let mut output = io::stdout().lock();
    let served = match confine(limits) {
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
    // The text is out: whatever a picture costs, it does not cost the text.
    if request.thumbnail {
        let picture = subject.and_then(|subject| thumbnail::of(&subject, request.mime, font));
        send_thumbnail(output, picture.as_deref())?;
    }
    Ok(())
}

fn send_thumbnail(output: &mut impl Write, picture: Option<&[u8]>) -> io::Result<()> {
    let Some(picture) = picture else {
        return write_answer(output, &Answer::NoThumbnail);
    };
    write_answer(output, &Answer::Thumbnail(picture.len()))?;
    output.write_all(picture)?;
    output.flush()
}

/// Sends the pages. Gives what a picture can be made of, where one can.
fn read(
    request: &Request,
    input: &mut impl Read,
    pages: &mut Pages<'_, impl Write>,
) -> Result<(Summary, Option<Subject>), ReadError> {
    if request.mime.is_text() {
        let summary = text::read(request.size, input, pages)?;
        return Ok((conclude(summary, pages), None));
    }
    let bytes = all(request.size, input)?;
    if thumbnail::is_image(request.mime) {
        return Ok((Summary::default(), Some(Subject::Image(bytes))));
    }
    let pdf = pdf::load(bytes).map_err(ReadError::Refused)?;
    let summary = pdf::read(&pdf, pages)?;
    Ok((conclude(summary, pages), Some(Subject::Pdf(pdf))))
}

fn conclude(summary: Summary, pages: &Pages<'_, impl Write>) -> Summary {
    Summary {
        language: language::of(pages.sample()),
        truncated: summary.truncated || pages.truncated(),
        ..summary
    }
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

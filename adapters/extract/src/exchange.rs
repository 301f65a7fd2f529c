//! The parent's side of the exchange with one child.

use std::io;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use docuvault_domain::ports::{
    ByteStream, Properties, Reading, StreamError, TextSource, Thumbnail,
};
use futures::StreamExt;
use thiserror::Error;
use time::{Date, Month};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

use crate::child::{can_read, can_thumbnail};
use crate::limits::{ExtractConfig, MAX_PAGES, MAX_PROPERTY_CHARS, MAX_THUMBNAIL_BYTES};
use crate::protocol::{Answer, Reason, Request, Summary, decode, encode, max_answer_bytes};

/// How a completed exchange ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Read(Reading),
    Refused(Reason),
    Unconfined(String),
}

/// A completed exchange, but for the thumbnail perhaps.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) outcome: Outcome,
    /// Why the requested thumbnail did not come.
    pub(crate) thumbnail_error: Option<io::Error>,
}

/// Why an exchange broke off.
#[derive(Debug, Error)]
pub(crate) enum ExchangeError {
    /// The child fell silent or broke the protocol.
    #[error("the child broke off")]
    Child(#[source] io::Error),
    /// The child took too long: to take bytes, or to answer once it had them all. How long the bytes
    /// take to arrive is not its fault.
    #[error("the child took too long")]
    TooLong,
    /// The bytes of the document broke off.
    #[error("the bytes of the document broke off")]
    Source(#[from] StreamError),
    /// The bytes of the document are not as many as was said.
    #[error("the document has {actual} bytes instead of {announced}")]
    Size { announced: u64, actual: u64 },
}

/// Hands the document to the child and takes its answers, both at once.
pub(crate) async fn exchange(
    source: TextSource,
    config: &ExtractConfig,
    input: impl AsyncWrite + Unpin,
    mut output: impl AsyncRead + Unpin,
) -> Result<Session, ExchangeError> {
    let request = Request {
        mime: source.mime,
        size: source.size,
        max_text_bytes: config.max_text_bytes,
        thumbnail: source.thumbnail && can_thumbnail(source.mime),
    };
    let outcome = receive_text(
        &request,
        source.bytes,
        config.wall_clock,
        input,
        &mut output,
    )
    .await?;
    let Outcome::Read(mut reading) = outcome else {
        return Ok(Session {
            outcome,
            thumbnail_error: None,
        });
    };
    reading.no_reader = !can_read(request.mime);
    let mut thumbnail_error = None;
    if request.thumbnail {
        // The text is complete by now: a failing thumbnail must not lose it.
        let thumbnail = timeout(config.thumbnail_wall_clock, receive_thumbnail(&mut output));
        match thumbnail
            .await
            .unwrap_or(Err(io::ErrorKind::TimedOut.into()))
        {
            Ok(thumbnail) => reading.thumbnail = thumbnail,
            Err(error) => thumbnail_error = Some(error),
        }
    }
    Ok(Session {
        outcome: Outcome::Read(reading),
        thumbnail_error,
    })
}

async fn receive_text(
    request: &Request,
    bytes: ByteStream,
    time_limit: Duration,
    input: impl AsyncWrite + Unpin,
    output: &mut (impl AsyncRead + Unpin),
) -> Result<Outcome, ExchangeError> {
    let send_document = send_document(request, bytes, input, time_limit);
    let receive_answers = async {
        let outcome = receive_answers(output, request.max_text_bytes).await;
        outcome.map_err(ExchangeError::Child)
    };
    tokio::pin!(receive_answers);
    tokio::select! {
        // a child that answers early has seen enough
        outcome = &mut receive_answers => return outcome,
        sent = send_document => sent?,
    }
    timeout(time_limit, receive_answers)
        .await
        .unwrap_or(Err(ExchangeError::TooLong))
}

/// A child that reads no further is no error here: its answer tells, or its end.
async fn send_document(
    request: &Request,
    mut bytes: ByteStream,
    mut input: impl AsyncWrite + Unpin,
    time_limit: Duration,
) -> Result<(), ExchangeError> {
    let mut chunk = Bytes::from(encode(request).map_err(ExchangeError::Child)?);
    let mut actual = 0;
    loop {
        match timeout(time_limit, input.write_all(&chunk)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return Ok(()),
            Err(_) => return Err(ExchangeError::TooLong),
        }
        let Some(next) = bytes.next().await else {
            break;
        };
        chunk = next?;
        actual += chunk.len() as u64;
        if actual > request.size {
            break;
        }
    }
    if actual == request.size {
        Ok(())
    } else {
        Err(ExchangeError::Size {
            announced: request.size,
            actual,
        })
    }
}

async fn receive_answers(
    output: &mut (impl AsyncRead + Unpin),
    max_text_bytes: usize,
) -> io::Result<Outcome> {
    let mut pages = Vec::new();
    let mut room = max_text_bytes;
    loop {
        match next_answer(output, max_answer_bytes(max_text_bytes)).await? {
            Answer::Page(text) => {
                room = room
                    .checked_sub(text.len())
                    .filter(|_| pages.len() < MAX_PAGES && !text.contains('\0'))
                    .ok_or(io::ErrorKind::InvalidData)?;
                pages.push(text);
            }
            Answer::Done(summary) => return Ok(Outcome::Read(reading(pages, summary))),
            Answer::Refused(reason) => return Ok(Outcome::Refused(reason)),
            Answer::Unconfined(problem) => return Ok(Outcome::Unconfined(problem)),
            Answer::Thumbnail(_) | Answer::NoThumbnail => {
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
    }
}

async fn receive_thumbnail(output: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Thumbnail>> {
    let length = match next_answer(output, max_answer_bytes(0)).await? {
        Answer::NoThumbnail => return Ok(None),
        Answer::Thumbnail(length) if length <= MAX_THUMBNAIL_BYTES => length,
        _ => return Err(io::ErrorKind::InvalidData.into()),
    };
    let mut webp = vec![0; length];
    output.read_exact(&mut webp).await?;
    if !is_plain_webp(&webp) {
        return Err(io::ErrorKind::InvalidData.into());
    }
    Ok(Some(Thumbnail { webp: webp.into() }))
}

/// Whether this is a WebP file of one lossless image and nothing else: no animation, no
/// metadata, nothing behind its end. Its pixels are for its decoder to judge.
fn is_plain_webp(file: &[u8]) -> bool {
    let number = |at: usize| {
        let bytes = file.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_le_bytes(bytes) as usize)
    };
    let chunk = number(16).map(|length| length + length % 2 + 20);
    file.len() >= 20
        && file.starts_with(b"RIFF")
        && number(4) == Some(file.len() - 8)
        && file[8..].starts_with(b"WEBPVP8L")
        && chunk == Some(file.len())
}

async fn next_answer(output: &mut (impl AsyncRead + Unpin), most: usize) -> io::Result<Answer> {
    let length = output.read_u32_le().await? as usize;
    if length > most {
        return Err(io::ErrorKind::InvalidData.into());
    }
    // grows with what comes, so that a length alone takes no memory
    let mut frame = BytesMut::new();
    let mut rest = output.take(length as u64);
    while frame.len() < length {
        if rest.read_buf(&mut frame).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    decode(&frame)
}

fn reading(pages: Vec<String>, summary: Summary) -> Reading {
    let created = summary.created.and_then(|(year, month, day)| {
        Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()
    });
    Reading {
        pages,
        page_count: summary.page_count,
        language: summary.language.filter(|code| is_language(code)),
        properties: Properties {
            title: summary.title.as_deref().map(cut),
            author: summary.author.as_deref().map(cut),
            created,
        },
        truncated: summary.truncated,
        ..Reading::default()
    }
}

fn is_language(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn cut(property: &str) -> String {
    let clean = property.chars().filter(|c| !c.is_control());
    clean.take(MAX_PROPERTY_CHARS).collect()
}

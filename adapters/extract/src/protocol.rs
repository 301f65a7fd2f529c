//! What parent and child say to each other: JSON in frames, each behind its length in four bytes,
//! little end first. The parent sends one [`Request`], then the bytes of the document, then closes;
//! the child answers with [`Answer`]s: pages, one that is not a page, and, where a thumbnail was requested
//! and the document was read, one about the thumbnail.

use std::io::{self, Read, Write};

use docuvault_domain::documents::MimeType;
use docuvault_domain::ports::RefusalReason;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A request is never longer than this.
const MAX_REQUEST_BYTES: usize = 4096;

/// The document that follows.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) mime: MimeType,
    pub(crate) size: u64,
    pub(crate) max_text_bytes: usize,
    /// Whether a thumbnail of the first page is to follow the text.
    pub(crate) thumbnail: bool,
}

/// What the child has to say.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    /// The text of the next page.
    Page(String),
    /// The document is read.
    Done(Summary),
    /// The document cannot be read.
    Refused(Reason),
    /// The child could not confine itself and read nothing.
    Unconfined(String),
    /// A thumbnail of the first page: a WebP file of so many bytes, which follow as they are.
    Thumbnail(usize),
    /// There is no thumbnail.
    NoThumbnail,
}

/// What is known once all pages are read.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Summary {
    pub(crate) page_count: Option<u32>,
    pub(crate) language: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) author: Option<String>,
    /// Year, month, day.
    pub(crate) created: Option<(i32, u8, u8)>,
    pub(crate) truncated: bool,
}

/// A [`RefusalReason`] that the child can tell; a crash tells itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reason {
    Encrypted,
    Damaged,
    TooDemanding,
}

impl From<Reason> for RefusalReason {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Encrypted => Self::Encrypted,
            Reason::Damaged => Self::Damaged,
            Reason::TooDemanding => Self::TooDemanding,
        }
    }
}

/// No answer is longer than this. JSON spells a byte of clean text with at most two.
pub(crate) const fn max_answer_bytes(max_text_bytes: usize) -> usize {
    2 * max_text_bytes + 64 * 1024
}

/// `message` as a frame.
pub(crate) fn encode(message: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut frame = vec![0; 4];
    serde_json::to_writer(&mut frame, message)?;
    let length = u32::try_from(frame.len() - 4).map_err(io::Error::other)?;
    frame[..4].copy_from_slice(&length.to_le_bytes());
    Ok(frame)
}

/// The message in a frame, without its length.
pub(crate) fn decode<T: DeserializeOwned>(frame: &[u8]) -> io::Result<T> {
    Ok(serde_json::from_slice(frame)?)
}

/// The request, on the child's side. `None` when the parent had none.
pub(crate) fn read_request(input: &mut impl Read) -> io::Result<Option<Request>> {
    let mut length = [0; 4];
    if input.read(&mut length[..1])? == 0 {
        return Ok(None);
    }
    input.read_exact(&mut length[1..])?;
    let length = u32::from_le_bytes(length) as usize;
    if length > MAX_REQUEST_BYTES {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut frame = vec![0; length];
    input.read_exact(&mut frame)?;
    decode(&frame).map(Some)
}

/// An answer, on the child's side.
pub(crate) fn write_answer(output: &mut impl Write, answer: &Answer) -> io::Result<()> {
    output.write_all(&encode(answer)?)?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_comes_through_and_leaves_the_bytes_behind_it() {
        let request = Request {
            mime: MimeType::Pdf,
            size: 3,
            max_text_bytes: 10,
            thumbnail: true,
        };
        let mut bytes = encode(&request).unwrap();
        bytes.extend(b"abc");
        let mut input = bytes.as_slice();
        assert_eq!(read_request(&mut input).unwrap(), Some(request));
        assert_eq!(input, b"abc");
    }

    #[test]
    fn no_request_is_no_error_and_half_a_one_is() {
        assert_eq!(read_request(&mut [].as_slice()).unwrap(), None);
        assert!(read_request(&mut [5, 0].as_slice()).is_err());
        assert!(read_request(&mut [255, 255, 255, 255, 1].as_slice()).is_err());
    }

    #[test]
    fn the_longest_text_fits_into_an_answer() {
        let text = "\"\\\n\t".repeat(1000);
        let frame = encode(&Answer::Page(text.clone())).unwrap();
        assert!(frame.len() <= max_answer_bytes(text.len()));
    }
}

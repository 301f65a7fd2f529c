//! Reading the form of an upload, its file on the way to the store.

use std::sync::Arc;

use actix_multipart::{Multipart, MultipartError};
use actix_web::web::{Bytes, BytesMut};
use docuvault_domain::documents::{
    Document, MimeType, NewDocument, OnDuplicate, Sha256, Title, UploadError, clean_filename,
};
use docuvault_domain::ports::{Stored, StreamError};
use futures::TryStreamExt as _;
use sha2::Digest as _;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::form_field::FormField;
use crate::http::fields::parsed;
use crate::http::problem::{ErrorCode, Problem};
use crate::services::Services;
use crate::uploads::PendingUpload;

/// What the kind of a file is decided by.
const HEAD_BYTES: usize = 8 * 1024;
const MAX_FIELD_BYTES: usize = 4 * 1024;
/// Chunks between the request and the store; each has at most 64 KiB.
const CHUNKS_IN_FLIGHT: usize = 4;

/// Everything a form said.
pub(super) struct ReceivedForm {
    filename: String,
    stored: Stored,
    title: Option<Title>,
}

impl ReceivedForm {
    pub(super) fn into_parts(self, on_duplicate: OnDuplicate) -> (Stored, NewDocument) {
        let new = NewDocument {
            filename: self.filename,
            title: self.title,
            on_duplicate,
        };
        (self.stored, new)
    }
}

/// Where the bytes of the form's file go.
pub(super) struct MultipartUpload {
    pub(super) services: Arc<Services>,
    pub(super) max_bytes: u64,
    pub(super) size_hint: Option<u64>,
    pub(super) to: Destination,
}

pub(super) enum Destination {
    Store(PendingUpload),
    /// A repeated request: only the digest is wanted, to compare.
    Digest,
}

/// Reads the form field by field. Fields may come in any order.
pub(super) async fn receive(
    mut form: Multipart,
    multipart_upload: &mut MultipartUpload,
) -> Result<ReceivedForm, Problem> {
    let mut file = None;
    let mut title = None;
    while let Some(field) = form.try_next().await.map_err(|error| broken(&error))? {
        let mut field = FormField::new(field);
        let name = field.name();
        match name.as_str() {
            "file" if file.is_none() => file = Some(multipart_upload.file(field).await?),
            "file" => return Err(Problem::field("file", "Send one file at a time.")),
            "title" => title = parse_title(&text_of(&mut field, &name).await?)?,
            "folder_id" if !text_of(&mut field, &name).await?.is_empty() => {
                return Err(Problem::field("folder_id", "You have no such folder."));
            }
            _ => field.skip().await.map_err(|error| broken(&error))?,
        }
    }
    let (filename, stored) = file.ok_or_else(|| Problem::field("file", "The form has no file."))?;
    Ok(ReceivedForm {
        filename,
        stored,
        title,
    })
}

impl MultipartUpload {
    /// Looks at the first bytes, then lets the rest flow.
    async fn file(&mut self, mut field: FormField) -> Result<(String, Stored), Problem> {
        let filename = clean_filename(field.filename());
        let head = head_of(&mut field).await?;
        if head.is_empty() {
            return Err(UploadError::Empty.into());
        }
        let mime_type = self
            .services
            .documents
            .content_types
            .detect(&head, &filename);
        let mime_type = mime_type.ok_or_else(|| {
            Problem::new(
                ErrorCode::UnsupportedMediaType,
                "The vault does not take this kind of file. Nothing was kept.",
            )
        })?;
        let stored = match &mut self.to {
            Destination::Store(pending) => {
                store(
                    pending,
                    mime_type,
                    head,
                    field,
                    self.max_bytes,
                    self.size_hint,
                )
                .await?
            }
            Destination::Digest => digest(head, field, self.max_bytes).await?,
        };
        Ok((filename, stored))
    }

    /// Before the refusal is told, so that whoever hears it can try again with the same key.
    pub(super) async fn undo(self) {
        if let Destination::Store(pending) = self.to {
            pending.undo().await;
        }
    }

    pub(super) async fn finish(
        self,
        received: ReceivedForm,
        on_duplicate: OnDuplicate,
    ) -> Result<Document, UploadError> {
        let (stored, new) = received.into_parts(on_duplicate);
        match self.to {
            Destination::Store(pending) => pending.finish(&stored, new).await,
            Destination::Digest => Err(UploadError::KeyMismatch),
        }
    }
}

/// A field cannot cross threads, a store's stream must: a bounded channel stands between them, and
/// holds the sender back when the store is slow.
async fn store(
    pending: &mut PendingUpload,
    mime_type: MimeType,
    head: Bytes,
    mut field: FormField,
    max_bytes: u64,
    size_hint: Option<u64>,
) -> Result<Stored, UploadError> {
    let (sender, receiver) = mpsc::channel(CHUNKS_IN_FLIGHT);
    let pump = async move {
        let mut count = 0;
        let mut next = Ok(Some(head));
        loop {
            let item = match next {
                Ok(None) => return,
                Ok(Some(chunk)) => {
                    count += chunk.len() as u64;
                    if count > max_bytes {
                        Err(StreamError::TooLarge(max_bytes))
                    } else {
                        Ok(chunk)
                    }
                }
                Err(_) => Err(StreamError::Aborted),
            };
            let broken = item.is_err();
            if sender.send(item).await.is_err() || broken {
                return;
            }
            next = field.chunk().await;
        }
    };
    let bytes = Box::pin(ReceiverStream::new(receiver));
    let (stored, ()) = tokio::join!(pending.store(mime_type, bytes, size_hint), pump);
    stored
}

/// Size and digest of a file that is not to be kept.
async fn digest(head: Bytes, mut field: FormField, max_bytes: u64) -> Result<Stored, Problem> {
    let mut hasher = sha2::Sha256::new();
    let mut size = 0;
    let mut next = Some(head);
    while let Some(chunk) = next {
        size += chunk.len() as u64;
        if size > max_bytes {
            return Err(UploadError::TooLarge(max_bytes).into());
        }
        hasher.update(&chunk);
        next = field.chunk().await.map_err(|error| broken(&error))?;
    }
    let sha256 = Sha256::parse(hex::encode(hasher.finalize())).ok_or(UploadError::Aborted)?;
    Ok(Stored { size, sha256 })
}

/// The first bytes of a field: [`HEAD_BYTES`] or a little more, or all when there are fewer.
async fn head_of(field: &mut FormField) -> Result<Bytes, Problem> {
    let mut head = BytesMut::new();
    while head.len() < HEAD_BYTES {
        let Some(chunk) = field.chunk().await.map_err(|error| broken(&error))? else {
            break;
        };
        if head.is_empty() && chunk.len() >= HEAD_BYTES {
            return Ok(chunk);
        }
        head.extend_from_slice(&chunk);
    }
    Ok(head.freeze())
}

async fn text_of(field: &mut FormField, name: &str) -> Result<String, Problem> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| broken(&error))? {
        if bytes.len() + chunk.len() > MAX_FIELD_BYTES {
            return Err(Problem::field(name, "The value is too long."));
        }
        bytes.extend_from_slice(&chunk);
    }
    let text = String::from_utf8(bytes.to_vec());
    text.map_err(|_| Problem::field(name, "The value is not UTF-8."))
}

fn parse_title(text: &str) -> Result<Option<Title>, Problem> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    parsed("title", text, Title::parse).map(Some)
}

fn broken(error: &MultipartError) -> Problem {
    use MultipartError as E;
    tracing::debug!(%error, "a form could not be read");
    if matches!(
        error,
        E::ContentTypeMissing | E::ContentTypeParse | E::ContentTypeIncompatible
    ) {
        let detail = "Send the file as multipart/form-data.";
        return Problem::new(ErrorCode::UnsupportedBody, detail);
    }
    Problem::new(
        ErrorCode::MalformedBody,
        "The form broke off or is not multipart/form-data. Nothing was kept; please send it again.",
    )
}

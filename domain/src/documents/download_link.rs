use std::sync::Arc;
use std::time::Duration;

use super::{Content, Document, DownloadDocument, DownloadError};
use crate::caller::Caller;
use crate::ids::{DocumentId, UserId};
use crate::ports::{Clock, Disposition, SecretBox, SecretContext};
use crate::timestamp::Timestamp;

const PURPOSE: &str = "download link";
const LASTS: Duration = Duration::from_mins(1);

/// Makes addresses under which one document's bytes can be had for a minute without anything else: for
/// browsers, which send no token when they save a file.
pub struct DownloadLinks {
    /// Finds the bytes.
    pub downloads: DownloadDocument,
    /// Seals what an address of the vault says.
    pub secrets: Arc<dyn SecretBox>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Whether browsers reach the object store itself.
    pub from_store: bool,
}

/// How the bytes are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presentation {
    /// Shown, where their kind can carry no script; otherwise saved.
    Inline,
    /// Saved.
    Attachment,
}

/// Where the bytes can be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// At the object store.
    Store(String),
    /// At the vault, with this ticket.
    Vault(Vec<u8>),
}

impl Presentation {
    /// As which of both `document` is sent.
    #[must_use]
    pub const fn of(self, document: &Document) -> Self {
        if document.mime_type.is_safe_inline() {
            self
        } else {
            Self::Attachment
        }
    }
}

impl DownloadLinks {
    /// An address for the caller's document, and when it ends.
    pub async fn issue(
        &self,
        caller: &Caller,
        id: DocumentId,
        presentation: Presentation,
    ) -> Result<(Link, Timestamp), DownloadError> {
        let content = self.downloads.locate(caller, id).await?;
        let ends = self.clock.now().plus(LASTS);
        if self.from_store {
            let name = content.document.filename.clone();
            let disposition = match presentation.of(&content.document) {
                Presentation::Inline => Disposition::Inline,
                Presentation::Attachment => Disposition::Attachment(name),
            };
            if let Some(url) = self
                .downloads
                .presign(&content, LASTS, &disposition)
                .await?
            {
                return Ok((Link::Store(url), ends));
            }
        }
        let owner = content.document.owner;
        let ticket = Ticket {
            owner,
            ends,
            presentation,
        };
        let sealed = self.secrets.seal(&context(id), &ticket.to_bytes())?;
        Ok((Link::Vault(sealed), ends))
    }

    /// What a ticket of the vault is for. One that is damaged, over, or of another document finds nothing.
    pub async fn redeem(
        &self,
        id: DocumentId,
        ticket: &[u8],
    ) -> Result<(Content, Presentation), DownloadError> {
        let plain = self.secrets.open(&context(id), ticket).ok();
        let ticket = plain.and_then(|plain| Ticket::from_bytes(&plain));
        let ticket = ticket.filter(|ticket| self.clock.now() < ticket.ends);
        let ticket = ticket.ok_or(DownloadError::NotFound)?;
        let owner = Caller::system(ticket.owner);
        let content = self.downloads.locate(&owner, id).await?;
        Ok((content, ticket.presentation))
    }
}

fn context(id: DocumentId) -> SecretContext {
    SecretContext {
        owner: None,
        row: id.0,
        purpose: PURPOSE,
    }
}

/// What an address says: 16 bytes of the owner's id, 8 of the end in microseconds, one for the manner.
struct Ticket {
    owner: UserId,
    ends: Timestamp,
    presentation: Presentation,
}

impl Ticket {
    fn to_bytes(&self) -> Vec<u8> {
        let manner = u8::from(self.presentation == Presentation::Attachment);
        let ends = self.ends.as_micros().to_be_bytes();
        [self.owner.0.as_bytes().as_slice(), &ends, &[manner]].concat()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (owner, rest) = bytes.split_first_chunk::<16>()?;
        let (ends, manner) = rest.split_first_chunk::<8>()?;
        Some(Self {
            owner: UserId(uuid::Uuid::from_bytes(*owner)),
            ends: Timestamp::from_micros(i64::from_be_bytes(*ends)),
            presentation: match manner {
                [0] => Presentation::Inline,
                [1] => Presentation::Attachment,
                _ => return None,
            },
        })
    }
}

//! Keeping an upload alive while its bytes flow, and undoing it when nobody finishes it. Shared by
//! the HTTP handler and `docuvault import`.

use std::pin::pin;
use std::sync::Arc;

use docuvault_domain::Caller;
use docuvault_domain::documents::{Document, MimeType, NewDocument, Ticket, UploadError};
use docuvault_domain::ports::{ByteStream, IdempotencyKey, Stored};
use tokio::time::{Instant, interval_at};

use crate::services::Services;

/// An upload that is undone unless it is finished: on an error, and when the request is dropped
/// because its client went away.
pub(crate) struct PendingUpload {
    services: Arc<Services>,
    caller: Caller,
    undo: Option<Undo>,
}

enum Undo {
    Key(IdempotencyKey),
    Ticket(Ticket),
}

impl PendingUpload {
    /// Nothing has to be undone yet, except for the key.
    pub(crate) fn new(
        services: Arc<Services>,
        caller: Caller,
        key: Option<IdempotencyKey>,
    ) -> Self {
        Self {
            services,
            caller,
            undo: key.map(Undo::Key),
        }
    }

    /// Stores the bytes.
    pub(crate) async fn store(
        &mut self,
        mime_type: MimeType,
        bytes: ByteStream,
        size_hint: Option<u64>,
    ) -> Result<Stored, UploadError> {
        let key = match &self.undo {
            Some(Undo::Key(key)) => Some(key.clone()),
            _ => None,
        };
        let ticket = self
            .services
            .documents
            .upload
            .begin(&self.caller, mime_type, key)
            .await?;
        self.undo = Some(Undo::Ticket(ticket.clone()));
        let uploads = &self.services.documents.upload;
        let mut storing = pin!(uploads.store(&ticket, bytes, size_hint));
        let period = uploads.lease / 3;
        let mut ticks = interval_at(Instant::now() + period, period);
        loop {
            tokio::select! {
                stored = &mut storing => return stored,
                _ = ticks.tick() => {
                    if let Err(error) = uploads.keep_alive(&self.caller, &ticket).await {
                        tracing::warn!(%error, "an upload could not say that it is alive");
                    }
                }
            }
        }
    }

    /// Makes what was stored a document.
    pub(crate) async fn finish(
        mut self,
        stored: &Stored,
        new: NewDocument,
    ) -> Result<Document, UploadError> {
        let Some(Undo::Ticket(ticket)) = self.undo.take() else {
            return Err(UploadError::Empty);
        };
        let services = self.services.clone();
        let caller = self.caller;
        let stored = stored.clone();
        // On a task of its own: once the commit is on its way, a client that hangs up must neither
        // stop it nor leave the undoing half done.
        let finishing = async move {
            services
                .documents
                .upload
                .finish(&caller, ticket, &stored, new)
                .await
        };
        match self.services.background.spawn(finishing).await {
            Ok(result) => result,
            Err(_) => Err(UploadError::Aborted),
        }
    }
}

impl PendingUpload {
    /// Undoes what was done so far.
    pub(crate) async fn undo(mut self) {
        if let Some(undo) = self.undo.take() {
            undo.run(&self.services, &self.caller).await;
        }
    }
}

impl Undo {
    async fn run(self, services: &Services, caller: &Caller) {
        match self {
            Self::Ticket(ticket) => services.documents.upload.abandon(caller, &ticket).await,
            Self::Key(key) => {
                if let Err(error) = services.documents.upload.release(caller, &key).await {
                    tracing::warn!(%error, "an idempotency key stays until its lease ends");
                }
            }
        }
    }
}

impl Drop for PendingUpload {
    fn drop(&mut self) {
        let Some(undo) = self.undo.take() else { return };
        let (services, caller) = (self.services.clone(), self.caller);
        self.services
            .background
            .spawn(async move { undo.run(&services, &caller).await });
    }
}

use std::sync::Arc;

use async_trait::async_trait;

use crate::caller::Caller;
use crate::documents::{Document, Status};
use crate::fault::{PortError, with_causes};
use crate::jobs::{JobHandler, JobRun, Outcome};
use crate::learning::train;
use crate::ports::{JobEnd, Lease, Properties};

use super::document_job::{current, nothing_to_do, updated};
use super::filing::{Filed, Filer, LONGEST_WAIT, apply};

const NOT_FILED: &str = "The text was read, but the document was not filed. \
                         Choose its topics, or have it read again.";

/// Files a document that was read when the classifier did not answer. It is ready all the while, so
/// this is tried for as long as it takes.
pub struct FileDocument(pub Arc<Filer>);

#[async_trait]
impl JobHandler for FileDocument {
    async fn run(&self, run: &JobRun) -> Outcome {
        match self.attempt(&run.lease).await {
            Ok(outcome) => outcome,
            Err(error) => Outcome::retry(with_causes(&error)),
        }
    }

    async fn abandon(&self, lease: &Lease, end: JobEnd<'_>) -> Result<bool, PortError> {
        let core = &self.0.core;
        let unit = core.begin().await?;
        let document = current(&*unit, lease).await?;
        if !unit.jobs().finish(lease, core.now(), end).await? {
            return Ok(false);
        }
        let ready = document.filter(|document| document.status == Status::Ready);
        if let Some(mut document) = ready {
            document.status_detail = Some(NOT_FILED.to_owned());
            document.updated_at = core.now();
            unit.documents().update(&document).await?;
            unit.commit().await?;
            self.0.publish_event(updated(&document)).await;
            return Ok(true);
        }
        unit.commit().await?;
        Ok(true)
    }

    fn exhausted(&self) -> &'static str {
        NOT_FILED
    }
}

impl FileDocument {
    async fn attempt(&self, lease: &Lease) -> Result<Outcome, PortError> {
        let core = &self.0.core;
        let unit = core.begin().await?;
        let Some(document) = current(&*unit, lease).await? else {
            nothing_to_do(unit, lease, core.now()).await?;
            return Ok(Outcome::Done);
        };
        // Nothing is locked while the classifier is asked.
        drop(unit);
        let filed = self.ask(&document).await?;
        if let Filed::Later { wait, .. } = filed {
            return Ok(Outcome::Retry {
                reason: "the classifier does not answer".to_owned(),
                wait: wait.min(LONGEST_WAIT),
            });
        }
        let now = core.now();
        let unit = core.begin().await?;
        let document = current(&*unit, lease).await?;
        if !unit.jobs().finish(lease, now, JobEnd::Done(None)).await? {
            return Ok(Outcome::LeaseLost);
        }
        let Some(mut document) = document.filter(|document| document.status == Status::Ready)
        else {
            unit.commit().await?;
            return Ok(Outcome::Done);
        };
        document.status_detail = filed.detail().map(str::to_owned);
        document.updated_at = now;
        if let Filed::As(filed) = &filed {
            apply(filed, self.0.classifier.source(), &mut document);
        }
        unit.documents().update(&document).await?;
        if let Filed::As(filed) = &filed {
            self.0.assign(&*unit, &document, filed).await?;
        }
        train(&*unit, &document).await?;
        let owner = Caller::system(document.owner);
        let document = unit.documents().find(&owner, document.id).await?;
        unit.commit().await?;
        if let Some(document) = document {
            self.0.publish_event(updated(&document)).await;
        }
        Ok(Outcome::Done)
    }

    async fn ask(&self, document: &Document) -> Result<Filed, PortError> {
        let owner = Caller::system(document.owner);
        let documents = self.0.core.store.documents();
        let pages = documents.text(&owner, document.id).await?;
        let language = document.language.value.as_deref();
        self.0
            .file(
                document,
                &pages.unwrap_or_default(),
                language,
                &Properties::default(),
            )
            .await
    }
}

use std::sync::Arc;
use std::time::Duration;

use crate::caller::Caller;
use crate::core::Core;
use crate::documents::Document;
use crate::fault::PortError;
use crate::ids::JobId;
use crate::ports::{Job, Queue, StorageBackend, StorageError};

const BATCH: u32 = 100;

/// A document that waits this long without an open job was forgotten.
const STRANDED_AFTER: Duration = Duration::from_secs(30);

/// Finishes what crashes left behind. Takes no input: it looks at the state of things, so it may run
/// at any time, on any number of replicas.
#[expect(missing_docs, reason = "the types say it")]
pub struct Sweep {
    pub core: Core,
    pub storage: Arc<dyn StorageBackend>,
    pub queue: Arc<dyn Queue>,
}

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Objects removed from store and object registry.
    pub objects: u64,
    /// Objects that could not be removed this time.
    pub failures: u64,
    /// Documents put back into the queue.
    pub requeued: u64,
    /// Idempotency keys that had expired.
    pub keys: u64,
}

impl Sweep {
    /// Sweeps once.
    pub async fn run(&self) -> Result<Swept, PortError> {
        let mut swept = Swept::default();
        self.objects(&mut swept).await?;
        self.stranded(&mut swept).await?;
        let unit = self.core.begin().await?;
        swept.keys = unit.idempotency().purge(self.core.now()).await?;
        unit.commit().await?;
        Ok(swept)
    }

    /// Uploads that died on the way, and deletions that were not finished.
    async fn objects(&self, swept: &mut Swept) -> Result<(), PortError> {
        loop {
            let unit = self.core.begin().await?;
            let rows = unit.objects().sweepable(self.core.now(), BATCH).await?;
            unit.commit().await?;
            let mut gone = Vec::new();
            for row in &rows {
                match self.storage.discard(&row.key).await {
                    Ok(()) => gone.push(row.id),
                    Err(error) => {
                        swept.failures += 1;
                        tracing::warn!(object = %row.key, %error, "an object stays for now");
                        // Anything else is likely to befall the next object as well.
                        if !matches!(error, StorageError::Permanent(_)) {
                            break;
                        }
                    }
                }
            }
            let unit = self.core.begin().await?;
            for id in &gone {
                unit.objects().forget(*id).await?;
            }
            unit.commit().await?;
            swept.objects += gone.len() as u64;
            if gone.len() < BATCH as usize {
                return Ok(());
            }
        }
    }

    /// Documents that wait to be read although no job is open for them.
    async fn stranded(&self, swept: &mut Swept) -> Result<(), PortError> {
        let before = self.core.now().minus(STRANDED_AFTER);
        for document in self.core.store.documents().stranded(before, BATCH).await? {
            if let Some(job) = self.requeue(&document).await? {
                swept.requeued += 1;
                if let Err(error) = self.queue.publish(&[job]).await {
                    tracing::warn!(%error, "a job waits until a worker looks for it");
                }
            }
        }
        Ok(())
    }

    /// `None` when somebody else was faster.
    async fn requeue(&self, seen: &Document) -> Result<Option<JobId>, PortError> {
        let (now, id) = (self.core.now(), seen.id);
        let owner = Caller::system(seen.owner);
        let unit = self.core.begin().await?;
        let document = unit.documents().lock(&owner, id).await?;
        let unchanged = |document: &Document| document.content_version == seen.content_version;
        let Some(mut document) = document.filter(unchanged) else {
            return Ok(None);
        };
        document.requeue(now);
        let job = Job::process(JobId(self.core.ids.v7()), &document);
        unit.documents().update(&document).await?;
        unit.jobs()
            .schedule(std::slice::from_ref(&job), now, now)
            .await?;
        unit.commit().await?;
        tracing::warn!(document = %id, "a document without a job was put back into the queue");
        Ok(Some(job.id))
    }
}

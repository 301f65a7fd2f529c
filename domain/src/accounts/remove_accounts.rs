use crate::audit::{Action, Resource};
use crate::caller::Caller;
use crate::core::Core;
use crate::fault::{FaultKind, PortError};
use crate::ids::{DocumentId, UserId};
use crate::ports::DocumentFilter;

/// Documents removed in one transaction: short enough for a single writer.
const BATCH: u32 = 100;
const ACCOUNTS: u32 = 20;

/// Removes what belongs to deleted accounts: documents with their texts, topics and what they have
/// taught, keys of uploads, quotas. The bytes in the store are marked for the sweep. Takes no input: it
/// looks at the state of things, so it may die at any point, and run on any number of replicas.
pub struct RemoveAccounts {
    /// Database, clock and ids.
    pub core: Core,
}

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Documents.
    pub documents: u64,
    /// Accounts of which nothing is left.
    pub accounts: u64,
}

impl RemoveAccounts {
    /// Removes all that is to be removed. To be called now and then: it costs one look when there is
    /// nothing.
    pub async fn run(&self) -> Result<Removed, PortError> {
        let mut removed = Removed::default();
        for user in self.core.store.users().deleted(ACCOUNTS).await? {
            for trashed in [false, true] {
                self.documents(user, trashed, &mut removed).await?;
            }
            match self.account(user).await {
                Ok(()) => removed.accounts += 1,
                // An upload that was on its way has ended in between; the next run takes it.
                Err(error) if error.kind == FaultKind::Conflict => {
                    tracing::warn!(account = %user, %error, "a deleted account stays for now");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(removed)
    }

    async fn documents(
        &self,
        user: UserId,
        trashed: bool,
        removed: &mut Removed,
    ) -> Result<(), PortError> {
        let owner = Caller::system(user);
        let filter = DocumentFilter {
            trashed,
            ..DocumentFilter::default()
        };
        loop {
            let documents = self.core.store.documents();
            let batch = documents.ids(&owner, &filter, None, BATCH).await?;
            if batch.is_empty() {
                return Ok(());
            }
            removed.documents += self.batch(&owner, &batch).await?;
        }
    }

    async fn batch(&self, owner: &Caller, batch: &[DocumentId]) -> Result<u64, PortError> {
        let (now, mut count) = (self.core.now(), 0);
        let unit = self.core.begin().await?;
        for id in batch {
            // Gone where another replica was faster.
            if unit.documents().lock(owner, *id).await?.is_some() {
                unit.objects().mark_deleting(*id, now).await?;
                unit.documents().remove(*id).await?;
                count += 1;
            }
        }
        unit.commit().await?;
        Ok(count)
    }

    async fn account(&self, user: UserId) -> Result<(), PortError> {
        let unit = self.core.begin().await?;
        unit.users().remove(user).await?;
        let system = Caller::system(user);
        let resource = Resource::Account(user);
        self.core
            .audit_line(&system, Action::AccountRemoved, resource)
            .write(&*unit)
            .await?;
        unit.commit().await?;
        tracing::info!(account = %user, "a deleted account is gone");
        Ok(())
    }
}

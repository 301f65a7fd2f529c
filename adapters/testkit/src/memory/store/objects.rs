use async_trait::async_trait;
use docuvault_domain::documents::Sha256;
use docuvault_domain::ids::{DocumentId, ObjectId};
use docuvault_domain::ports::{
    ObjectKind, ObjectRepo, ObjectRow, ObjectState, Stored, StoredObject,
};
use docuvault_domain::{PortError, Timestamp};

use super::Tables;
use super::state::{ObjectEntry, State, conflict};

#[async_trait]
impl ObjectRepo for Tables {
    async fn reserve(
        &self,
        row: &ObjectRow,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<(), PortError> {
        const CONTEXT: &str = "reserving an object";
        self.write(CONTEXT, |state| {
            let taken = |entry: &ObjectEntry| entry.row.id == row.id || entry.row.key == row.key;
            if state.objects.values().any(taken) {
                return Err(conflict(CONTEXT, "the id or key is taken"));
            }
            let entry = ObjectEntry {
                row: ObjectRow {
                    state: ObjectState::Writing,
                    ..row.clone()
                },
                lease_until,
                since: now,
                stored: None,
            };
            state.objects.insert(row.id, entry);
            Ok(())
        })
    }

    async fn extend(&self, id: ObjectId, lease_until: Timestamp) -> Result<bool, PortError> {
        self.write("extending an object's lease", |state| {
            let entry = writing(state, id);
            Ok(entry.map(|entry| entry.lease_until = lease_until).is_some())
        })
    }

    async fn make_live(
        &self,
        id: ObjectId,
        size: u64,
        sha256: &Sha256,
        now: Timestamp,
    ) -> Result<bool, PortError> {
        self.write("making an object live", |state| {
            let Some(entry) = writing(state, id) else {
                return Ok(false);
            };
            entry.enter(ObjectState::Live, now);
            entry.stored = Some(Stored {
                size,
                sha256: sha256.clone(),
            });
            Ok(true)
        })
    }

    async fn original(&self, document: DocumentId) -> Result<Option<ObjectRow>, PortError> {
        Ok(self.read(|state| {
            let mut entries = state.objects.values();
            let entry = entries.find(|entry| entry.is_live(document, ObjectKind::Original))?;
            Some(entry.row.clone())
        }))
    }

    async fn thumbnail(&self, document: DocumentId) -> Result<Option<StoredObject>, PortError> {
        Ok(self.read(|state| {
            let mut entries = state.objects.values();
            let entry = entries.find(|entry| entry.is_live(document, ObjectKind::Thumbnail))?;
            Some(StoredObject {
                key: entry.row.key.clone(),
                stored: entry.stored.clone()?,
            })
        }))
    }

    async fn retire_thumbnails(
        &self,
        document: DocumentId,
        kept: ObjectId,
        now: Timestamp,
    ) -> Result<(), PortError> {
        self.write("retiring thumbnails", |state| {
            for entry in state.objects.values_mut() {
                if entry.is_live(document, ObjectKind::Thumbnail) && entry.row.id != kept {
                    entry.enter(ObjectState::Deleting, now);
                }
            }
            Ok(())
        })
    }

    async fn mark_deleting(
        &self,
        document: DocumentId,
        now: Timestamp,
    ) -> Result<Vec<ObjectRow>, PortError> {
        self.write("marking objects for deletion", |state| {
            let entries = state.objects.values_mut();
            Ok(entries
                .filter(|entry| entry.row.document == document)
                .filter(|entry| entry.row.state == ObjectState::Live)
                .map(|entry| {
                    entry.enter(ObjectState::Deleting, now);
                    entry.row.clone()
                })
                .collect())
        })
    }

    async fn abandon(&self, id: ObjectId, now: Timestamp) -> Result<(), PortError> {
        self.write("abandoning an object", |state| {
            if let Some(entry) = writing(state, id) {
                entry.enter(ObjectState::Deleting, now);
            }
            Ok(())
        })
    }

    async fn sweepable(&self, now: Timestamp, limit: u32) -> Result<Vec<ObjectRow>, PortError> {
        self.write("looking for objects to sweep", |state| {
            for entry in state.objects.values_mut() {
                if entry.row.state == ObjectState::Writing && entry.lease_until < now {
                    entry.enter(ObjectState::Deleting, now);
                }
            }
            let mut entries: Vec<_> = state.objects.values().collect();
            entries.retain(|entry| entry.row.state == ObjectState::Deleting);
            entries.sort_by_key(|entry| (entry.since, entry.row.id));
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            Ok(entries
                .into_iter()
                .take(limit)
                .map(|entry| entry.row.clone())
                .collect())
        })
    }

    async fn forget(&self, id: ObjectId) -> Result<(), PortError> {
        self.write("forgetting an object", |state| {
            let deleting = |entry: &ObjectEntry| entry.row.state == ObjectState::Deleting;
            if state.objects.get(&id).is_some_and(deleting) {
                state.objects.remove(&id);
            }
            Ok(())
        })
    }
}

impl ObjectEntry {
    fn is_live(&self, document: DocumentId, kind: ObjectKind) -> bool {
        let row = &self.row;
        row.document == document && row.kind == kind && row.state == ObjectState::Live
    }

    fn enter(&mut self, state: ObjectState, now: Timestamp) {
        if self.row.state != state {
            self.row.state = state;
            self.since = now;
        }
    }
}

fn writing(state: &mut State, id: ObjectId) -> Option<&mut ObjectEntry> {
    let entry = state.objects.get_mut(&id);
    entry.filter(|entry| entry.row.state == ObjectState::Writing)
}

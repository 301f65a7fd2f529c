//! Which installation the database and the object store belong to: a wrong volume or an empty
//! bucket under a full database must not look like an empty vault.

use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::core::Core;
use crate::fault::PortError;
use crate::ids::InstanceId;
use crate::ports::{ByteStream, ObjectKey, StorageBackend, StorageError, in_one_piece};

/// Checks on start that database and store belong together, and marks both on the first start.
pub struct VerifyInstance {
    /// Database, clock and ids.
    pub core: Core,
    /// The object store.
    pub storage: Arc<dyn StorageBackend>,
}

/// Why the vault must not start.
#[derive(Debug, Error)]
pub enum InstanceError {
    /// Two installations were mixed.
    #[error(
        "The database belongs to the installation {database}, but the object store to {store}. \
         One of them is the wrong one: check DATABASE_URL, the data directory and the S3 settings."
    )]
    Mismatch {
        /// The database's.
        database: InstanceId,
        /// The store's.
        store: InstanceId,
    },
    /// The store lost its marker, and with it most likely the documents.
    #[error(
        "The database knows documents, but the object store is empty or another one (it has no \
         instance.json). Mount the right volume or bucket, or restore it from a backup."
    )]
    EmptyStore,
    /// The database was lost, or it is a new one.
    #[error(
        "The object store belongs to the installation {0}, but the database is empty. Check \
         DATABASE_URL and the data directory, or restore the database from a backup."
    )]
    EmptyDatabase(InstanceId),
    /// The marker cannot be understood.
    #[error("The object store's instance.json is damaged: {0}")]
    DamagedMarker(String),
    /// The store failed.
    #[error("The object store cannot be used.")]
    Storage(#[from] StorageError),
    /// The database failed.
    #[error("The database cannot be used.")]
    Port(#[from] PortError),
}

#[derive(Serialize, Deserialize)]
struct Marker {
    instance_id: InstanceId,
}

impl VerifyInstance {
    /// The installation's id. Safe when several replicas start together.
    pub async fn run(&self) -> Result<InstanceId, InstanceError> {
        let marker = self.read_marker().await?;
        let database = match self.core.store.instance().id().await? {
            Some(id) => id,
            // Read again after the database: another replica may have finished both just now.
            None => match (marker, self.read_marker().await?) {
                (Some(store), _) | (None, Some(store)) => {
                    return match self.core.store.instance().id().await? {
                        Some(id) if id == store => Ok(id),
                        _ => Err(InstanceError::EmptyDatabase(store)),
                    };
                }
                (None, None) => self.claim().await?,
            },
        };
        match self.read_marker().await? {
            Some(store) if store == database => Ok(database),
            Some(store) => Err(InstanceError::Mismatch { database, store }),
            None if self.core.store.instance().has_documents().await? => {
                Err(InstanceError::EmptyStore)
            }
            None => {
                self.write_marker(database).await?;
                Ok(database)
            }
        }
    }

    /// Names this installation, or takes the name that a faster replica gave it.
    async fn claim(&self) -> Result<InstanceId, InstanceError> {
        let id = InstanceId(self.core.ids.v7());
        let unit = self.core.begin().await?;
        if unit.instance().claim(id, self.core.now()).await? {
            unit.commit().await?;
            return Ok(id);
        }
        drop(unit);
        let id = self.core.store.instance().id().await?;
        id.ok_or_else(|| PortError::transient("naming the installation", "no id").into())
    }

    async fn read_marker(&self) -> Result<Option<InstanceId>, InstanceError> {
        let bytes = match self.storage.get(&ObjectKey::instance_marker(), None).await {
            Ok(stream) => collect(stream).await?,
            Err(StorageError::NotFound) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let marker: Marker = serde_json::from_slice(&bytes)
            .map_err(|error| InstanceError::DamagedMarker(error.to_string()))?;
        Ok(Some(marker.instance_id))
    }

    async fn write_marker(&self, instance_id: InstanceId) -> Result<(), InstanceError> {
        let json = serde_json::to_vec(&Marker { instance_id })
            .map_err(|error| InstanceError::DamagedMarker(error.to_string()))?;
        let size = json.len() as u64;
        let bytes = in_one_piece(Bytes::from(json));
        self.storage
            .put(&ObjectKey::instance_marker(), bytes, Some(size))
            .await?;
        Ok(())
    }
}

/// A small object in memory.
async fn collect(mut stream: ByteStream) -> Result<Vec<u8>, StorageError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = std::future::poll_fn(|cx| stream.as_mut().poll_next(cx)).await {
        bytes.extend_from_slice(&chunk.map_err(StorageError::Source)?);
    }
    Ok(bytes)
}

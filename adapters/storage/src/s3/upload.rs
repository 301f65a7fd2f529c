use bytes::Bytes;
use docuvault_domain::ports::{ByteStream, ObjectKey, StorageError, Stored};
use s3::serde_types::Part;
use tokio::task::{JoinError, JoinSet};

use super::client::Client;
use crate::blocks::{Block, Blocks};

/// The size of a part. Two are in flight, or one while the next one fills: 16 MiB in memory at most.
const PART: usize = 8 * 1024 * 1024;
const IN_FLIGHT: usize = 2;

/// An object that nobody has taken over: it goes when this is dropped, together with its unfinished
/// uploads. So does the result of a task that nobody waits for any longer.
struct DeleteOnDrop {
    client: Client,
    key: ObjectKey,
    kept: bool,
}

impl DeleteOnDrop {
    fn new(client: &Client, key: &ObjectKey) -> Self {
        Self {
            client: client.clone(),
            key: key.clone(),
            // Replicas that start together may all put the marker: none removes another's.
            kept: *key == ObjectKey::instance_marker(),
        }
    }

    fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for DeleteOnDrop {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        let (client, key) = (self.client.clone(), self.key.clone());
        runtime.spawn(async move {
            if let Err(error) = discard(&client, &key).await {
                tracing::warn!(%key, %error, "remains of an upload stay until the sweep");
            }
        });
    }
}

/// Removes whatever an upload may have left.
pub(super) async fn discard(client: &Client, key: &ObjectKey) -> Result<(), StorageError> {
    for upload in client.unfinished_uploads(key).await? {
        client.abort_upload(key, &upload).await?;
    }
    client.delete_object(key).await
}

/// Stores a stream: what fits into one part by one request, anything larger in parts.
pub(super) async fn upload(
    client: &Client,
    key: &ObjectKey,
    bytes: ByteStream,
    size_hint: Option<u64>,
) -> Result<Stored, StorageError> {
    let mut blocks = Blocks::new(bytes, PART, size_hint);
    let first = blocks.next().await?;
    let unclaimed = DeleteOnDrop::new(client, key);

    // Both ways end in a task that cannot be dropped halfway.
    let end = if first.last {
        tokio::spawn(async move {
            let DeleteOnDrop { client, key, .. } = &unclaimed;
            client.put_object(key, &first.bytes).await?;
            Ok(unclaimed)
        })
    } else {
        let upload = client.start_upload(key).await?;
        let parts = send_parts(client, key, &upload, first, &mut blocks).await?;
        tokio::spawn(async move {
            let DeleteOnDrop { client, key, .. } = &unclaimed;
            client.complete_upload(key, &upload, parts).await?;
            Ok(unclaimed)
        })
    };
    end.await.map_err(task_error)??.keep();
    blocks.stored()
}

async fn send_parts(
    client: &Client,
    key: &ObjectKey,
    upload: &str,
    first: Block,
    blocks: &mut Blocks,
) -> Result<Vec<Part>, StorageError> {
    let mut parts = Vec::new();
    let mut sending = JoinSet::new();
    let mut block = first;
    for part_number in 1.. {
        let Block { bytes, last } = block;
        if !bytes.is_empty() {
            sending.spawn(send_part(
                client.clone(),
                key.clone(),
                upload.to_owned(),
                part_number,
                bytes,
            ));
        }
        if last {
            break;
        }
        if sending.len() == IN_FLIGHT {
            parts.extend(next_part(&mut sending).await?);
        }
        block = blocks.next().await?;
    }
    while let Some(part) = next_part(&mut sending).await? {
        parts.push(part);
    }
    parts.sort_by_key(|part| part.part_number);
    Ok(parts)
}

async fn send_part(
    client: Client,
    key: ObjectKey,
    upload: String,
    part_number: u32,
    bytes: Bytes,
) -> Result<Part, StorageError> {
    client.put_part(&key, &upload, part_number, &bytes).await
}

async fn next_part(
    sending: &mut JoinSet<Result<Part, StorageError>>,
) -> Result<Option<Part>, StorageError> {
    match sending.join_next().await {
        None => Ok(None),
        Some(part) => part.map_err(task_error)?.map(Some),
    }
}

/// A task that panicked, or ended with its runtime.
fn task_error(error: JoinError) -> StorageError {
    StorageError::Transient(error.into())
}

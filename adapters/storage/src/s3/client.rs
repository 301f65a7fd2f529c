use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use bytes::Bytes;
use docuvault_domain::ports::{ByteRange, ObjectKey, StorageError};
use reqwest::header::{ETAG, RANGE};
use reqwest::redirect::Policy;
use reqwest::{Response, StatusCode};
use s3::Bucket;
use s3::error::S3Error;
use s3::serde_types::Part;

use super::config::S3Config;
use super::error::{bucket_missing, is_transient, may_send_again, storage_error, transport_error};
use super::listing;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const CONTROL_TIMEOUT: Duration = Duration::from_secs(30);
/// A part of 8 MiB over a line of 1 Mbit/s takes a little longer than that.
const TRANSFER_TIMEOUT: Duration = Duration::from_secs(75);
/// Some servers copy the parts together before they answer.
const COMPLETE_TIMEOUT: Duration = Duration::from_mins(5);
/// Between two pieces of a download; as a whole it may take as long as it likes.
const IDLE_TIMEOUT: Duration = Duration::from_mins(1);
/// How long the URL of a transfer is valid: it is used at once.
const SIGNED_FOR_SECONDS: u32 = 900;

/// The calls we make, each tried again while that is safe and may help.
#[derive(Clone)]
pub(super) struct Client {
    bucket: Arc<Bucket>,
    uploads: reqwest::Client,
    downloads: reqwest::Client,
}

/// Two more attempts, after about 0.1 s and 0.3 s.
fn retry_policy() -> ExponentialBuilder {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(100))
        .with_factor(3.0)
        .with_max_times(2)
        .with_jitter()
}

impl Client {
    pub(super) fn new(config: &S3Config) -> Result<Self, StorageError> {
        // Process-wide in rust-s3; it waits for whole seconds, and fewer calls than ours are safe.
        s3::set_retries(0);
        let mut bucket = config.private_bucket()?;
        bucket.set_request_timeout(Some(CONTROL_TIMEOUT));
        let http = || {
            reqwest::Client::builder()
                .connect_timeout(CONNECT_TIMEOUT)
                .redirect(Policy::none())
        };
        let uploads = http().timeout(TRANSFER_TIMEOUT).build();
        let downloads = http().read_timeout(IDLE_TIMEOUT).build();
        Ok(Self {
            bucket: Arc::from(bucket),
            uploads: uploads.map_err(transport_error)?,
            downloads: downloads.map_err(transport_error)?,
        })
    }

    /// Stores an object that is in memory.
    pub(super) async fn put_object(
        &self,
        key: &ObjectKey,
        bytes: &Bytes,
    ) -> Result<(), StorageError> {
        let put = || self.put_bytes(key, None, bytes);
        put.retry(retry_policy()).when(may_send_again).await?;
        Ok(())
    }

    /// Stores a part of an upload, counted from 1.
    pub(super) async fn put_part(
        &self,
        key: &ObjectKey,
        upload: &str,
        part_number: u32,
        bytes: &Bytes,
    ) -> Result<Part, StorageError> {
        let query = HashMap::from([
            ("partNumber".to_owned(), part_number.to_string()),
            ("uploadId".to_owned(), upload.to_owned()),
        ]);
        let put = || self.put_bytes(key, Some(query.clone()), bytes);
        let response = put.retry(retry_policy()).when(may_send_again).await?;
        let etag = response.headers().get(ETAG);
        let etag = etag
            .and_then(|etag| etag.to_str().ok())
            .ok_or_else(|| StorageError::Permanent("a part was stored without an ETag".into()))?;
        Ok(Part {
            part_number,
            etag: etag.to_owned(),
        })
    }

    async fn put_bytes(
        &self,
        key: &ObjectKey,
        query: Option<HashMap<String, String>>,
        bytes: &Bytes,
    ) -> Result<Response, StorageError> {
        let url = self
            .bucket
            .presign_put(path(key), SIGNED_FOR_SECONDS, None, query)
            .await
            .map_err(storage_error)?;
        let request = self.uploads.put(url).body(bytes.clone());
        let response = request.send().await.map_err(transport_error)?;
        succeeded(response).await.map_err(bucket_missing)
    }

    /// The answer to a download, its body still to be read.
    pub(super) async fn get_object(
        &self,
        key: &ObjectKey,
        range: Option<ByteRange>,
    ) -> Result<Response, StorageError> {
        let get = || async {
            let url = self
                .bucket
                .presign_get(path(key), SIGNED_FOR_SECONDS, None)
                .await
                .map_err(storage_error)?;
            let mut request = self.downloads.get(url);
            if let Some(ByteRange { start, end }) = range {
                request = request.header(RANGE, format!("bytes={start}-{end}"));
            }
            let response = request.send().await.map_err(transport_error)?;
            succeeded(response).await
        };
        let response = get.retry(retry_policy()).when(is_transient).await?;
        if range.is_some() && response.status() != StatusCode::PARTIAL_CONTENT {
            return Err(StorageError::Permanent(
                "the server does not serve ranges".into(),
            ));
        }
        Ok(response)
    }

    /// The size of an object.
    pub(super) async fn size(&self, key: &ObjectKey) -> Result<u64, StorageError> {
        let head = || async {
            let head = self.bucket.head_object(path(key)).await;
            head.map_err(storage_error)
        };
        let (head, _) = head.retry(retry_policy()).when(is_transient).await?;
        head.content_length
            .and_then(|length| u64::try_from(length).ok())
            .ok_or_else(|| StorageError::Permanent("an object without a length".into()))
    }

    /// Removes an object; one that is not there is removed.
    pub(super) async fn delete_object(&self, key: &ObjectKey) -> Result<(), StorageError> {
        let delete = || async {
            let deleted = self.bucket.delete_object(path(key)).await;
            deleted.map_err(storage_error)
        };
        match delete.retry(retry_policy()).when(is_transient).await {
            Ok(_) | Err(StorageError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Begins an upload in parts and gives its id.
    pub(super) async fn start_upload(&self, key: &ObjectKey) -> Result<String, StorageError> {
        let started = self
            .bucket
            .initiate_multipart_upload(&path(key), "application/octet-stream")
            .await
            .map_err(storage_error);
        Ok(started.map_err(bucket_missing)?.upload_id)
    }

    /// Makes the object of the parts.
    pub(super) async fn complete_upload(
        &self,
        key: &ObjectKey,
        upload: &str,
        parts: Vec<Part>,
    ) -> Result<(), StorageError> {
        let bucket = self.bucket.with_request_timeout(COMPLETE_TIMEOUT);
        bucket
            .map_err(storage_error)?
            .complete_multipart_upload(&path(key), upload, parts)
            .await
            .map_err(storage_error)
            .map_err(bucket_missing)?;
        Ok(())
    }

    /// Gives up an unfinished upload; one that is not there is given up.
    pub(super) async fn abort_upload(
        &self,
        key: &ObjectKey,
        upload: &str,
    ) -> Result<(), StorageError> {
        let abort = || async {
            let aborted = self.bucket.abort_upload(&path(key), upload).await;
            aborted.map_err(storage_error)
        };
        match abort.retry(retry_policy()).when(is_transient).await {
            Err(StorageError::NotFound) => Ok(()),
            result => result,
        }
    }

    /// The ids of all unfinished uploads of an object.
    pub(super) async fn unfinished_uploads(
        &self,
        key: &ObjectKey,
    ) -> Result<Vec<String>, StorageError> {
        let query = HashMap::from([
            ("uploads".to_owned(), String::new()),
            ("prefix".to_owned(), key.to_string()),
        ]);
        let list = || async {
            let url = self
                .bucket
                .presign_get("/", SIGNED_FOR_SECONDS, Some(query.clone()))
                .await
                .map_err(storage_error)?;
            let request = self.downloads.get(url).timeout(CONTROL_TIMEOUT);
            let response = request.send().await.map_err(transport_error)?;
            let response = succeeded(response).await.map_err(bucket_missing)?;
            response.text().await.map_err(transport_error)
        };
        let listing = list.retry(retry_policy()).when(is_transient).await?;
        listing::upload_ids(&listing, key)
    }

    /// Looks into the bucket, once.
    pub(super) async fn probe(&self) -> Result<(), StorageError> {
        let listing = self
            .bucket
            .list_page("check".to_owned(), None, None, None, Some(1));
        listing.await.map_err(storage_error)?;
        Ok(())
    }
}

/// rust-s3 takes a path where we have a key.
fn path(key: &ObjectKey) -> String {
    format!("/{key}")
}

/// The answer, when it is a good one.
async fn succeeded(response: Response) -> Result<Response, StorageError> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let body = response.text().await.unwrap_or_default();
    Err(storage_error(S3Error::HttpFailWithBody(
        status.as_u16(),
        body,
    )))
}

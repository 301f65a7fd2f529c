use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use docuvault_domain::documents::StorageKind;
use docuvault_domain::ports::{
    ByteRange, ByteStream, Disposition, ObjectKey, StorageBackend, StorageError, Stored,
    StreamError,
};
use futures::{StreamExt, TryStreamExt};
use s3::{Bucket, BucketConfiguration};

use super::client::Client;
use super::config::S3Config;
use super::disposition::header_value;
use super::error::{bucket_missing, storage_error};
use super::upload;

/// Whoever asks whether the store is there does not wait longer.
const CHECK_TIMEOUT: Duration = Duration::from_secs(5);

/// A store in a bucket.
#[derive(Clone)]
pub struct S3Storage {
    config: Arc<S3Config>,
    client: Client,
    /// Signs links for browsers.
    public: Arc<Bucket>,
}

impl S3Storage {
    /// The store in the configured bucket. Nothing is asked of the server yet.
    pub fn connect(config: S3Config) -> Result<Self, StorageError> {
        Ok(Self {
            client: Client::new(&config)?,
            public: Arc::from(config.public_bucket()?),
            config: Arc::new(config),
        })
    }

    /// Creates the bucket where it does not exist. Safe when several replicas start together.
    pub async fn ensure_bucket(&self) -> Result<(), StorageError> {
        match self.client.probe().await {
            Err(StorageError::NotFound) => {}
            result => return result,
        }
        let created = Bucket::create_with_path_style(
            &self.config.bucket,
            self.config.region(),
            self.config.credentials()?,
            BucketConfiguration::default(),
        );
        match created.await {
            Ok(_) => Ok(()),
            // Another replica may have been faster, and servers say so in different ways.
            Err(error) => match self.client.probe().await {
                Ok(()) => Ok(()),
                Err(_) => Err(storage_error(error)),
            },
        }
    }
}

#[async_trait]
impl StorageBackend for S3Storage {
    fn kind(&self) -> StorageKind {
        StorageKind::S3
    }

    async fn put(
        &self,
        key: &ObjectKey,
        bytes: ByteStream,
        size_hint: Option<u64>,
    ) -> Result<Stored, StorageError> {
        upload::upload(&self.client, key, bytes, size_hint).await
    }

    async fn get(
        &self,
        key: &ObjectKey,
        range: Option<ByteRange>,
    ) -> Result<ByteStream, StorageError> {
        let response = self.client.get_object(key, range).await?;
        let stream = response
            .bytes_stream()
            .map_err(|error| StreamError::Failed(error.without_url().into()));
        Ok(stream.boxed())
    }

    async fn stat(&self, key: &ObjectKey) -> Result<Option<u64>, StorageError> {
        match self.client.size(key).await {
            Ok(size) => Ok(Some(size)),
            Err(StorageError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn delete(&self, key: &ObjectKey) -> Result<(), StorageError> {
        self.client.delete_object(key).await
    }

    async fn discard(&self, key: &ObjectKey) -> Result<(), StorageError> {
        upload::discard(&self.client, key).await
    }

    async fn presign_get(
        &self,
        key: &ObjectKey,
        ttl: Duration,
        disposition: &Disposition,
    ) -> Result<Option<String>, StorageError> {
        let query = HashMap::from([(
            "response-content-disposition".to_owned(),
            header_value(disposition),
        )]);
        let seconds = u32::try_from(ttl.as_secs()).unwrap_or(u32::MAX);
        let url = self.public.presign_get(key.as_str(), seconds, Some(query));
        url.await.map(Some).map_err(storage_error)
    }

    async fn check(&self) -> Result<(), StorageError> {
        tokio::time::timeout(CHECK_TIMEOUT, self.client.probe())
            .await
            .map_err(|_| StorageError::Transient("no answer in time".into()))?
            .map_err(bucket_missing)
    }
}

use docuvault_domain::ports::StorageError;
use s3::creds::Credentials;
use s3::{Bucket, Region};

use super::error::storage_error;

/// How to reach an S3 server. Holds secrets, so it has no `Debug`.
#[derive(Clone)]
pub struct S3Config {
    /// `http(s)://host[:port]`, as the vault reaches it.
    pub endpoint: String,
    /// The same as browsers reach it, for presigned links; by default `endpoint`.
    pub public_endpoint: Option<String>,
    /// The bucket.
    pub bucket: String,
    /// The region that requests are signed for.
    pub region: String,
    /// Who we are.
    pub access_key: String,
    /// The proof.
    pub secret_key: String,
    /// A read-only identity for presigned links; by default the one above.
    pub presign_keys: Option<PresignKeys>,
}

/// Signs links that leave the vault.
#[derive(Clone)]
pub struct PresignKeys {
    /// The identity, which links show.
    pub access_key: String,
    /// The proof.
    pub secret_key: String,
}

impl S3Config {
    pub(super) fn region(&self) -> Region {
        region(&self.region, &self.endpoint)
    }

    pub(super) fn credentials(&self) -> Result<Credentials, StorageError> {
        credentials(&self.access_key, &self.secret_key)
    }

    /// The bucket as the vault uses it.
    pub(super) fn private_bucket(&self) -> Result<Box<Bucket>, StorageError> {
        bucket(&self.bucket, self.region(), self.credentials()?)
    }

    /// The bucket as presigned links name it.
    pub(super) fn public_bucket(&self) -> Result<Box<Bucket>, StorageError> {
        let endpoint = self.public_endpoint.as_ref().unwrap_or(&self.endpoint);
        let credentials = match &self.presign_keys {
            Some(keys) => credentials(&keys.access_key, &keys.secret_key)?,
            None => self.credentials()?,
        };
        bucket(&self.bucket, region(&self.region, endpoint), credentials)
    }
}

fn region(name: &str, endpoint: &str) -> Region {
    Region::Custom {
        region: name.to_owned(),
        endpoint: endpoint.trim_end_matches('/').to_owned(),
    }
}

fn credentials(access_key: &str, secret_key: &str) -> Result<Credentials, StorageError> {
    Credentials::new(Some(access_key), Some(secret_key), None, None, None)
        .map_err(|error| StorageError::Permanent(error.into()))
}

fn bucket(
    name: &str,
    region: Region,
    credentials: Credentials,
) -> Result<Box<Bucket>, StorageError> {
    let bucket = Bucket::new(name, region, credentials).map_err(storage_error)?;
    Ok(bucket.with_path_style())
}

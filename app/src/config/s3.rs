use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::Secret;
use super::validate::Problems;

/// An S3 server: MinIO, SeaweedFS, Garage, Ceph, AWS and others.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct S3 {
    /// The server as this process reaches it, such as `http://minio:9000`.
    pub endpoint: Option<String>,
    /// The server as browsers reach it, for presigned links. Without it downloads go through the vault.
    pub public_endpoint: Option<String>,
    /// The bucket; made on start if it does not exist.
    pub bucket: String,
    /// The region that requests are signed for.
    pub region: String,
    /// The access key's id.
    pub access_key: Option<Secret>,
    /// The access key's secret.
    pub secret_key: Option<Secret>,
    /// A read-only key for presigned links; the main key unless set.
    pub presign_access_key: Option<Secret>,
    /// Its secret.
    pub presign_secret_key: Option<Secret>,
}

impl Default for S3 {
    fn default() -> Self {
        Self {
            endpoint: None,
            public_endpoint: None,
            bucket: "docuvault".to_owned(),
            region: "us-east-1".to_owned(),
            access_key: None,
            secret_key: None,
            presign_access_key: None,
            presign_secret_key: None,
        }
    }
}

impl S3 {
    pub(super) fn check(&self, problems: &mut Problems) {
        if self.endpoint.is_some() {
            for (key, value) in [
                ("s3.access_key", &self.access_key),
                ("s3.secret_key", &self.secret_key),
            ] {
                if value.is_none() {
                    problems.push(format!("{key}: is missing, although s3.endpoint is set"));
                }
            }
        } else if self.access_key.is_some() || self.secret_key.is_some() {
            problems.push("s3.endpoint: is missing, although an S3 key is set");
        }
        if self.presign_access_key.is_some() != self.presign_secret_key.is_some() {
            problems.push(
                "s3.presign_access_key: needs s3.presign_secret_key beside it, and the other way \
                 round",
            );
        }
        for (key, value) in [
            ("s3.endpoint", &self.endpoint),
            ("s3.public_endpoint", &self.public_endpoint),
        ] {
            let bad = |text: &String| {
                !Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
            };
            if value.as_ref().is_some_and(bad) {
                problems.push(format!("{key}: must begin with http:// or https://"));
            }
        }
    }
}

use std::sync::Arc;

use anyhow::Context as _;
use docuvault_domain::ports::StorageBackend;
use docuvault_storage::{FilesystemStorage, PresignKeys, S3Config, S3Storage};

use super::data_dir::prepare_data_dir;
use crate::config::{Config, S3, Secret};

pub(super) async fn open_storage(config: &Config) -> anyhow::Result<Arc<dyn StorageBackend>> {
    let Some(endpoint) = &config.s3.endpoint else {
        let root = prepare_data_dir(config)?.join("objects");
        return Ok(Arc::new(
            FilesystemStorage::open(root)
                .await
                .context("The object folder")?,
        ));
    };
    let storage = S3Storage::connect(s3_config(&config.s3, endpoint))?;
    storage
        .ensure_bucket()
        .await
        .with_context(|| format!("The bucket {:?} at {endpoint}", config.s3.bucket))?;
    Ok(Arc::new(storage))
}

fn s3_config(s3: &S3, endpoint: &str) -> S3Config {
    let expose = |value: &Option<Secret>| value.as_ref().map(|it| it.expose().to_owned());
    let presign = (
        expose(&s3.presign_access_key),
        expose(&s3.presign_secret_key),
    );
    S3Config {
        endpoint: endpoint.to_owned(),
        public_endpoint: s3.public_endpoint.clone(),
        bucket: s3.bucket.clone(),
        region: s3.region.clone(),
        access_key: expose(&s3.access_key).unwrap_or_default(),
        secret_key: expose(&s3.secret_key).unwrap_or_default(),
        presign_keys: match presign {
            (Some(access_key), Some(secret_key)) => Some(PresignKeys {
                access_key,
                secret_key,
            }),
            _ => None,
        },
    }
}

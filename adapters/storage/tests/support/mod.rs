use docuvault_domain::documents::MimeType;
use docuvault_domain::ids::DocumentId;
use docuvault_domain::ports::ObjectKey;
use docuvault_storage::{S3Config, S3Storage};
use docuvault_testkit::builders::OWNER;
use docuvault_testservices::s3;
use uuid::Uuid;

/// The key of the document with this number. Every test has a store of its own.
pub(crate) fn key(number: u128) -> ObjectKey {
    let id = Uuid::from_u128(number);
    ObjectKey::original(OWNER, DocumentId(id), id, MimeType::Pdf)
}

/// A bucket of its own, which does not exist yet.
pub(crate) async fn s3_config() -> S3Config {
    let server = s3().await;
    S3Config {
        endpoint: server.endpoint.clone(),
        public_endpoint: None,
        bucket: server.new_bucket_name(),
        region: server.region.clone(),
        access_key: server.access_key.clone(),
        secret_key: server.secret_key.clone(),
        presign_keys: None,
    }
}

/// A store in an empty bucket of its own.
pub(crate) async fn s3_storage() -> S3Storage {
    let storage = S3Storage::connect(s3_config().await).unwrap();
    storage.ensure_bucket().await.unwrap();
    storage
}

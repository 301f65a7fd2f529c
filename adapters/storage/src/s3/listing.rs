use docuvault_domain::ports::{ObjectKey, StorageError};
use serde::Deserialize;

/// A listing of unfinished uploads. rust-s3 reads it too, but insists on fields that some servers
/// leave out.
#[derive(Deserialize)]
struct Listing {
    #[serde(rename = "Upload", default)]
    uploads: Vec<Upload>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Upload {
    key: String,
    upload_id: String,
}

/// The ids of the uploads of `key`. One page holds a thousand, and a key is written once.
pub(super) fn upload_ids(xml: &str, key: &ObjectKey) -> Result<Vec<String>, StorageError> {
    let listing: Listing =
        quick_xml::de::from_str(xml).map_err(|error| StorageError::Permanent(error.into()))?;
    let of_key = listing
        .uploads
        .into_iter()
        .filter(|upload| upload.key == key.as_str());
    Ok(of_key.map(|upload| upload.upload_id).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_uploads_of_the_key_count() {
        let xml = r#"<?xml version="1.0" encoding="UTF-8"?>
            <ListMultipartUploadsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
              <Bucket>vault</Bucket><Prefix>a/b</Prefix><IsTruncated>false</IsTruncated>
              <Upload><Key>a/b</Key><UploadId>one</UploadId></Upload>
              <Upload><Key>a/b.pdf</Key><UploadId>foreign</UploadId></Upload>
              <Upload><Key>a/b</Key><Initiated>2026-01-01T00:00:00Z</Initiated>
                <StorageClass>STANDARD</StorageClass><UploadId>two</UploadId></Upload>
            </ListMultipartUploadsResult>"#;
        let key = ObjectKey::parse("a/b").unwrap();
        assert_eq!(upload_ids(xml, &key).unwrap(), ["one", "two"]);

        let none =
            "<ListMultipartUploadsResult><Bucket>vault</Bucket></ListMultipartUploadsResult>";
        assert!(upload_ids(none, &key).unwrap().is_empty());
        assert!(upload_ids("no listing", &key).is_err());
    }
}

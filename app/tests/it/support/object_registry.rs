use std::path::Path;

use s3::creds::Credentials;
use s3::{Bucket, Region};
use sea_orm::{ConnectionTrait as _, Database, DatabaseBackend, DatabaseConnection, Statement};

use super::Stack;

/// What database and store hold, looked at past the vault.
impl Stack {
    /// Key and state of every row of the object registry.
    pub(crate) async fn object_rows(&self) -> Vec<(String, String)> {
        let mut rows = Vec::new();
        for row in self
            .query("SELECT key, state FROM objects ORDER BY key")
            .await
        {
            rows.push((
                row.try_get("", "key").unwrap(),
                row.try_get("", "state").unwrap(),
            ));
        }
        rows
    }

    /// How many rows a table has.
    pub(crate) async fn count(&self, table: &str) -> i64 {
        let rows = self
            .query(&format!("SELECT COUNT(*) AS n FROM {table}"))
            .await;
        rows[0].try_get("", "n").unwrap()
    }

    /// Changes rows as somebody would who has the database.
    pub(crate) async fn tamper(&self, sql: &str) {
        self.query(sql).await;
    }

    /// All that the database keeps: the file, or every row as text.
    pub(crate) async fn everything_stored(&self) -> Vec<u8> {
        let mut all = Vec::new();
        if self.is_embedded() {
            for file in ["docuvault.db", "docuvault.db-wal"] {
                all.extend(std::fs::read(self.data_dir().join(file)).unwrap_or_default());
            }
            return all;
        }
        let tables = "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public'";
        for table in self.query(tables).await {
            let table: String = table.try_get("", "name").unwrap();
            let rows = format!("SELECT kept::text AS row FROM \"{table}\" AS kept");
            for row in self.query(&rows).await {
                all.extend(row.try_get::<String>("", "row").unwrap().into_bytes());
                all.push(b'\n');
            }
        }
        all
    }

    /// Runs a dump of a database, which is empty.
    pub(crate) async fn load(&self, dump: &str) {
        let database = self.database().await;
        database.execute_unprepared(dump).await.unwrap();
        database.close().await.unwrap();
    }

    async fn database(&self) -> DatabaseConnection {
        let url = match self.setting("DATABASE_URL") {
            Some(url) => url.to_owned(),
            None => format!(
                "sqlite://{}?mode=rwc",
                self.data_dir().join("docuvault.db").display()
            ),
        };
        Database::connect(url).await.unwrap()
    }

    pub(crate) async fn query(&self, sql: &str) -> Vec<sea_orm::QueryResult> {
        let database = self.database().await;
        let backend = database.get_database_backend();
        assert!(matches!(
            backend,
            DatabaseBackend::Postgres | DatabaseBackend::Sqlite
        ));
        let rows = database
            .query_all_raw(Statement::from_string(backend, sql))
            .await
            .unwrap();
        database.close().await.unwrap();
        rows
    }

    /// The names of everything in the store, half-written things included, but for the marker.
    pub(crate) async fn stored_keys(&self) -> Vec<String> {
        let mut keys = Vec::new();
        if self.setting("S3_ENDPOINT").is_some() {
            let bucket = self.bucket();
            for page in bucket.list(String::new(), None).await.unwrap() {
                keys.extend(page.contents.into_iter().map(|object| object.key));
            }
            for page in bucket.list_multiparts_uploads(None, None).await.unwrap() {
                keys.extend(page.uploads.into_iter().map(|upload| upload.key));
            }
        } else {
            let root = self.data_dir().join("objects");
            walk(&root, &root, &mut keys);
        }
        keys.retain(|key| key != "instance.json");
        keys.sort();
        keys
    }

    fn bucket(&self) -> Bucket {
        let setting = |name: &str| self.setting(name).unwrap().to_owned();
        let region = Region::Custom {
            region: setting("S3_REGION"),
            endpoint: setting("S3_ENDPOINT"),
        };
        let (access, secret) = (setting("S3_ACCESS_KEY"), setting("S3_SECRET_KEY"));
        let keys = Credentials::new(Some(&access), Some(&secret), None, None, None).unwrap();
        *Bucket::new(&setting("S3_BUCKET"), region, keys)
            .unwrap()
            .with_path_style()
    }
}

fn walk(root: &Path, folder: &Path, keys: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            walk(root, &path, keys);
        } else {
            keys.push(
                path.strip_prefix(root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned(),
            );
        }
    }
}

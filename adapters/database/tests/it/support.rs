use std::sync::Arc;

use docuvault_database::{DatabaseConfig, SeaStore, connect};
use docuvault_testservices::postgres;
use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use tempfile::TempDir;

/// A database of its own for one test.
pub(crate) struct TestDatabase {
    pub(crate) url: String,
    _dir: Option<TempDir>,
}

impl TestDatabase {
    /// Empty, on `SQLite`.
    pub(crate) fn sqlite() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self {
            url: format!("sqlite://{}", dir.path().join("docuvault.db").display()),
            _dir: Some(dir),
        }
    }

    /// Empty, on PostgreSQL.
    pub(crate) async fn postgres() -> Self {
        Self {
            // Starting a server is a large future.
            url: Box::pin(postgres()).await.database().await,
            _dir: None,
        }
    }

    /// With the schema.
    pub(crate) async fn migrated(self) -> Self {
        docuvault_migration::run(&self.url, None).await.unwrap();
        self
    }

    /// The store on it.
    pub(crate) async fn store(&self) -> Arc<SeaStore> {
        store_at(&self.url).await
    }

    /// A plain connection to it.
    pub(crate) async fn raw(&self) -> DatabaseConnection {
        raw_at(&self.url).await
    }
}

pub(crate) async fn store_at(url: &str) -> Arc<SeaStore> {
    let config = DatabaseConfig {
        url: url.to_owned(),
        max_connections: 16,
        expected_migration: docuvault_migration::latest(),
    };
    Arc::new(connect(config).await.unwrap())
}

pub(crate) async fn raw_at(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(1)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|sqlite| sqlite.create_if_missing(true));
    Database::connect(options).await.unwrap()
}

/// Makes a test of `$name(TestDatabase)` on each engine, on a database without a schema.
macro_rules! on_both_engines {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            use crate::support::TestDatabase;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name(TestDatabase::sqlite()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                super::$name(TestDatabase::postgres().await).await;
            }
        }
    )+};
}

pub(crate) use on_both_engines;

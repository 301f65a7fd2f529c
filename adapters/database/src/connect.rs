use std::time::Duration;

use docuvault_domain::PortError;
use sea_orm::{ConnectOptions, Database, DatabaseConnection};

use crate::error::FromDb;
use crate::store::{SeaStore, Writes};
use crate::writer::Writer;

/// Where the database is.
pub struct DatabaseConfig {
    /// `postgres://…` or `sqlite:///absolute/path`; may hold a password.
    pub url: String,
    /// The size of the pool on PostgreSQL; 16 is a good start. `SQLite` has one writer and a few
    /// readers, whatever this says.
    pub max_connections: u32,
    /// The newest schema step this program knows: `docuvault_migration::latest()`.
    pub expected_migration: &'static str,
}

/// How long a write may wait for its turn in this process, and for another process.
const SQLITE_PATIENCE: Duration = Duration::from_secs(10);
const SQLITE_READERS: u32 = 4;

/// Opens the database. The schema is not looked at: that is `Store::check`'s.
pub async fn connect(config: DatabaseConfig) -> Result<SeaStore, PortError> {
    let expected = config.expected_migration;
    if config.url.starts_with("sqlite:") {
        // The writer comes first: it makes the file and turns on the write-ahead log.
        let writer = Writer::open(sqlite_writer(&config.url), SQLITE_PATIENCE).await?;
        let reader = open(sqlite_readers(&config.url)).await?;
        Ok(SeaStore::new(reader, Writes::InTurn(writer), expected))
    } else {
        let pool = open(postgres(config)).await?;
        Ok(SeaStore::new(pool, Writes::Pool, expected))
    }
}

async fn open(options: ConnectOptions) -> Result<DatabaseConnection, PortError> {
    Database::connect(options)
        .await
        .context("connecting to the database")
}

fn postgres(config: DatabaseConfig) -> ConnectOptions {
    let mut options = ConnectOptions::new(config.url);
    options
        .max_connections(config.max_connections)
        .acquire_timeout(Duration::from_secs(3))
        .statement_timeout(Duration::from_secs(30))
        .test_before_acquire_if_idle_for(Duration::from_secs(30))
        .set_application_name("docuvault")
        .sqlx_logging(false);
    options
}

fn sqlite_writer(url: &str) -> ConnectOptions {
    let mut options = sqlite(url);
    options
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .create_if_missing(true)
                .busy_timeout(SQLITE_PATIENCE)
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
                .pragma("cache_size", "-2000")
        });
    options
}

/// Readers go away when nobody needs them and take their page caches with them.
fn sqlite_readers(url: &str) -> ConnectOptions {
    let mut options = sqlite(url);
    options
        .max_connections(SQLITE_READERS)
        .idle_timeout(Duration::from_mins(1))
        .map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .busy_timeout(SQLITE_PATIENCE)
                // A whole page of a list fits: the reading thread never waits for the consumer.
                .row_buffer_size(256)
                .pragma("query_only", "ON")
                .pragma("cache_size", "-1000")
        });
    options
}

/// Foreign keys are on by default with this driver.
fn sqlite(url: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .acquire_timeout(SQLITE_PATIENCE)
        .test_before_acquire(false)
        .sqlx_logging(false);
    options
}

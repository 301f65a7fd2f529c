use std::sync::Arc;

use anyhow::Context as _;
use docuvault_database::{DatabaseConfig, SeaStore};

use super::data_dir::{prepare_data_dir, private_file};
use crate::cli::migrate;
use crate::config::Config;

/// Brings the schema up to date where this process may, and opens the pool.
pub(super) async fn open_store(config: &Config) -> anyhow::Result<Arc<SeaStore>> {
    migrate::migrate(config).await?;
    let url = match &config.database.url {
        Some(url) => url.expose().to_owned(),
        None => sqlite_url(config)?,
    };
    let database = DatabaseConfig {
        url,
        max_connections: config.database.max_connections,
        expected_migration: migrate::latest(),
    };
    let store = docuvault_database::connect(database).await;
    Ok(Arc::new(store.context("The database cannot be reached")?))
}

/// The embedded database, its file made for this user alone.
pub(crate) fn sqlite_url(config: &Config) -> anyhow::Result<String> {
    let path = prepare_data_dir(config)?.join("docuvault.db");
    private_file(&path)?;
    let path = path
        .to_str()
        .context("The path of the data directory is not UTF-8")?;
    // What has a meaning of its own in a URL.
    let path = path
        .replace('%', "%25")
        .replace('?', "%3f")
        .replace('#', "%23");
    Ok(format!("sqlite://{path}"))
}

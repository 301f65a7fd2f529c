use std::process::ExitCode;

use anyhow::Context as _;
use url::Url;

use crate::config::{Config, Overrides};

#[derive(clap::Args)]
#[command(after_help = "Example:\n  \
    DATABASE_URL=postgres://vault:…@db/vault \\\n  \
    DATABASE_MIGRATE_URL=postgres://owner:…@db/vault docuvault migrate")]
pub(super) struct Args {}

pub(super) fn run(_: &Args, overrides: &Overrides) -> anyhow::Result<ExitCode> {
    let config = super::configuration(overrides)?;
    super::runtime()?.block_on(migrate(&config))?;
    println!("The schema is up to date.");
    Ok(ExitCode::SUCCESS)
}

/// Brings the schema up to date: as `DATABASE_MIGRATE_URL` where it is set, granting the role of
/// `DATABASE_URL` what it needs, else as whoever `DATABASE_URL` is.
pub(crate) async fn migrate(config: &Config) -> anyhow::Result<()> {
    let database = &config.database;
    let Some(url) = &database.url else {
        return migration(&crate::bootstrap::sqlite_url(config)?, None).await;
    };
    match &database.migrate_url {
        Some(owner) => {
            let role = Url::parse(url.expose())
                .ok()
                .map(|url| url.username().to_owned());
            migration(
                owner.expose(),
                role.filter(|role| !role.is_empty()).as_deref(),
            )
            .await
        }
        None => migration(url.expose(), None).await,
    }
}

async fn migration(dsn: &str, app_role: Option<&str>) -> anyhow::Result<()> {
    docuvault_migration::run(dsn, app_role)
        .await
        .context("The database's schema could not be brought up to date")
}

/// The newest step that this program knows.
pub(crate) fn latest() -> &'static str {
    docuvault_migration::latest()
}

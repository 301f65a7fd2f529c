//! The schema of the database, one file a step, the same steps on PostgreSQL and `SQLite`.
//!
//! See `README.md` beside this crate for how to add a step.
#![warn(missing_docs)]

mod dialect;
mod grants;
mod lock;
mod steps;

use std::time::Duration;

use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::MigrationTrait;
use sea_orm_migration::sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    DbErr, Statement,
};
use thiserror::Error;

/// How long one process waits for another that migrates the same database.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why the schema could not be brought up to date. Nothing was changed.
#[derive(Debug, Error)]
pub enum MigrationError {
    /// The database could not be reached.
    #[error("the database cannot be reached")]
    Connect(#[source] DbErr),
    /// Another process holds the database for too long.
    #[error("another process holds the database")]
    Locked(#[source] DbErr),
    /// A step failed.
    #[error("a migration step failed")]
    Step(#[source] DbErr),
    /// The application's role could not be given its rights.
    #[error("the rights of role {role:?} could not be set")]
    Grant {
        /// The role's name.
        role: String,
        /// What the database said.
        #[source]
        source: DbErr,
    },
}

struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        steps::all()
    }
}

/// The name of the newest step.
pub const fn latest() -> &'static str {
    steps::LATEST
}

/// Brings the database at `dsn` up to date: all steps or none. Any number of processes may call this
/// at the same time. On PostgreSQL `app_role`, unless it is the connecting role itself, is given the
/// rights that the application needs and no more.
pub async fn run(dsn: &str, app_role: Option<&str>) -> Result<(), MigrationError> {
    start(dsn, app_role, None).await
}

/// Takes the first `steps` steps of those that an empty database needs: for tests of the ones after them.
pub async fn run_steps(dsn: &str, steps: u32) -> Result<(), MigrationError> {
    start(dsn, None, Some(steps)).await
}

async fn start(
    dsn: &str,
    app_role: Option<&str>,
    steps: Option<u32>,
) -> Result<(), MigrationError> {
    let db = Box::pin(connect(dsn))
        .await
        .map_err(MigrationError::Connect)?;
    // On the heap: callers should not carry the futures of all steps.
    let outcome = Box::pin(apply(&db, app_role, steps)).await;
    // The outcome stands, whatever closing says.
    drop(db.close().await);
    outcome
}

async fn apply(
    db: &DatabaseConnection,
    app_role: Option<&str>,
    steps: Option<u32>,
) -> Result<(), MigrationError> {
    let transaction = lock::acquire(db).await.map_err(MigrationError::Locked)?;
    // Asking is for everybody, `up` for a role with DDL only: it makes its own table first.
    let pending = Migrator::get_pending_migrations_read_only(&transaction)
        .await
        .map_err(MigrationError::Step)?;
    if !pending.is_empty() {
        Migrator::up(&transaction, steps)
            .await
            .map_err(MigrationError::Step)?;
        check_references(&transaction)
            .await
            .map_err(MigrationError::Step)?;
    }
    if let Some(role) = app_role {
        grants::apply(&transaction, role)
            .await
            .map_err(|source| MigrationError::Grant {
                role: role.to_owned(),
                source,
            })?;
    }
    transaction.commit().await.map_err(MigrationError::Step)
}

/// `SQLite` does not check foreign keys while steps run.
async fn check_references(db: &DatabaseTransaction) -> Result<(), DbErr> {
    if db.get_database_backend() != DbBackend::Sqlite {
        return Ok(());
    }
    let check = Statement::from_string(DbBackend::Sqlite, "PRAGMA foreign_key_check");
    match db.query_one_raw(check).await? {
        None => Ok(()),
        Some(row) => {
            let table: String = row.try_get_by_index(0)?;
            Err(DbErr::Custom(format!(
                "a row of {table} refers to one that is not there"
            )))
        }
    }
}

async fn connect(dsn: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(dsn);
    options
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        .sqlx_logging(false)
        .set_application_name("docuvault-migrate")
        .map_sqlx_sqlite_opts(|sqlite| {
            // Steps may make tables anew, and the old one's end must not take along what refers to it.
            // What they leave is checked at the end.
            let sqlite = sqlite.create_if_missing(true).foreign_keys(false);
            sqlite.busy_timeout(PATIENCE)
        });
    let db = Database::connect(options).await?;
    if db.get_database_backend() == DbBackend::Sqlite {
        lock::switch_to_wal(&db).await?;
    }
    Ok(db)
}

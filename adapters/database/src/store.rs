use async_trait::async_trait;
use docuvault_domain::PortError;
use docuvault_domain::ports::{Connection, Repos, Store, UnitOfWork};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, TransactionTrait};

use crate::dialect;
use crate::error::FromDb;
use crate::sql::{SqlRepos, count};
use crate::writer::{Unit, Writer};

/// The database. Reads outside a unit of work cannot write on `SQLite`.
pub struct SeaStore {
    reader: SqlRepos<DatabaseConnection>,
    writes: Writes,
    expected_migration: &'static str,
}

/// Where units of work come from.
pub(crate) enum Writes {
    /// The pool that serves everything.
    Pool,
    /// `SQLite`'s one writer.
    InTurn(Writer),
}

impl SeaStore {
    pub(crate) fn new(
        reader: DatabaseConnection,
        writes: Writes,
        expected_migration: &'static str,
    ) -> Self {
        Self {
            reader: SqlRepos(reader),
            writes,
            expected_migration,
        }
    }

    /// Closes all connections, once what runs on them has ended.
    pub async fn close(&self) -> Result<(), PortError> {
        self.reader
            .0
            .close_by_ref()
            .await
            .context("closing the database")?;
        match &self.writes {
            Writes::Pool => Ok(()),
            // The last one out tidies up the write-ahead log.
            Writes::InTurn(writer) => writer.close().await,
        }
    }
}

#[async_trait]
impl Store for SeaStore {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, PortError> {
        Ok(match &self.writes {
            Writes::Pool => {
                let transaction = self.reader.0.begin().await;
                Box::new(SqlRepos(transaction.context("opening a transaction")?))
            }
            Writes::InTurn(writer) => Box::new(SqlRepos(writer.begin().await?)),
        })
    }

    /// A newer schema than expected is fine: steps keep the release before them working.
    async fn check(&self) -> Result<(), PortError> {
        let context = "checking the schema";
        let sql = "SELECT COUNT(*) FROM seaql_migrations WHERE version = $1";
        let found = self
            .reader
            .one(context, sql, vec![self.expected_migration.into()], count)
            .await?;
        match found {
            Some(1..) => Ok(()),
            Some(0) | None => Err(PortError::permanent(context, "migrations are missing")),
        }
    }

    fn engine(&self) -> &'static str {
        dialect::name(self.reader.0.get_database_backend())
    }
}

/// Dropping the transaction rolls it back.
#[async_trait]
impl UnitOfWork for SqlRepos<DatabaseTransaction> {
    async fn commit(self: Box<Self>) -> Result<(), PortError> {
        self.0.commit().await.context("committing")
    }
}

#[async_trait]
impl UnitOfWork for SqlRepos<Unit> {
    async fn commit(self: Box<Self>) -> Result<(), PortError> {
        self.0.commit().await
    }
}

impl<C: ConnectionTrait + Send> Repos for SqlRepos<C> {
    fn connection(&self) -> &dyn Connection {
        self
    }
}

impl Repos for SeaStore {
    fn connection(&self) -> &dyn Connection {
        &self.reader
    }
}

use async_trait::async_trait;
use docuvault_domain::PortError;
use docuvault_domain::ports::{
    AuditRepo, DocumentRepo, IdempotencyRepo, InstanceRepo, JobRepo, ObjectRepo, Repos, Store,
    TopicRepo, UnitOfWork,
};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, TransactionTrait};

use crate::dialect;
use crate::error::FromDb;
use crate::sql::SqlRepos;

/// The database. Reads outside a unit of work cannot write on `SQLite`.
pub struct SeaStore {
    reader: SqlRepos<DatabaseConnection>,
    writer: DatabaseConnection,
    expected_migration: &'static str,
}

impl SeaStore {
    pub(crate) fn new(
        reader: DatabaseConnection,
        writer: DatabaseConnection,
        expected_migration: &'static str,
    ) -> Self {
        Self {
            reader: SqlRepos(reader),
            writer,
            expected_migration,
        }
    }

    /// Closes all connections, once what runs on them has ended.
    pub async fn close(&self) -> Result<(), PortError> {
        let doing = "closing the database";
        self.reader.0.close_by_ref().await.doing(doing)?;
        // The last one out tidies up the write-ahead log.
        self.writer.close_by_ref().await.doing(doing)
    }
}

#[async_trait]
impl Store for SeaStore {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, PortError> {
        let options = dialect::writing(self.writer.get_database_backend());
        let transaction = self
            .writer
            .begin_with_options(options)
            .await
            .doing("opening a transaction")?;
        Ok(Box::new(SqlRepos(transaction)))
    }

    /// A newer schema than expected is fine: steps keep the release before them working.
    async fn check(&self) -> Result<(), PortError> {
        let doing = "checking the schema";
        let sql = "SELECT version FROM seaql_migrations WHERE version = $1";
        let found = self
            .reader
            .one(doing, sql, vec![self.expected_migration.into()], |fields| {
                fields.get::<String>()
            })
            .await?;
        match found {
            Some(_) => Ok(()),
            None => Err(PortError::permanent(doing, "migrations are missing")),
        }
    }

    fn engine(&self) -> &'static str {
        dialect::name(self.writer.get_database_backend())
    }
}

/// Dropping the transaction rolls it back.
#[async_trait]
impl UnitOfWork for SqlRepos<DatabaseTransaction> {
    async fn commit(self: Box<Self>) -> Result<(), PortError> {
        self.0.commit().await.doing("committing")
    }
}

impl<C: ConnectionTrait + Send> Repos for SqlRepos<C> {
    fn documents(&self) -> &dyn DocumentRepo {
        self
    }

    fn topics(&self) -> &dyn TopicRepo {
        self
    }

    fn objects(&self) -> &dyn ObjectRepo {
        self
    }

    fn jobs(&self) -> &dyn JobRepo {
        self
    }

    fn audit(&self) -> &dyn AuditRepo {
        self
    }

    fn idempotency(&self) -> &dyn IdempotencyRepo {
        self
    }

    fn instance(&self) -> &dyn InstanceRepo {
        self
    }
}

impl Repos for SeaStore {
    fn documents(&self) -> &dyn DocumentRepo {
        &self.reader
    }

    fn topics(&self) -> &dyn TopicRepo {
        &self.reader
    }

    fn objects(&self) -> &dyn ObjectRepo {
        &self.reader
    }

    fn jobs(&self) -> &dyn JobRepo {
        &self.reader
    }

    fn audit(&self) -> &dyn AuditRepo {
        &self.reader
    }

    fn idempotency(&self) -> &dyn IdempotencyRepo {
        &self.reader
    }

    fn instance(&self) -> &dyn InstanceRepo {
        &self.reader
    }
}

use async_trait::async_trait;
use docuvault_domain::PortError;
use docuvault_domain::ports::{
    ApiTokenRepo, AuditChainRepo, AuditRepo, DocumentRepo, FactorRepo, IdempotencyRepo,
    InstanceRepo, InviteRepo, JobRepo, LearningRepo, LimitRepo, MailRepo, ObjectRepo, QuotaRepo,
    Repos, ResetRepo, SessionRepo, SigningKeyRepo, SsoRepo, Store, TopicRepo, UnitOfWork, UserRepo,
};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, TransactionTrait};

use crate::dialect;
use crate::error::FromDb;
use crate::sql::SqlRepos;
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
        let sql = "SELECT version FROM seaql_migrations WHERE version = $1";
        let found = self
            .reader
            .one(
                context,
                sql,
                vec![self.expected_migration.into()],
                |fields| fields.get::<String>(),
            )
            .await?;
        match found {
            Some(_) => Ok(()),
            None => Err(PortError::permanent(context, "migrations are missing")),
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
    fn users(&self) -> &dyn UserRepo {
        self
    }

    fn factors(&self) -> &dyn FactorRepo {
        self
    }

    fn sessions(&self) -> &dyn SessionRepo {
        self
    }

    fn api_tokens(&self) -> &dyn ApiTokenRepo {
        self
    }

    fn resets(&self) -> &dyn ResetRepo {
        self
    }

    fn invites(&self) -> &dyn InviteRepo {
        self
    }

    fn mails(&self) -> &dyn MailRepo {
        self
    }

    fn documents(&self) -> &dyn DocumentRepo {
        self
    }

    fn topics(&self) -> &dyn TopicRepo {
        self
    }

    fn learning(&self) -> &dyn LearningRepo {
        self
    }

    fn objects(&self) -> &dyn ObjectRepo {
        self
    }

    fn jobs(&self) -> &dyn JobRepo {
        self
    }

    fn sso(&self) -> &dyn SsoRepo {
        self
    }

    fn audit(&self) -> &dyn AuditRepo {
        self
    }

    fn audit_chain(&self) -> &dyn AuditChainRepo {
        self
    }

    fn idempotency(&self) -> &dyn IdempotencyRepo {
        self
    }

    fn limits(&self) -> &dyn LimitRepo {
        self
    }

    fn quotas(&self) -> &dyn QuotaRepo {
        self
    }

    fn signing_keys(&self) -> &dyn SigningKeyRepo {
        self
    }

    fn instance(&self) -> &dyn InstanceRepo {
        self
    }
}

impl Repos for SeaStore {
    fn users(&self) -> &dyn UserRepo {
        &self.reader
    }

    fn factors(&self) -> &dyn FactorRepo {
        &self.reader
    }

    fn sessions(&self) -> &dyn SessionRepo {
        &self.reader
    }

    fn api_tokens(&self) -> &dyn ApiTokenRepo {
        &self.reader
    }

    fn resets(&self) -> &dyn ResetRepo {
        &self.reader
    }

    fn invites(&self) -> &dyn InviteRepo {
        &self.reader
    }

    fn mails(&self) -> &dyn MailRepo {
        &self.reader
    }

    fn documents(&self) -> &dyn DocumentRepo {
        &self.reader
    }

    fn topics(&self) -> &dyn TopicRepo {
        &self.reader
    }

    fn learning(&self) -> &dyn LearningRepo {
        &self.reader
    }

    fn objects(&self) -> &dyn ObjectRepo {
        &self.reader
    }

    fn jobs(&self) -> &dyn JobRepo {
        &self.reader
    }

    fn sso(&self) -> &dyn SsoRepo {
        &self.reader
    }

    fn audit(&self) -> &dyn AuditRepo {
        &self.reader
    }

    fn audit_chain(&self) -> &dyn AuditChainRepo {
        &self.reader
    }

    fn idempotency(&self) -> &dyn IdempotencyRepo {
        &self.reader
    }

    fn limits(&self) -> &dyn LimitRepo {
        &self.reader
    }

    fn quotas(&self) -> &dyn QuotaRepo {
        &self.reader
    }

    fn signing_keys(&self) -> &dyn SigningKeyRepo {
        &self.reader
    }

    fn instance(&self) -> &dyn InstanceRepo {
        &self.reader
    }
}

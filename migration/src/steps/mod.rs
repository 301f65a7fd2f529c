//! The steps in their order. A step that was released is never changed.

mod m20261123_000001_accounts;
mod m20261123_000002_documents;
mod m20261123_000003_objects_and_jobs;
mod m20261123_000004_audit_and_instance;
mod m20261125_000005_learning;
mod m20261125_000006_reasons;
mod m20261125_000007_thumbnails;
mod m20261126_000008_sessions;
mod m20261126_000009_owners;
mod m20261126_000010_api_tokens;
mod m20261126_000011_administration;
mod m20261126_000012_audit_reading;
mod m20261126_000013_audit_chain;
mod m20261126_000014_single_sign_on;
mod m20261129_000015_jobs_of_any_kind;

use async_trait::async_trait;
use sea_orm_migration::prelude::MigrationTrait;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr};
use sea_orm_migration::{MigrationName, SchemaManager};

use crate::dialect;

const STEPS: [SqlStep; 15] = [
    m20261123_000001_accounts::STEP,
    m20261123_000002_documents::STEP,
    m20261123_000003_objects_and_jobs::STEP,
    m20261123_000004_audit_and_instance::STEP,
    m20261125_000005_learning::STEP,
    m20261125_000006_reasons::STEP,
    m20261125_000007_thumbnails::STEP,
    m20261126_000008_sessions::STEP,
    m20261126_000009_owners::STEP,
    m20261126_000010_api_tokens::STEP,
    m20261126_000011_administration::STEP,
    m20261126_000012_audit_reading::STEP,
    m20261126_000013_audit_chain::STEP,
    m20261126_000014_single_sign_on::STEP,
    m20261129_000015_jobs_of_any_kind::STEP,
];

/// The name of the newest step.
pub(crate) const LATEST: &str = STEPS[STEPS.len() - 1].name;

pub(crate) fn all() -> Vec<Box<dyn MigrationTrait>> {
    let boxed = |step| Box::new(step) as Box<dyn MigrationTrait>;
    STEPS.into_iter().map(boxed).collect()
}

/// A step that SQL alone can take.
struct SqlStep {
    /// Stored in the database: the name of the step's file.
    name: &'static str,
    /// In the words of [`dialect`].
    sql: &'static str,
    /// What `SQLite` needs after that.
    sqlite_only: Option<&'static str>,
    /// What PostgreSQL needs after that.
    postgres_only: Option<&'static str>,
}

impl MigrationName for SqlStep {
    fn name(&self) -> &str {
        self.name
    }
}

#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait hides the lifetime, and async_trait wants the same signature"
)]
#[async_trait]
impl MigrationTrait for SqlStep {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let engine = manager.get_database_backend();
        let db = manager.get_connection();
        let own = match engine {
            DbBackend::Sqlite => self.sqlite_only,
            _ => self.postgres_only,
        };
        for sql in [Some(self.sql), own].into_iter().flatten() {
            let sql = dialect::translate(sql, engine);
            db.execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_in_order() {
        assert!(STEPS.iter().map(|step| step.name).is_sorted());
    }
}

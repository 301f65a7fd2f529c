//! The steps in their order. A step that was released is never changed.

mod m20261123_000001_accounts;
mod m20261123_000002_documents;
mod m20261123_000003_objects_and_jobs;
mod m20261123_000004_audit_and_instance;
mod m20261125_000005_learning;
mod m20261125_000006_reasons;
mod m20261125_000007_thumbnails;
mod m20261126_000008_sessions;

use async_trait::async_trait;
use sea_orm_migration::prelude::MigrationTrait;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr};
use sea_orm_migration::{MigrationName, SchemaManager};

use crate::dialect;

const STEPS: [SqlStep; 8] = [
    m20261123_000001_accounts::STEP,
    m20261123_000002_documents::STEP,
    m20261123_000003_objects_and_jobs::STEP,
    m20261123_000004_audit_and_instance::STEP,
    m20261125_000005_learning::STEP,
    m20261125_000006_reasons::STEP,
    m20261125_000007_thumbnails::STEP,
    m20261126_000008_sessions::STEP,
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
    /// What `SQLite` needs on top.
    sqlite_only: Option<&'static str>,
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
        db.execute_unprepared(&dialect::translate(self.sql, engine))
            .await?;
        if let (DbBackend::Sqlite, Some(sql)) = (engine, self.sqlite_only) {
            db.execute_unprepared(sql).await?;
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

use async_trait::async_trait;
use docuvault_domain::documents::Sha256;
use docuvault_domain::ids::InstanceId;
use docuvault_domain::ports::InstanceRepo;
use docuvault_domain::{PortError, Timestamp};
use sea_orm::ConnectionTrait;

use crate::sql::{Fields, SqlRepos, text, time};

const SETUP: &str = "keeping the setup code";

#[async_trait]
impl<C: ConnectionTrait + Send> InstanceRepo for SqlRepos<C> {
    async fn id(&self) -> Result<Option<InstanceId>, PortError> {
        self.one(
            "naming the instance",
            "SELECT id FROM instance",
            vec![],
            |fields| fields.get().map(InstanceId),
        )
        .await
    }

    async fn claim(&self, id: InstanceId, now: Timestamp) -> Result<bool, PortError> {
        let sql = "INSERT INTO instance (id, created_at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        let values = vec![id.0.into(), time(now)];
        let claimed = self.execute("naming the instance", sql, values).await?;
        Ok(claimed == 1)
    }

    async fn setup_code(&self) -> Result<Option<Sha256>, PortError> {
        let sql = "SELECT setup_code_hash FROM instance WHERE setup_code_hash IS NOT NULL";
        let digest = |fields: &mut Fields<'_>| fields.parsed(|hex| Sha256::parse(hex));
        self.one(SETUP, sql, vec![], digest).await
    }

    async fn set_setup_code(&self, digest: &Sha256) -> Result<(), PortError> {
        let sql = "UPDATE instance SET setup_code_hash = $1";
        self.execute(SETUP, sql, vec![text(digest.as_str())])
            .await?;
        Ok(())
    }

    async fn take_setup_code(&self, digest: &Sha256) -> Result<bool, PortError> {
        let sql = "UPDATE instance SET setup_code_hash = NULL WHERE setup_code_hash = $1";
        let taken = self
            .execute(SETUP, sql, vec![text(digest.as_str())])
            .await?;
        Ok(taken == 1)
    }

    async fn has_documents(&self) -> Result<bool, PortError> {
        let sql = "SELECT 1 FROM documents LIMIT 1";
        let found = self.one("looking for documents", sql, vec![], |_| Ok(()));
        Ok(found.await?.is_some())
    }
}

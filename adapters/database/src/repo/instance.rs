use async_trait::async_trait;
use docuvault_domain::ids::InstanceId;
use docuvault_domain::ports::InstanceRepo;
use docuvault_domain::{PortError, Timestamp};
use sea_orm::ConnectionTrait;

use crate::sql::{SqlRepos, time};

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

    async fn has_documents(&self) -> Result<bool, PortError> {
        let sql = "SELECT 1 FROM documents LIMIT 1";
        let found = self.one("looking for documents", sql, vec![], |_| Ok(()));
        Ok(found.await?.is_some())
    }
}

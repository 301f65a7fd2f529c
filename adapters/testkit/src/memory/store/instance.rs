use async_trait::async_trait;
use docuvault_domain::ids::InstanceId;
use docuvault_domain::ports::InstanceRepo;
use docuvault_domain::{PortError, Timestamp};

use super::Tables;

#[async_trait]
impl InstanceRepo for Tables {
    async fn id(&self) -> Result<Option<InstanceId>, PortError> {
        Ok(self.read(|state| state.instance))
    }

    async fn claim(&self, id: InstanceId, _now: Timestamp) -> Result<bool, PortError> {
        self.write("naming the installation", |state| {
            let unnamed = state.instance.is_none();
            state.instance.get_or_insert(id);
            Ok(unnamed)
        })
    }

    async fn has_documents(&self) -> Result<bool, PortError> {
        Ok(self.read(|state| !state.documents.is_empty()))
    }
}

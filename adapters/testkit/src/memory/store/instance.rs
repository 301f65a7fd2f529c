use async_trait::async_trait;
use docuvault_domain::documents::Sha256;
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

    async fn setup_code(&self) -> Result<Option<Sha256>, PortError> {
        Ok(self.read(|state| state.setup_code.clone()))
    }

    async fn set_setup_code(&self, digest: &Sha256) -> Result<(), PortError> {
        self.write("keeping the setup code", |state| {
            state.setup_code = Some(digest.clone());
            Ok(())
        })
    }

    async fn take_setup_code(&self, digest: &Sha256) -> Result<bool, PortError> {
        self.write("keeping the setup code", |state| {
            let right = state.setup_code.as_ref() == Some(digest);
            if right {
                state.setup_code = None;
            }
            Ok(right)
        })
    }

    async fn has_documents(&self) -> Result<bool, PortError> {
        Ok(self.read(|state| !state.documents.is_empty()))
    }
}

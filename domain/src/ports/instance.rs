//! Which installation a database belongs to.

use async_trait::async_trait;

use crate::documents::Sha256;
use crate::fault::PortError;
use crate::ids::InstanceId;
use crate::timestamp::Timestamp;

/// One row that names the installation.
#[async_trait]
pub trait InstanceRepo: Send + Sync {
    /// The id, or `None` on a database that was never started.
    async fn id(&self) -> Result<Option<InstanceId>, PortError>;
    /// Names the installation unless it has a name already; `true` when this call named it. Of
    /// several replicas that start together exactly one gets `true`.
    async fn claim(&self, id: InstanceId, now: Timestamp) -> Result<bool, PortError>;
    /// The digest of the code that the first registration must carry; `None` once it was used, or
    /// before there was one.
    async fn setup_code(&self) -> Result<Option<Sha256>, PortError>;
    /// Replaces that digest.
    async fn set_setup_code(&self, digest: &Sha256) -> Result<(), PortError>;
    /// Uses the code up; `false` when it is another one. Of many at once one gets `true`.
    async fn take_setup_code(&self, digest: &Sha256) -> Result<bool, PortError>;
    /// Whether any document, of whatever owner, is known.
    async fn has_documents(&self) -> Result<bool, PortError>;
}

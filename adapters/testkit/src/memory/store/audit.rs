use async_trait::async_trait;
use docuvault_domain::PortError;
use docuvault_domain::audit::AuditLine;
use docuvault_domain::ports::AuditRepo;

use super::Tables;

#[async_trait]
impl AuditRepo for Tables {
    async fn append(&self, lines: &[AuditLine]) -> Result<(), PortError> {
        self.write("appending to the audit trail", |state| {
            state.audit.extend_from_slice(lines);
            Ok(())
        })
    }
}

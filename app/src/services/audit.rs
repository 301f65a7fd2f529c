use docuvault_domain::Core;
use docuvault_domain::audit::{ReadActivity, ReadAudit, SealAudit, VerifyAudit};

use super::Credentials;

/// The audit trail.
pub(crate) struct Audit {
    pub(crate) read: ReadAudit,
    pub(crate) activity: ReadActivity,
    pub(crate) seal: SealAudit,
    pub(crate) verify: VerifyAudit,
}

impl Audit {
    pub(super) fn new(core: &Core, credentials: &Credentials) -> Self {
        Self {
            read: ReadAudit { core: core.clone() },
            activity: ReadActivity {
                store: core.store.clone(),
            },
            seal: SealAudit {
                core: core.clone(),
                key: credentials.mac_key.clone(),
            },
            verify: VerifyAudit {
                store: core.store.clone(),
                key: credentials.mac_key.clone(),
            },
        }
    }
}

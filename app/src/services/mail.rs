use std::sync::Arc;

use docuvault_domain::Core;
use docuvault_domain::mail::{DeliverMail, Links, Outbox, TryMail};

use super::{Credentials, MailPorts};
use crate::config::Config;

/// Promising mails and sending them.
pub(crate) struct Mail {
    pub(super) outbox: Arc<Outbox>,
    /// None where mail goes nowhere.
    pub(crate) deliver: Option<DeliverMail>,
    pub(crate) try_out: TryMail,
    /// From whom mails are, where there is a mail server.
    pub(crate) from: Option<String>,
}

impl Mail {
    pub(super) fn new(
        core: &Core,
        credentials: &Credentials,
        ports: &MailPorts,
        config: &Config,
    ) -> Self {
        let links = Links::below(&config.home());
        let language = config.language;
        Self {
            outbox: Arc::new(Outbox {
                core: core.clone(),
                secrets: credentials.secrets.clone(),
                links: links.clone(),
                language,
                open: ports.mailer().is_some(),
            }),
            deliver: ports.mailer().map(|mailer| DeliverMail {
                core: core.clone(),
                secrets: credentials.secrets.clone(),
                mailer,
            }),
            from: ports.server().and(config.mail.from.clone()),
            try_out: TryMail {
                core: core.clone(),
                mailer: ports.server(),
                links,
                language,
            },
        }
    }
}

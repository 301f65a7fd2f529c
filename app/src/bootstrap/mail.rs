use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use docuvault_mail::{Encryption, LogMailer, SmtpConfig, SmtpMailer};

use crate::config::{Config, MailEncryption};
use crate::services::MailPorts;

pub(super) fn open_mail(config: &Config) -> anyhow::Result<MailPorts> {
    let mail = &config.mail;
    let Some(host) = &mail.host else {
        return Ok(if config.is_embedded() {
            MailPorts::Log(Arc::new(LogMailer))
        } else {
            MailPorts::Off
        });
    };
    let (encryption, port) = match mail.encryption {
        MailEncryption::None => (Encryption::None, 25),
        MailEncryption::Starttls => (Encryption::StartTls, 587),
        MailEncryption::Tls => (Encryption::Tls, 465),
    };
    let roots = mail.ca_file.as_ref().map(|path| {
        std::fs::read(path).with_context(|| format!("mail.ca_file: {}", path.display()))
    });
    let credentials = mail.username.clone().zip(mail.password.as_ref());
    let mailer = SmtpMailer::new(SmtpConfig {
        host: host.clone(),
        port: mail.port.unwrap_or(port),
        encryption,
        credentials: credentials.map(|(name, password)| (name, password.expose().to_owned())),
        from: mail.from.clone().unwrap_or_default(),
        extra_roots: roots.transpose()?,
        timeout: Duration::from_secs(mail.timeout_seconds),
    });
    Ok(MailPorts::Server(Arc::new(mailer.context("mail")?)))
}

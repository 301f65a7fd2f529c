use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::validate::Problems;
use super::{Config, Secret};

/// How mail leaves.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Mail {
    /// The SMTP server, such as `smtp.example.org`. The vault's `url` must be set as well, for the links
    /// in mails.
    pub host: Option<String>,
    /// Its port; 587 with `starttls`, 465 with `tls` and 25 with `none` unless set.
    pub port: Option<u16>,
    /// `starttls`, `tls`, or `none` for a relay on the same machine.
    pub encryption: MailEncryption,
    /// Who the vault says it is, where the server asks.
    pub username: Option<String>,
    /// The password that belongs to it.
    pub password: Option<Secret>,
    /// From whom mails are, such as `DocuVault <vault@example.org>`.
    pub from: Option<String>,
    /// A file with certificates (PEM) of an authority that the public does not know.
    pub ca_file: Option<PathBuf>,
    /// How long handing over one mail may take, in seconds.
    pub timeout_seconds: u64,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            host: None,
            port: None,
            encryption: MailEncryption::default(),
            username: None,
            password: None,
            from: None,
            ca_file: None,
            timeout_seconds: 60,
        }
    }
}

impl Mail {
    /// Links in mails lead to the address of `config`.
    pub(super) fn check(&self, config: &Config, problems: &mut Problems) {
        problems.at_least_one("mail.timeout_seconds", self.timeout_seconds);
        if self.host.is_none() {
            if self.username.is_some() || self.password.is_some() || self.from.is_some() {
                problems.push("mail.host: is missing, although other settings of mail are there");
            }
            return;
        }
        if self.from.is_none() {
            problems.push(
                "mail.from: is missing; mails need a sender, such as DocuVault <vault@example.org>",
            );
        }
        if config.url.is_none() {
            problems.push("url: is missing; mails hold links to the vault");
        }
        if self.username.is_some() != self.password.is_some() {
            problems.push("mail.username: needs mail.password beside it, and the other way round");
        }
        if self.username.is_some() && self.encryption == MailEncryption::None {
            problems.push("mail.encryption: is none, which would show the password to the network");
        }
    }
}

/// What the connection to a mail server is wrapped in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailEncryption {
    /// Nothing.
    None,
    /// TLS after the greeting.
    #[default]
    Starttls,
    /// TLS from the first byte.
    Tls,
}

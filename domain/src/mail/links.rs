use crate::ports::ClientSecret;

/// Where the vault is, as people reach it. Secrets stand behind the `#`: browsers do not send that part,
/// so it is in no log.
#[derive(Clone, Debug)]
pub struct Links {
    base: String,
}

impl Links {
    /// Links below `base`, such as `https://vault.example.org`.
    pub fn below(base: &str) -> Self {
        Self {
            base: base.trim_end_matches('/').to_owned(),
        }
    }

    /// The vault itself.
    pub fn home(&self) -> &str {
        &self.base
    }

    /// Where a person chooses a new password.
    pub fn reset(&self, secret: &ClientSecret) -> String {
        format!("{}/reset#token={}", self.base, secret.0)
    }

    /// Where somebody who was invited makes an account.
    pub fn invite(&self, secret: &ClientSecret) -> String {
        format!("{}/register#invite={}", self.base, secret.0)
    }
}

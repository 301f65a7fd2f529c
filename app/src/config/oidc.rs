use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::validate::Problems;
use super::{Config, Secret};

/// An OpenID Connect provider. Its accounts are matched by issuer and subject; the first time, by an e-mail
/// address that the provider has verified, and the password of the account that has it.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Oidc {
    /// Its address, such as `https://id.example.org`; `/.well-known/openid-configuration` is below it. Must
    /// be what the provider itself says it is, to the slash at the end.
    pub issuer: Option<String>,
    /// The vault's name at the provider.
    pub client_id: Option<String>,
    /// The vault's secret there; none for a public client.
    pub client_secret: Option<Secret>,
    /// What people know it by: “Sign in with …”.
    pub label: String,
    /// What is asked for beside `openid`, with commas between.
    pub scopes: String,
    /// The claim that has a person's groups.
    pub groups_claim: String,
    /// Groups, with commas between, whose people are let in; everybody unless set.
    pub allowed_groups: Option<String>,
    /// Groups, with commas between, whose people are administrators. When set, nobody else who signs in by
    /// the provider stays one, but for the last.
    pub admin_groups: Option<String>,
    /// Whether whoever has no account gets one. Never in a vault that waits for its first account.
    pub create_accounts: bool,
}

impl Default for Oidc {
    fn default() -> Self {
        Self {
            issuer: None,
            client_id: None,
            client_secret: None,
            label: "single sign-on".to_owned(),
            scopes: "profile,email".to_owned(),
            groups_claim: "groups".to_owned(),
            allowed_groups: None,
            admin_groups: None,
            create_accounts: true,
        }
    }
}

impl Oidc {
    /// People come back to the address of `config`, and may have no other way in.
    pub(super) fn check(&self, config: &Config, problems: &mut Problems) {
        let Some(issuer) = &self.issuer else {
            if self.client_id.is_some() || self.client_secret.is_some() {
                problems.push("oidc.issuer: is missing, although other settings of oidc are there");
            }
            if !config.accounts.password_sign_in {
                problems.push(
                    "accounts.password_sign_in: is false, and without oidc.issuer nobody could \
                     sign in",
                );
            }
            return;
        };
        let valid = Url::parse(issuer)
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        if !valid {
            problems.push(format!(
                "oidc.issuer: {issuer:?} is not like https://id.example.org"
            ));
        }
        if self.client_id.is_none() {
            problems.push("oidc.client_id: is missing, although oidc.issuer is set");
        }
        if config.url.is_none() {
            problems.push("url: is missing; the identity provider sends people back to it");
        }
    }
}

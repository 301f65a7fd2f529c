use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::validate::Problems;

/// Who may make accounts, and how long people stay signed in.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Accounts {
    /// `open`: anybody may make an account. `invite`: whoever has an invitation. `closed`:
    /// administrators make them. The first account is made with the setup code that the vault prints,
    /// whatever stands here.
    pub registration: Registration,
    /// Who must have a second factor: `optional` nobody, `admins`, or `everyone`. Whoever has none sets
    /// it up when they sign in.
    pub second_factor: SecondFactor,
    /// Whether people sign in by password. `false` needs `oidc.issuer`: then only the first account is made
    /// with a password, which links it to its person's identity at the provider.
    pub password_sign_in: bool,
    /// What a new account may keep, in bytes.
    pub quota_bytes: u64,
    /// An access token lasts so many minutes; it ends with its session in any case.
    pub access_minutes: u64,
    /// A session that was not used for so many days is over.
    pub session_idle_days: u64,
    /// A session is over after so many days, however much it was used.
    pub session_days: u64,
}

impl Default for Accounts {
    fn default() -> Self {
        Self {
            registration: Registration::default(),
            second_factor: SecondFactor::default(),
            password_sign_in: true,
            quota_bytes: 100 * 1024 * 1024,
            access_minutes: 15,
            session_idle_days: 14,
            session_days: 90,
        }
    }
}

impl Accounts {
    pub(super) fn check(&self, problems: &mut Problems) {
        problems.at_least_one("accounts.access_minutes", self.access_minutes);
        problems.at_least_one("accounts.session_idle_days", self.session_idle_days);
        problems.at_least_one("accounts.session_days", self.session_days);
    }
}

/// Who may make accounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// Anybody.
    Open,
    /// Whoever was invited.
    Invite,
    /// Administrators.
    #[default]
    Closed,
}

/// Who must have a second factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactor {
    /// Nobody.
    #[default]
    Optional,
    /// Administrators.
    Admins,
    /// Everybody.
    Everyone,
}

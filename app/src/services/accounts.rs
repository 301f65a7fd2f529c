use std::sync::Arc;
use std::time::Duration;

use docuvault_domain::Core;
use docuvault_domain::accounts::{
    Authenticate, ConfirmPerson, FactorPolicy, ManageSecondFactor, RateLimiter, Register,
    RegistrationPolicy, ResetPassword, SignIn, SignOut, SigningKeys, SingleSignOn, SsoPolicy,
};
use docuvault_domain::mail::Outbox;
use docuvault_domain::ports::{IdentityProvider, Lifetimes, Tokens};

use super::{Credentials, Mail};
use crate::config::{self, Config, Oidc, Registration, listed};

/// Making accounts, signing in, staying signed in and getting out.
pub(crate) struct Accounts {
    pub(crate) tokens: Arc<dyn Tokens>,
    pub(crate) signing_keys: Arc<SigningKeys>,
    pub(crate) authenticate: Authenticate,
    pub(crate) register: Register,
    pub(crate) sign_in: Arc<SignIn>,
    /// None where there is no identity provider.
    pub(crate) single_sign_on: Option<SingleSignOn>,
    /// What people know that provider by.
    pub(crate) single_sign_on_label: String,
    pub(crate) sign_out: SignOut,
    pub(crate) second_factor: Arc<ManageSecondFactor>,
    pub(crate) confirm: Arc<ConfirmPerson>,
    pub(crate) reset_password: Arc<ResetPassword>,
}

/// What several use cases of accounts work with.
pub(super) struct Shared {
    pub(super) core: Core,
    pub(super) credentials: Credentials,
    pub(super) rate_limiter: Arc<RateLimiter>,
    pub(super) outbox: Arc<Outbox>,
    pub(super) second_factor: Arc<ManageSecondFactor>,
    pub(super) confirm: Arc<ConfirmPerson>,
    pub(super) reset_password: Arc<ResetPassword>,
}

impl Shared {
    pub(super) fn new(
        core: &Core,
        credentials: &Credentials,
        mail: &Mail,
        config: &config::Accounts,
    ) -> Self {
        let rate_limiter = Arc::new(RateLimiter { core: core.clone() });
        let second_factor = Arc::new(ManageSecondFactor {
            core: core.clone(),
            hasher: credentials.hasher.clone(),
            rate_limiter: rate_limiter.clone(),
            factor: credentials.factor.clone(),
            secrets: credentials.secrets.clone(),
            tokens: credentials.tokens.clone(),
            outbox: mail.outbox.clone(),
        });
        Self {
            confirm: Arc::new(ConfirmPerson {
                core: core.clone(),
                hasher: credentials.hasher.clone(),
                rate_limiter: rate_limiter.clone(),
                second_factor: second_factor.clone(),
            }),
            reset_password: Arc::new(ResetPassword {
                core: core.clone(),
                hasher: credentials.hasher.clone(),
                tokens: credentials.tokens.clone(),
                rate_limiter: rate_limiter.clone(),
                passwords: config.password_sign_in,
                outbox: mail.outbox.clone(),
            }),
            core: core.clone(),
            credentials: credentials.clone(),
            rate_limiter,
            outbox: mail.outbox.clone(),
            second_factor,
        }
    }
}

impl Accounts {
    pub(super) fn new(
        shared: &Shared,
        provider: Option<Arc<dyn IdentityProvider>>,
        mail: &Mail,
        config: &Config,
    ) -> Self {
        let Shared {
            core, credentials, ..
        } = shared;
        let sign_in = Arc::new(sign_in(shared, &config.accounts));
        Self {
            tokens: credentials.tokens.clone(),
            signing_keys: Arc::new(SigningKeys {
                core: core.clone(),
                secrets: credentials.secrets.clone(),
                tokens: credentials.tokens.clone(),
                access_for: sign_in.access_for,
            }),
            authenticate: Authenticate {
                core: core.clone(),
                tokens: credentials.tokens.clone(),
            },
            register: register(shared, mail, config),
            single_sign_on: provider.map(|provider| SingleSignOn {
                provider,
                sign_in: sign_in.clone(),
                secrets: credentials.secrets.clone(),
                policy: single_sign_on_policy(&config.oidc),
                limit_bytes: config.accounts.quota_bytes,
                language: config.language,
            }),
            single_sign_on_label: config.oidc.label.clone(),
            sign_in,
            sign_out: SignOut {
                core: core.clone(),
                tokens: credentials.tokens.clone(),
            },
            second_factor: shared.second_factor.clone(),
            confirm: shared.confirm.clone(),
            reset_password: shared.reset_password.clone(),
        }
    }
}

fn sign_in(shared: &Shared, config: &config::Accounts) -> SignIn {
    let days = |days: u64| Duration::from_hours(24 * days);
    SignIn {
        core: shared.core.clone(),
        hasher: shared.credentials.hasher.clone(),
        rate_limiter: shared.rate_limiter.clone(),
        second_factor: shared.second_factor.clone(),
        tokens: shared.credentials.tokens.clone(),
        outbox: shared.outbox.clone(),
        factor_policy: match config.second_factor {
            config::SecondFactor::Optional => FactorPolicy::Optional,
            config::SecondFactor::Admins => FactorPolicy::Admins,
            config::SecondFactor::Everyone => FactorPolicy::Everyone,
        },
        passwords: config.password_sign_in,
        lifetimes: Lifetimes {
            idle: days(config.session_idle_days),
            absolute: days(config.session_days),
        },
        access_for: Duration::from_mins(config.access_minutes),
    }
}

fn register(shared: &Shared, mail: &Mail, config: &Config) -> Register {
    Register {
        core: shared.core.clone(),
        hasher: shared.credentials.hasher.clone(),
        rate_limiter: shared.rate_limiter.clone(),
        tokens: shared.credentials.tokens.clone(),
        outbox: shared.outbox.clone(),
        discreet: mail.try_out.mailer.is_some(),
        passwords: config.accounts.password_sign_in,
        policy: match config.accounts.registration {
            Registration::Open => RegistrationPolicy::Open,
            Registration::Invite => RegistrationPolicy::Invite,
            Registration::Closed => RegistrationPolicy::Closed,
        },
        limit_bytes: config.accounts.quota_bytes,
        language: config.language,
    }
}

fn single_sign_on_policy(config: &Oidc) -> SsoPolicy {
    let groups = |list: &Option<String>| listed(list.as_deref().unwrap_or_default());
    SsoPolicy {
        create_accounts: config.create_accounts,
        allowed_groups: groups(&config.allowed_groups),
        admin_groups: groups(&config.admin_groups),
    }
}

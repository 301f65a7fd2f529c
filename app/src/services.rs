//! The use cases, wired once and shared by HTTP, worker and command line.

use std::sync::Arc;
use std::time::Duration;

use docuvault_domain::Core;
use docuvault_domain::accounts::{
    AdministerUsers, Authenticate, ChangePassword, ConfirmPerson, DeleteAccount, EditProfile,
    FactorPolicy, KEYS_LOOKED_AT_EVERY, ManageInvites, ManageSecondFactor, ManageTokens,
    RateLimiter, Register, RegistrationPolicy, RemoveAccounts, ResetPassword, SignIn, SignOut,
    SigningKeys, SingleSignOn, SsoPolicy, TidyAccounts,
};
use docuvault_domain::audit::{ReadActivity, ReadAudit, SealAudit, VerifyAudit};
use docuvault_domain::documents::{
    ChangeDocuments, DownloadDocument, DownloadLinks, UploadDocument,
};
use docuvault_domain::instance::VerifyInstance;
use docuvault_domain::mail::{DeliverMail, Links, MailLanguage, Outbox, TryMail};
use docuvault_domain::ports::{
    Classifier, Clock, ContentTypes, EventBus, IdentityProvider, Ids, Lifetimes, MacKey, Mailer,
    PasswordHasher, Queue, SecondFactor, SecretBox, StorageBackend, Store, TextExtractor, Tokens,
};
use docuvault_domain::processing::{JobTable, ProcessDocument, Sweep};
use docuvault_domain::topics::{ManageTopics, StarterLanguage};
use tokio_util::task::TaskTracker;

use crate::config::{self, Config, Language, Registration, listed};
use crate::lifecycle::Lifecycle;

/// The outside world, behind its ports.
pub(crate) struct Ports {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) storage: Arc<dyn StorageBackend>,
    pub(crate) queue: Arc<dyn Queue>,
    pub(crate) events: Arc<dyn EventBus>,
    pub(crate) extractor: Arc<dyn TextExtractor>,
    pub(crate) classifier: Arc<dyn Classifier>,
    pub(crate) content_types: Arc<dyn ContentTypes>,
    pub(crate) hasher: Arc<dyn PasswordHasher>,
    pub(crate) tokens: Arc<dyn Tokens>,
    pub(crate) factor: Arc<dyn SecondFactor>,
    pub(crate) secrets: Arc<dyn SecretBox>,
    pub(crate) mac_key: Arc<dyn MacKey>,
    pub(crate) mail: MailPorts,
    pub(crate) identity_provider: Option<Arc<dyn IdentityProvider>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
}

/// Where mails go.
#[derive(Clone)]
pub(crate) enum MailPorts {
    /// To people.
    Server(Arc<dyn Mailer>),
    /// To the log, from which whoever runs the vault hands links on.
    Log(Arc<dyn Mailer>),
    /// Nowhere.
    Off,
}

impl MailPorts {
    fn mailer(&self) -> Option<Arc<dyn Mailer>> {
        match self {
            Self::Server(mailer) | Self::Log(mailer) => Some(mailer.clone()),
            Self::Off => None,
        }
    }

    fn server(&self) -> Option<Arc<dyn Mailer>> {
        match self {
            Self::Server(mailer) => Some(mailer.clone()),
            Self::Log(_) | Self::Off => None,
        }
    }
}

/// Everything that can be asked of the vault.
pub(crate) struct Services {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) storage: Arc<dyn StorageBackend>,
    pub(crate) queue: Arc<dyn Queue>,
    pub(crate) events: Arc<dyn EventBus>,
    pub(crate) content_types: Arc<dyn ContentTypes>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) uploads: UploadDocument,
    pub(crate) downloads: DownloadDocument,
    pub(crate) download_links: DownloadLinks,
    pub(crate) documents: ChangeDocuments,
    pub(crate) topics: ManageTopics,
    pub(crate) processing: ProcessDocument,
    pub(crate) jobs: JobTable,
    pub(crate) sweep: Sweep,
    pub(crate) instance: VerifyInstance,
    pub(crate) tokens: Arc<dyn Tokens>,
    pub(crate) signing_keys: Arc<SigningKeys>,
    pub(crate) authenticate: Authenticate,
    pub(crate) register: Register,
    pub(crate) sign_in: Arc<SignIn>,
    /// None where there is no identity provider.
    pub(crate) sso: Option<SingleSignOn>,
    /// What people know that provider by.
    pub(crate) sso_label: String,
    pub(crate) sign_out: SignOut,
    pub(crate) change_password: ChangePassword,
    pub(crate) edit_profile: EditProfile,
    pub(crate) second_factor: Arc<ManageSecondFactor>,
    pub(crate) confirm: Arc<ConfirmPerson>,
    pub(crate) resets: Arc<ResetPassword>,
    pub(crate) api_tokens: ManageTokens,
    pub(crate) delete_account: DeleteAccount,
    pub(crate) administer: AdministerUsers,
    pub(crate) invites: ManageInvites,
    pub(crate) read_audit: ReadAudit,
    pub(crate) read_activity: ReadActivity,
    pub(crate) seal_audit: SealAudit,
    pub(crate) verify_audit: VerifyAudit,
    pub(crate) remove_accounts: RemoveAccounts,
    pub(crate) tidy_accounts: TidyAccounts,
    pub(crate) try_mail: TryMail,
    /// From whom mails are, where there is a mail server.
    pub(crate) mail_from: Option<String>,
    /// None where mail goes nowhere.
    pub(crate) deliver_mail: Option<DeliverMail>,
    /// Work that outlives a request; shutdown waits for it.
    pub(crate) background: TaskTracker,
}

impl Services {
    /// Hands each use case the ports it needs.
    pub(crate) fn new(config: &Config, ports: Ports) -> Self {
        let Ports {
            store,
            storage,
            queue,
            events,
            extractor,
            classifier,
            content_types,
            hasher,
            tokens,
            factor,
            secrets,
            mac_key,
            mail,
            identity_provider,
            clock,
            ids,
        } = ports;
        let core = Core {
            store: store.clone(),
            clock: clock.clone(),
            ids: ids.clone(),
        };
        let (language, mail_language) = match config.language {
            Language::En => (StarterLanguage::English, MailLanguage::English),
            Language::De => (StarterLanguage::German, MailLanguage::German),
        };
        let access_for = Duration::from_mins(config.accounts.access_minutes);
        let days = |days: u64| Duration::from_hours(24 * days);
        let rate_limiter = Arc::new(RateLimiter { core: core.clone() });
        let links = Links::below(&config.home());
        let outbox = Arc::new(Outbox {
            secrets: secrets.clone(),
            core: core.clone(),
            links: links.clone(),
            language: mail_language,
            open: mail.mailer().is_some(),
        });
        let second_factor = Arc::new(ManageSecondFactor {
            core: core.clone(),
            hasher: hasher.clone(),
            rate_limiter: rate_limiter.clone(),
            factor,
            secrets: secrets.clone(),
            tokens: tokens.clone(),
            outbox: outbox.clone(),
        });
        let confirm = Arc::new(ConfirmPerson {
            core: core.clone(),
            hasher: hasher.clone(),
            rate_limiter: rate_limiter.clone(),
            second_factor: second_factor.clone(),
        });
        let resets = Arc::new(ResetPassword {
            core: core.clone(),
            hasher: hasher.clone(),
            tokens: tokens.clone(),
            rate_limiter: rate_limiter.clone(),
            passwords: config.accounts.password_sign_in,
            outbox: outbox.clone(),
        });
        let sign_in = Arc::new(SignIn {
            core: core.clone(),
            hasher: hasher.clone(),
            rate_limiter: rate_limiter.clone(),
            second_factor: second_factor.clone(),
            tokens: tokens.clone(),
            outbox: outbox.clone(),
            factor_policy: match config.accounts.second_factor {
                config::SecondFactor::Optional => FactorPolicy::Optional,
                config::SecondFactor::Admins => FactorPolicy::Admins,
                config::SecondFactor::Everyone => FactorPolicy::Everyone,
            },
            passwords: config.accounts.password_sign_in,
            lifetimes: Lifetimes {
                idle: days(config.accounts.session_idle_days),
                absolute: days(config.accounts.session_days),
            },
            access_for,
        });
        let groups = |list: &Option<String>| listed(list.as_deref().unwrap_or_default());
        Self {
            sso: identity_provider.map(|provider| SingleSignOn {
                provider,
                sign_in: sign_in.clone(),
                secrets: secrets.clone(),
                policy: SsoPolicy {
                    create_accounts: config.oidc.create_accounts,
                    allowed_groups: groups(&config.oidc.allowed_groups),
                    admin_groups: groups(&config.oidc.admin_groups),
                },
                limit_bytes: config.accounts.quota_bytes,
                language,
            }),
            sso_label: config.oidc.label.clone(),
            sign_in,
            api_tokens: ManageTokens {
                core: core.clone(),
                tokens: tokens.clone(),
                outbox: outbox.clone(),
            },
            delete_account: DeleteAccount {
                core: core.clone(),
                confirm: confirm.clone(),
                outbox: outbox.clone(),
            },
            administer: AdministerUsers {
                core: core.clone(),
                hasher: hasher.clone(),
                tokens: tokens.clone(),
                resets: resets.clone(),
                outbox: outbox.clone(),
                limit_bytes: config.accounts.quota_bytes,
                language,
            },
            invites: ManageInvites {
                core: core.clone(),
                tokens: tokens.clone(),
                outbox: outbox.clone(),
            },
            read_audit: ReadAudit { core: core.clone() },
            read_activity: ReadActivity {
                store: store.clone(),
            },
            seal_audit: SealAudit {
                core: core.clone(),
                key: mac_key.clone(),
            },
            verify_audit: VerifyAudit {
                store: store.clone(),
                key: mac_key,
            },
            remove_accounts: RemoveAccounts { core: core.clone() },
            tidy_accounts: TidyAccounts {
                core: core.clone(),
                rate_limiter: rate_limiter.clone(),
            },
            try_mail: TryMail {
                core: core.clone(),
                mailer: mail.server(),
                links,
                language: mail_language,
            },
            mail_from: mail.server().and(config.mail.from.clone()),
            deliver_mail: mail.mailer().map(|mailer| DeliverMail {
                core: core.clone(),
                secrets: secrets.clone(),
                mailer,
            }),
            confirm,
            resets,
            uploads: UploadDocument {
                core: core.clone(),
                storage: storage.clone(),
                events: events.clone(),
                queue: queue.clone(),
                lease: Duration::from_secs(config.upload_lease_seconds),
            },
            downloads: DownloadDocument {
                store: store.clone(),
                storage: storage.clone(),
            },
            download_links: DownloadLinks {
                downloads: DownloadDocument {
                    store: store.clone(),
                    storage: storage.clone(),
                },
                secrets: secrets.clone(),
                clock: clock.clone(),
                from_store: config.s3.public_endpoint.is_some(),
            },
            documents: ChangeDocuments {
                core: core.clone(),
                storage: storage.clone(),
                events: events.clone(),
                queue: queue.clone(),
            },
            topics: ManageTopics { core: core.clone() },
            processing: ProcessDocument {
                store: store.clone(),
                storage: storage.clone(),
                extractor,
                classifier,
                events: events.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
            },
            jobs: JobTable {
                store: store.clone(),
                clock: clock.clone(),
                lease_for: Duration::from_secs(config.worker.lease_seconds),
            },
            sweep: Sweep {
                store: store.clone(),
                storage: storage.clone(),
                queue: queue.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
            },
            instance: VerifyInstance {
                core: core.clone(),
                storage: storage.clone(),
            },
            signing_keys: Arc::new(SigningKeys {
                core: core.clone(),
                secrets,
                tokens: tokens.clone(),
                access_for,
            }),
            authenticate: Authenticate {
                core: core.clone(),
                tokens: tokens.clone(),
            },
            register: Register {
                core: core.clone(),
                hasher: hasher.clone(),
                rate_limiter: rate_limiter.clone(),
                tokens: tokens.clone(),
                outbox: outbox.clone(),
                discreet: mail.server().is_some(),
                passwords: config.accounts.password_sign_in,
                policy: match config.accounts.registration {
                    Registration::Open => RegistrationPolicy::Open,
                    Registration::Invite => RegistrationPolicy::Invite,
                    Registration::Closed => RegistrationPolicy::Closed,
                },
                limit_bytes: config.accounts.quota_bytes,
                language,
            },
            sign_out: SignOut {
                core: core.clone(),
                tokens: tokens.clone(),
            },
            change_password: ChangePassword {
                core: core.clone(),
                hasher,
                rate_limiter,
                outbox: outbox.clone(),
            },
            edit_profile: EditProfile {
                core: core.clone(),
                outbox,
            },
            second_factor,
            tokens,
            store,
            storage,
            queue,
            events,
            content_types,
            clock,
            ids,
            background: TaskTracker::new(),
        }
    }
    /// Learns of new signing keys for as long as the process runs.
    pub(crate) fn keep_signing_keys(&self, lifecycle: &Lifecycle) {
        let (keys, stopping) = (self.signing_keys.clone(), lifecycle.stopping.clone());
        lifecycle
            .tasks
            .spawn(stopping.run_until_cancelled_owned(async move {
                loop {
                    tokio::time::sleep(KEYS_LOOKED_AT_EVERY).await;
                    if let Err(error) = keys.refresh().await {
                        tracing::warn!(%error, "new signing keys were not looked for");
                    }
                }
            }));
    }
}

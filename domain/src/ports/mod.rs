//! Everything an adapter may implement, one file each. The contract stands at the trait, with its
//! odd cases; `adapters/testkit` holds one conformance suite per port.
#![warn(missing_docs)]

mod accounts;
mod api_tokens;
mod audit;
mod classifier;
mod clock;
mod content_type;
mod documents;
mod events;
mod idempotency;
mod instance;
mod jobs;
mod keys;
mod learning;
mod limits;
mod links;
mod mail;
mod objects;
mod queue;
mod quotas;
mod secrets;
mod single_sign_on;
mod storage;
mod store;
mod text_extractor;
mod topics;

pub use accounts::{
    AccountConflict, FactorRepo, Lifetimes, Rotation, SessionRepo, StoredFactor, UserRepo,
};
pub use api_tokens::ApiTokenRepo;
pub use audit::{AuditChainRepo, AuditRepo};
pub use classifier::{
    Classification, Classifier, ClassifierError, ClassifyRequest, KnownTopic, Prediction,
    TopicPrediction,
};
pub use clock::{Clock, Ids};
pub use content_type::ContentTypes;
pub use documents::{
    DocumentFilter, DocumentQuery, DocumentRepo, KnownBytes, ListCursor, Sort, SortKey, SortValue,
};
pub use events::{Delivery, Event, EventBody, EventBus, EventId, EventStream};
pub use idempotency::{IdempotencyClaim, IdempotencyKey, IdempotencyRepo};
pub use instance::InstanceRepo;
pub use jobs::{
    Claimable, Job, JobEnd, JobKind, JobRepo, JobState, JobStatus, JobSubject, Lease, LeaseState,
    Priority, Progress, QueueDepth, WorkerId,
};
pub use keys::{SealedKey, SigningKeyRepo};
pub use learning::{Label, LearningRepo, TrainingExample};
pub use limits::{Allowance, LimitRepo, RateDecision};
pub use links::{InviteRepo, ResetRepo};
pub use mail::{MailError, MailRepo, Mailer, Message, QueuedMail, ResetRequest};
pub use objects::{ObjectKind, ObjectRepo, ObjectRow, ObjectState, StoredObject};
pub use queue::Queue;
pub use quotas::{Quota, QuotaRepo};
pub use secrets::{
    AccessClaims, ClientSecret, Enrolment, HashError, InvalidToken, Mac, MacKey, PasswordHash,
    PasswordHasher, Purpose, SecondFactor, SecretBox, SecretContext, SigningKey, Tokens,
};
pub use single_sign_on::{
    Authorization, AuthorizationSecrets, Claims, IdentityProvider, ProviderError, SsoAttempt,
    SsoLink, SsoRepo,
};
pub use storage::{
    ByteRange, ByteStream, Disposition, ObjectKey, StorageBackend, StorageError, Stored,
    StreamError, in_one_piece,
};
pub use store::{Store, UnitOfWork};
pub use text_extractor::{
    ExtractError, Properties, Reading, Refusal, RefusalReason, TextExtractor, TextSource, Thumbnail,
};
pub use topics::{TopicRepo, TopicWithCount};

store::repositories! {
    /// Accounts.
    users: UserRepo,
    /// Their second factors.
    factors: FactorRepo,
    /// How much people keep.
    quotas: QuotaRepo,
    /// Who is signed in where.
    sessions: SessionRepo,
    /// What programs show in their place.
    api_tokens: ApiTokenRepo,
    /// Links to choose a new password.
    resets: ResetRepo,
    /// Invitations.
    invites: InviteRepo,
    /// Mails that were promised.
    mails: MailRepo,
    /// Documents, their texts and their topics.
    documents: DocumentRepo,
    /// What documents are filed under.
    topics: TopicRepo,
    /// What people's filing has taught.
    learning: LearningRepo,
    /// The registry of stored bytes.
    objects: ObjectRepo,
    /// Promised work.
    jobs: JobRepo,
    /// Identities at providers.
    sso: SsoRepo,
    /// The audit trail.
    audit: AuditRepo,
    /// What seals it.
    audit_chain: AuditChainRepo,
    /// Keys of uploads that may be repeated.
    idempotency: IdempotencyRepo,
    /// How often somebody may try.
    limits: LimitRepo,
    /// What access tokens are signed with.
    signing_keys: SigningKeyRepo,
    /// Which installation this is.
    instance: InstanceRepo,
}

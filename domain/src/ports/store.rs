//! The database as the use cases see it.

use async_trait::async_trait;

use super::{
    ApiTokenRepo, AuditChainRepo, AuditRepo, DocumentRepo, FactorRepo, IdempotencyRepo,
    InstanceRepo, InviteRepo, JobRepo, LearningRepo, LimitRepo, MailRepo, ObjectRepo, QuotaRepo,
    ResetRepo, SessionRepo, SigningKeyRepo, SsoRepo, TopicRepo, UserRepo,
};
use crate::fault::PortError;

/// The repositories, over a plain connection or inside a unit of work.
pub trait Repos: Send + Sync {
    /// Accounts.
    fn users(&self) -> &dyn UserRepo;
    /// Their second factors.
    fn factors(&self) -> &dyn FactorRepo;
    /// How much people keep.
    fn quotas(&self) -> &dyn QuotaRepo;
    /// Who is signed in where.
    fn sessions(&self) -> &dyn SessionRepo;
    /// What programs show in their place.
    fn api_tokens(&self) -> &dyn ApiTokenRepo;
    /// Links to choose a new password.
    fn resets(&self) -> &dyn ResetRepo;
    /// Invitations.
    fn invites(&self) -> &dyn InviteRepo;
    /// Mails that were promised.
    fn mails(&self) -> &dyn MailRepo;
    /// Documents, their texts and their topics.
    fn documents(&self) -> &dyn DocumentRepo;
    /// What documents are filed under.
    fn topics(&self) -> &dyn TopicRepo;
    /// What people's filing has taught.
    fn learning(&self) -> &dyn LearningRepo;
    /// The registry of stored bytes.
    fn objects(&self) -> &dyn ObjectRepo;
    /// Promised work.
    fn jobs(&self) -> &dyn JobRepo;
    /// Identities at providers.
    fn sso(&self) -> &dyn SsoRepo;
    /// The audit trail.
    fn audit(&self) -> &dyn AuditRepo;
    /// What seals it.
    fn audit_chain(&self) -> &dyn AuditChainRepo;
    /// Keys of uploads that may be repeated.
    fn idempotency(&self) -> &dyn IdempotencyRepo;
    /// How often somebody may try.
    fn limits(&self) -> &dyn LimitRepo;
    /// What access tokens are signed with.
    fn signing_keys(&self) -> &dyn SigningKeyRepo;
    /// Which installation this is.
    fn instance(&self) -> &dyn InstanceRepo;
}

/// An open transaction. Dropping it rolls back. Nothing waits for the network, apart from the
/// database itself, while one is open: SQLite has a single writer.
#[async_trait]
pub trait UnitOfWork: Repos {
    /// Makes everything written through this unit durable, at once or not at all.
    async fn commit(self: Box<Self>) -> Result<(), PortError>;
}

/// The database. Reading through [`Repos`] directly sees committed rows only; writing goes through
/// a unit of work (an implementation may refuse writes outside of one).
#[async_trait]
pub trait Store: Repos {
    /// Opens a transaction that may write.
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, PortError>;
    /// Ok when the database answers and its schema is the one this program was built for.
    async fn check(&self) -> Result<(), PortError>;
    /// `postgres` or `sqlite`: the component's name in health reports.
    fn engine(&self) -> &'static str;
}

//! Mail to people: what it says, how it is enqueued with what it tells of, and how it leaves.

mod deliver;
mod links;
mod outbox;
mod template;
mod try_out;

pub use deliver::{DeliverMail, Delivered};
pub use links::Links;
pub use outbox::{Outbox, Recipient};
pub use template::{MailTemplate, Notice};
pub use try_out::{TryMail, TryMailError};

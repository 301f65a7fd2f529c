//! Mail to people: what it says, how it is promised with what it tells of, and how it leaves.

mod deliver;
mod letter;
mod links;
mod outbox;
mod try_out;

pub use deliver::{DeliverMail, Delivered};
pub use letter::{Letter, MailLanguage, Notice};
pub use links::Links;
pub use outbox::{Outbox, Recipient};
pub use try_out::{TryMail, TryMailError};

//! What DocuVault is: entities, rules and use cases, and the ports through which they reach the
//! world. Nothing here does I/O or knows a framework.
//!
//! # Words
//! * **document**: what a person handed in; its bytes never change.
//! * **object**: stored bytes with one opaque key, listed in the object registry ([`ports::ObjectRepo`]).
//! * **topic**: what documents are filed under; belongs to one owner.
//! * **reading**: the text that was taken out of a document's bytes.
//! * **job**: work that was scheduled in the transaction that made it necessary.
//! * **concept**: a subject that documents are about, known by its words.
//! * **training example**: a person's decision about a document and a topic, from which the topic's vector learns.
//! * **lease**: the right to work on a job until a moment in time.
//! * **owner**: the account that rows belong to; nobody in particular while there are no accounts.
//!
//! # How to add a use case
//! One file per verb beside its entities: a struct that holds the ports it needs, a `run` (or a few
//! sibling verbs), an error enum of its own. I/O first, then decide, then one short transaction:
//! nothing waits for the network between `begin` and `commit`. Wire it in its group in `app/src/services/`.

pub mod accounts;
pub mod audit;
pub mod caller;
mod core;
pub mod documents;
pub mod fault;
pub mod ids;
pub mod instance;
pub mod jobs;
mod language;
pub mod learning;
pub mod mail;
pub mod page;
pub mod ports;
pub mod processing;
pub mod text;
pub mod timestamp;
pub mod topics;

pub use self::core::Core;
pub use caller::Caller;
pub use fault::{FaultKind, PortError};
pub use language::Language;
pub use timestamp::Timestamp;

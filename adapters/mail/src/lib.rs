//! Mail: [`SmtpMailer`] hands it to a server, [`LogMailer`] writes it to the log of a vault that has
//! none.
#![warn(missing_docs)]

mod log;
mod smtp;

pub use log::LogMailer;
pub use smtp::{Encryption, SmtpConfig, SmtpMailer};

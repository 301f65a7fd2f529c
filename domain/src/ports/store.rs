//! The database as the use cases see it.

use async_trait::async_trait;

use super::Repos;
use crate::fault::PortError;

/// From one line a repository: its name in [`Repos`], and its trait.
macro_rules! repositories {
    ($($(#[$doc:meta])* $name:ident: $repo:ident,)*) => {
        /// A connection that serves every repository. Whatever implements them all is one.
        pub trait Connection: $($repo +)* Send + Sync {}

        impl<T: $($repo +)* Send + Sync> Connection for T {}

        /// The repositories, over a plain connection or inside a unit of work.
        pub trait Repos: Send + Sync {
            /// What all of them ask.
            fn connection(&self) -> &dyn Connection;

            $($(#[$doc])*
            fn $name(&self) -> &dyn $repo {
                self.connection()
            })*
        }
    };
}

pub(super) use repositories;

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

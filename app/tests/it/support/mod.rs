//! Starting vaults and talking to them.

mod browser;
mod client;
mod mail;
mod object_registry;
pub(crate) mod oidc;
mod stack;
mod tcp_proxy;
mod totp;

pub(crate) use browser::Browser;
pub(crate) use client::{Answer, Client, HANDLE, PASSWORD};
pub(crate) use mail::MailServer;
pub(crate) use stack::{Stack, Vault};
pub(crate) use tcp_proxy::{ProxyMode, TcpProxy};
pub(crate) use totp::totp_code;

/// Makes two tests of one async function: on an embedded vault and on the full stack.
#[macro_export]
macro_rules! on_both_stacks {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread")]
            async fn embedded() {
                super::$name($crate::support::Stack::embedded()).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn full_stack() {
                super::$name($crate::support::Stack::full().await).await;
            }
        }
    )+};
}

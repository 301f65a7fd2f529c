//! Sign-in by an OpenID Connect provider: discovery, authorization code flow with PKCE, ID token, userinfo.

mod answer;
mod http;
mod provider;

pub use provider::{OidcConfig, OidcProvider};

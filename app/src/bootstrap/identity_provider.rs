use std::sync::Arc;

use anyhow::Context as _;
use docuvault_domain::ports::IdentityProvider;
use docuvault_oidc::{OidcConfig, OidcProvider};

use crate::config::{Config, listed};
use crate::http::CALLBACK_PATH;

pub(super) fn open_provider(config: &Config) -> anyhow::Result<Option<Arc<dyn IdentityProvider>>> {
    let oidc = &config.oidc;
    let Some(issuer) = &oidc.issuer else {
        return Ok(None);
    };
    let provider = OidcProvider::new(OidcConfig {
        issuer: issuer.clone(),
        client_id: oidc.client_id.clone().unwrap_or_default(),
        client_secret: oidc.client_secret.as_ref().map(|it| it.expose().to_owned()),
        redirect_url: config.home() + CALLBACK_PATH,
        scopes: listed(&oidc.scopes),
        groups_claim: oidc.groups_claim.clone(),
    });
    Ok(Some(Arc::new(provider.context("oidc")?)))
}

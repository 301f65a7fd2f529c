use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use docuvault_domain::PortError;
use docuvault_domain::ports::{
    Authorization, AuthorizationSecrets, Claims, IdentityProvider, ProviderError,
};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreClientAuthMethod,
    CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, Client, ClientId, ClientSecret,
    CsrfToken, DiscoveryError, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, IdToken, IdTokenClaims, IdTokenFields, IssuerUrl, Nonce, OAuth2TokenResponse as _,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope,
    SignatureVerificationError, StandardErrorResponse, StandardTokenResponse, SubjectIdentifier,
    TokenResponse as _, UserInfoClaims,
};
use tokio::sync::RwLock;

use crate::answer::{OtherClaims, complete, of_token};
use crate::http::{Http, HttpError};

/// What a provider says of itself is asked for again after so long.
const DISCOVERY_MAX_AGE: Duration = Duration::from_hours(1);

/// Signatures that only the provider can make. Not among them: none, and HMAC, whose key others have.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

type Token = IdToken<
    OtherClaims,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type TokenClaims = IdTokenClaims<OtherClaims, CoreGenderClaim>;
type TokenAnswer = StandardTokenResponse<
    IdTokenFields<
        OtherClaims,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;
type DiscoveredClient = Client<
    OtherClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    TokenAnswer,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// How a provider is asked.
#[derive(Clone)]
pub struct OidcConfig {
    /// Its address; its metadata is at `/.well-known/openid-configuration` below it.
    pub issuer: String,
    /// The vault's name there.
    pub client_id: String,
    /// The vault's secret there; none for a public client.
    pub client_secret: Option<String>,
    /// Where people come back to, as it is registered there.
    pub redirect_url: String,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// The claim with a person's groups.
    pub groups_claim: String,
}

/// A provider. It is asked for its metadata when somebody signs in, not before: it may be down.
pub struct OidcProvider {
    config: OidcConfig,
    issuer: IssuerUrl,
    redirect_url: RedirectUrl,
    http: Http,
    discovered: RwLock<Option<(Arc<DiscoveredClient>, Instant)>>,
}

impl OidcProvider {
    /// Fails on addresses that are none.
    pub fn new(config: OidcConfig) -> Result<Self, PortError> {
        let invalid = |error: openidconnect::url::ParseError| {
            PortError::permanent("reading the address of the identity provider", error)
        };
        Ok(Self {
            issuer: IssuerUrl::new(config.issuer.clone()).map_err(invalid)?,
            redirect_url: RedirectUrl::new(config.redirect_url.clone()).map_err(invalid)?,
            http: Http::new()
                .map_err(|error| PortError::permanent("making an HTTP client", error))?,
            discovered: RwLock::new(None),
            config,
        })
    }

    /// The provider as it was last discovered.
    async fn discovered(&self) -> Result<Arc<DiscoveredClient>, ProviderError> {
        let discovered = self.discovered.read().await.clone();
        match discovered {
            Some((client, at)) if at.elapsed() < DISCOVERY_MAX_AGE => Ok(client),
            Some((client, _)) => Ok(self.discover().await.unwrap_or(client)),
            None => self.discover().await,
        }
    }

    async fn discover(&self) -> Result<Arc<DiscoveredClient>, ProviderError> {
        let found = CoreProviderMetadata::discover_async(self.issuer.clone(), &self.http).await;
        let metadata = found.map_err(|error: DiscoveryError<HttpError>| unavailable(error))?;
        let methods = metadata.token_endpoint_auth_methods_supported();
        // Without a word on it the secret goes into a header (OpenID Connect Discovery 1.0, 3).
        let in_body = methods.is_some_and(|methods| {
            !methods.contains(&CoreClientAuthMethod::ClientSecretBasic)
                && methods.contains(&CoreClientAuthMethod::ClientSecretPost)
        });
        let client = DiscoveredClient::from_provider_metadata(
            metadata,
            ClientId::new(self.config.client_id.clone()),
            self.config.client_secret.clone().map(ClientSecret::new),
        )
        .set_redirect_uri(self.redirect_url.clone())
        .set_auth_type(if in_body {
            AuthType::RequestBody
        } else {
            AuthType::BasicAuth
        });
        let client = Arc::new(client);
        *self.discovered.write().await = Some((client.clone(), Instant::now()));
        Ok(client)
    }

    /// What the token says. A key that is not known may be new: then the provider is asked for its keys
    /// once, which whoever sends people here cannot bring about.
    async fn read<'t>(
        &self,
        client: &DiscoveredClient,
        token: &'t Token,
        nonce: &str,
    ) -> Result<&'t TokenClaims, ProviderError> {
        let nonce = Nonce::new(nonce.to_owned());
        match verify(client, token, &nonce) {
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            )) => {
                let client = self.discover().await?;
                verify(&client, token, &nonce).map_err(refused)
            }
            read => read.map_err(refused),
        }
    }
}

fn verify<'t>(
    client: &DiscoveredClient,
    token: &'t Token,
    nonce: &Nonce,
) -> Result<&'t TokenClaims, ClaimsVerificationError> {
    let verifier = client.id_token_verifier().set_allowed_algs(ALGORITHMS);
    token.claims(&verifier, nonce)
}

#[async_trait]
impl IdentityProvider for OidcProvider {
    async fn authorize(&self, again: bool) -> Result<Authorization, ProviderError> {
        let client = self.discovered().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scopes(self.config.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge);
        if again {
            request = request
                .add_prompt(CoreAuthPrompt::Login)
                .set_max_age(Duration::ZERO);
        }
        let (url, state, nonce) = request.url();
        Ok(Authorization {
            url: url.into(),
            state: state.into_secret(),
            secrets: AuthorizationSecrets {
                nonce: nonce.secret().clone(),
                pkce_verifier: verifier.into_secret(),
            },
        })
    }

    async fn claims(
        &self,
        code: &str,
        issuer: Option<&str>,
        secrets: &AuthorizationSecrets,
    ) -> Result<Claims, ProviderError> {
        if issuer.is_some_and(|issuer| issuer != self.issuer.as_str()) {
            return Err(refused("the answer is another provider's"));
        }
        let client = self.discovered().await?;
        let verifier = PkceCodeVerifier::new(secrets.pkce_verifier.clone());
        let answer = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(unavailable)?
            .set_pkce_verifier(verifier)
            .request_async(&self.http)
            .await
            .map_err(|error| match error {
                RequestTokenError::Request(_) => unavailable(error),
                _ => refused(error),
            })?;
        let token = answer.id_token();
        let token = token.ok_or_else(|| refused("there is no ID token in the answer"))?;
        let said = self.read(&client, token, &secrets.nonce).await?;
        let groups_claim = &self.config.groups_claim;
        let (mut claims, incomplete) = of_token(said, groups_claim);
        if incomplete && client.user_info_url().is_some() {
            let subject = SubjectIdentifier::new(claims.subject.clone());
            let info: UserInfoClaims<OtherClaims, CoreGenderClaim> = client
                .user_info(answer.access_token().clone(), Some(subject))
                .map_err(unavailable)?
                .request_async(&self.http)
                .await
                .map_err(unavailable)?;
            complete(&mut claims, &info, groups_claim);
        }
        Ok(claims)
    }
}

fn unavailable(error: impl Into<Box<dyn Error + Send + Sync>>) -> ProviderError {
    ProviderError::Unavailable(error.into())
}

fn refused(error: impl Into<Box<dyn Error + Send + Sync>>) -> ProviderError {
    ProviderError::Refused(error.into())
}

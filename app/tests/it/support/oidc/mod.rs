//! An OpenID Connect provider whose one person says yes at once, and which can be made to misbehave.

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::{Mutex, MutexGuard};
use std::time::{SystemTime, UNIX_EPOCH};

use actix_web::dev::ServerHandle;
use actix_web::http::header::{AUTHORIZATION, LOCATION};
use actix_web::web::{Data, Form, Query, get, post};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openidconnect::core::{
    CoreEdDsaPrivateSigningKey, CoreHmacKey, CoreJsonWebKeySet, CoreJwsSigningAlgorithm,
    CoreRsaPrivateSigningKey,
};
use openidconnect::{JsonWebKeyId, PrivateSigningKey as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

pub(crate) const CLIENT: &str = "docuvault";
pub(crate) const SECRET: &str = "a secret with %: and ü";
/// The vault, as the provider knows it. Tests follow its redirects by hand.
pub(crate) const VAULT: &str = "http://vault.example.org";

/// How it deviates from what it should do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Misbehaviour {
    #[default]
    None,
    /// The person says no.
    Denied,
    OtherNonce,
    OtherAudience,
    OtherIssuer,
    Expired,
    NotSigned,
    /// Signed with the public key, as if that were a secret.
    HmacOfPublicKey,
    /// Signed with a key that is not the provider's, under the name of one that is.
    OtherKey,
    NoIdToken,
    /// Somebody mixes its answer up with another provider's.
    OtherIssuerInCallback,
    /// What the userinfo endpoint says is about somebody else.
    OtherSubjectInUserinfo,
    /// A person who is asked again is not.
    NotAskedAgain,
}

/// What it says, and how.
#[derive(Clone)]
pub(crate) struct Behaviour {
    pub(crate) misbehaviour: Misbehaviour,
    /// `sub` and whatever else; groups in `groups`.
    pub(crate) person: Value,
    /// Whether e-mail address and groups are told at the userinfo endpoint only.
    pub(crate) says_little: bool,
    /// Whether the second key signs.
    pub(crate) key_replaced: bool,
    codes: HashMap<String, AuthorizationRequest>,
    /// How often somebody was asked anew.
    pub(crate) logins: u32,
}

#[derive(Clone)]
struct AuthorizationRequest {
    nonce: String,
    challenge: String,
    login: bool,
}

pub(crate) struct Provider {
    pub(crate) issuer: String,
    state: Data<State>,
    server: ServerHandle,
}

struct State {
    issuer: String,
    rsa: CoreRsaPrivateSigningKey,
    ed25519: CoreEdDsaPrivateSigningKey,
    behaviour: Mutex<Behaviour>,
}

impl Provider {
    pub(crate) fn start() -> Self {
        Self::start_at(TcpListener::bind("127.0.0.1:0").unwrap())
    }

    pub(crate) fn start_at(listener: TcpListener) -> Self {
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let kid = |name: &str| Some(JsonWebKeyId::new(name.to_owned()));
        let pem = |text: &'static str| &text[text.find("-----").unwrap()..];
        let rsa = pem(include_str!("rsa.pem"));
        let ed25519 = pem(include_str!("ed25519.pem"));
        let state = Data::new(State {
            issuer: issuer.clone(),
            rsa: CoreRsaPrivateSigningKey::from_pem(rsa, kid("one")).unwrap(),
            ed25519: CoreEdDsaPrivateSigningKey::from_ed25519_pem(ed25519, kid("two")).unwrap(),
            behaviour: Mutex::new(Behaviour {
                misbehaviour: Misbehaviour::None,
                person: json!({
                    "sub": "4711", "email": "grace@example.org", "email_verified": true,
                    "preferred_username": "grace", "name": "Grace Hopper", "groups": ["staff"],
                }),
                says_little: false,
                key_replaced: false,
                codes: HashMap::new(),
                logins: 0,
            }),
        });
        let (handles, handle) = std::sync::mpsc::channel();
        let shared = state.clone();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = HttpServer::new(move || {
                    App::new()
                        .app_data(shared.clone())
                        .route("/.well-known/openid-configuration", get().to(metadata))
                        .route("/keys", get().to(keys))
                        .route("/authorize", get().to(authorize))
                        .route("/token", post().to(token))
                        .route("/userinfo", get().to(userinfo))
                })
                .workers(1)
                .disable_signals()
                .listen(listener)
                .unwrap()
                .run();
                handles.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        Self {
            issuer,
            state,
            server: handle.recv().unwrap(),
        }
    }

    pub(crate) fn behaviour(&self) -> MutexGuard<'_, Behaviour> {
        self.state.behaviour.lock().unwrap()
    }

    pub(crate) fn set(&self, misbehaviour: Misbehaviour) {
        self.behaviour().misbehaviour = misbehaviour;
    }

    /// Makes it vouch for somebody else.
    pub(crate) fn is_for(&self, person: Value) {
        self.behaviour().person = person;
    }

    pub(crate) async fn stop(self) {
        self.server.stop(false).await;
    }
}

async fn metadata(state: Data<State>) -> HttpResponse {
    let at = |path: &str| format!("{}{path}", state.issuer);
    HttpResponse::Ok().json(json!({
        "issuer": state.issuer,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/userinfo"),
        "jwks_uri": at("/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "EdDSA", "HS256", "none"],
    }))
}

async fn keys(state: Data<State>) -> HttpResponse {
    let replaced = state.behaviour.lock().unwrap().key_replaced;
    let key = if replaced {
        state.ed25519.as_verification_key()
    } else {
        state.rsa.as_verification_key()
    };
    HttpResponse::Ok().json(CoreJsonWebKeySet::new(vec![key]))
}

async fn authorize(state: Data<State>, query: Query<HashMap<String, String>>) -> HttpResponse {
    let given = |name: &str| query.get(name).cloned().unwrap_or_default();
    let redirect = format!("{VAULT}/api/auth/oidc/callback");
    let right = given("client_id") == CLIENT
        && given("redirect_uri") == redirect
        && given("response_type") == "code"
        && given("code_challenge_method") == "S256"
        && given("scope").split(' ').any(|scope| scope == "openid");
    if !right {
        return HttpResponse::BadRequest().body(format!("{query:?}"));
    }
    let mut behaviour = state.behaviour.lock().unwrap();
    let mut back = Url::parse(&redirect).unwrap();
    back.query_pairs_mut().append_pair("state", &given("state"));
    if behaviour.misbehaviour == Misbehaviour::Denied {
        back.query_pairs_mut().append_pair("error", "access_denied");
    } else {
        let login = given("prompt") == "login" && given("max_age") == "0";
        behaviour.logins += u32::from(login);
        let code = format!("code-{}", behaviour.codes.len());
        let iss = match behaviour.misbehaviour {
            Misbehaviour::OtherIssuerInCallback => "https://other.example.org",
            _ => &state.issuer,
        };
        back.query_pairs_mut()
            .append_pair("code", &code)
            .append_pair("iss", iss)
            .append_pair("session_state", "what some providers add");
        let authorization = AuthorizationRequest {
            nonce: given("nonce"),
            challenge: given("code_challenge"),
            login,
        };
        behaviour.codes.insert(code, authorization);
    }
    HttpResponse::Found()
        .insert_header((LOCATION, back.as_str()))
        .finish()
}

/// `name:password` of the header, each of them form-encoded (RFC 6749, 2.3.1).
fn client(request: &HttpRequest) -> Option<(String, String)> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let pair = STANDARD.decode(header.strip_prefix("Basic ")?).ok()?;
    let pair = String::from_utf8(pair).ok()?;
    let (name, secret) = pair.split_once(':')?;
    let decode = |text: &str| {
        let pairs = format!("x={text}");
        let (_, value) = url::form_urlencoded::parse(pairs.as_bytes()).next()?;
        Some(value.into_owned())
    };
    Some((decode(name)?, decode(secret)?))
}

async fn token(
    request: HttpRequest,
    state: Data<State>,
    form: Form<HashMap<String, String>>,
) -> HttpResponse {
    let refuse = |why: &str| HttpResponse::BadRequest().json(json!({ "error": why }));
    if client(&request) != Some((CLIENT.to_owned(), SECRET.to_owned())) {
        return refuse("invalid_client");
    }
    let given = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let behaviour = &mut *state.behaviour.lock().unwrap();
    let Some(authorization) = behaviour.codes.get_mut(given("code")) else {
        return refuse("invalid_grant");
    };
    // A code is good for one token.
    let challenge = std::mem::take(&mut authorization.challenge);
    let verifier = Sha256::digest(given("code_verifier"));
    if challenge != URL_SAFE_NO_PAD.encode(verifier)
        || given("redirect_uri") != format!("{VAULT}/api/auth/oidc/callback")
        || given("grant_type") != "authorization_code"
    {
        return refuse("invalid_grant");
    }
    let authorization = authorization.clone();
    let mut answer = json!({
        "access_token": "opens userinfo", "token_type": "Bearer", "expires_in": 60,
    });
    if behaviour.misbehaviour != Misbehaviour::NoIdToken {
        answer["id_token"] = state.id_token(behaviour, &authorization).into();
    }
    HttpResponse::Ok().json(answer)
}

async fn userinfo(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let header = request.headers().get(AUTHORIZATION);
    if header.is_none_or(|it| it != "Bearer opens userinfo") {
        return HttpResponse::Unauthorized().finish();
    }
    let behaviour = state.behaviour.lock().unwrap();
    let mut person = behaviour.person.clone();
    if behaviour.misbehaviour == Misbehaviour::OtherSubjectInUserinfo {
        person["sub"] = "somebody else".into();
    }
    HttpResponse::Ok().json(person)
}

impl State {
    fn id_token(&self, behaviour: &Behaviour, authorization: &AuthorizationRequest) -> String {
        let misbehaviour = behaviour.misbehaviour;
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_secs();
        let mut claims = behaviour.person.clone();
        if behaviour.says_little {
            claims = json!({ "sub": claims["sub"] });
        }
        claims["iss"] = match misbehaviour {
            Misbehaviour::OtherIssuer => "https://other.example.org".into(),
            _ => self.issuer.clone().into(),
        };
        claims["aud"] = match misbehaviour {
            Misbehaviour::OtherAudience => "another client".into(),
            _ => CLIENT.into(),
        };
        claims["nonce"] = match misbehaviour {
            Misbehaviour::OtherNonce => "another nonce".into(),
            _ => authorization.nonce.clone().into(),
        };
        claims["iat"] = (now - 5).into();
        claims["exp"] = match misbehaviour {
            Misbehaviour::Expired => (now - 1).into(),
            _ => (now + 300).into(),
        };
        let asked_again = authorization.login && misbehaviour != Misbehaviour::NotAskedAgain;
        claims["auth_time"] = (now - if asked_again { 0 } else { 3600 }).into();
        let (alg, kid) = match misbehaviour {
            Misbehaviour::NotSigned => ("none", "one"),
            Misbehaviour::HmacOfPublicKey => ("HS256", "one"),
            Misbehaviour::OtherKey => ("EdDSA", "one"),
            _ if behaviour.key_replaced => ("EdDSA", "two"),
            _ => ("RS256", "one"),
        };
        let header = json!({ "alg": alg, "kid": kid, "typ": "JWT" });
        let [header, claims] =
            [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let signed = format!("{header}.{claims}");
        let message = signed.as_bytes();
        let signature = match alg {
            "none" => Vec::new(),
            "HS256" => {
                let public = serde_json::to_vec(&self.rsa.as_verification_key()).unwrap();
                let key = CoreHmacKey::new(public);
                key.sign(&CoreJwsSigningAlgorithm::HmacSha256, message)
                    .unwrap()
            }
            "EdDSA" => self
                .ed25519
                .sign(&CoreJwsSigningAlgorithm::EdDsa, message)
                .unwrap(),
            _ => self
                .rsa
                .sign(&CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, message)
                .unwrap(),
        };
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

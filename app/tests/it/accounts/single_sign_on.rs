//! Signing in by an identity provider.

use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use super::{join, secret, text, try_to_sign_in};
use crate::on_both_stacks;
use crate::support::oidc::{CLIENT, Misbehaviour, Provider, SECRET, VAULT};
use crate::support::{Answer, Browser, Client, HANDLE, PASSWORD, Stack};

on_both_stacks!(
    people_sign_in_by_a_provider,
    an_account_is_linked_by_its_password,
    what_a_provider_gets_wrong_opens_nothing,
    a_way_back_counts_once_and_in_its_browser,
    groups_let_in_and_give_roles,
    passwords_can_be_turned_off,
    a_provider_may_be_down,
    somebody_without_a_password_signs_in_again,
);

impl Stack {
    fn with_provider(self, issuer: &str) -> Self {
        self.with("DOCUVAULT_URL", VAULT)
            .with("DOCUVAULT_OIDC__ISSUER", issuer)
            .with("DOCUVAULT_OIDC__CLIENT_ID", CLIENT)
            .with("DOCUVAULT_OIDC__CLIENT_SECRET", SECRET)
            .with("DOCUVAULT_OIDC__LABEL", "Example ID")
    }
}

impl Browser {
    async fn go(&mut self, path: &str) -> Answer {
        let answer = self.send(self.bare(Method::GET, path)).await;
        self.remember(&answer);
        answer
    }

    /// To the provider and back; the path of the way back.
    async fn ask_provider(&mut self, start: &str) -> String {
        let sent = self.go(start).await;
        assert_eq!(sent.status, 302, "{sent:?}");
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let request = http.build().unwrap().get(sent.header("location"));
        let back = request.send().await.unwrap();
        assert_eq!(back.status(), 302, "{}", back.text().await.unwrap());
        let back = back.headers()["location"].to_str().unwrap();
        back.strip_prefix(VAULT).unwrap().to_owned()
    }

    /// Comes from the provider's page, as browsers tell (Fetch Metadata).
    async fn arrive(&mut self, back: &str) -> Answer {
        let request = self
            .bare(Method::GET, back)
            .header("sec-fetch-site", "cross-site")
            .header("sec-fetch-mode", "navigate")
            .header("sec-fetch-dest", "document");
        let answer = self.send(request).await;
        self.remember(&answer);
        answer
    }

    /// All the way; where it ends.
    async fn by_provider(&mut self, start: &str) -> String {
        let back = self.ask_provider(start).await;
        let arrived = self.arrive(&back).await;
        assert_eq!(arrived.status, 302, "{arrived:?}");
        arrived.header("location").to_owned()
    }

    /// Shows the password of the account that has the person's e-mail address.
    async fn link(&self, password: &str) -> Answer {
        let request = self.request(Method::POST, "/api/auth/oidc/link");
        self.send(request.json(&json!({ "password": password })))
            .await
    }

    fn is_signed_in(&self) -> bool {
        self.cookie("docuvault_refresh").is_some()
    }

    /// Whoever is signed in here.
    async fn person(&mut self) -> Client {
        let token = self.refresh().await.expect(200)["access_token"].clone();
        self.holding(token.as_str().unwrap())
    }
}

const START: &str = "/api/auth/oidc/start";

async fn me(client: &Client) -> Value {
    client.get("/api/auth/me").await.expect(200)
}

/// How many sign-ins were refused.
async fn refusals(admin: &Client) -> usize {
    let path = "/api/admin/audit?action=session.signed_in&outcome=refused&limit=200";
    let lines = admin.get(path).await.expect(200);
    lines["items"].as_array().unwrap().len()
}

async fn people_sign_in_by_a_provider(stack: Stack) {
    let provider = Provider::start();
    let stack = stack
        .with_provider(&provider.issuer)
        .with("DOCUVAULT_ACCOUNTS__SECOND_FACTOR", "everyone");
    let vault = stack.try_serve_unused(&[]).unwrap();
    let options = vault.get("/api/auth/options").await.expect(200);
    assert_eq!(options["sso"], json!({ "label": "Example ID" }));
    assert_eq!(options["password_sign_in"], true);
    let mut browser = Browser::new(&vault);
    // The first account needs the setup code.
    assert_eq!(browser.by_provider(START).await, "/sign-in#sso=no_account");
    assert!(!browser.is_signed_in());
    let setup = vault.setup_code.clone();
    vault.register(HANDLE, setup.as_deref()).await.expect(201);

    let path = format!("{START}?return_to=/documents/1%3Fpage=2");
    assert_eq!(browser.by_provider(&path).await, "/documents/1?page=2");
    assert_eq!(browser.cookie("docuvault_sso"), None, "used up");
    let grace = browser.person().await;
    let known = me(&grace).await;
    assert_eq!(known["handle"], "grace");
    assert_eq!(known["display_name"], "Grace Hopper");
    assert_eq!(known["email"], "grace@example.org");
    assert_eq!(
        (&known["role"], &known["sso_linked"]),
        (&json!("user"), &json!(true))
    );
    let topics = grace.get("/api/topics").await.expect(200);
    assert!(!topics["items"].as_array().unwrap().is_empty());
    grace.add("a.txt", "mine").await;

    // The same person, whatever they are called by now, and told by bits.
    provider.is_for(json!({ "sub": "4711", "email": "new@example.org", "email_verified": true }));
    provider.behaviour().says_little = true;
    let mut other = Browser::new(&vault);
    let evil = format!("{START}?return_to=//evil.example.org");
    assert_eq!(other.by_provider(&evil).await, "/");
    assert_eq!(me(&other.person().await).await["id"], known["id"]);
    // Somebody else of the same name.
    provider.is_for(json!({
        "sub": "4712", "email": "gh@example.org", "email_verified": true,
        "preferred_username": "Grace",
    }));
    let mut third = Browser::new(&vault);
    assert_eq!(third.by_provider(START).await, "/");
    assert_eq!(me(&third.person().await).await["handle"], "Grace-2");

    // Nobody can sign in with the password that nobody knows, and who is disabled stays out.
    let refused = try_to_sign_in(&vault, "grace", PASSWORD).await;
    assert_eq!(refused.problem(401), "invalid_credentials");
    let output = stack.run(&["user", "disable", "grace-2"]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(third.by_provider(START).await, "/sign-in#sso=failed");
    assert_eq!(third.refresh().await.problem(401), "session_revoked");
}

async fn an_account_is_linked_by_its_password(stack: Stack) {
    let provider = Provider::start();
    let vault = stack.with_provider(&provider.issuer).serve();
    let ada = join(&vault, "ada").await;
    let mut person = json!({ "sub": "a", "email": "ADA@example.org", "email_verified": false });
    provider.is_for(person.clone());
    let mut browser = Browser::new(&vault);
    // An address that anybody may have claimed says nothing, not even that there is an account.
    assert_eq!(browser.by_provider(START).await, "/sign-in#sso=no_account");
    person["email_verified"] = true.into();
    provider.is_for(person);
    let path = format!("{START}?return_to=/trash");
    assert_eq!(
        browser.by_provider(&path).await,
        "/sign-in?next=%2Ftrash#sso=link"
    );
    assert!(!browser.is_signed_in());
    let bare = browser.bare(Method::POST, "/api/auth/oidc/link");
    let bare = browser
        .send(bare.json(&json!({ "password": PASSWORD })))
        .await;
    assert_eq!(bare.problem(403), "csrf_failed");
    let wrong = browser.link("another password").await;
    assert_eq!(wrong.problem(401), "invalid_credentials");
    let before = browser.clone();
    let linked = browser.link(PASSWORD).await;
    assert_eq!(linked.expect(200)["user"]["handle"], "ada");
    browser.remember(&linked);
    assert!(browser.is_signed_in());
    assert_eq!(browser.cookie("docuvault_sso"), None);
    let again = before.link(PASSWORD).await;
    assert_eq!(again.problem(422), "sso_link_over", "it counts once");
    let nothing = Browser::new(&vault).link(PASSWORD).await;
    assert_eq!(nothing.problem(403), "csrf_failed");

    let mut other = Browser::new(&vault);
    assert_eq!(other.by_provider(START).await, "/");
    assert_eq!(me(&other.person().await).await["id"], me(&ada).await["id"]);
    let lines = vault
        .get("/api/admin/audit?action=account.identity_linked")
        .await;
    assert_eq!(lines.expect(200)["items"][0]["actor"]["handle"], "ada");
    // The password goes on working.
    try_to_sign_in(&vault, "ada", PASSWORD).await.expect(200);
}

async fn what_a_provider_gets_wrong_opens_nothing(stack: Stack) {
    let provider = Provider::start();
    let vault = stack.with_provider(&provider.issuer).serve();
    let owner = vault.client();
    let mut refused = refusals(&owner).await;
    for misbehaviour in [
        Misbehaviour::Denied,
        Misbehaviour::OtherNonce,
        Misbehaviour::OtherAudience,
        Misbehaviour::OtherIssuer,
        Misbehaviour::Expired,
        Misbehaviour::NotSigned,
        Misbehaviour::HmacOfPublicKey,
        Misbehaviour::OtherKey,
        Misbehaviour::NoIdToken,
        Misbehaviour::OtherIssuerInCallback,
    ] {
        provider.set(misbehaviour);
        let mut browser = Browser::new(&vault);
        let end = browser.by_provider(START).await;
        assert_eq!(end, "/sign-in#sso=failed", "{misbehaviour:?}");
        assert!(!browser.is_signed_in(), "{misbehaviour:?}");
        refused += 1;
        assert_eq!(refusals(&owner).await, refused, "{misbehaviour:?}");
    }
    provider.set(Misbehaviour::OtherSubjectInUserinfo);
    provider.behaviour().says_little = true;
    let mut browser = Browser::new(&vault);
    let end = browser.by_provider(START).await;
    assert_eq!(end, "/sign-in#sso=unavailable");
    assert!(!browser.is_signed_in());
    provider.set(Misbehaviour::None);
    assert_eq!(browser.by_provider(START).await, "/", "all else was right");
    let users = owner.get("/api/admin/users?total=true").await.expect(200);
    assert_eq!(users["total"], 2);
}

async fn a_way_back_counts_once_and_in_its_browser(stack: Stack) {
    let provider = Provider::start();
    let vault = stack.with_provider(&provider.issuer).serve();
    let mut browser = Browser::new(&vault);
    let back = browser.ask_provider(START).await;
    // Somebody else is made to follow the link: they are not signed in to the account of whoever made it.
    let mut victim = Browser::new(&vault);
    assert_eq!(
        victim.arrive(&back).await.header("location"),
        "/sign-in#sso=failed"
    );
    victim.ask_provider(START).await;
    assert_eq!(
        victim.arrive(&back).await.header("location"),
        "/sign-in#sso=failed"
    );
    assert!(!victim.is_signed_in());
    let mut before = browser.clone();
    assert_eq!(browser.arrive(&back).await.header("location"), "/");
    assert_eq!(
        before.arrive(&back).await.header("location"),
        "/sign-in#sso=failed"
    );
    let invented = "/api/auth/oidc/callback?code=code-0&state=invented";
    assert_eq!(
        before.arrive(invented).await.header("location"),
        "/sign-in#sso=failed"
    );

    let back = browser.ask_provider(START).await;
    let tries = (0..30).map(|_| {
        let (mut browser, back) = (browser.clone(), back.clone());
        async move { browser.arrive(&back).await.header("location").to_owned() }
    });
    let ends = join_all(tries).await;
    let signed_in = ends.iter().filter(|end| *end == "/").count();
    assert_eq!(signed_in, 1, "{ends:?}");
    // Going there is limited, and so are ways back that were invented.
    let mut sent = 0;
    loop {
        let answer = browser.go(START).await;
        if answer.header("location") == "/sign-in#sso=too_many" {
            break;
        }
        assert!(answer.header("location").starts_with(&provider.issuer));
        sent += 1;
        assert!(sent < 100);
    }
}

async fn groups_let_in_and_give_roles(stack: Stack) {
    let provider = Provider::start();
    let vault = stack
        .with_provider(&provider.issuer)
        .with("DOCUVAULT_OIDC__GROUPS_CLAIM", "roles")
        .with("DOCUVAULT_OIDC__ALLOWED_GROUPS", "staff, guests")
        .with("DOCUVAULT_OIDC__ADMIN_GROUPS", "admins")
        .serve();
    let groups = |groups: &[&str]| {
        provider.is_for(json!({
            "sub": "4711", "email": "grace@example.org", "email_verified": true,
            "preferred_username": "grace", "roles": groups, "groups": ["staff", "admins"],
        }));
    };
    let mut browser = Browser::new(&vault);
    groups(&["admins"]);
    assert_eq!(browser.by_provider(START).await, "/sign-in#sso=not_allowed");
    groups(&["guests", "admins"]);
    assert_eq!(browser.by_provider(START).await, "/");
    let admin = browser.person().await;
    admin.get("/api/admin/users").await.expect(200);
    groups(&["staff"]);
    let mut later = Browser::new(&vault);
    assert_eq!(later.by_provider(START).await, "/");
    let grace = later.person().await;
    assert_eq!(
        grace.get("/api/admin/users").await.problem(403),
        "forbidden"
    );
    assert_eq!(admin.get("/api/auth/me").await.status, 401, "signed out");
    groups(&[]);
    assert_eq!(later.by_provider(START).await, "/sign-in#sso=not_allowed");
    let changes = vault
        .get("/api/admin/audit?action=account.role_changed")
        .await;
    let changes = changes.expect(200);
    let lines = changes["items"].as_array().unwrap().iter();
    let kinds: Vec<_> = lines.map(|it| text(&it["actor_kind"])).collect();
    assert_eq!(kinds, ["system", "system"]);
}

async fn passwords_can_be_turned_off(stack: Stack) {
    let provider = Provider::start();
    let stack = stack
        .with_provider(&provider.issuer)
        .with("DOCUVAULT_ACCOUNTS__PASSWORD_SIGN_IN", "false");
    let vault = stack.try_serve_unused(&[]).unwrap();
    let setup = vault.setup_code.clone();
    vault.register(HANDLE, setup.as_deref()).await.expect(201);
    let options = vault.get("/api/auth/options").await.expect(200);
    assert_eq!(options["password_sign_in"], false);
    assert_eq!(options["password_reset"], false);
    for (path, body) in [
        ("login", json!({ "login": HANDLE, "password": PASSWORD })),
        (
            "register",
            json!({ "email": "x@example.org", "handle": "xyz", "password": PASSWORD }),
        ),
        (
            "password-reset/request",
            json!({ "email": "owner@example.org" }),
        ),
    ] {
        let refused = vault.post(&format!("/api/auth/{path}"), body).await;
        assert_eq!(refused.problem(403), "password_sign_in_off", "{path}");
    }
    provider.is_for(json!({ "sub": "o", "email": "owner@example.org", "email_verified": true }));
    let mut browser = Browser::new(&vault);
    assert_eq!(
        browser.by_provider(START).await,
        "/sign-in?next=%2F#sso=link"
    );
    let linked = browser.link(PASSWORD).await;
    let token = text(&linked.expect(200)["access_token"]);
    let owner = browser.holding(&token);
    owner.get("/api/admin/users").await.expect(200);
    assert_eq!(me(&owner).await["role"], "admin");

    // Whom an administrator makes an account for chooses a password by the link, and links with it.
    let new = json!({ "email": "carl@example.org", "handle": "carl" });
    let made = owner.post("/api/admin/users", new).await.expect(201);
    let choose = json!({ "token": secret(&text(&made["reset_url"])), "new_password": PASSWORD });
    let confirm = "/api/auth/password-reset/confirm";
    vault.post(confirm, choose).await.expect(204);
    provider.is_for(json!({ "sub": "c", "email": "carl@example.org", "email_verified": true }));
    let mut browser = Browser::new(&vault);
    assert_eq!(
        browser.by_provider(START).await,
        "/sign-in?next=%2F#sso=link"
    );
    let linked = browser.link(PASSWORD).await;
    linked.expect(200);
}

async fn a_provider_may_be_down(stack: Stack) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let vault = stack.with_provider(&format!("http://{address}")).serve();
    let mut browser = Browser::new(&vault);
    let answer = browser.go(START).await;
    assert_eq!(answer.header("location"), "/sign-in#sso=unavailable");

    let provider = Provider::start_at(std::net::TcpListener::bind(address).unwrap());
    assert_eq!(browser.by_provider(START).await, "/");
    // It signs with a new key, which the vault has not seen yet.
    provider.behaviour().key_replaced = true;
    assert_eq!(browser.by_provider(START).await, "/");
    let back = browser.ask_provider(START).await;
    provider.stop().await;
    let answer = browser.arrive(&back).await;
    assert_eq!(answer.header("location"), "/sign-in#sso=unavailable");
    browser.refresh().await.expect(200);
}

async fn somebody_without_a_password_signs_in_again(stack: Stack) {
    let provider = Provider::start();
    let vault = stack.with_provider(&provider.issuer).serve();
    let mut browser = Browser::new(&vault);
    let again = format!("{START}?again=true&return_to=/settings");
    provider.set(Misbehaviour::NotAskedAgain);
    assert_eq!(browser.by_provider(&again).await, "/sign-in#sso=failed");
    provider.set(Misbehaviour::None);
    // Whom the provider knows still is signed in, and has proved nothing today.
    assert_eq!(browser.by_provider(START).await, "/");
    let grace = browser.person().await;
    let token = json!({ "name": "a program", "scopes": ["read"] });
    let refused = grace.post("/api/auth/tokens", token.clone()).await;
    assert_eq!(refused.problem(403), "confirmation_required");
    assert_eq!(browser.by_provider(&again).await, "/settings");
    assert_eq!(provider.behaviour().logins, 2);
    let grace = browser.person().await;
    grace.post("/api/auth/tokens", token).await.expect(201);
    let delete = async |client: &Client, handle: &str| {
        let request = client.request(Method::DELETE, "/api/auth/me");
        client
            .send(request.json(&json!({ "handle": handle })))
            .await
    };
    let owner = vault.client();
    let refused = delete(&owner, HANDLE).await;
    assert_eq!(
        refused.problem(403),
        "confirmation_required",
        "they have one"
    );
    delete(&grace, "grace").await.expect(202);
    assert_eq!(grace.get("/api/auth/me").await.status, 401);
    // The identity is free, and so is the address.
    assert_eq!(browser.by_provider(START).await, "/");
    assert_ne!(me(&browser.person().await).await["handle"], "grace");
}

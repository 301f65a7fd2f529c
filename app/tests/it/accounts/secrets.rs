//! No secret is in a log, in the audit trail, or readable in the database.

use reqwest::Method;
use serde_json::{Value, json};

use super::enrolment::{enrol, next_code};
use super::{secret, text};
use crate::on_both_stacks;
use crate::support::oidc::{CLIENT, Provider, SECRET, VAULT};
use crate::support::{Browser, HANDLE, MailServer, PASSWORD, Stack};

on_both_stacks!(secrets_are_written_down_nowhere);

const WRONG: &str = "canary of a wrong password";
const NEW: &str = "canary of a new password";
const AI_KEY: &str = "canary-of-an-ai-key";
const MAIL_PASSWORD: &str = "canary-of-a-mail-password";

async fn secrets_are_written_down_nowhere(stack: Stack) {
    let mut mails = MailServer::start().await;
    let provider = Provider::start();
    let stack = stack
        .with("DOCUVAULT_LOG__LEVEL", "trace")
        .with("DOCUVAULT_AI__PROVIDER", "openai")
        .with("DOCUVAULT_AI__BASE_URL", "http://127.0.0.1:9")
        .with("DOCUVAULT_AI__MODEL", "none")
        .with("DOCUVAULT_AI__API_KEY", AI_KEY)
        .with("DOCUVAULT_MAIL__HOST", "127.0.0.1")
        .with("DOCUVAULT_MAIL__PORT", mails.port().to_string())
        .with("DOCUVAULT_MAIL__ENCRYPTION", "none")
        .with("DOCUVAULT_MAIL__FROM", "DocuVault <vault@example.org>")
        .with("DOCUVAULT_URL", VAULT)
        .with("DOCUVAULT_OIDC__ISSUER", &provider.issuer)
        .with("DOCUVAULT_OIDC__CLIENT_ID", CLIENT)
        .with("DOCUVAULT_OIDC__CLIENT_SECRET", SECRET);
    let vault = stack.serve();
    let owner = vault.client();
    let mut canaries: Vec<String> = [PASSWORD, WRONG, NEW, AI_KEY, MAIL_PASSWORD, SECRET]
        .map(str::to_owned)
        .to_vec();
    canaries.extend(vault.setup_code.clone());
    for name in ["DOCUVAULT_SECRET_KEY", "S3_SECRET_KEY"] {
        canaries.extend(stack.setting(name).map(str::to_owned));
    }

    // In, wrongly and rightly, and on.
    let wrong = json!({ "login": HANDLE, "password": WRONG, "totp": "000000" });
    vault.anonymous().post("/api/auth/login", wrong).await;
    let invite = json!({ "email": "ada@example.org" });
    let invite = owner.post("/api/admin/invites", invite).await.expect(201);
    let invited = secret(&text(&invite["url"]));
    let join = json!({
        "email": "ada@example.org", "handle": "ada", "password": PASSWORD, "invite": invited,
    });
    vault.post("/api/auth/register", join).await.expect(201);
    let (mut browser, answer) = Browser::sign_in(&vault, "ada").await;
    let first = text(&answer.json()["access_token"]);
    canaries.push(browser.cookie("docuvault_refresh").unwrap().to_owned());
    let ada = browser.holding(&first);
    let again = browser.refresh().await.expect(200);
    canaries.extend([invited, first, text(&again["access_token"])]);
    canaries.push(browser.cookie("docuvault_refresh").unwrap().to_owned());
    canaries.push(browser.cookie("docuvault_csrf").unwrap().to_owned());
    let (totp, recovery) = enrol(&ada).await;
    let signed_in = json!({ "login": "ada", "password": PASSWORD, "totp": next_code(&totp) });
    vault.post("/api/auth/login", signed_in).await.expect(200);
    canaries.push(totp);
    canaries.extend(recovery);
    let wanted = json!({ "name": "a program", "scopes": ["read", "write"] });
    let made = ada.post("/api/auth/tokens", wanted).await.expect(201);
    let program = ada.with_token(made["token"].as_str());
    canaries.push(text(&made["token"]));
    program
        .add("a.txt", "Words for the provider that is down.")
        .await;
    let change = json!({ "current_password": WRONG, "new_password": NEW });
    ada.post("/api/auth/password", change).await;
    let change = json!({ "current_password": PASSWORD, "new_password": NEW });
    ada.post("/api/auth/password", change).await.expect(204);
    let ask = json!({ "email": "owner@example.org" });
    let reset = "/api/auth/password-reset/request";
    vault.anonymous().post(reset, ask).await.expect(204);
    let link = loop {
        let mail = mails.next().await;
        if let Some(link) = mail.text.lines().find(|it| it.contains("/reset#token=")) {
            break secret(link);
        }
    };
    let body = json!({ "token": link, "new_password": "short" });
    let confirm = "/api/auth/password-reset/confirm";
    vault.post(confirm, body).await.expect(422);
    canaries.push(link);
    let ticket = program.get("/api/documents").await.expect(200)["items"][0]["id"].clone();
    let path = format!("/api/documents/{}/download-url", text(&ticket));
    program.post(&path, json!({})).await.expect(200);
    let mut other = Browser::new(&vault);
    let sent = other
        .send(other.bare(Method::GET, "/api/auth/oidc/start"))
        .await;
    assert_eq!(sent.status, 302);
    other.remember(&sent);
    canaries.push(other.cookie("docuvault_sso").unwrap().to_owned());
    for name in ["state", "nonce", "code_challenge"] {
        let location = url::Url::parse(sent.header("location")).unwrap();
        let pair = location.query_pairs().find(|(key, _)| key == name);
        canaries.push(pair.unwrap().1.into_owned());
    }

    let export = "/api/admin/audit/export?format=ndjson";
    let trail = owner.get(export).await;
    assert_eq!(trail.status, 200);
    let log = vault.log();
    drop(vault);
    let rows = stack.everything_stored().await;
    assert!(
        String::from_utf8_lossy(&rows).contains("ada@example.org"),
        "it was looked at"
    );
    assert!(log.contains("DEBUG"), "it says much");
    for canary in &canaries {
        assert!(canary.len() >= 6, "{canary:?} may be there by chance");
        let found = |place: &[u8]| {
            let contains = |what: &[u8]| place.windows(what.len()).any(|window| window == what);
            contains(canary.as_bytes()) || contains(hex::encode(canary).as_bytes())
        };
        assert!(!found(log.as_bytes()), "{canary:?} is in the log");
        assert!(!found(&trail.bytes), "{canary:?} is in the trail");
        assert!(!found(&rows), "{canary:?} is in the database");
    }
    let lines = String::from_utf8(trail.bytes).unwrap();
    let first: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(first["action"], "instance.audit_exported");
}

//! Accounts from outside: who gets in, who does not, and who sees what.

mod administration;
mod commands;
mod deletion;
mod enrolment;
mod limits;
mod mail;
mod matrix;
pub(crate) mod operations;
mod programs;
mod secrets;
mod sessions;
mod single_sign_on;

use serde_json::{Value, json};

use crate::support::{Answer, Client, Vault};

/// Registers somebody and signs them in.
async fn join(vault: &Vault, handle: &str) -> Client {
    vault.register(handle, None).await.expect(201);
    vault.sign_in(handle).await
}

/// Who an account is.
async fn id_of(client: &Client) -> String {
    text(&client.get("/api/auth/me").await.expect(200)["id"])
}

/// Makes an API token; the caller must be signed in.
async fn token(client: &Client, scopes: &[&str]) -> Client {
    let wanted = json!({ "name": "a program", "scopes": scopes });
    let made = client.post("/api/auth/tokens", wanted).await.expect(201);
    client.with_token(made["token"].as_str())
}

async fn try_to_sign_in(client: &Client, login: &str, password: &str) -> Answer {
    let credentials = json!({ "login": login, "password": password });
    client
        .anonymous()
        .post("/api/auth/login", credentials)
        .await
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// What stands behind the `=` at the end of a link.
fn secret(url: &str) -> String {
    url.rsplit_once('=').unwrap().1.to_owned()
}

/// The session that asks, as it is listed.
async fn current_session(client: &Client) -> Value {
    let sessions = client.get("/api/auth/sessions").await.expect(200);
    let sessions = sessions["items"].as_array().unwrap();
    let current = sessions.iter().find(|it| it["current"] == true);
    current.unwrap().clone()
}

/// Where that session is ended.
async fn path_of_session(client: &Client) -> String {
    let id = text(&current_session(client).await["id"]);
    format!("/api/auth/sessions/{id}")
}

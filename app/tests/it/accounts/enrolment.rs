//! The second factor: set up, asked for, demanded.

use serde_json::{Value, json};
use uuid::Uuid;

use super::operations::{Who, operations};
use super::{id_of, join, text};
use crate::on_both_stacks;
use crate::support::{Client, PASSWORD, Stack, totp_code};

on_both_stacks!(
    a_code_is_asked_for_and_counts_once,
    of_many_who_show_one_code_one_gets_in,
    a_token_before_the_second_factor_opens_nothing_else,
    recovery_codes_count_once
);

fn code(secret: &str) -> String {
    totp_code(secret, 0)
}

/// The next step's code is right already: clocks may differ by one.
pub(super) fn next_code(secret: &str) -> String {
    totp_code(secret, 30)
}

/// Sets a second factor up; returns its secret and the recovery codes. The code of now is used up.
pub(super) async fn enrol(client: &Client) -> (String, Vec<String>) {
    let enrolment = client
        .post("/api/auth/totp/enroll", Value::Null)
        .await
        .expect(200);
    let secret = text(&enrolment["secret"]);
    assert!(text(&enrolment["qr_svg"]).starts_with("<svg"));
    assert!(text(&enrolment["otpauth_url"]).starts_with("otpauth://totp/"));
    let credentials = json!({ "code": code(&secret) });
    let confirmed = client
        .post("/api/auth/totp/confirm", credentials)
        .await
        .expect(200);
    let codes = confirmed["recovery_codes"].as_array().unwrap();
    (secret, codes.iter().map(text).collect())
}

async fn sign_in(client: &Client, handle: &str, code: Option<&str>) -> (u16, Value) {
    let credentials = json!({ "login": handle, "password": PASSWORD, "totp": code });
    let answer = client
        .anonymous()
        .post("/api/auth/login", credentials)
        .await;
    (answer.status, answer.json())
}

async fn a_code_is_asked_for_and_counts_once(stack: Stack) {
    let vault = stack.serve();
    let ada = join(&vault, "ada").await;
    let (secret, _) = enrol(&ada).await;
    assert_eq!(
        ada.get("/api/auth/me").await.expect(200)["totp_enabled"],
        true
    );
    let (status, problem) = sign_in(&vault, "ada", None).await;
    assert_eq!((status, &problem["code"]), (401, &json!("totp_required")));
    let (status, problem) = sign_in(&vault, "ada", Some("000000")).await;
    assert_eq!((status, &problem["code"]), (401, &json!("invalid_totp")));
    let (status, problem) = sign_in(&vault, "ada", Some(&code(&secret))).await;
    assert_eq!(
        (status, &problem["code"]),
        (401, &json!("invalid_totp")),
        "used to set it up"
    );
    let next = next_code(&secret);
    assert_eq!(sign_in(&vault, "ada", Some(&next)).await.0, 200);
    assert_eq!(sign_in(&vault, "ada", Some(&next)).await.0, 401);
    // The administrator helps somebody who has lost it.
    let path = format!("/api/admin/users/{}/totp", id_of(&ada).await);
    vault.delete(&path).await.expect(204);
    assert_eq!(sign_in(&vault, "ada", None).await.0, 200);
}

async fn of_many_who_show_one_code_one_gets_in(stack: Stack) {
    let vault = stack.with("TRUSTED_PROXIES", "127.0.0.1").serve();
    for round in 0..20_u8 {
        let handle = format!("person{round}");
        let asks = |n: u8, path: &str| {
            let request = vault.anonymous().request(reqwest::Method::POST, path);
            request.header("x-forwarded-for", format!("198.51.{round}.{n}"))
        };
        let new = json!({
            "email": format!("{handle}@example.org"), "handle": handle, "password": PASSWORD,
        });
        vault
            .send(asks(0, "/api/auth/register").json(&new))
            .await
            .expect(201);
        let credentials = json!({ "login": handle, "password": PASSWORD });
        let signed_in = vault
            .send(asks(0, "/api/auth/login").json(&credentials))
            .await
            .expect(200);
        let person = vault.with_token(signed_in["access_token"].as_str());
        let (secret, _) = enrol(&person).await;
        let credentials =
            json!({ "login": handle, "password": PASSWORD, "totp": next_code(&secret) });
        let many = (1..=100).map(|n| vault.send(asks(n, "/api/auth/login").json(&credentials)));
        let answers = futures::future::join_all(many).await;
        let won = answers.iter().filter(|it| it.status == 200).count();
        assert_eq!(won, 1, "round {round}");
        assert!(
            answers
                .iter()
                .all(|it| matches!(it.status, 200 | 401 | 429 | 503))
        );
    }
}

async fn a_token_before_the_second_factor_opens_nothing_else(stack: Stack) {
    let stack = stack.with("DOCUVAULT_ACCOUNTS__SECOND_FACTOR", "everyone");
    let vault = stack
        .try_serve_unused(&[])
        .unwrap_or_else(|log| panic!("{log}"));
    let setup_code = vault.setup_code.clone();
    vault
        .register("ada", setup_code.as_deref())
        .await
        .expect(201);
    let (status, problem) = sign_in(&vault, "ada", None).await;
    assert_eq!(
        (status, &problem["code"]),
        (403, &json!("totp_enrolment_required"))
    );
    let enrolling = vault.with_token(problem["enrolment_token"].as_str());
    for operation in operations() {
        if matches!(operation.who, Who::Enrolling) || !operation.name.contains(" /api/") {
            continue;
        }
        let answer = operation.ask(&enrolling, &Uuid::max().to_string()).await;
        assert_eq!(answer.problem(401), "unauthenticated", "{}", operation.name);
    }
    let (secret, _) = enrol(&enrolling).await;
    let again = enrolling.post("/api/auth/totp/enroll", Value::Null).await;
    assert_eq!(
        again.problem(401),
        "unauthenticated",
        "it is over once the factor is set up"
    );
    let (status, signed_in) = sign_in(&vault, "ada", Some(&next_code(&secret))).await;
    assert_eq!(status, 200);
    let ada = vault.with_token(signed_in["access_token"].as_str());
    assert_eq!(ada.get("/api/topics").await.status, 200);
}

async fn recovery_codes_count_once(stack: Stack) {
    let vault = stack.serve();
    let ada = join(&vault, "ada").await;
    let (secret, codes) = enrol(&ada).await;
    assert_eq!(codes.len(), 10);
    let first = &codes[0];
    assert_eq!(sign_in(&vault, "ada", Some(first)).await.0, 200);
    assert_eq!(sign_in(&vault, "ada", Some(first)).await.0, 401);
    let renewed = json!({ "code": next_code(&secret) });
    let renewed = ada
        .post("/api/auth/totp/recovery-codes", renewed)
        .await
        .expect(200);
    assert_eq!(sign_in(&vault, "ada", Some(&codes[1])).await.0, 401);
    let new = text(&renewed["recovery_codes"][0]);
    assert_eq!(sign_in(&vault, "ada", Some(&new)).await.0, 200);
    let off = json!({ "password": PASSWORD, "code": text(&renewed["recovery_codes"][1]) });
    let request = ada
        .request(reqwest::Method::DELETE, "/api/auth/totp")
        .json(&off);
    ada.send(request).await.expect(204);
    assert_eq!(sign_in(&vault, "ada", None).await.0, 200);
}

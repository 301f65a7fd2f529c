//! Deleting an account frees all that it kept.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use super::{join, token, try_to_sign_in};
use crate::on_both_stacks;
use crate::support::{PASSWORD, Stack};

on_both_stacks!(a_deleted_account_leaves_nothing);

async fn a_deleted_account_leaves_nothing(stack: Stack) {
    let stack = stack.with("DOCUVAULT_SWEEP_SECONDS", "1");
    let vault = stack.serve();
    let owner = vault.client();
    let ada = join(&vault, "ada").await;
    let program = token(&ada, &["read"]).await;
    for n in 0..5 {
        ada.add_and_process(&format!("{n}.txt"), format!("Letter {n}."))
            .await;
    }
    let kept = owner
        .add_and_process("owner.txt", "A letter of the owner.")
        .await;
    let delete = async |body| {
        let request = ada.request(Method::DELETE, "/api/auth/me").json(&body);
        ada.send(request).await
    };
    let refused = delete(json!({ "password": "wrong", "handle": "ada" })).await;
    assert_eq!(refused.problem(403), "wrong_password");
    let refused = delete(json!({ "password": PASSWORD, "handle": "adam" })).await;
    assert_eq!(refused.problem(422), "invalid_request");
    delete(json!({ "password": PASSWORD, "handle": "Ada" }))
        .await
        .expect(202);
    for client in [&ada, &program] {
        assert_eq!(
            client.get("/api/topics").await.problem(401),
            "unauthenticated"
        );
    }
    let refused = try_to_sign_in(&vault, "ada", PASSWORD).await;
    assert_eq!(refused.problem(401), "invalid_credentials");
    // Her handle is nobody else's ever, her address is free.
    assert_eq!(
        vault.register("ada", None).await.problem(409),
        "handle_taken"
    );
    let again = json!({ "email": "ada@example.org", "handle": "ada2", "password": PASSWORD });
    vault.post("/api/auth/register", again).await.expect(201);

    let wait = async {
        while stack.stored_keys().await.len() > 1 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(30), wait).await;
    waited.expect("her objects are gone");
    assert_eq!(stack.count("documents").await, 1);
    let id = super::text(&kept["id"]);
    let content = owner.get(&format!("/api/documents/{id}/content")).await;
    assert_eq!(content.bytes, b"A letter of the owner.");
}

//! Tokens for programs.

use reqwest::Method;
use serde_json::json;

use super::{join, text, token};
use crate::on_both_stacks;
use crate::support::Stack;

on_both_stacks!(a_program_acts_for_its_person, a_token_makes_no_token);

async fn a_program_acts_for_its_person(stack: Stack) {
    let vault = stack.serve();
    let ada = join(&vault, "ada").await;
    let scanner = token(&ada, &["write"]).await;
    let reader = token(&ada, &["read"]).await;
    assert!(scanner.token().starts_with("dv_pat_"));
    let id = scanner.add("a.txt", "A letter from the scanner.").await;
    let denied = scanner.get(&format!("/api/documents/{id}")).await;
    assert_eq!(denied.problem(403), "forbidden");
    assert_eq!(
        denied.header("www-authenticate"),
        "Bearer error=\"insufficient_scope\", scope=\"read\""
    );
    reader.wait_until_processed(&id).await;
    let denied = reader.upload("b.txt", "Another letter.").await;
    assert_eq!(denied.problem(403), "forbidden");
    let made = reader
        .post(&format!("/api/documents/{id}/download-url"), json!({}))
        .await;
    let url = text(&made.expect(200)["url"]);
    let path = url.trim_start_matches(vault.base());
    assert_eq!(
        vault.anonymous().get(path).await.bytes,
        b"A letter from the scanner."
    );

    let tokens = ada.get("/api/auth/tokens").await.expect(200);
    let tokens = tokens["items"].as_array().unwrap();
    assert_eq!(tokens.len(), 2);
    assert!(
        tokens.iter().all(|it| it["last_used_at"].is_string()),
        "{tokens:?}"
    );
    let listed = serde_json::to_string(tokens).unwrap();
    assert!(!listed.contains(scanner.token()));
    let path = format!("/api/auth/tokens/{}", text(&tokens[0]["id"]));
    ada.delete(&path).await.expect(204);
    assert_eq!(
        reader.get("/api/topics").await.problem(401),
        "unauthenticated"
    );
    scanner.add("c.txt", "One more letter.").await;
    ada.delete("/api/auth/sessions").await.expect(204);
    scanner.add("d.txt", "A program is no session.").await;
}

async fn a_token_makes_no_token(stack: Stack) {
    let vault = stack.serve();
    let owner = vault.client();
    let ada = join(&vault, "ada").await;
    let all = token(&owner, &["read", "write", "admin"]).await;
    let wanted = json!({ "name": "x", "scopes": ["read"] });
    let refused = all.post("/api/auth/tokens", wanted.clone()).await;
    assert_eq!(refused.problem(403), "session_required");
    for (method, path) in [
        (Method::GET, "/api/auth/tokens"),
        (Method::GET, "/api/auth/sessions"),
        (Method::POST, "/api/auth/logout-all"),
        (Method::POST, "/api/auth/totp/enroll"),
    ] {
        let answer = all.send(all.request(method, path)).await;
        assert_eq!(answer.problem(403), "session_required", "{path}");
    }
    let wide = json!({ "name": "x", "scopes": ["read", "admin"] });
    let refused = ada.post("/api/auth/tokens", wide).await;
    assert_eq!(refused.problem(403), "forbidden");
    // Whoever is no administrator any more has programs that are none.
    all.get("/api/admin/users").await.expect(200);
    let root = join(&vault, "root").await;
    let path = format!("/api/admin/users/{}", super::id_of(&root).await);
    owner
        .patch(&path, json!({ "role": "admin" }))
        .await
        .expect(200);
    let root = vault.sign_in("root").await;
    let path = format!("/api/admin/users/{}", super::id_of(&owner).await);
    root.patch(&path, json!({ "role": "user" }))
        .await
        .expect(200);
    assert_eq!(all.get("/api/admin/users").await.problem(403), "forbidden");
    assert_eq!(all.get("/api/topics").await.status, 200);
}

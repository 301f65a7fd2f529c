//! What is generated from the code is fresh, and the contract is the one that is served.

use std::collections::BTreeSet;
use std::path::Path;

use crate::support::Stack;

fn committed(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../docs")
        .join(name);
    std::fs::read_to_string(path).unwrap_or_default()
}

#[test]
fn generated_documents_are_fresh() {
    let stack = Stack::embedded();
    for (name, args) in [
        ("configuration.md", &["config", "reference"][..]),
        ("openapi.json", &["openapi"][..]),
    ] {
        let output = stack.run(args);
        assert!(output.status.success());
        let fresh = String::from_utf8(output.stdout).unwrap();
        assert!(
            fresh == committed(name),
            "docs/{name} is stale: run `just generate`"
        );
    }
}

#[tokio::test]
async fn the_served_document_is_the_committed_one() {
    let vault = Stack::embedded().serve();
    let served = vault.get("/api/openapi.json").await;
    assert_eq!(
        String::from_utf8(served.bytes).unwrap(),
        committed("openapi.json")
    );
}

#[test]
fn every_operation_of_the_contract_is_there() {
    let document: serde_json::Value = serde_json::from_str(&committed("openapi.json")).unwrap();
    let mut operations = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            operations.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let expected = [
        "DELETE /api/admin/invites/{id}",
        "DELETE /api/admin/users/{id}",
        "DELETE /api/admin/users/{id}/totp",
        "DELETE /api/auth/me",
        "DELETE /api/auth/sessions",
        "DELETE /api/auth/sessions/{id}",
        "DELETE /api/auth/tokens/{id}",
        "DELETE /api/auth/totp",
        "DELETE /api/documents/{id}",
        "DELETE /api/documents/{id}/topics/{topic_id}",
        "DELETE /api/topics/{id}",
        "GET /api/admin/audit",
        "GET /api/admin/audit/export",
        "GET /api/admin/invites",
        "GET /api/admin/mail",
        "GET /api/admin/users",
        "GET /api/admin/users/{id}",
        "GET /api/auth/me",
        "GET /api/auth/options",
        "GET /api/auth/sessions",
        "GET /api/auth/tokens",
        "GET /api/documents",
        "GET /api/documents/{id}",
        "GET /api/documents/{id}/content",
        "GET /api/documents/{id}/download/{ticket}",
        "GET /api/documents/{id}/text",
        "GET /api/documents/{id}/thumbnail",
        "GET /api/events",
        "GET /api/topics",
        "GET /health",
        "GET /health/live",
        "GET /health/ready",
        "PATCH /api/admin/users/{id}",
        "PATCH /api/auth/me",
        "PATCH /api/documents/{id}",
        "PATCH /api/topics/{id}",
        "POST /api/admin/invites",
        "POST /api/admin/mail/test",
        "POST /api/admin/users",
        "POST /api/admin/users/{id}/logout-all",
        "POST /api/admin/users/{id}/reset-password",
        "POST /api/auth/confirm",
        "POST /api/auth/login",
        "POST /api/auth/logout",
        "POST /api/auth/logout-all",
        "POST /api/auth/password",
        "POST /api/auth/password-reset/confirm",
        "POST /api/auth/password-reset/request",
        "POST /api/auth/refresh",
        "POST /api/auth/register",
        "POST /api/auth/tokens",
        "POST /api/auth/totp/confirm",
        "POST /api/auth/totp/enroll",
        "POST /api/auth/totp/recovery-codes",
        "POST /api/documents/bulk",
        "POST /api/documents/upload",
        "POST /api/documents/{id}/download-url",
        "POST /api/documents/{id}/reprocess",
        "POST /api/documents/{id}/restore",
        "POST /api/topics",
        "POST /api/topics/{id}/merge",
        "PUT /api/documents/{id}/topics/{topic_id}",
    ];
    assert_eq!(operations, expected.map(str::to_owned).into());
}

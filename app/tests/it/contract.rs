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
        "DELETE /api/documents/{id}",
        "DELETE /api/documents/{id}/topics/{topic_id}",
        "DELETE /api/topics/{id}",
        "GET /api/documents",
        "GET /api/documents/{id}",
        "GET /api/documents/{id}/content",
        "GET /api/documents/{id}/text",
        "GET /api/documents/{id}/thumbnail",
        "GET /api/events",
        "GET /api/topics",
        "GET /health",
        "GET /health/live",
        "GET /health/ready",
        "PATCH /api/documents/{id}",
        "PATCH /api/topics/{id}",
        "POST /api/documents/bulk",
        "POST /api/documents/upload",
        "POST /api/documents/{id}/reprocess",
        "POST /api/documents/{id}/restore",
        "POST /api/topics",
        "POST /api/topics/{id}/merge",
        "PUT /api/documents/{id}/topics/{topic_id}",
    ];
    assert_eq!(operations, expected.map(str::to_owned).into());
}

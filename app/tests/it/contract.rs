//! What is generated from the code is fresh, and the contract is the one that is served.

use std::collections::BTreeSet;
use std::path::Path;

use crate::accounts;
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
    let table = accounts::operations::operations();
    let table = table.iter().map(|it| it.name.to_owned()).collect();
    assert_eq!(operations, table);
}

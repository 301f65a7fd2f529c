//! What people do with topics.

use serde_json::json;

use crate::on_both_stacks;
use crate::support::Stack;

on_both_stacks!(
    starter_topics_are_rows,
    topics_are_made_changed_merged_and_deleted
);

async fn starter_topics_are_rows(stack: Stack) {
    let stack = stack.with("DOCUVAULT_LANGUAGE", "de");
    let vault = stack.serve();
    let topics = vault.get("/api/topics").await.expect(200);
    let items = topics["items"].as_array().unwrap();
    assert!(items.iter().any(|topic| topic["name"] == "Rechnungen"));
    assert!(items.len() >= 10);
    for topic in items {
        let path = format!("/api/topics/{}", topic["id"].as_str().unwrap());
        assert_eq!(vault.delete(&path).await.status, 204);
    }
    drop(vault);
    let vault = stack.serve();
    let topics = vault.get("/api/topics").await.expect(200);
    assert_eq!(
        topics["items"],
        json!([]),
        "what was deleted does not come back"
    );
}

async fn topics_are_made_changed_merged_and_deleted(stack: Stack) {
    let vault = stack.serve();
    let made = vault
        .post("/api/topics", json!({"name": " Garden ", "hue": 4}))
        .await
        .expect(201);
    assert_eq!((&made["name"], &made["hue"]), (&json!("Garden"), &json!(4)));
    assert_eq!(
        vault
            .post("/api/topics", json!({"name": "GARDEN"}))
            .await
            .problem(409),
        "name_taken"
    );
    let path = format!("/api/topics/{}", made["id"].as_str().unwrap());
    let patch = json!({"name": "Green", "description": "All that grows"});
    let edited = vault.patch(&path, patch).await.expect(200);
    assert_eq!(
        (&edited["name"], &edited["hue"]),
        (&json!("Green"), &json!(4))
    );
    assert_eq!(
        vault
            .patch(&path, json!({"name": "Bank"}))
            .await
            .problem(409),
        "name_taken"
    );

    let id = vault.add("a.txt", "Roses and tulips.").await;
    let document = format!("/api/documents/{id}");
    vault.wait_until_processed(&id).await;
    vault
        .patch(&document, json!({"topics": ["Green"]}))
        .await
        .expect(200);
    let other = vault
        .post("/api/topics", json!({"name": "Plants"}))
        .await
        .expect(201);
    let into = json!({"into": other["id"]});
    let merged = vault
        .post(&format!("{path}/merge"), into.clone())
        .await
        .expect(200);
    assert_eq!(merged["document_count"], 1);
    assert_eq!(vault.document(&id).await["topics"][0]["name"], "Plants");
    assert_eq!(
        vault
            .post(&format!("{path}/merge"), into)
            .await
            .problem(404),
        "not_found"
    );

    let path = format!("/api/topics/{}", other["id"].as_str().unwrap());
    let itself = json!({"into": other["id"]});
    assert_eq!(
        vault
            .post(&format!("{path}/merge"), itself)
            .await
            .problem(422),
        "invalid_request"
    );
    assert_eq!(vault.delete(&path).await.status, 204);
    assert_eq!(vault.delete(&path).await.problem(404), "not_found");
    assert_eq!(
        vault.document(&id).await["topics"],
        json!([]),
        "the document stays"
    );
    for bad in [
        json!({"name": ""}),
        json!({"name": "x", "hue": 9}),
        json!({"name": "x", "x": 1}),
    ] {
        assert_eq!(
            vault.post("/api/topics", bad).await.problem(422),
            "invalid_request"
        );
    }
}

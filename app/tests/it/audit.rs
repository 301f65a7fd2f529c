//! The audit trail: sealed, verified, and what owners of documents see of it.

use serde_json::{Value, json};

use crate::on_both_stacks;
use crate::support::{HANDLE, Stack};

on_both_stacks!(
    a_changed_trail_is_found,
    owners_see_what_was_done_to_a_document
);

impl Stack {
    /// Exit code and what was found.
    pub(crate) fn verify(&self, args: &[&str]) -> (Option<i32>, Value) {
        let output = self.run(&[&["audit", "verify", "--json"], args].concat());
        let found = serde_json::from_slice(&output.stdout);
        (
            output.status.code(),
            found.unwrap_or_else(|_| panic!("{output:?}")),
        )
    }
}

async fn a_changed_trail_is_found(stack: Stack) {
    let vault = stack.serve();
    let client = vault.client();
    client.add("a.txt", "one").await;
    drop(vault);
    let _vault = stack.serve();
    // A vault seals as it starts.
    let (mut code, mut found) = stack.verify(&[]);
    for _ in 0..100 {
        if found["unsealed"] == 0 {
            break;
        }
        (code, found) = stack.verify(&[]);
    }
    assert_eq!((code, &found["faults"]), (Some(0), &json!([])), "{found}");
    assert!(found["intact"].as_u64().unwrap() >= 3, "{found}");
    let end = found["end"].as_str().unwrap().to_owned();
    assert_eq!(stack.verify(&["--expect", &end]).0, Some(0));

    if stack.is_embedded() {
        stack.tamper("DROP TRIGGER audit_log_no_update").await;
    }
    stack
        .tamper(
            "UPDATE audit_log SET address = NULL \
             WHERE id = (SELECT line_id FROM audit_chain WHERE position = 2)",
        )
        .await;
    let (code, found) = stack.verify(&["--expect", &end]);
    assert_eq!(code, Some(3), "{found}");
    assert_eq!(found["fault_count"], 1);
    let fault = found["faults"][0].as_str().unwrap();
    assert!(fault.starts_with("position 2: the line "), "{fault}");
    let report = stack.run(&["audit", "verify"]);
    let report = String::from_utf8(report.stdout).unwrap();
    assert!(report.contains("is not what was sealed"), "{report}");
    assert!(report.contains(&format!("The end: {end}")), "{report}");
    let other = stack.run(&["audit", "verify", "--expect", "1:1-00"]);
    assert_eq!(other.status.code(), Some(3));
}

async fn owners_see_what_was_done_to_a_document(stack: Stack) {
    let vault = stack.serve();
    let client = vault.client();
    let document = client.add_and_process("a.txt", "Electricity bill").await;
    let path = format!("/api/documents/{}", document["id"].as_str().unwrap());
    let activity = format!("{path}/activity");
    client
        .patch(&path, json!({ "title": "Bill" }))
        .await
        .expect(200);
    let page = client.get(&format!("{activity}?limit=1")).await.expect(200);
    let newest = &page["items"][0];
    assert_eq!(newest["action"], "document.edited");
    assert_eq!(newest["actor"]["handle"], HANDLE);
    assert_eq!(
        (&newest["actor_kind"], &newest["outcome"]),
        (&json!("person"), &json!("done"))
    );
    let cursor = page["next_cursor"].as_str().unwrap();
    let page = client.get(&format!("{activity}?cursor={cursor}")).await;
    let page = page.expect(200);
    assert_eq!(page["items"][0]["action"], "document.uploaded");
    assert_eq!(page["next_cursor"], json!(null));
    client.delete(&path).await.expect(204);
    let page = client.get(&activity).await.expect(200);
    assert_eq!(
        page["items"][0]["action"], "document.trashed",
        "in the trash too"
    );
    for wrong in ["limit=0", "cursor=x", "other=1"] {
        let refused = client.get(&format!("{activity}?{wrong}")).await;
        assert_eq!(refused.problem(422), "invalid_request", "{wrong}");
    }
}

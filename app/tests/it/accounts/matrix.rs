//! Who may ask for what: every operation, every kind of caller, and the rows of others.

use std::collections::BTreeMap;
use std::time::Duration;

use docuvault_domain::ports::Clock as _;
use docuvault_local::SystemClock;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::operations::{About, Kind, Operation, Who, operations};
use super::{id_of, join, path_of_session, text, token};
use crate::on_both_stacks;
use crate::support::{Answer, Client, Stack};

on_both_stacks!(
    every_operation_refuses_callers_without_its_permission,
    rows_of_others_are_not_there,
    two_ids_must_belong_together
);

impl Operation {
    /// Asks for it, about `id`.
    pub(super) async fn ask(&self, client: &Client, id: &str) -> Answer {
        let (method, path) = self.name.split_once(' ').unwrap();
        let path = path
            .replace("{id}", id)
            .replace("{topic_id}", &Uuid::max().to_string())
            .replace("{ticket}", "nonsense");
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = client.request(method, &path);
        if let Some(body) = &self.body {
            request = request.json(body);
        }
        client.send(request).await
    }
}

/// The caller was refused as somebody who is not known.
fn is_unknown(answer: &Answer) -> bool {
    let known_by = answer.header("www-authenticate");
    answer.status == 401
        && known_by.starts_with("Bearer")
        && answer.json()["code"] == "unauthenticated"
}

async fn every_operation_refuses_callers_without_its_permission(stack: Stack) {
    let vault = stack.serve();
    let owner = vault.client();
    let (bert, dora) = (join(&vault, "bert").await, join(&vault, "dora").await);
    let emil = join(&vault, "emil").await;
    let some = Uuid::max().to_string();

    // Whoever was somebody until just now.
    let signed_out = vault.sign_in("bert").await;
    let ended = path_of_session(&signed_out).await;
    signed_out.delete(&ended).await.expect(204);
    let revoked = token(&bert, &["read", "write"]).await;
    let tokens = bert.get("/api/auth/tokens").await.expect(200);
    let path = format!("/api/auth/tokens/{}", text(&tokens["items"][0]["id"]));
    bert.delete(&path).await.expect(204);
    let program_of_dora = token(&dora, &["read", "write"]).await;
    let path = format!("/api/admin/users/{}", id_of(&dora).await);
    owner
        .patch(&path, json!({ "disabled": true }))
        .await
        .expect(200);
    let path = format!("/api/admin/users/{}", id_of(&emil).await);
    owner.delete(&path).await.expect(202);
    let expired = json!({
        "name": "short", "scopes": ["read", "write"],
        "expires_at": SystemClock.now().plus(Duration::from_secs(1)).to_rfc3339(),
    });
    let expired = bert.post("/api/auth/tokens", expired).await.expect(201);
    let expired = bert.with_token(expired["token"].as_str());
    while expired.get("/api/auth/me").await.status == 200 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let forged = {
        let mut parts: Vec<_> = bert.token().split('.').map(str::to_owned).collect();
        let claims = owner.token().split('.').nth(1).unwrap();
        claims.clone_into(&mut parts[1]);
        bert.with_token(Some(&parts.join(".")))
    };
    let unsigned = {
        let claims = owner.token().split('.').nth(1).unwrap();
        // {"alg":"none","typ":"JWT"}
        bert.with_token(Some(&format!(
            "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{claims}."
        )))
    };
    let rejected_clients = BTreeMap::from([
        ("nonsense", vault.with_token(Some("nonsense"))),
        ("signed out", signed_out),
        ("revoked", revoked),
        ("expired", expired),
        ("disabled", dora),
        ("program of a disabled person", program_of_dora),
        ("deleted", emil),
        ("forged", forged),
        ("unsigned", unsigned),
    ]);
    let programs = BTreeMap::from([
        ("read", token(&bert, &["read"]).await),
        ("write", token(&bert, &["write"]).await),
    ]);
    let administering = token(&owner, &["admin"]).await;

    for operation in operations() {
        let name = operation.name;
        let under_api = name.contains(" /api/");
        let open = matches!(operation.who, Who::Anybody | Who::Cookies);
        let answer = operation.ask(&vault.anonymous(), &some).await;
        assert_eq!(is_unknown(&answer), !open, "anonymous: {name}: {answer:?}");
        for (who, client) in &rejected_clients {
            let answer = operation.ask(client, &some).await;
            assert_eq!(is_unknown(&answer), under_api, "{who}: {name}: {answer:?}");
        }
        for (scope, program) in &programs {
            let allowed = match operation.who {
                Who::Anybody | Who::Cookies => continue,
                Who::Reader => *scope == "read",
                Who::Writer => *scope == "write",
                Who::Person | Who::Enrolling | Who::Administrator => false,
            };
            if name == "GET /api/events" && allowed {
                continue;
            }
            let answer = operation.ask(program, &some).await;
            let code = match operation.who {
                Who::Person | Who::Enrolling => "session_required",
                _ => "forbidden",
            };
            let refused = answer.status == 403 && answer.json()["code"] == code;
            assert_eq!(refused, !allowed, "{scope}: {name}: {answer:?}");
        }
        if operation.who == Who::Administrator {
            let answer = operation.ask(&bert, &some).await;
            assert_eq!(answer.problem(403), "forbidden", "{name}");
            for administrator in [&owner, &administering] {
                let answer = operation.ask(administrator, &some).await;
                assert!(!matches!(answer.status, 401 | 403), "{name}: {answer:?}");
            }
        } else if !open {
            let answer = operation.ask(&administering, &some).await;
            assert_eq!(answer.status, 403, "{name}: {answer:?}");
        }
    }
}

/// What a person has of each kind.
async fn belongings(client: &Client, name: &str) -> BTreeMap<&'static str, String> {
    let bytes = format!("A letter of {name}.");
    let document = client.add_and_process(&format!("{name}.txt"), bytes).await;
    let topics = client.get("/api/topics").await.expect(200);
    let sessions = client.get("/api/auth/sessions").await.expect(200);
    token(client, &["read"]).await;
    let tokens = client.get("/api/auth/tokens").await.expect(200);
    BTreeMap::from([
        ("document", text(&document["id"])),
        ("topic", text(&topics["items"][0]["id"])),
        ("session", text(&sessions["items"][0]["id"])),
        ("token", text(&tokens["items"][0]["id"])),
    ])
}

/// An answer without what differs from request to request.
fn comparable(answer: &Answer) -> (u16, Vec<(String, String)>, Vec<u8>) {
    let headers = answer.headers.iter();
    let headers = headers
        .filter(|(name, _)| !matches!(name.as_str(), "x-request-id" | "date"))
        .map(|(name, value)| (name.to_string(), format!("{value:?}")));
    let mut headers: Vec<_> = headers.collect();
    headers.sort();
    (answer.status, headers, answer.bytes.clone())
}

async fn rows_of_others_are_not_there(stack: Stack) {
    let vault = stack.serve();
    let (owner, bert) = (vault.client(), join(&vault, "bert").await);
    let ada = join(&vault, "ada").await;
    let of_ada = belongings(&ada, "ada").await;
    let reading = token(&bert, &["read", "write"]).await;
    let unknown = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001).to_string();
    for operation in operations() {
        let About::Own(kind) = operation.about else {
            continue;
        };
        let id = &of_ada[match kind {
            Kind::Document => "document",
            Kind::Topic => "topic",
            Kind::Session => "session",
            Kind::Token => "token",
        }];
        for caller in [&bert, &owner, &reading] {
            if std::ptr::eq(caller, &raw const reading) && operation.who == Who::Person {
                continue;
            }
            let foreign = operation.ask(caller, id).await;
            let never = operation.ask(caller, &unknown).await;
            assert_eq!(foreign.status, 404, "{}", operation.name);
            assert_eq!(
                comparable(&foreign),
                comparable(&never),
                "{}",
                operation.name
            );
        }
    }
    // All of it is there, and as it was.
    let document = ada.document(&of_ada["document"]).await;
    assert_eq!(document["title"], "ada");
    for operation in operations() {
        if let About::Own(Kind::Document) = operation.about
            && operation.name.starts_with("GET")
        {
            let answer = operation.ask(&ada, &of_ada["document"]).await;
            assert_ne!(answer.status, 401, "{}", operation.name);
        }
    }
    for client in [&bert, &owner] {
        let listed = client.get("/api/documents?total=true").await.expect(200);
        assert_eq!(listed["items"], json!([]));
        let found = client.get("/api/documents?q=letter").await.expect(200);
        assert_eq!(found["items"], json!([]));
    }
    let topics = ada.get("/api/topics").await.expect(200);
    assert!(
        topics["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|it| it["name"] != "Mine now")
    );
}

async fn two_ids_must_belong_together(stack: Stack) {
    let vault = stack.serve();
    let (ada, bert) = (join(&vault, "ada").await, join(&vault, "bert").await);
    let of_ada = belongings(&ada, "ada").await;
    let of_bert = belongings(&bert, "bert").await;
    let (mine, theirs) = (&of_bert["topic"], &of_ada["topic"]);
    let document = &of_bert["document"];
    let put = |topic: &str| {
        let path = format!("/api/documents/{document}/topics/{topic}");
        bert.request(Method::PUT, &path)
    };
    let never = Uuid::max().to_string();
    let foreign = bert.send(put(theirs)).await;
    let unknown = bert.send(put(&never)).await;
    assert_eq!(foreign.status, unknown.status);
    assert_eq!(
        String::from_utf8_lossy(&foreign.bytes).replace(theirs.as_str(), &never),
        String::from_utf8_lossy(&unknown.bytes)
    );
    let patched = bert
        .patch(
            &format!("/api/documents/{document}"),
            json!({ "topics": [theirs] }),
        )
        .await;
    assert_eq!(patched.problem(422), "unknown_topic");
    for (from, into) in [(mine, theirs), (theirs, mine)] {
        let path = format!("/api/topics/{from}/merge");
        let merged = bert.post(&path, json!({ "into": into })).await;
        assert!(matches!(merged.status, 404 | 422), "{merged:?}");
    }
    let filtered = bert.get(&format!("/api/documents?topic={theirs}")).await;
    assert!(!String::from_utf8_lossy(&filtered.bytes).contains("ada"));
    for action in ["trash", "restore", "delete", "reprocess"] {
        let ids = json!([of_ada["document"], Uuid::max()]);
        let bulk = json!({ "action": action, "ids": ids });
        let answer = bert.post("/api/documents/bulk", bulk).await;
        let text = String::from_utf8_lossy(&answer.bytes).into_owned();
        let results = answer.expect(200)["results"].clone();
        let results = results.as_array().unwrap_or_else(|| panic!("{text}"));
        let without_id = |n: usize| {
            let mut result = results[n].clone();
            result["id"] = Value::Null;
            result
        };
        assert_eq!(without_id(0), without_id(1), "{text}");
    }
    assert_eq!(ada.document(&of_ada["document"]).await["status"], "ready");
    let topics = ada.get("/api/topics").await.expect(200);
    let topics = topics["items"].as_array().unwrap();
    assert!(topics.iter().any(|it| it["id"] == theirs.as_str()));
}

//! Vaults of releases before, as `scripts/make-upgrade-fixture.py` kept them, lose nothing when this release
//! opens them.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use sha2::Digest as _;
use uuid::Uuid;

use crate::on_both_stacks;
use crate::support::{Client, MailServer, Stack, Vault, totp_code};

on_both_stacks!(a_vault_of_the_release_before_loses_nothing);

const FIXTURE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/fixtures/vault-schema-14"
);

/// Tables that may have fewer rows than before, and what of them goes by itself.
const SHRINKING: [(&str, &str); 5] = [
    ("idempotency_keys", "a day after they were used"),
    ("invites", "90 days after they ended"),
    ("mails", "when they are sent"),
    (
        "objects",
        "when nobody finished them or they were deleted; live ones are looked at one by one",
    ),
    ("rate_limits", "when the bucket is full again"),
];

async fn a_vault_of_the_release_before_loses_nothing(stack: Stack) {
    let (stack, before) = vault_before(stack).await;
    let mut mails = MailServer::start().await;

    // While nobody works on jobs, all is as it was.
    let stack = stack.with_mail(&mails);
    let stack = stack.with("DOCUVAULT_WORKER__CONCURRENCY", "0");
    let vault = stack.try_serve_unused(&[]).unwrap();
    vault.get("/health/ready").await.expect(200);
    assert_eq!(vault.setup_code, None, "there are accounts");
    jobs_and_lessons_are_kept(&stack, &before).await;
    let people = people_get_in(&vault, &before).await;
    for document in before["documents"].as_array().unwrap() {
        let client = owner_of(&people, document);
        is_kept(&client, document).await;
    }
    while !mails.next().await.text.contains("Scanner") {}
    stored_objects_are_kept_and_the_rest_is_swept(&stack, &before).await;
    nothing_is_missing(&stack, &before).await;
    assert!(vault.stop().success());

    // Then what was promised is done.
    let stack = stack.without("DOCUVAULT_WORKER__CONCURRENCY");
    let vault = stack.try_serve_unused(&[]).unwrap();
    let people: Vec<_> = people
        .iter()
        .map(|(id, client)| (id.clone(), vault.with_token(Some(client.token()))))
        .collect();
    jobs_are_finished(&stack, &before, &people).await;
    what_was_learned_is_known(&before, &people[0].1).await;
    nothing_is_missing(&stack, &before).await;
}

/// A stack with a copy of the fixture, and what is known of that.
async fn vault_before(stack: Stack) -> (Stack, Value) {
    let engine = if stack.is_embedded() {
        "sqlite"
    } else {
        "postgres"
    };
    let folder = Path::new(FIXTURE).join(engine);
    let manifest = std::fs::read(folder.join("manifest.json")).unwrap();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    // Objects are files in both. Sessions last as they did where the fixture was made: it grows old.
    let mut stack = stack
        .without("S3_ENDPOINT")
        .without("S3_ACCESS_KEY")
        .without("S3_SECRET_KEY")
        .with("DOCUVAULT_ACCOUNTS__SESSION_DAYS", "36500")
        .with("DOCUVAULT_ACCOUNTS__SESSION_IDLE_DAYS", "36500");
    if let Some(key) = manifest["secret_key"].as_str() {
        stack = stack.with("DOCUVAULT_SECRET_KEY", key);
    }
    for part in ["objects", "keys"] {
        if folder.join(part).is_dir() {
            copy(&folder.join(part), &stack.data_dir().join(part));
        }
    }
    let dump = std::fs::read_to_string(folder.join("database.sql")).unwrap();
    stack.load(&dump).await;
    (stack, manifest)
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            std::fs::copy(&path, &to).unwrap();
        }
    }
}

/// All that `old` says still stands. A newer release may say more.
#[track_caller]
fn assert_stands(old: &Value, new: &Value) {
    fn stands(old: &Value, new: &Value) -> bool {
        match (old, new) {
            (Value::Object(old), Value::Object(new)) => old
                .iter()
                .all(|(name, old)| new.get(name).is_some_and(|new| stands(old, new))),
            (Value::Array(old), Value::Array(new)) => {
                old.len() == new.len() && old.iter().zip(new).all(|(old, new)| stands(old, new))
            }
            _ => old == new,
        }
    }
    assert!(stands(old, new), "before {old:#}\nnow {new:#}");
}

/// By password, second factor, cookie and token; each as who they are, by the renewed session.
async fn people_get_in(vault: &Vault, before: &Value) -> Vec<(Value, Client)> {
    let mut people = Vec::new();
    for person in before["people"].as_array().unwrap() {
        let code = person["totp"].as_str().map(|secret| totp_code(secret, 0));
        let shown = json!({
            "login": person["handle"], "password": person["password"], "totp": code,
        });
        let signed_in = vault.post("/api/auth/login", shown).await.expect(200);
        let signed_in = vault.with_token(signed_in["access_token"].as_str());

        let refresh = person["refresh"].as_str().unwrap();
        let cookies = format!("docuvault_refresh={refresh}; docuvault_csrf=same");
        let renewal = vault
            .request(Method::POST, "/api/auth/refresh")
            .header("cookie", cookies)
            .header("x-csrf-token", "same");
        let renewed = vault.send(renewal).await.expect(200);
        let renewed = vault.with_token(renewed["access_token"].as_str());

        for client in [&signed_in, &renewed] {
            let me = client.get("/api/auth/me").await.expect(200);
            assert_stands(&person["me"], &me);
        }
        let topics = renewed.get("/api/topics").await.expect(200);
        assert_stands(&person["topics"], &topics["items"]);
        if let Some(token) = person["api_token"].as_str() {
            let program = vault.with_token(Some(token));
            program.get("/api/documents").await.expect(200);
        }
        people.push((person["me"]["id"].clone(), renewed));
    }
    people
}

fn owner_of(people: &[(Value, Client)], document: &Value) -> Client {
    let owner = &document["document"]["owner"]["id"];
    let found = people.iter().find(|(id, _)| id == owner);
    found.unwrap().1.clone()
}

/// The document with its text, its bytes, its picture, and who did what to it.
async fn is_kept(client: &Client, before: &Value) {
    let path = path_of(before);
    let document = client.get(&path).await.expect(200);
    assert_stands(&before["document"], &document);
    let text = client.get(&format!("{path}/text")).await.expect(200);
    assert_stands(&before["text"], &text);
    let activity = client.get(&format!("{path}/activity")).await.expect(200);
    let (old, new) = (
        before["activity"].as_array().unwrap(),
        activity["items"].as_array().unwrap(),
    );
    let since = new.len().checked_sub(old.len()).expect("lines are gone");
    assert_stands(&before["activity"], &json!(new[since..]));
    for (part, sha256) in [
        ("content", "content_sha256"),
        ("thumbnail", "thumbnail_sha256"),
    ] {
        let Some(sha256) = before[sha256].as_str() else {
            continue;
        };
        let answer = client.get(&format!("{path}/{part}")).await;
        assert_eq!(answer.status, 200, "{path}/{part}");
        assert_eq!(hex::encode(sha2::Sha256::digest(&answer.bytes)), sha256);
    }
}

fn path_of(before: &Value) -> String {
    format!(
        "/api/documents/{}",
        before["document"]["id"].as_str().unwrap()
    )
}

/// Job → state. Nothing else is asked of the table, which changes from release to release.
async fn job_states(stack: &Stack) -> BTreeMap<Uuid, String> {
    let rows = stack.query("SELECT id, state FROM jobs").await;
    rows.iter()
        .map(|row| {
            (
                row.try_get("", "id").unwrap(),
                row.try_get("", "state").unwrap(),
            )
        })
        .collect()
}

fn jobs_before(before: &Value) -> BTreeMap<Uuid, String> {
    let jobs = before["jobs"].as_array().unwrap().iter();
    jobs.map(|job| {
        (
            job["id"].as_str().unwrap().parse().unwrap(),
            job["state"].as_str().unwrap().to_owned(),
        )
    })
    .collect()
}

async fn jobs_and_lessons_are_kept(stack: &Stack, before: &Value) {
    let jobs = job_states(stack).await;
    for (id, state) in jobs_before(before) {
        assert_eq!(jobs.get(&id), Some(&state), "job {id}");
    }
    let rows = stack
        .query("SELECT topic_id, examples, vector FROM topic_vectors ORDER BY topic_id")
        .await;
    let rows = rows.iter().map(|row| {
        json!({
            "topic_id": row.try_get::<Uuid>("", "topic_id").unwrap(),
            "examples": row.try_get::<i64>("", "examples").unwrap(),
            "vector": hex::encode(row.try_get::<Vec<u8>>("", "vector").unwrap()),
        })
    });
    assert_eq!(before["topic_vectors"], rows.collect::<Value>());
}

async fn stored_objects_are_kept_and_the_rest_is_swept(stack: &Stack, before: &Value) {
    let objects = before["objects"].as_object().unwrap();
    let live = objects.iter().filter(|(_, state)| *state == "live");
    let live: Vec<_> = live.map(|(key, _)| key.clone()).collect();
    assert!(live.len() < objects.len(), "there is something to sweep");
    let swept = async {
        loop {
            let rows = stack.object_rows().await;
            if rows.len() == live.len() && stack.stored_keys().await.len() == live.len() {
                return rows;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let swept = tokio::time::timeout(Duration::from_secs(30), swept).await;
    let rows = swept.expect("ledger and store do not come down to what was live");
    let rows: Vec<_> = rows.into_iter().map(|(key, _)| key).collect();
    assert_eq!(rows, live);
    assert_eq!(stack.stored_keys().await, live);
}

/// No table has lost rows without a reason, and the audit trail is what was sealed.
async fn nothing_is_missing(stack: &Stack, before: &Value) {
    for (table, rows) in before["tables"].as_object().unwrap() {
        if SHRINKING.iter().all(|(name, _)| name != table) {
            let now = stack.count(table).await;
            assert!(now >= rows.as_i64().unwrap(), "{table}: {rows}, now {now}");
        }
    }
    let audit = &before["audit"];
    let (code, found) = stack.verify(&["--expect", audit["end"].as_str().unwrap()]);
    assert_eq!((code, &found["faults"]), (Some(0), &json!([])), "{found}");
    let count = |value: &Value| value.as_u64().unwrap();
    assert!(count(&found["intact"]) >= count(&audit["intact"]));
    let lines = count(&found["intact"]) + count(&found["unsealed"]);
    assert!(lines >= count(&audit["lines"]), "{found}");
}

/// What was waiting, being read or to be tried again is read and filed, what was given up can be read again,
/// and nothing else has changed.
async fn jobs_are_finished(stack: &Stack, before: &Value, people: &[(Value, Client)]) {
    let jobs = before["jobs"].as_array().unwrap().iter();
    let open = jobs.filter(|job| job["state"] == "open");
    let open: Vec<_> = open.map(|job| &job["document_id"]).collect();
    for document in before["documents"].as_array().unwrap() {
        let client = owner_of(people, document);
        let path = path_of(document);
        if open.contains(&&document["document"]["id"]) {
            done(&client, &path).await;
            continue;
        }
        is_kept(&client, document).await;
        if document["document"]["status"] == "failed" {
            let again = client.post(&format!("{path}/reprocess"), json!({})).await;
            again.expect(202);
            done(&client, &path).await;
        }
    }
    let jobs = job_states(stack).await;
    let still_open = |id: &Uuid| jobs.get(id).is_some_and(|state| state == "open");
    let still_open: Vec<_> = jobs_before(before).into_keys().filter(still_open).collect();
    assert!(still_open.is_empty(), "{still_open:?}");
}

/// Waits until a document is read and filed, with nothing left to say about it.
async fn done(client: &Client, path: &str) {
    let done = async {
        loop {
            let document = client.get(path).await.expect(200);
            if document["status"] == "ready" && document["status_detail"].is_null() {
                return;
            }
            assert_ne!(document["status"], "failed", "{document:#}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_mins(1), done).await;
    waited.unwrap_or_else(|_| panic!("{path} was not finished"));
    let text = client.get(&format!("{path}/text")).await.expect(200);
    assert_ne!(text["text"], "", "{path}");
}

async fn what_was_learned_is_known(before: &Value, client: &Client) {
    let lesson = &before["lesson"];
    let text = lesson["text"].as_str().unwrap();
    let document = client.add_and_process("scan_4.txt", text).await;
    assert_eq!(document["topics"][0]["name"], lesson["topic"], "{document}");
}

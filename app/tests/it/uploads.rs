//! Handing documents in.

use docuvault_testkit::builders::text_pdf;
use std::time::Duration;

use reqwest::{Body, Method, multipart};
use serde_json::json;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::on_both_stacks;
use crate::support::{Client, Stack};

on_both_stacks!(
    what_cannot_be_taken_is_refused_with_its_reason,
    fields_may_come_in_any_order,
    duplicates_are_told_or_refused,
    a_repeated_key_doubles_nothing,
    a_broken_upload_leaves_nothing,
);

async fn total(vault: &Client) -> u64 {
    let list = vault.get("/api/documents?total=true").await.expect(200);
    list["total"].as_u64().unwrap()
}

async fn what_cannot_be_taken_is_refused_with_its_reason(stack: Stack) {
    let vault = stack.with("DOCUVAULT_MAX_UPLOAD_BYTES", "100000").serve();
    assert_eq!(vault.upload("a.txt", "").await.problem(422), "empty_file");
    let program = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0".repeat(20);
    assert_eq!(
        vault.upload("a.pdf", program).await.problem(415),
        "unsupported_media_type"
    );
    let large = vault.upload("a.txt", "word ".repeat(30_000)).await;
    assert_eq!(large.problem(413), "file_too_large");
    vault
        .upload("a.txt", "word ".repeat(19_999))
        .await
        .expect(201);

    let path = "/api/documents/upload";
    let none = multipart::Form::new().text("title", "x");
    let none = vault
        .send(vault.request(Method::POST, path).multipart(none))
        .await;
    assert_eq!(none.problem(422), "invalid_request");
    let json = vault.post(path, json!({"file": "x"})).await;
    assert_eq!(json.problem(415), "unsupported_body");
    let torn = vault.request(Method::POST, path);
    let torn = torn
        .header("content-type", "multipart/form-data; boundary=x")
        .body("--x\r\nno");
    assert_eq!(vault.send(torn).await.problem(400), "malformed_body");
    let form = || multipart::Part::bytes(b"text".to_vec()).file_name("a.txt");
    let two = multipart::Form::new()
        .part("file", form())
        .part("file", form());
    let two = vault
        .send(vault.request(Method::POST, path).multipart(two))
        .await;
    assert_eq!(two.problem(422), "invalid_request");
    let folder = multipart::Form::new()
        .part("file", form())
        .text("folder_id", "018f0000-0000-7000-8000-000000000000");
    let folder = vault
        .send(vault.request(Method::POST, path).multipart(folder))
        .await;
    assert_eq!(folder.problem(422), "invalid_request");
    assert_eq!(total(&vault).await, 1);
}

async fn fields_may_come_in_any_order(stack: Stack) {
    let vault = stack.serve();
    let part = |text: &str| {
        let part = multipart::Part::bytes(text.as_bytes().to_vec());
        part.file_name("../..\\C:\\evil\u{202e}fdp.txt")
    };
    for (n, form) in [
        multipart::Form::new()
            .text("title", "Before")
            .part("file", part("one")),
        multipart::Form::new()
            .part("file", part("two"))
            .text("title", "After"),
        multipart::Form::new()
            .text("unknown", "x")
            .part("file", part("three")),
    ]
    .into_iter()
    .enumerate()
    {
        let request = vault
            .request(Method::POST, "/api/documents/upload")
            .multipart(form);
        let document = vault.send(request).await.expect(201);
        assert_eq!(document["title"], ["Before", "After", "evilfdp"][n]);
        let filename = document["filename"].as_str().unwrap();
        assert!(
            !filename.contains(['/', '\\', '\r', '\n', '\u{202e}']),
            "{filename:?}"
        );
    }
}

async fn duplicates_are_told_or_refused(stack: Stack) {
    let vault = stack.serve();
    let first = vault.add("a.pdf", text_pdf("the same")).await;
    let twin = vault
        .upload("b.pdf", text_pdf("the same"))
        .await
        .expect(201);
    assert_eq!(twin["duplicate_of"], first.as_str());
    let part = multipart::Part::bytes(text_pdf("the same")).file_name("c.pdf");
    let path = "/api/documents/upload?on_duplicate=reject";
    let form = multipart::Form::new().part("file", part);
    let refused = vault
        .send(vault.request(Method::POST, path).multipart(form))
        .await;
    assert_eq!(refused.problem(409), "duplicate_document");
    assert_eq!(refused.json()["document_id"], first.as_str());
    assert_eq!(total(&vault).await, 2);
}

async fn a_repeated_key_doubles_nothing(stack: Stack) {
    let vault = stack.serve();
    let send = |key: &str, name: &str, bytes: &str| {
        let request = vault
            .upload_request(name, bytes.as_bytes())
            .header("idempotency-key", key);
        vault.send(request)
    };
    let first = send("k1", "a.txt", "some words").await.expect(201);
    let again = send("k1", "a.txt", "some words").await.expect(201);
    assert_eq!(again["id"], first["id"]);
    assert_eq!(
        send("k1", "a.txt", "other words").await.problem(422),
        "idempotency_mismatch"
    );
    assert_eq!(
        send("k1", "b.txt", "some words").await.problem(422),
        "idempotency_mismatch"
    );
    assert_ne!(
        send("k2", "a.txt", "some words").await.expect(201)["id"],
        first["id"]
    );
    assert_eq!(total(&vault).await, 2);

    // A refused request gives its key back.
    assert_eq!(send("k3", "a.txt", "").await.problem(422), "empty_file");
    send("k3", "a.txt", "now with words").await.expect(201);

    // The same key at the same time: one goes on, the other is told to wait. The slow one has the
    // key once its first bytes were taken, which the channel shows by having room again.
    let (sender, body) = slow_upload();
    let request = vault.request(Method::POST, "/api/documents/upload");
    let request = request.header("idempotency-key", "k4").multipart(body);
    let client = vault.client();
    let slow = tokio::spawn(async move { client.send(request).await });
    for _ in 0..200 {
        sender
            .send(Ok(b"a part of a slow upload, ".repeat(2000)))
            .await
            .unwrap();
    }
    let early = send("k4", "slow.txt", "whatever").await;
    assert_eq!(early.problem(409), "idempotency_in_progress");
    drop(sender);
    slow.await.unwrap().expect(201);
}

type Chunks = mpsc::Sender<Result<Vec<u8>, std::io::Error>>;

/// A form whose file comes as the test sends it.
fn slow_upload() -> (Chunks, multipart::Form) {
    let (sender, receiver) = mpsc::channel(1);
    let body = Body::wrap_stream(ReceiverStream::new(receiver));
    let part = multipart::Part::stream(body).file_name("slow.txt");
    (sender, multipart::Form::new().part("file", part))
}

async fn a_broken_upload_leaves_nothing(stack: Stack) {
    let stack = stack.with("DOCUVAULT_SWEEP_SECONDS", "1");
    let vault = stack.serve();
    for _ in 0..3 {
        let (sender, body) = slow_upload();
        let request = vault
            .request(Method::POST, "/api/documents/upload")
            .multipart(body);
        let client = vault.client();
        let upload = tokio::spawn(async move { client.try_send(request).await });
        for _ in 0..200 {
            sender.send(Ok(vec![b'x'; 64 * 1024])).await.unwrap();
        }
        sender
            .send(Err(std::io::Error::other("the client fell over")))
            .await
            .unwrap();
        assert!(upload.await.unwrap().is_err());
    }
    assert_eq!(total(&vault).await, 0);
    let left = async {
        while !stack.object_rows().await.is_empty() || !stack.stored_keys().await.is_empty() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), left)
        .await
        .expect("something was left behind");
}

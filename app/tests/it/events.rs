//! `GET /api/events`.

use std::time::Duration;

use futures::StreamExt as _;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::on_both_stacks;
use crate::support::{Client, HANDLE, Stack};

on_both_stacks!(
    a_stream_ends_with_its_session,
    what_happens_is_told,
    a_client_that_was_away_is_told_what_it_missed
);

/// One event as it came.
#[derive(Debug)]
struct Event {
    id: String,
    name: String,
    data: Value,
}

struct Events {
    response: Response,
    buffer: String,
}

impl Events {
    /// Listens from now on; returns once the stream is open.
    async fn listen(vault: &Client, last: Option<&str>) -> Self {
        let mut request = vault.request(Method::GET, "/api/events");
        if let Some(id) = last {
            request = request.header("last-event-id", id);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self {
            response,
            buffer: String::new(),
        }
    }

    async fn next(&mut self) -> Event {
        let read = async {
            loop {
                while let Some((frame, rest)) = self.buffer.split_once("\n\n") {
                    let (frame, rest) = (frame.to_owned(), rest.to_owned());
                    self.buffer = rest;
                    let field = |name: &str| {
                        let line = frame.lines().find_map(|line| line.strip_prefix(name));
                        line.unwrap_or_default().trim().to_owned()
                    };
                    if !field("event:").is_empty() {
                        let data = serde_json::from_str(&field("data:")).unwrap();
                        return Event {
                            id: field("id:"),
                            name: field("event:"),
                            data,
                        };
                    }
                }
                let chunk = self
                    .response
                    .chunk()
                    .await
                    .unwrap()
                    .expect("the stream ended");
                self.buffer.push_str(std::str::from_utf8(&chunk).unwrap());
            }
        };
        tokio::time::timeout(Duration::from_secs(20), read)
            .await
            .expect("no event came")
    }

    /// Events up to the one that satisfies `last`, it included.
    async fn until(&mut self, last: impl Fn(&Event) -> bool) -> Vec<Event> {
        let mut seen = Vec::new();
        loop {
            let event = self.next().await;
            let done = last(&event);
            seen.push(event);
            if done {
                return seen;
            }
        }
    }
}

async fn what_happens_is_told(stack: Stack) {
    let vault = stack.serve();
    let mut events = Events::listen(&vault, None).await;
    let id = vault.add("a.txt", "Something has happened.").await;
    let seen = events.until(|event| event.data["status"] == "ready").await;
    let names: Vec<_> = seen.iter().map(|event| event.name.as_str()).collect();
    assert_eq!(names[0], "document.created");
    assert!(
        names[1..].iter().all(|name| *name == "document.updated"),
        "{names:?}"
    );
    assert!(
        seen.iter()
            .all(|event| event.data["id"] == id.as_str() && !event.id.is_empty())
    );
    let states: Vec<_> = seen
        .iter()
        .map(|event| event.data["status"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["pending", "processing", "ready"]);
    assert_eq!(
        seen[2].data,
        vault.document(&id).await,
        "data is the resource as it is read"
    );

    let path = format!("/api/documents/{id}");
    vault
        .patch(&path, json!({"title": "New"}))
        .await
        .expect(200);
    assert_eq!(events.next().await.data["title"], "New");
    vault.delete(&format!("{path}?permanent=true")).await;
    let deleted = events.next().await;
    assert_eq!(
        (deleted.name.as_str(), &deleted.data),
        ("document.deleted", &json!({"id": id}))
    );

    // A stopping vault ends its streams instead of waiting for them.
    let client = vault.client();
    let mut open = Events::listen(&client, None).await;
    let stopped = tokio::task::spawn_blocking(move || vault.stop());
    while let Ok(Some(_)) = open.response.chunk().await {}
    assert!(stopped.await.unwrap().success());
}

async fn a_stream_ends_with_its_session(stack: Stack) {
    let vault = stack.serve();
    let session = vault.sign_in(HANDLE).await;
    let wanted = json!({ "name": "a program", "scopes": ["read"] });
    let made = session.post("/api/auth/tokens", wanted).await.expect(201);
    let program = vault.with_token(made["token"].as_str());
    let mut by_session = Events::listen(&session, None).await;
    let mut by_token = Events::listen(&program, None).await;
    let mut stays = Events::listen(&vault, None).await;
    let token = made["api_token"]["id"].as_str().unwrap();
    let path = format!("/api/auth/tokens/{token}");
    session.delete(&path).await.expect(204);
    let sessions = session.get("/api/auth/sessions").await.expect(200);
    let sessions = sessions["items"].as_array().unwrap();
    let current = sessions.iter().find(|it| it["current"] == true).unwrap();
    let id = current["id"].as_str().unwrap();
    session
        .delete(&format!("/api/auth/sessions/{id}"))
        .await
        .expect(204);
    let until_over = async |events: &mut Events| {
        while let Some(chunk) = events.response.chunk().await.unwrap() {
            assert!(chunk.starts_with(b": "), "nothing happens: {chunk:?}");
        }
    };
    until_over(&mut by_session).await;
    until_over(&mut by_token).await;
    vault.add("a.txt", "Somebody else is there still.").await;
    assert_eq!(stays.next().await.name, "document.created");
}

async fn a_client_that_was_away_is_told_what_it_missed(stack: Stack) {
    let vault = stack.serve();
    let mut events = Events::listen(&vault, None).await;
    vault.add("a.txt", "The first.").await;
    let seen = events.until(|event| event.data["status"] == "ready").await;
    drop(events);
    let missed = vault.add("b.txt", "The second.").await;
    vault.wait_until_processed(&missed).await;

    let mut events = Events::listen(&vault, Some(&seen.last().unwrap().id)).await;
    let caught_up = events.until(|event| event.data["status"] == "ready").await;
    assert_eq!(caught_up.len(), 3);
    assert!(
        caught_up
            .iter()
            .all(|event| event.data["id"] == missed.as_str())
    );

    let mut lost = Events::listen(&vault, Some("1-1")).await;
    assert_eq!(lost.next().await.name, "resync");
    let comment = Events::listen(&vault, None)
        .await
        .response
        .bytes_stream()
        .next()
        .await;
    assert_eq!(comment.unwrap().unwrap().as_ref(), b": connected\n\n");
}

//! How documents are filed: learning from people, and what they are asked to look at.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket};

use crate::on_both_stacks;
use crate::support::{Stack, Vault};

on_both_stacks!(
    what_a_person_files_teaches_at_once,
    what_was_rejected_is_not_suggested_again,
    what_needs_review_is_listed_until_somebody_decides,
    a_provider_that_comes_back_files_what_waited
);

const REHEARSALS: [&str; 4] = [
    "Chamber choir, rehearsal plan for spring. Mondays at half past seven in the parish hall. \
     Sopranos and altos first, tenors and basses from eight. Please bring the Haydn scores.",
    "To all singers: the concert programme is settled. Haydn, Rheinberger and three madrigals. \
     Dress rehearsal on Saturday in the church, altos meet the conductor beforehand.",
    "Minutes of the choir meeting. The conductor asks for punctual attendance at rehearsals. \
     Basses are short of voices. The summer concert stays in the church garden.",
    "Dear singers, the choir weekend takes place in June. Rehearsals on both days, tenors and \
     sopranos in separate rooms, and a small concert for the village on Sunday.",
];
const FAULT: &str = "Your inverter reports an insulation fault on string two. Feed-in is interrupted. \
                     Have the modules and cables on the roof checked by an electrician.";

/// The names of the document's topics, surest first.
fn topics(document: &Value) -> Vec<&str> {
    let topics = document["topics"].as_array().unwrap().iter();
    topics
        .map(|topic| topic["name"].as_str().unwrap())
        .collect()
}

async fn add_topic(vault: &Vault, name: &str) -> String {
    let made = vault.post("/api/topics", json!({"name": name})).await;
    made.expect(201)["id"].as_str().unwrap().to_owned()
}

async fn decide(vault: &Vault, method: reqwest::Method, document: &Value, topic: &str) -> Value {
    let path = format!(
        "/api/documents/{}/topics/{topic}",
        document["id"].as_str().unwrap()
    );
    vault.send(vault.request(method, &path)).await.expect(200)
}

async fn what_a_person_files_teaches_at_once(stack: Stack) {
    let vault = stack.serve();
    let choir = add_topic(&vault, "Singing group").await;
    let unknown = vault.add_and_process("scan_1.txt", REHEARSALS[0]).await;
    assert_eq!(topics(&unknown), [""; 0], "nothing tells yet");
    decide(&vault, reqwest::Method::PUT, &unknown, &choir).await;
    for (n, text) in REHEARSALS.iter().enumerate().skip(1) {
        let read = vault.add_and_process(&format!("scan_{n}.txt"), *text).await;
        assert_eq!(topics(&read)[0], "Singing group", "{read}");
        decide(&vault, reqwest::Method::PUT, &read, &choir).await;
    }
    let other = vault.add_and_process("scan_9.txt", FAULT).await;
    assert!(!topics(&other).contains(&"Singing group"), "{other}");

    // Another reading of the first one finds it there by itself, and leaves the person's word.
    let path = format!("/api/documents/{}", unknown["id"].as_str().unwrap());
    let again = vault.post(&format!("{path}/reprocess"), json!({})).await;
    again.expect(202);
    let again = vault
        .wait_until_processed(unknown["id"].as_str().unwrap())
        .await;
    assert_eq!(again["topics"][0]["source"], "user");
}

async fn what_was_rejected_is_not_suggested_again(stack: Stack) {
    let vault = stack.serve();
    let choir = add_topic(&vault, "Singing group").await;
    let first = vault.add_and_process("scan_1.txt", REHEARSALS[0]).await;
    decide(&vault, reqwest::Method::PUT, &first, &choir).await;
    let second = vault.add_and_process("scan_2.txt", REHEARSALS[1]).await;
    assert_eq!(topics(&second)[0], "Singing group");
    decide(&vault, reqwest::Method::DELETE, &second, &choir).await;
    let id = second["id"].as_str().unwrap();
    let path = format!("/api/documents/{id}/reprocess");
    vault.post(&path, json!({})).await.expect(202);
    let again = vault.wait_until_processed(id).await;
    assert!(topics(&again).is_empty(), "{again}");
}

async fn what_needs_review_is_listed_until_somebody_decides(stack: Stack) {
    let vault = stack.serve();
    let choir = add_topic(&vault, "Singing group").await;
    let document = vault.add_and_process("scan_1.txt", REHEARSALS[0]).await;
    let listed = async |wanted: bool| {
        let list = vault
            .get(&format!("/api/documents?needs_review={wanted}"))
            .await;
        let list = list.expect(200);
        let ids = list["items"].as_array().unwrap().iter();
        ids.map(|item| item["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(listed(true).await, [document["id"].clone()]);
    assert_eq!(listed(false).await, [Value::Null; 0]);
    decide(&vault, reqwest::Method::PUT, &document, &choir).await;
    assert_eq!(listed(true).await, [Value::Null; 0]);
    assert_eq!(listed(false).await, [document["id"].clone()]);
    let bulk = json!({"action": "reprocess", "filter": {"needs_review": true}});
    let none = vault.post("/api/documents/bulk", bulk).await.expect(200);
    assert_eq!(none["succeeded"], 0);
}

/// Answers every question as a hostile or confused model might: one topic that exists, one that does
/// not, and a new one.
async fn answer_as_a_model(listener: TcpListener) {
    let said = json!({
        "topics": [{"name": "Invoices", "confidence": 0.9}, {"name": "Nowhere", "confidence": 1}],
        "new_topics": ["Garden"], "title": "A shovel", "summary": "A bill for a shovel",
        "language": "en", "date": null, "correspondent": null, "reason": "it asks for money",
    });
    let message = json!({"role": "assistant", "content": said.to_string()});
    let answer = json!({"model": "small", "message": message, "done": true, "done_reason": "stop"});
    let answer = answer.to_string();
    while let Ok((mut stream, _)) = listener.accept().await {
        // The question is small and its head is all that is waited for.
        let mut question = vec![0; 64 * 1024];
        let _ = stream.read(&mut question).await;
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";
        let answer = format!("{head}Content-Length: {}\r\n\r\n{answer}", answer.len());
        let _ = stream.write_all(answer.as_bytes()).await;
        let _ = stream.shutdown().await;
    }
}

async fn a_provider_that_comes_back_files_what_waited(stack: Stack) {
    // An address that is ours and answers nobody yet.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    let stack = stack
        .with("DOCUVAULT_AI__PROVIDER", "ollama")
        .with("DOCUVAULT_AI__MODEL", "small")
        .with("DOCUVAULT_AI__BASE_URL", format!("http://{address}"));
    let vault = stack.serve();
    let waiting = vault
        .add_and_process("shovel.txt", "One shovel, 12 EUR, please pay")
        .await;
    assert_eq!(
        (waiting["status"].as_str(), topics(&waiting).len()),
        (Some("ready"), 0)
    );
    let detail = waiting["status_detail"].as_str().unwrap();
    assert!(
        detail.contains("as soon as the AI provider answers"),
        "{detail}"
    );

    let model = tokio::spawn(answer_as_a_model(socket.listen(8).unwrap()));
    let id = waiting["id"].as_str().unwrap();
    let filed = async {
        loop {
            let document = vault.document(id).await;
            if document["status_detail"].is_null() {
                return document;
            }
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    };
    let filed = tokio::time::timeout(std::time::Duration::from_secs(90), filed).await;
    let filed = filed.expect("filed by itself");
    assert_eq!(topics(&filed), ["Invoices"]);
    assert_eq!(filed["topics"][0]["source"], "ai");
    assert_eq!(filed["topic_proposals"], json!(["Garden"]));
    assert_eq!(filed["title"], "A shovel");
    model.abort();
}

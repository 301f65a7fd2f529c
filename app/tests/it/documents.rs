//! What people do with documents.

use docuvault_testkit::builders::pdf;
use reqwest::Method;
use serde_json::{Value, json};

use crate::on_both_stacks;
use crate::support::{Stack, Vault};

const INVOICE: &str = "Stadtwerke Musterstadt GmbH\n\nRechnung Nr. 2026-0815\n\
    Rechnungsdatum: 12.03.2026\nKundennummer 4711\n\n\
    Sehr geehrte Damen und Herren,\nfuer die Lieferung von Strom berechnen wir Ihnen\n\
    Nettobetrag 100,00 EUR\nUmsatzsteuer 19 % 19,00 EUR\nRechnungsbetrag 119,00 EUR\n\
    Bitte ueberweisen Sie den Betrag bis zum 26.03.2026 auf das unten genannte Konto.\n\
    Vielen Dank fuer Ihren Auftrag.";

on_both_stacks!(
    a_pdf_is_kept_read_and_filed,
    content_is_given_back_byte_for_byte,
    edits_stand_against_rules,
    versions_guard_edits,
    trash_restore_and_delete_for_ever,
    the_list_filters_sorts_and_pages,
    bulk_answers_for_each,
    topics_are_confirmed_and_rejected,
);

async fn a_pdf_is_kept_read_and_filed(stack: Stack) {
    let vault = stack.serve();
    let bytes = pdf(&[INVOICE, "Seite zwei: Zahlungsbedingungen", "Seite drei"]);
    let answer = vault.upload("scan_0001.pdf", bytes.clone()).await;
    let created = answer.expect(201);
    let id = created["id"].as_str().unwrap();
    assert_eq!(answer.header("location"), format!("/api/documents/{id}"));
    assert_eq!(created["status"], "pending");
    assert_eq!(created["mime_type"], "application/pdf");
    assert_eq!(created["size_bytes"], bytes.len());
    assert_eq!(created["owner"]["handle"], "owner");
    let kind = if stack.is_embedded() {
        "filesystem"
    } else {
        "minio"
    };
    assert_eq!(created["storage"]["kind"], kind);

    let document = vault.wait_until_processed(id).await;
    assert_eq!(document["status"], "ready", "{document:#}");
    assert_eq!(document["page_count"], 3);
    assert_eq!(document["language"], "de");
    assert_eq!(document["document_date"], "2026-03-12");
    assert!(
        document["title"].as_str().unwrap().contains("2026-0815"),
        "{document:#}"
    );
    let topics = document["topics"].as_array().unwrap();
    let invoice = topics
        .iter()
        .find(|topic| topic["name"] == "Invoices")
        .unwrap();
    assert_eq!(invoice["state"], "applied");
    assert_eq!(invoice["source"], "rule");
    assert!(invoice["confidence"].as_f64().unwrap() > 0.6);

    let text = vault
        .get(&format!("/api/documents/{id}/text"))
        .await
        .expect(200);
    assert_eq!(text["pages"].as_array().unwrap().len(), 3);
    assert!(
        text["pages"][0]["text"]
            .as_str()
            .unwrap()
            .contains("Rechnung Nr. 2026-0815")
    );
    assert!(
        text["text"]
            .as_str()
            .unwrap()
            .contains("Zahlungsbedingungen")
    );
    assert_eq!(text["language"], "de");
}

async fn content_is_given_back_byte_for_byte(stack: Stack) {
    let vault = stack.serve();
    let bytes: Vec<u8> = format!("line\n{}", "0123456789".repeat(1000)).into_bytes();
    let document = vault
        .add_and_process("naïve \"q\".txt", bytes.clone())
        .await;
    let path = format!(
        "/api/documents/{}/content",
        document["id"].as_str().unwrap()
    );

    let whole = vault.get(&path).await;
    assert_eq!((whole.status, &whole.bytes), (200, &bytes));
    assert_eq!(
        whole.header("etag"),
        format!("\"{}\"", document["sha256"].as_str().unwrap())
    );
    assert_eq!(whole.header("accept-ranges"), "bytes");
    assert_eq!(whole.header("x-content-type-options"), "nosniff");
    assert_eq!(
        whole.header("content-security-policy"),
        "sandbox; default-src 'none'"
    );
    let disposition = whole.header("content-disposition");
    assert!(disposition.starts_with("inline;"), "{disposition}");
    assert!(
        disposition.contains("filename*=UTF-8''na%C3%AFve%20%22q%22.txt"),
        "{disposition}"
    );

    let ranged = |range: &str| vault.request(Method::GET, &path).header("range", range);
    for (range, part) in [
        ("bytes=0-0", &bytes[..1]),
        ("bytes=100-199", &bytes[100..200]),
        ("bytes=9990-", &bytes[9990..]),
        ("bytes=-7", &bytes[bytes.len() - 7..]),
        ("bytes=9000-99999999", &bytes[9000..]),
    ] {
        let answer = vault.send(ranged(range)).await;
        assert_eq!(
            (answer.status, answer.bytes.as_slice()),
            (206, part),
            "{range}"
        );
        assert!(
            answer
                .header("content-range")
                .ends_with(&format!("/{}", bytes.len()))
        );
    }
    for ignored in ["bytes=0-1,5-6", "lines=1-2", "bytes=5-1", "nonsense"] {
        assert_eq!(vault.send(ranged(ignored)).await.status, 200, "{ignored}");
    }
    let beyond = vault.send(ranged("bytes=20000-")).await;
    assert_eq!(beyond.problem(416), "range_not_satisfiable");
    assert_eq!(
        beyond.header("content-range"),
        format!("bytes */{}", bytes.len())
    );

    let tag = whole.header("etag").to_owned();
    let known = vault
        .request(Method::GET, &path)
        .header("if-none-match", &tag);
    let known = vault.send(known).await;
    assert_eq!(known.status, 304);
    // Browsers take over the headers of a 304.
    for name in ["etag", "cache-control", "content-security-policy"] {
        assert_eq!(known.header(name), whole.header(name), "{name}");
    }
    let stale = ranged("bytes=0-0").header("if-range", "\"other\"");
    assert_eq!(vault.send(stale).await.status, 200);
    let fresh = ranged("bytes=0-0").header("if-range", &tag);
    assert_eq!(vault.send(fresh).await.status, 206);

    let head = vault.send(vault.request(Method::HEAD, &path)).await;
    assert_eq!((head.status, head.bytes.len()), (200, 0));
    assert_eq!(head.header("content-length"), bytes.len().to_string());

    let saved = vault.get(&format!("{path}?download=true")).await;
    assert!(
        saved
            .header("content-disposition")
            .starts_with("attachment;")
    );
    let html = vault
        .add("page.html", "<!doctype html><html><body>x</body></html>")
        .await;
    let html = vault.get(&format!("/api/documents/{html}/content")).await;
    assert!(
        html.header("content-disposition")
            .starts_with("attachment;")
    );
}

async fn edits_stand_against_rules(stack: Stack) {
    let vault = stack.serve();
    let document = vault.add_and_process("a.pdf", pdf(&[INVOICE])).await;
    let path = format!("/api/documents/{}", document["id"].as_str().unwrap());
    let patch = json!({
        "title": "My own title", "document_date": null, "correspondent": "Aunt Mary",
        "topics": ["Holiday 2026", "bank"],
    });
    let edited = vault.patch(&path, patch).await.expect(200);
    assert_eq!(edited["title"], "My own title");
    assert_eq!(edited["document_date"], Value::Null);
    assert_eq!(edited["version"], 2);
    let names = |document: &Value| {
        let topics = document["topics"].as_array().unwrap();
        let mut names: Vec<_> = topics
            .iter()
            .map(|topic| topic["name"].as_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names(&edited), ["Bank", "Holiday 2026"]);

    vault
        .post(&format!("{path}/reprocess"), json!({}))
        .await
        .expect(202);
    let again = vault
        .wait_until_processed(document["id"].as_str().unwrap())
        .await;
    assert_eq!(again["title"], "My own title");
    assert_eq!(again["document_date"], Value::Null);
    assert_eq!(again["correspondent"], "Aunt Mary");
    assert_eq!(
        names(&again),
        ["Bank", "Holiday 2026"],
        "what was taken away stays away"
    );

    for bad in [
        json!({"title": ""}),
        json!({"title": "a\nb"}),
        json!({"document_date": "2026-02-30"}),
        json!({"correspondent": " "}),
        json!({"folder_id": "018f0000-0000-7000-8000-000000000000"}),
        json!({"topics": [""]}),
        json!({"colour": "red"}),
    ] {
        assert_eq!(
            vault.patch(&path, bad.clone()).await.problem(422),
            "invalid_request",
            "{bad}"
        );
    }
    let unknown = json!({"topics": ["018f0000-0000-7000-8000-000000000000"]});
    assert_eq!(
        vault.patch(&path, unknown).await.problem(422),
        "unknown_topic"
    );
    assert_eq!(
        vault.document(document["id"].as_str().unwrap()).await["version"],
        2
    );
}

async fn versions_guard_edits(stack: Stack) {
    let vault = stack.serve();
    let document = vault.add_and_process("a.txt", "A few plain words.").await;
    let path = format!("/api/documents/{}", document["id"].as_str().unwrap());
    let tag = vault.get(&path).await.header("etag").to_owned();
    assert_eq!(tag, "\"1\"");
    let patch = |tag: &str, title: &str| {
        let request = vault.request(Method::PATCH, &path).header("if-match", tag);
        vault.send(request.json(&json!({"title": title})))
    };
    assert_eq!(patch(&tag, "first").await.expect(200)["version"], 2);
    assert_eq!(patch(&tag, "second").await.problem(412), "version_mismatch");
    assert_eq!(patch("*", "third").await.expect(200)["title"], "third");
    assert_eq!(patch("\"soon\"", "x").await.problem(422), "invalid_request");
}

async fn trash_restore_and_delete_for_ever(stack: Stack) {
    let vault = stack.serve();
    let document = vault.add_and_process("a.txt", "To be thrown away.").await;
    let id = document["id"].as_str().unwrap();
    let path = format!("/api/documents/{id}");
    let listed = async |query: &str| {
        let list = vault
            .get(&format!("/api/documents?total=true{query}"))
            .await
            .expect(200);
        list["total"].as_u64().unwrap()
    };
    assert_eq!(vault.delete(&path).await.status, 204);
    assert_eq!((listed("").await, listed("&trashed=true").await), (0, 1));
    assert!(vault.document(id).await["trashed_at"].is_string());
    let content = vault.get(&format!("{path}/content")).await;
    assert_eq!(content.bytes, b"To be thrown away.");

    let restored = vault
        .post(&format!("{path}/restore"), json!({}))
        .await
        .expect(200);
    assert_eq!(restored["trashed_at"], Value::Null);
    assert_eq!((listed("").await, listed("&trashed=true").await), (1, 0));

    assert_eq!(
        vault.delete(&format!("{path}?permanent=true")).await.status,
        204
    );
    assert_eq!(vault.get(&path).await.problem(404), "not_found");
    assert_eq!(
        vault.get(&format!("{path}/content")).await.problem(404),
        "not_found"
    );
    assert_eq!(
        vault.get(&format!("{path}/text")).await.problem(404),
        "not_found"
    );
    assert_eq!(vault.delete(&path).await.problem(404), "not_found");
    assert_eq!((listed("").await, listed("&trashed=true").await), (0, 0));
    assert_eq!(stack.stored_keys().await, [""; 0]);
    assert_eq!(stack.object_rows().await, []);
}

async fn titles(vault: &Vault, query: &str) -> Vec<String> {
    let list = vault
        .get(&format!("/api/documents?{query}"))
        .await
        .expect(200);
    let items = list["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["title"].as_str().unwrap().to_owned())
        .collect()
}

async fn the_list_filters_sorts_and_pages(stack: Stack) {
    let vault = stack.with("DOCUVAULT_WORKER__CONCURRENCY", "0").serve();
    for name in ["delta", "alpha", "charlie", "bravo", "Echo"] {
        let filler = "x".repeat(name.len());
        vault
            .add(&format!("{name}.txt"), format!("{filler} words of {name}"))
            .await;
    }
    vault.add("paper.pdf", pdf(&["on paper"])).await;
    assert_eq!(
        titles(&vault, "").await,
        ["paper", "Echo", "bravo", "charlie", "alpha", "delta"],
        "newest first"
    );
    assert_eq!(
        titles(&vault, "sort=title").await,
        ["alpha", "bravo", "charlie", "delta", "Echo", "paper"]
    );
    assert_eq!(
        titles(&vault, "sort=created_at&limit=2").await,
        ["delta", "alpha"]
    );
    assert_eq!(titles(&vault, "mime_type=application/pdf").await, ["paper"]);
    assert_eq!(
        titles(&vault, "mime_type=application/x-none").await,
        [""; 0]
    );
    assert_eq!(titles(&vault, "status=ready").await, [""; 0]);
    assert_eq!(titles(&vault, "q=ALPH").await, ["alpha"]);
    assert_eq!(
        titles(&vault, "q=100%25").await,
        [""; 0],
        "a percent sign is no wildcard"
    );
    assert_eq!(titles(&vault, "folder_id=root&limit=1").await, ["paper"]);
    assert_eq!(titles(&vault, "owner=shared").await, [""; 0]);
    assert_eq!(
        titles(&vault, "created_after=2100-01-01T00:00:00Z").await,
        [""; 0]
    );

    for sort in [
        "title",
        "-title",
        "size",
        "-created_at",
        "document_date",
        "-updated_at",
    ] {
        let whole = titles(&vault, &format!("sort={sort}")).await;
        let mut walked = Vec::new();
        let mut cursor = String::new();
        loop {
            let path = format!("/api/documents?sort={sort}&limit=2{cursor}");
            let page = vault.get(&path).await.expect(200);
            let items = page["items"].as_array().unwrap();
            walked.extend(
                items
                    .iter()
                    .map(|item| item["title"].as_str().unwrap().to_owned()),
            );
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(walked, whole, "{sort}");
    }
    for bad in [
        "limit=0",
        "limit=201",
        "limit=x",
        "cursor=zzz",
        "sort=colour",
        "status=lost",
        "created_after=yesterday",
        "document_date_before=2026-13-01",
        "folder_id=nowhere",
        "topic=none",
    ] {
        let answer = vault.get(&format!("/api/documents?{bad}")).await;
        assert_eq!(answer.problem(422), "invalid_request", "{bad}");
    }
}

async fn bulk_answers_for_each(stack: Stack) {
    let vault = stack.serve();
    let mut ids = Vec::new();
    for n in 0..5 {
        ids.push(
            vault
                .add(&format!("bulk {n}.txt"), format!("number {n} of five"))
                .await,
        );
    }
    let unknown = "018f0000-0000-7000-8000-000000000000";
    let bulk = async |body: Value| vault.post("/api/documents/bulk", body).await;

    let answer = bulk(json!({"action": "trash", "ids": [ids[0], unknown, ids[0]]}))
        .await
        .expect(200);
    assert_eq!(
        (&answer["succeeded"], &answer["failed"]),
        (&json!(1), &json!(1))
    );
    let results = answer["results"].as_array().unwrap();
    let refused = results.iter().find(|item| item["id"] == unknown).unwrap();
    assert_eq!(refused["code"], "not_found");

    let filter = json!({"q": "bulk"});
    let answer = bulk(json!({"action": "trash", "filter": filter, "except": [ids[4]]})).await;
    assert_eq!(answer.expect(200)["succeeded"], 3);
    assert_eq!(titles(&vault, "").await, ["bulk 4"]);
    let answer = bulk(json!({"action": "restore", "filter": {"trashed": true}})).await;
    assert_eq!(answer.expect(200)["succeeded"], 4);

    let answer =
        bulk(json!({"action": "add_topics", "ids": ids, "topics": ["Five", "Bank"]})).await;
    assert_eq!(answer.expect(200)["succeeded"], 5);
    let topics = vault.get("/api/topics").await.expect(200);
    let five = topics["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|topic| topic["name"] == "Five");
    assert_eq!(five.unwrap()["document_count"], 5);
    let topic = five.unwrap()["id"].as_str().unwrap();
    assert_eq!(titles(&vault, &format!("topic={topic}")).await.len(), 5);
    let answer = bulk(json!({"action": "remove_topics", "ids": [ids[1]], "topics": [topic]})).await;
    assert_eq!(answer.expect(200)["succeeded"], 1);
    assert_eq!(titles(&vault, &format!("topic={topic}")).await.len(), 4);

    assert_eq!(
        bulk(json!({"action": "reprocess", "ids": ids}))
            .await
            .expect(200)["succeeded"],
        5
    );
    for id in &ids {
        assert_eq!(vault.wait_until_processed(id).await["status"], "ready");
    }
    assert_eq!(
        bulk(json!({"action": "delete", "filter": {}}))
            .await
            .expect(200)["succeeded"],
        5
    );
    assert_eq!(titles(&vault, "").await, [""; 0]);

    let many = vec![unknown; 501];
    for bad in [
        json!({"action": "trash"}),
        json!({"action": "trash", "ids": [], "filter": {}}),
        json!({"action": "trash", "ids": many}),
        json!({"action": "burn", "ids": []}),
        json!({"action": "trash", "filter": {"topci": unknown}}),
        json!({"action": "add_topics", "ids": []}),
        json!({"action": "trash", "ids": [], "topics": ["x"]}),
    ] {
        assert_eq!(
            bulk(bad.clone()).await.problem(422),
            "invalid_request",
            "{bad}"
        );
    }
}

async fn topics_are_confirmed_and_rejected(stack: Stack) {
    let vault = stack.serve();
    let document = vault.add_and_process("a.pdf", pdf(&[INVOICE])).await;
    let path = format!("/api/documents/{}", document["id"].as_str().unwrap());
    let topic = document["topics"][0]["id"].as_str().unwrap().to_owned();
    let topic_path = format!("{path}/topics/{topic}");

    let put = vault.request(Method::PUT, &topic_path);
    let confirmed = vault.send(put).await.expect(200);
    assert_eq!(confirmed["topics"][0]["source"], "user");
    assert_eq!(confirmed["topics"][0]["confidence"], Value::Null);
    let rejected = vault.delete(&topic_path).await.expect(200);
    let gone = |document: &Value| {
        let topics = document["topics"].as_array().unwrap();
        topics.iter().all(|it| it["id"] != topic.as_str())
    };
    assert!(gone(&rejected));
    vault
        .post(&format!("{path}/reprocess"), json!({}))
        .await
        .expect(202);
    let again = vault
        .wait_until_processed(document["id"].as_str().unwrap())
        .await;
    assert!(gone(&again), "what was rejected is not suggested again");

    let unknown = format!("{path}/topics/018f0000-0000-7000-8000-000000000000");
    assert_eq!(vault.delete(&unknown).await.problem(404), "not_found");
}

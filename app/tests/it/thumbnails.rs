//! Pictures of first pages, over HTTP.

use std::time::Duration;

use docuvault_testkit::builders::text_pdf;
use reqwest::Method;
use serde_json::json;

use crate::on_both_stacks;
use crate::support::{Stack, Vault};

on_both_stacks!(
    a_picture_is_made_shown_replaced_and_goes_with_its_document,
    what_has_no_picture_says_so
);

/// A red pixel.
const PNG: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52,
    0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x02, 0x00, 0x00, 0x00, 0x90, 0x77, 0x53,
    0xde, 0x00, 0x00, 0x00, 0x0c, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0x00,
    0x00, 0x03, 0x01, 0x01, 0x00, 0xc9, 0xfe, 0x92, 0xef, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e,
    0x44, 0xae, 0x42, 0x60, 0x82,
];

/// The head of a PNG of 60,000 by 60,000 pixels.
const FLOOD: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52,
    0x00, 0x00, 0xea, 0x60, 0x00, 0x00, 0xea, 0x60, 0x08, 0x02, 0x00, 0x00, 0x00, 0x0f, 0xb0, 0xe2,
    0x15, 0x00, 0x00, 0x00, 0x00, 0x49, 0x44, 0x41, 0x54, 0x35, 0xaf, 0x06, 0x1e, 0x00, 0x00, 0x00,
    0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

fn path(id: &str) -> String {
    format!("/api/documents/{id}/thumbnail")
}

/// Width and height, as the head of a lossless WebP file says.
fn size(webp: &[u8]) -> (u32, u32) {
    assert_eq!(&webp[..4], b"RIFF");
    assert_eq!(&webp[8..16], b"WEBPVP8L");
    let packed = u32::from_le_bytes(webp[21..25].try_into().unwrap());
    ((packed & 0x3fff) + 1, (packed >> 14 & 0x3fff) + 1)
}

async fn ready(vault: &Vault, name: &str, bytes: impl Into<Vec<u8>>) -> String {
    let document = vault.add_and_process(name, bytes).await;
    assert_eq!(document["status"], "ready", "{document:#}");
    document["id"].as_str().unwrap().to_owned()
}

async fn a_picture_is_made_shown_replaced_and_goes_with_its_document(stack: Stack) {
    let stack = stack.with("DOCUVAULT_SWEEP_SECONDS", "1");
    let vault = stack.serve();
    let id = ready(&vault, "letter.pdf", text_pdf("Dear Sir or Madam,")).await;

    assert_eq!(vault.document(&id).await["has_thumbnail"], true);
    let answer = vault.get(&path(&id)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "image/webp");
    assert_eq!(answer.header("cache-control"), "private, no-cache");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    let policy = answer.header("content-security-policy");
    assert_eq!(policy, "sandbox; default-src 'none'");
    assert_eq!(size(&answer.bytes), (283, 400));
    let (tag, length) = (answer.header("etag"), answer.bytes.len().to_string());

    let head = vault.request(Method::HEAD, &path(&id));
    let head = vault.send(head).await;
    assert_eq!((head.status, head.header("etag")), (200, tag));
    assert_eq!(head.header("content-length"), length);
    let known = vault.request(Method::GET, &path(&id));
    let known = vault.send(known.header("if-none-match", tag)).await;
    assert_eq!((known.status, known.header("etag")), (304, tag));
    assert!(known.bytes.is_empty());
    for name in ["cache-control", "content-security-policy"] {
        assert_eq!(known.header(name), answer.header(name), "{name}");
    }
    let other = vault.request(Method::GET, &path(&id));
    let other = vault.send(other.header("if-none-match", "\"other\"")).await;
    assert_eq!(other.bytes, answer.bytes);

    // The same bytes make the same picture, under another key; the old one is swept.
    let before = stack.stored_keys().await;
    assert_eq!(before.len(), 2);
    let again = format!("/api/documents/{id}/reprocess");
    vault.post(&again, json!({})).await.expect(202);
    vault.wait_until_processed(&id).await;
    assert_eq!(vault.get(&path(&id)).await.bytes, answer.bytes);
    let swept = async {
        loop {
            let (rows, keys) = (stack.object_rows().await, stack.stored_keys().await);
            if rows.len() == 2 && keys.len() == 2 && keys != before {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let swept = tokio::time::timeout(Duration::from_mins(1), swept).await;
    swept.expect("the old picture is swept");

    let document = format!("/api/documents/{id}");
    assert_eq!(vault.delete(&document).await.status, 204);
    assert_eq!(vault.get(&path(&id)).await.status, 200, "in the trash");
    let gone = format!("{document}?permanent=true");
    assert_eq!(vault.delete(&gone).await.status, 204);
    assert_eq!(vault.get(&path(&id)).await.problem(404), "not_found");
    assert_eq!(stack.stored_keys().await, [""; 0]);
    assert_eq!(stack.object_rows().await, []);
}

async fn what_has_no_picture_says_so(stack: Stack) {
    let vault = stack.serve();
    for (name, bytes, picture) in [
        ("note.txt", b"Just words.", None),
        ("pixel.png", PNG, Some((1, 1))),
        ("flood.png", FLOOD, None),
    ] as [(&str, &[u8], _); 3]
    {
        let id = ready(&vault, name, bytes).await;
        let document = vault.document(&id).await;
        assert_eq!(document["has_thumbnail"], picture.is_some(), "{name}");
        let answer = vault.get(&path(&id)).await;
        if picture.is_some() {
            assert_eq!(answer.status, 200, "{name}");
            assert_eq!(Some(size(&answer.bytes)), picture);
        } else {
            assert_eq!(answer.problem(404), "no_thumbnail", "{name}");
        }
    }
    let nobody = path("0198c0de-0000-7000-8000-000000000000");
    assert_eq!(vault.get(&nobody).await.problem(404), "not_found");
    assert_eq!(
        vault.get(&path("nonsense")).await.status,
        404,
        "as for the document itself"
    );
}

//! What becomes of documents that are not what a reader wishes for.

use docuvault_testkit::builders::{assemble_pdf, encrypted_pdf, text_pdf};
use serde_json::Value;

use crate::on_both_stacks;
use crate::support::{Stack, Vault};

on_both_stacks!(every_file_ends_in_a_named_state);

const GERMAN: &str = "Über den Wolken muß die Freiheit wohl grenzenlos sein. Straße, Grüße, Öl, \
    und viele weitere Wörter, damit die Sprache sicher erkannt werden kann.";

async fn text_of(vault: &Vault, document: &Value) -> String {
    let path = format!("/api/documents/{}/text", document["id"].as_str().unwrap());
    vault.get(&path).await.expect(200)["text"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn text_is_read_in_its_own_encoding() {
    let vault = Stack::embedded().serve();
    let latin: Vec<u8> = GERMAN
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let windows = [&latin[..], b" \x80 100 \x84quoted\x93"].concat();
    let utf16 = |bom: bool, big: bool| -> Vec<u8> {
        let text = if bom {
            format!("\u{feff}{GERMAN}")
        } else {
            GERMAN.to_owned()
        };
        let bytes = |unit: u16| {
            if big {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        };
        text.encode_utf16().flat_map(bytes).collect()
    };
    for (name, bytes) in [
        ("utf8.txt", GERMAN.as_bytes().to_vec()),
        ("utf8-bom.txt", format!("\u{feff}{GERMAN}").into_bytes()),
        ("latin1.txt", latin),
        ("utf16le-bom.txt", utf16(true, false)),
        ("utf16be-bom.txt", utf16(true, true)),
        ("utf16le.txt", utf16(false, false)),
        ("utf16be.txt", utf16(false, true)),
    ] {
        let document = vault.add_and_process(name, bytes).await;
        assert_eq!(text_of(&vault, &document).await.trim(), GERMAN, "{name}");
        assert_eq!(document["language"], "de", "{name}");
    }
    let document = vault.add_and_process("windows1252.txt", windows).await;
    assert!(text_of(&vault, &document).await.ends_with("€ 100 „quoted“"));
}

async fn every_file_ends_in_a_named_state(stack: Stack) {
    let vault = stack.serve();
    let good = text_pdf("A perfectly good page.");
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde".to_vec();
    for (name, bytes, status, mime, words) in [
        (
            "encrypted.pdf",
            encrypted_pdf(),
            "failed",
            "application/pdf",
            "encrypted",
        ),
        (
            "damaged.pdf",
            b"%PDF-1.7\n".to_vec(),
            "failed",
            "application/pdf",
            "damaged",
        ),
        (
            "cut.pdf",
            good[..40].to_vec(),
            "failed",
            "application/pdf",
            "damaged",
        ),
        (
            "empty page.pdf",
            text_pdf(""),
            "ready",
            "application/pdf",
            "No text was found",
        ),
        (
            "picture.pdf",
            png,
            "ready",
            "image/png",
            "cannot be read yet",
        ),
        (
            "letter.pdf",
            b"Just words, whatever the name says.".to_vec(),
            "ready",
            "text/plain",
            "",
        ),
        ("words.png", good.clone(), "ready", "application/pdf", ""),
    ] {
        let document = vault.add_and_process(name, bytes.clone()).await;
        assert_eq!(document["status"], status, "{document:#}");
        assert_eq!(document["mime_type"], mime, "{name}");
        let detail = document["status_detail"].as_str().unwrap_or_default();
        assert!(detail.contains(words), "{name}: {detail:?}");
        assert_eq!(detail.is_empty(), words.is_empty(), "{name}: {detail:?}");
        let path = format!(
            "/api/documents/{}/content",
            document["id"].as_str().unwrap()
        );
        assert_eq!(
            vault.get(&path).await.bytes,
            bytes,
            "{name} stays downloadable"
        );
    }
}

#[tokio::test]
async fn a_reader_that_runs_out_of_its_limits_costs_one_document() {
    let vault = Stack::embedded()
        .with("DOCUVAULT_EXTRACT__CPU_SECONDS", "1")
        .with(
            "DOCUVAULT_EXTRACT__MEMORY_BYTES",
            (256 * 1024 * 1024).to_string(),
        )
        .serve();
    // Forms that draw each other ten times over, nine levels deep: a thousand million words.
    let laughs = billion_laughs_pdf();
    let first = vault.add("laughs.pdf", laughs).await;
    let good = vault
        .add_and_process("good.pdf", text_pdf("Read all the same."))
        .await;
    assert_eq!(good["status"], "ready");
    assert!(text_of(&vault, &good).await.contains("Read all the same."));
    let failed = vault.wait_until_processed(&first).await;
    assert_eq!(failed["status"], "failed");
    let detail = failed["status_detail"].as_str().unwrap();
    assert!(detail.contains("than a document may"), "{detail}");
}

fn billion_laughs_pdf() -> Vec<u8> {
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R \
         /Resources << /XObject << /N 6 0 R >> >> >>"
            .to_owned(),
        "<< /Length 5 >>\nstream\n/N Do\nendstream".to_owned(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let form = "/Type /XObject /Subtype /Form /BBox [0 0 600 800]";
    for level in 0..9 {
        let body = "/N Do ".repeat(10);
        objects.push(format!(
            "<< {form} /Resources << /XObject << /N {} 0 R >> >> /Length {} >>\nstream\n{body}\nendstream",
            7 + level,
            body.len()
        ));
    }
    let body = "BT /F1 9 Tf (ha) Tj ET";
    objects.push(format!(
        "<< {form} /Resources << /Font << /F1 5 0 R >> >> /Length {} >>\nstream\n{body}\nendstream",
        body.len()
    ));
    assemble_pdf(&objects, "")
}

#[tokio::test]
async fn a_killed_reader_costs_one_document() {
    let vault = Stack::embedded()
        .with("DOCUVAULT_EXTRACT__CPU_SECONDS", "60")
        .serve();
    let killed = vault.add("laughs.pdf", billion_laughs_pdf()).await;
    let child = async {
        loop {
            let children = format!("/proc/{0}/task", vault.pid());
            for task in std::fs::read_dir(children).unwrap().map_while(Result::ok) {
                let path = task.path().join("children");
                let pids = std::fs::read_to_string(path).unwrap_or_default();
                let busy = pids.split_whitespace().find(|pid| cpu_ticks(pid) > 20);
                if let Some(pid) = busy {
                    return pid.to_owned();
                }
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    let limit = std::time::Duration::from_secs(30);
    let pid = tokio::time::timeout(limit, child)
        .await
        .expect("no child was busy");
    assert!(
        std::process::Command::new("kill")
            .args(["-9", &pid])
            .status()
            .unwrap()
            .success()
    );
    let failed = vault.wait_until_processed(&killed).await;
    assert_eq!(failed["status"], "failed");
    assert!(!failed["status_detail"].as_str().unwrap().is_empty());
    let good = vault
        .add_and_process("good.txt", "The next one is read.")
        .await;
    assert_eq!(good["status"], "ready");
}

/// CPU time that a process has used, in ticks of 10 ms.
fn cpu_ticks(pid: &str) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let mut fields = fields.split_whitespace().skip(11);
    let mut next = || {
        fields
            .next()
            .and_then(|ticks| ticks.parse::<u64>().ok())
            .unwrap_or(0)
    };
    next() + next()
}

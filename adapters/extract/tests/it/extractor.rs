//! The text of documents.

use lopdf::{Dictionary, Object, dictionary, text_string};
use std::process::Command;
use std::time::Duration;

use crate::support::{children, config, config_with_marker, extractor, pdf, source};
use docuvault_domain::FaultKind;
use docuvault_domain::documents::MimeType;
use docuvault_domain::ports::{ExtractError, Reading, RefusalReason, StreamError, TextExtractor};
use docuvault_extract::ChildExtractor;
use time::macros::date;
use tokio::runtime::Handle;

async fn read(mime: MimeType, bytes: &[u8]) -> Result<Reading, ExtractError> {
    extractor("read").extract(source(mime, bytes)).await
}

fn reason(outcome: Result<Reading, ExtractError>) -> RefusalReason {
    match outcome {
        Err(ExtractError::Refused(refusal)) => {
            assert!(
                refusal
                    .sentence
                    .ends_with("It is kept and can be downloaded.")
            );
            refusal.reason
        }
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn text_is_read_in_one_page() {
    let reading = read(MimeType::Text, b"Gr\xfc\xdfe\r\naus K\xf6ln\0")
        .await
        .unwrap();
    let expected = Reading {
        pages: vec!["Grüße\naus Köln".to_owned()],
        ..Reading::default()
    };
    assert_eq!(reading, expected);
    assert_eq!(read(MimeType::Csv, b"").await.unwrap().pages, [""]);
}

#[tokio::test]
async fn a_language_is_told_where_there_is_text_enough() {
    let text = "Sehr geehrte Damen und Herren, anbei erhalten Sie die Rechnung für den Monat \
                Oktober. Bitte überweisen Sie den Betrag innerhalb von 14 Tagen.";
    let reading = read(MimeType::Markdown, text.as_bytes()).await.unwrap();
    assert_eq!(reading.language.as_deref(), Some("de"));
}

#[tokio::test]
async fn a_pdf_is_read_page_by_page_with_what_it_says_of_itself() {
    let bytes = pdf::build(&["First page", "", "Third page"]);
    let reading = read(MimeType::Pdf, &bytes).await.unwrap();
    assert_eq!(reading.pages, ["First page", "", "Third page"]);
    assert_eq!(reading.page_count, Some(3));
    assert_eq!(reading.properties.title.as_deref(), Some("Prüfbericht"));
    assert_eq!(reading.properties.author.as_deref(), Some("A. Muster"));
    assert_eq!(reading.properties.created, Some(date!(2024 - 02 - 29)));
    assert!(!reading.truncated);
}

#[tokio::test]
async fn encryption_without_a_password_is_no_obstacle_and_with_one_it_is() {
    let open = read(MimeType::Pdf, &pdf::encrypted("")).await.unwrap();
    assert_eq!(open.pages, ["Secret page"]);
    assert_eq!(open.properties.title.as_deref(), Some("Prüfbericht"));
    let closed = read(MimeType::Pdf, &pdf::encrypted("password")).await;
    assert_eq!(reason(closed), RefusalReason::Encrypted);
}

#[tokio::test]
async fn damaged_pdfs_are_refused() {
    for bytes in [
        &b"%PDF-1.7\nand nothing of the kind"[..],
        b"%PDF-",
        b"no pdf",
    ] {
        assert_eq!(
            reason(read(MimeType::Pdf, bytes).await),
            RefusalReason::Damaged
        );
    }
}

#[tokio::test]
async fn a_pdf_cut_anywhere_is_read_or_refused() {
    let bytes = pdf::build(&["First page", "Second page"]);
    let extractor = extractor("read");
    for end in (8..bytes.len()).step_by(97) {
        match extractor
            .extract(source(MimeType::Pdf, &bytes[..end]))
            .await
        {
            Ok(reading) => assert!(reading.pages.len() <= 2),
            Err(error) => assert_eq!(reason(Err(error)), RefusalReason::Damaged, "cut at {end}"),
        }
    }
}

#[tokio::test]
async fn texts_over_the_limit_are_truncated() {
    let mut config = config("read");
    config.max_text_bytes = 10;
    let extractor = ChildExtractor::new(config, Handle::current()).unwrap();
    let text = extractor
        .extract(source(MimeType::Text, "ä".repeat(100).as_bytes()))
        .await;
    let text = text.unwrap();
    assert_eq!(
        (text.pages, text.truncated),
        (vec!["äääää".to_owned()], true)
    );
    let bytes = pdf::build(&["First page", "Second page"]);
    let reading = extractor
        .extract(source(MimeType::Pdf, &bytes))
        .await
        .unwrap();
    assert_eq!(reading.pages, ["First page"]);
    assert_eq!(reading.page_count, Some(2));
    assert!(reading.truncated);
}

#[tokio::test]
async fn kinds_without_a_reader_start_no_child() {
    let extractor = ChildExtractor::new(
        docuvault_extract::ExtractConfig::new("/nonexistent", ["x"]),
        Handle::current(),
    )
    .unwrap();
    for mime in [MimeType::Docx, MimeType::Png, MimeType::Html, MimeType::Zip] {
        let outcome = extractor.extract(source(mime, b"x")).await;
        assert!(matches!(outcome, Err(ExtractError::Unsupported)), "{mime}");
    }
    let outcome = extractor.extract(source(MimeType::Text, b"x")).await;
    let Err(ExtractError::Port(error)) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(error.kind, FaultKind::Transient);
}

#[tokio::test]
async fn a_source_that_breaks_off_is_a_transient_fault() {
    let extractor = extractor("read");
    let mut broken = source(MimeType::Text, b"half");
    broken.bytes = Box::pin(futures::stream::iter([
        Ok(bytes::Bytes::from_static(b"ha")),
        Err(StreamError::Aborted),
    ]));
    let mut short = source(MimeType::Text, b"half");
    short.size = 5;
    let mut long = source(MimeType::Text, b"half");
    long.size = 3;
    for source in [broken, short, long] {
        let outcome = extractor.extract(source).await;
        let Err(ExtractError::Port(error)) = outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!(error.kind, FaultKind::Transient);
    }
}

#[tokio::test]
async fn a_sandboxed_child_is_denied_files_network_and_processes() {
    let reading = extractor("break-out")
        .extract(source(MimeType::Text, b"x"))
        .await
        .unwrap();
    let escape_attempts: Vec<_> = reading.pages[0].lines().collect();
    assert_eq!(escape_attempts.len(), 10);
    for attempt in escape_attempts {
        assert!(attempt.ends_with(": PermissionDenied"), "{attempt}");
    }
}

#[tokio::test]
async fn a_child_sees_nothing_of_the_environment() {
    let reading = extractor("environment")
        .extract(source(MimeType::Text, b"x"))
        .await
        .unwrap();
    assert_eq!(reading.pages, ["0 variables"]);
}

#[tokio::test]
async fn too_much_memory_or_time_is_too_demanding() {
    for mode in ["eat-memory", "spin"] {
        let outcome = extractor(mode).extract(source(MimeType::Pdf, b"x")).await;
        assert_eq!(reason(outcome), RefusalReason::TooDemanding, "{mode}");
    }
}

#[tokio::test]
async fn a_silent_child_is_ended_by_the_clock() {
    let mut config = config("silent");
    config.wall_clock = Duration::from_millis(300);
    let extractor = ChildExtractor::new(config, Handle::current()).unwrap();
    // once where all bytes fit into the pipe, once where they do not
    for size in [1, 1 << 20] {
        let outcome = extractor
            .extract(source(MimeType::Pdf, &vec![b'x'; size]))
            .await;
        assert_eq!(reason(outcome), RefusalReason::TooDemanding);
    }
}

#[tokio::test]
async fn children_that_break_the_protocol_count_as_crashed() {
    for mode in [
        "panic",
        "overflow-stack",
        "garbage",
        "half",
        "long-frame",
        "flood",
        "many-pages",
    ] {
        let outcome = extractor(mode).extract(source(MimeType::Pdf, b"x")).await;
        assert_eq!(reason(outcome), RefusalReason::Crashed, "{mode}");
    }
}

#[tokio::test]
async fn a_child_that_floods_standard_error_still_delivers_its_text() {
    let reading = extractor("complain")
        .extract(source(MimeType::Text, b"x"))
        .await
        .unwrap();
    assert_eq!(reading.pages, ["done"]);
}

#[tokio::test]
async fn a_killed_child_fails_its_own_document_only() {
    let extractor =
        ChildExtractor::new(config_with_marker("kill-test"), Handle::current()).unwrap();
    // bytes that never come keep the child waiting
    let mut waiting = source(MimeType::Text, b"x");
    waiting.bytes = Box::pin(futures::stream::pending());
    let (outcome, ()) = tokio::join!(extractor.extract(waiting), async {
        children::kill(children::wait_for_confined("kill-test").await).await;
    });
    assert_eq!(reason(outcome), RefusalReason::Crashed);
    let next = extractor
        .extract(source(MimeType::Text, b"next"))
        .await
        .unwrap();
    assert_eq!(next.pages, ["next"]);
}

#[tokio::test]
async fn a_dead_idle_child_is_replaced_and_an_unused_one_ends_after_its_timeout() {
    let mut config = config_with_marker("idle-child-test");
    config.idle_timeout = Duration::from_millis(200);
    let extractor = ChildExtractor::new(config, Handle::current()).unwrap();
    let read = || extractor.extract(source(MimeType::Text, b"x"));
    assert_eq!(children::count("idle-child-test"), 0);
    read().await.unwrap();
    children::kill(children::wait_for_confined("idle-child-test").await).await;
    read().await.unwrap();
    children::wait_until_gone("idle-child-test").await;
    read().await.unwrap();
}

#[tokio::test]
async fn a_dropped_extraction_ends_its_child() {
    let mut config = config_with_marker("abandon-test");
    config.idle_timeout = Duration::ZERO;
    let extractor = ChildExtractor::new(config, Handle::current()).unwrap();
    let mut waiting = source(MimeType::Text, b"x");
    waiting.bytes = Box::pin(futures::stream::pending());
    tokio::select! {
        outcome = extractor.extract(waiting) => panic!("{outcome:?}"),
        _ = children::wait_for_confined("abandon-test") => {}
    }
    children::wait_until_gone("abandon-test").await;
}

#[tokio::test]
async fn a_child_dies_with_its_parent() {
    let mut parent = Command::new(crate::support::PROGRAM)
        .arg("parent")
        .spawn()
        .unwrap();
    // The idle child too: before its sandbox stands it would end by the end of its input, which this one does
    // not look at.
    children::wait_until_confined("orphan-test", 2).await;
    parent.kill().unwrap();
    parent.wait().unwrap();
    children::wait_until_gone("orphan-test").await;
}

#[tokio::test]
async fn invisible_and_turned_text_is_read() {
    let bytes = pdf::draw(&[
        "BT /F1 12 Tf 3 Tr 72 700 Td (recognised) Tj ( text) Tj ET",
        "BT /F1 12 Tf 0 1 -1 0 72 300 Tm (upwards [sic]) Tj ET",
        "BT /F1 12 Tf 72 200 Td [(kerned) -400 (words)] TJ ET",
        "nonsense /F1 ( broken",
    ]);
    let reading = read(MimeType::Pdf, &bytes).await.unwrap();
    let expected = ["recognised text", "upwards [sic]", "kerned words", ""];
    assert_eq!(reading.pages, expected);
}

#[tokio::test]
async fn what_people_filled_in_and_noted_is_read_and_passwords_are_not() {
    let above = dictionary! { "FT" => "Tx", "V" => text_string("Eva Beispiel, Köln") };
    let bytes = pdf::annotated(above, |above| {
        let field = |kind: &str| dictionary! { "Subtype" => "Widget", "FT" => kind };
        let with = |mut dictionary: Dictionary, key: &str, value: Object| {
            dictionary.set(key, value);
            dictionary
        };
        let note = |kind: &str, text: &str| dictionary! { "Subtype" => kind, "Contents" => text_string(text) };
        vec![
            dictionary! { "Subtype" => "Widget", "Parent" => above },
            with(
                field("Ch"),
                "V",
                vec![text_string("red"), text_string("blue")].into(),
            ),
            with(
                with(field("Tx"), "V", text_string("hunter2")),
                "Ff",
                (1 << 13).into(),
            ),
            with(field("Btn"), "V", "Yes".into()),
            with(field("Tx"), "V", text_string("Name:")),
            note("Text", "please check"),
            note("Link", "not text"),
            with(note("FreeText", "hidden"), "F", 2.into()),
        ]
    });
    let reading = read(MimeType::Pdf, &bytes).await.unwrap();
    let expected = ["Name:\nEva Beispiel, Köln\nred, blue\nplease check"];
    assert_eq!(reading.pages, expected);
}

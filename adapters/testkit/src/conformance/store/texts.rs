use super::Subject;
use super::fixtures::{CALLER, add_n_documents, document_id, write};

async fn put(store: &Subject, n: u64, pages: &[String]) {
    write(store, async |unit| {
        let documents = unit.documents();
        documents.put_text(document_id(n), pages).await.unwrap();
    })
    .await;
}

async fn text(store: &Subject, n: u64) -> Option<Vec<String>> {
    let text = store.documents().text(&CALLER, document_id(n)).await;
    text.unwrap()
}

pub(super) async fn text_is_empty_before_reading_and_there_after(store: &Subject) {
    add_n_documents(store, 2).await;
    assert_eq!(text(store, 9).await, None, "no such document");
    assert_eq!(text(store, 1).await, Some(Vec::new()), "not read yet");
    put(store, 1, &["page".to_owned()]).await;
    assert_eq!(text(store, 1).await, Some(vec!["page".to_owned()]));
    assert_eq!(text(store, 2).await, Some(Vec::new()), "no other document");
}

pub(super) async fn round_trips(store: &Subject) {
    add_n_documents(store, 1).await;
    let cases: [&[&str]; 7] = [
        &[""],
        &["", ""],
        &["first", "", "third"],
        &["", "ends with nothing", ""],
        &[" blanks \n\n\tand lines \n", "\n"],
        &[
            "Straße, naïve, 日本語, עברית, 🏠👩‍👩‍👧, e\u{301}, \u{feff}, \u{200b}",
            "Ω",
        ],
        &["'; DROP TABLE documents; --", "\\x00 %s $1 ?1 {}"],
    ];
    for case in cases {
        let pages: Vec<_> = case.iter().map(ToString::to_string).collect();
        put(store, 1, &pages).await;
        assert_eq!(text(store, 1).await, Some(pages));
    }
}

pub(super) async fn a_very_long_page_survives(store: &Subject) {
    add_n_documents(store, 1).await;
    // Of characters of one to four bytes, so that no cut at a byte goes unnoticed.
    let long: String = "aé水🏠 ".chars().cycle().take(1_000_000).collect();
    let pages = ["before".to_owned(), long, "after".to_owned()];
    put(store, 1, &pages).await;
    // Compared without printing megabytes.
    assert!(text(store, 1).await.unwrap() == pages);
}

pub(super) async fn many_pages_survive(store: &Subject) {
    add_n_documents(store, 1).await;
    let pages: Vec<_> = (1..=3_000)
        .map(|n| format!("page {n} {}", "word ".repeat(n % 50)))
        .collect();
    put(store, 1, &pages).await;
    assert!(text(store, 1).await.unwrap() == pages);
}

pub(super) async fn a_new_text_replaces_the_old_one_whole(store: &Subject) {
    add_n_documents(store, 1).await;
    let many: Vec<_> = (0..100).map(|n| format!("page {n}")).collect();
    put(store, 1, &many).await;
    let few = ["one".to_owned(), "two".to_owned()];
    put(store, 1, &few).await;
    assert_eq!(text(store, 1).await.unwrap(), few);
    put(store, 1, &[]).await;
    assert_eq!(text(store, 1).await, Some(Vec::new()));
}

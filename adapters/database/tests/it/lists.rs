use std::cmp::Ordering;

use docuvault_domain::Timestamp;
use docuvault_domain::documents::Document;
use docuvault_domain::page::Limit;
use docuvault_domain::ports::{DocumentQuery, Repos, Sort, SortKey, Store};
use docuvault_testkit::builders::{CALLER, a_document, add_owner};
use time::Date;
use uuid::Uuid;

use crate::support::{TestDatabase, on_both_engines};

on_both_engines!(pages_have_no_gap_and_no_repeat, patterns_are_plain_text);

/// Few different values, so that pages end among equal ones; ids in another order than the rest.
fn documents() -> Vec<Document> {
    let titles = [
        "Äpfel", "äpfel", "apple", "Apple", "zebra", "Ünder_", "ZEBRA",
    ];
    (0..1_000_u32)
        .map(|n| {
            let document = a_document()
                .id(Uuid::from_u128(u128::from(n * 389 % 1_009) + 1))
                .title(titles[n as usize % titles.len()])
                .size((n % 5).into())
                .created_at(Timestamp::from_micros((n % 11).into()))
                .with(|document| document.updated_at = Timestamp::from_micros((n % 3).into()));
            match n % 4 {
                0 => document,
                day => document.dated(a_day(day)),
            }
            .build()
        })
        .collect()
}

fn a_day(n: u32) -> Date {
    Date::from_ordinal_date(2026, u16::try_from(n).unwrap()).unwrap()
}

fn by(sort: Sort, a: &Document, b: &Document) -> Ordering {
    let directed = |order: Ordering| {
        if sort.descending {
            order.reverse()
        } else {
            order
        }
    };
    let title = |document: &Document| document.title.as_str().to_ascii_lowercase();
    let (day_a, day_b) = (a.document_date.value, b.document_date.value);
    let values = match sort.key {
        SortKey::CreatedAt => directed(a.created_at.cmp(&b.created_at)),
        SortKey::UpdatedAt => directed(a.updated_at.cmp(&b.updated_at)),
        SortKey::Title => directed(title(a).cmp(&title(b))),
        SortKey::Size => directed(a.size_bytes.cmp(&b.size_bytes)),
        SortKey::DocumentDate => day_a
            .is_none()
            .cmp(&day_b.is_none())
            .then(directed(day_a.cmp(&day_b))),
    };
    values.then(directed(a.id.cmp(&b.id)))
}

async fn pages_have_no_gap_and_no_repeat(database: TestDatabase) {
    let database = database.migrated().await;
    let store = database.store().await;
    add_owner(&*store).await;
    let mut documents = documents();
    let unit = store.begin().await.unwrap();
    for document in &documents {
        unit.documents().add(document).await.unwrap();
    }
    unit.commit().await.unwrap();

    for key in [
        SortKey::CreatedAt,
        SortKey::UpdatedAt,
        SortKey::Title,
        SortKey::Size,
        SortKey::DocumentDate,
    ] {
        for descending in [false, true] {
            let sort = Sort { key, descending };
            let mut query = DocumentQuery {
                sort,
                limit: Limit::parse(47).unwrap(),
                ..DocumentQuery::default()
            };
            let mut walked = Vec::new();
            loop {
                let page = store.documents().list(&CALLER, &query).await;
                let page = page.unwrap();
                walked.extend(page.items);
                query.after = page.next;
                if query.after.is_none() {
                    break;
                }
            }
            documents.sort_by(|a, b| by(sort, a, b));
            assert!(walked == documents, "{sort:?}");
        }
    }
}

async fn patterns_are_plain_text(database: TestDatabase) {
    let database = database.migrated().await;
    let store = database.store().await;
    add_owner(&*store).await;
    let titles = [
        "100% sure",
        "100 times",
        "a_b",
        "acb",
        r"back\slash",
        "Straße",
    ];
    let unit = store.begin().await.unwrap();
    for (n, title) in (1..).zip(titles) {
        let document = a_document().id(Uuid::from_u128(n)).title(title);
        let document = document.filename("x.pdf").build();
        unit.documents().add(&document).await.unwrap();
    }
    unit.commit().await.unwrap();
    for (wanted, found) in [
        ("0%", vec!["100% sure"]),
        ("A_B", vec!["a_b"]),
        (r"\", vec![r"back\slash"]),
        ("STRAß", vec!["Straße"]),
        ("STRASS", vec![]),
        ("X.PDF\0", titles.to_vec()),
    ] {
        let mut query = DocumentQuery::default();
        query.filter.text = Some(wanted.to_owned());
        query.sort.descending = false;
        let page = store.documents().list(&CALLER, &query).await;
        let page = page.unwrap();
        let titles: Vec<_> = page.items.iter().map(|item| item.title.as_str()).collect();
        assert_eq!(titles, found, "{wanted:?}");
        let documents = store.documents();
        let count = documents.count(&CALLER, &query.filter).await;
        assert_eq!(count.unwrap(), found.len() as u64);
    }
}

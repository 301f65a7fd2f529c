//! The built-in rules through their port.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use docuvault_ai::builtin::Builtin;
use docuvault_domain::documents::Source;
use docuvault_domain::ids::TopicId;
use docuvault_domain::learning::{Features, Learned, TopicVector};
use docuvault_domain::ports::{
    Classification, Classifier, ClassifyRequest, KnownTopic, Properties,
};
use proptest::prelude::*;
use time::macros::date;
use uuid::Uuid;

const INVOICE: &str = "Papierwelt GmbH\n\nRechnung Nr. 2026-17\nRechnungsdatum: 14.02.2026\n\
    Einzelpreis 4,90\nzzgl. 19 % MwSt.\nRechnungsbetrag 72,59 EUR";

fn topic(id: u128, starter: Option<&str>, name: &str, description: &str) -> KnownTopic {
    KnownTopic {
        id: TopicId(Uuid::from_u128(id)),
        name: name.to_owned(),
        description: description.to_owned(),
        starter: starter.map(str::to_owned),
    }
}

fn starters(keys: &[&str]) -> Vec<KnownTopic> {
    let topic = |(n, key): (u128, &&str)| topic(n, Some(key), key, "");
    (0..).zip(keys).map(topic).collect()
}

fn classify(pages: &[String], filename: &str, topics: &[KnownTopic]) -> Classification {
    classify_with(pages, filename, topics, &Learned::default())
}

fn classify_with(
    pages: &[String],
    filename: &str,
    topics: &[KnownTopic],
    learned: &Learned,
) -> Classification {
    let request = ClassifyRequest {
        pages,
        filename,
        language: None,
        properties: &Properties::default(),
        topics,
        learned,
        today: date!(2026 - 04 - 01),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime
        .unwrap()
        .block_on(Builtin.classify(request))
        .unwrap()
}

fn chosen(text: &str, topics: &[KnownTopic]) -> Vec<(u128, f32)> {
    let answer = classify(&[text.to_owned()], "scan.pdf", topics);
    let prediction = |prediction: &docuvault_domain::ports::TopicPrediction| {
        (prediction.value.0.as_u128(), prediction.confidence)
    };
    answer.topics.iter().map(prediction).collect()
}

#[tokio::test]
async fn it_is_always_there() {
    assert_eq!(Builtin.source(), Source::Rule);
    assert_eq!(Builtin.models().await.unwrap(), ["builtin"]);
    Builtin.check().await.unwrap();
}

#[test]
fn only_topics_of_the_list_are_chosen() {
    assert_eq!(chosen(INVOICE, &[]), []);
    let others = starters(&["bank", "contract", "tax", "insurance"]);
    assert_eq!(
        chosen(INVOICE, &others),
        [],
        "an invoice is not the next best thing"
    );
    let renamed = [topic(7, Some("invoice"), "Krempel", "")];
    let found = chosen(INVOICE, &renamed);
    assert!(matches!(found[..], [(7, sure)] if sure >= 0.8), "{found:?}");
    let unknown = [topic(7, Some("recipes"), "Recipes", "")];
    let found = chosen("Recipes\n\nSoup for six", &unknown);
    assert!(matches!(found[..], [(7, _)]), "by its name: {found:?}");
}

#[test]
fn kinds_that_share_words_are_told_apart() {
    let keys = [
        "invoice",
        "bank",
        "insurance",
        "tax",
        "payslip",
        "vehicle",
        "contract",
        "work",
        "housing",
    ];
    for (kind, text) in [
        (
            "insurance",
            "Elbufer Versicherung AG\nBeitragsrechnung 2026 zur Hausratversicherung\nRechnungsbetrag 98,40",
        ),
        (
            "bank",
            "Kontoauszug 2/2026\nÜberweisung Rechnung 17, Rechnung 18\nneuer Kontostand 12,00",
        ),
        (
            "payslip",
            "Gehaltsabrechnung Mai\nLohnsteuer 400\nKrankenversicherung 200\nRentenversicherung 300\nFinanzamt",
        ),
        (
            "tax",
            "Lohnsteuerbescheinigung 2025\nFinanzamt Erfurt\nBruttoarbeitslohn, Rentenversicherung",
        ),
        (
            "work",
            "Arbeitsvertrag\nKündigungsfrist, Vertrag, Vereinbarung\nArbeitgeber und Arbeitnehmer",
        ),
        (
            "housing",
            "Mietvertrag\nVertrag zwischen Vermieter und Mieter, Kündigungsfrist drei Monate",
        ),
        (
            "insurance",
            "Certificate of motor insurance\nRegistration mark AB12 CDE, vehicle\nPolicy number 7",
        ),
    ] {
        let found = chosen(text, &starters(&keys));
        let first = found
            .first()
            .map(|(n, _)| keys[usize::try_from(*n).unwrap()]);
        assert_eq!(first, Some(kind), "{text:?}: {found:?}");
    }
}

#[test]
fn too_little_is_not_enough() {
    let all = starters(&["invoice", "bank", "letter", "tax", "manual"]);
    for text in [
        "",
        "x",
        "total",
        "Please pay soon.",
        "Der Preis stieg.",
        "Dear",
    ] {
        assert_eq!(chosen(text, &all), [], "{text:?}");
    }
}

#[test]
fn own_topics_are_known_by_their_names() {
    let garden = [topic(1, None, "Unser Garten", "Bäume, Beete und der Teich")];
    let found = |text: &str| chosen(text, &garden).first().map_or(0.0, |(_, sure)| *sure);

    let heading = found("Pläne für den Garten\n\nMehr Platz am Zaun.");
    let with_more = found("Pläne für den Garten\n\nNeue Beete am Teich, zwei Bäume im Garten.");
    let story = "Es war einmal ein Mann, der ging jeden Morgen über die Brücke. ".repeat(10);
    let in_passing = found(&format!("{story}Er hatte einen Garten und ein Haus."));
    assert!(
        heading >= 0.6 && with_more >= heading,
        "{heading} {with_more}"
    );
    assert!(in_passing < 0.6 && in_passing < heading, "{in_passing}");

    let two_words = [topic(1, None, "Project Heron", "")];
    let half_of_it = chosen("Project plan\n\nNothing else", &two_words);
    assert!(
        half_of_it.iter().all(|(_, sure)| *sure < 0.6),
        "{half_of_it:?}"
    );
    assert_eq!(
        chosen("Heron project\n\nBudget and plan", &two_words).len(),
        1
    );
    let by_file = classify(&["text".to_owned()], "project_heron-2.pdf", &two_words);
    assert_eq!(by_file.topics.len(), 1);
    assert_eq!(chosen("The and of", &[topic(1, None, "and the", "")]), []);
}

#[test]
fn topics_that_are_alike_share_what_is_sure() {
    let of = |topics: u128| {
        let topics: Vec<_> = (0..topics).map(|n| topic(n, None, "Heron", "")).collect();
        chosen("Heron Heron\n\nHeron", &topics)
    };
    assert!(matches!(of(1)[..], [(0, sure)] if sure > 0.6));
    assert!(matches!(of(2)[..], [(_, sure), (_, same)] if sure < 0.5 && same < 0.5));
    assert_eq!(of(9), []);
}

#[test]
fn two_topics_of_one_kind_are_told_apart_by_names_and_addresses() {
    let letter = |landlord: &str, street: &str, matter: &str| {
        format!(
            "{landlord}\n\nMietobjekt: {street}\n\n{matter}\n\nMit freundlichen Grüßen\n{landlord}"
        )
    };
    let [lake, port] = [
        ("Seeblick Wohnbau", "Uferstraße 3"),
        ("Hafenhaus GmbH", "Kaiallee 12"),
    ];
    let vector = |(landlord, street): (&str, &str)| {
        let mut vector = TopicVector::default();
        for matter in [
            "Mieterhöhung zum 1. Mai",
            "Nebenkostenabrechnung 2024",
            "Hausordnung",
        ] {
            vector.learn(&Features::of(
                &[letter(landlord, street, matter)],
                "scan.pdf",
            ));
        }
        vector
    };
    let topics = [
        topic(1, None, "Wohnung 1", ""),
        topic(2, None, "Wohnung 2", ""),
    ];
    let learned = Learned::new([(topics[0].id, vector(lake)), (topics[1].id, vector(port))]);
    for (n, (landlord, street)) in [(0, lake), (1, port)] {
        let page = letter(landlord, street, "Ablesung der Heizkostenverteiler");
        let answer = classify_with(&[page], "scan.pdf", &topics, &learned);
        let first = answer.topics.first().unwrap();
        assert_eq!(first.value, topics[n].id);
        assert!(first.confidence > 0.6, "{first:?}");
        assert!(
            first
                .rationale
                .as_deref()
                .is_some_and(|words| words.contains("Mietobjekt"))
        );
    }
}

#[test]
fn what_was_read_stands_together() {
    let answer = classify(&[INVOICE.to_owned()], "scan.pdf", &starters(&["invoice"]));
    assert_eq!(answer.correspondent.as_deref(), Some("Papierwelt GmbH"));
    assert_eq!(
        answer.title.as_deref(),
        Some("Rechnung 2026-17, Papierwelt GmbH")
    );
    assert_eq!(answer.date.unwrap().value, date!(2026 - 02 - 14));
    assert_eq!((answer.language, answer.summary), (None, None));
}

#[test]
fn hostile_texts_are_survived() {
    const MEGABYTES: usize = 3 << 20;
    for unit in [
        "a",
        "\n",
        "-\n",
        "\u{202e}",
        "ä",
        "1.1.2026 ",
        "12",
        "Rechnung ",
        "GmbH ",
        "\u{308}",
        "Re:",
        "Von: ",
        ", ",
        "Betreff: x\n",
        "A GmbH · ",
        "\u{0}\u{1b}[2J",
        "😀",
        "# ",
        "2026-",
        "Kfz-\n  ",
        "Berlin, den ",
        "a\u{200b}",
    ] {
        let text = unit.repeat(MEGABYTES / unit.len());
        let name = unit.repeat(100_000);
        let topics = [topic(1, None, &unit.repeat(80), &unit.repeat(500))];
        assert_clean(&classify(&[text.clone(), text], &name, &topics));
    }
}

fn assert_clean(answer: &Classification) {
    assert!(answer.topics.len() <= 3);
    for prediction in &answer.topics {
        assert!(
            (0.3..=1.0).contains(&prediction.confidence),
            "{prediction:?}"
        );
    }
    assert!(
        answer
            .topics
            .is_sorted_by(|a, b| a.confidence >= b.confidence)
    );
    if let Some(prediction) = &answer.date {
        assert!(
            (0.5..=1.0).contains(&prediction.confidence),
            "{prediction:?}"
        );
        assert!(
            date!(1970 - 01 - 01) <= prediction.value && prediction.value <= date!(2028 - 04 - 01)
        );
    }
    for text in [&answer.title, &answer.correspondent].into_iter().flatten() {
        assert!(
            !text.trim().is_empty() && text.chars().count() <= 120,
            "{text:?}"
        );
        let invisible = |c: char| {
            c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        };
        assert!(!text.contains(invisible), "{text:?}");
    }
}

/// Pieces of documents, put together anyhow.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<String>(),
        "\\PC{0,40}",
        "[0-9]{1,4}[-./ ][0-9]{1,2}[-./ ][0-9]{1,4}",
        prop::sample::select(vec![
            "\n",
            " ",
            "Rechnung Nr. ",
            "Betreff: ",
            "From: ",
            "GmbH",
            "Berlin, den ",
            "3. März 2026",
            "Mietvertrag",
            "Sehr geehrte",
            "\u{202e}",
            "\u{ad}",
            "-\n",
            "ß",
            "e\u{308}",
            "Bank",
            "Datum",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_gives_a_clean_answer(
        pages in prop::collection::vec(pieces(), 0..4),
        filename in pieces(),
        title in prop::option::of(pieces()),
        language in prop::option::of(prop::sample::select(vec!["en", "de", "", "xx"])),
        name in any::<String>(),
    ) {
        let mut topics = starters(&["invoice", "letter", "housing", "", "nonsense"]);
        topics.push(topic(99, None, &name, &filename));
        let properties = Properties { title, author: None, created: None };
        let request = ClassifyRequest {
            pages: &pages,
            filename: &filename,
            language,
            properties: &properties,
            topics: &topics,
            learned: &Learned::default(),
            today: date!(2026 - 04 - 01),
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let answer = runtime.block_on(Builtin.classify(request)).unwrap();
        assert_clean(&answer);
        for prediction in &answer.topics {
            prop_assert!(topics.iter().any(|topic| topic.id == prediction.value));
        }
    }
}

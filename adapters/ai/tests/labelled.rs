//! How good the rules are on labelled documents: one file per topic under `fixtures`, documents
//! separated by `=== set | file name | date | correspondent` lines, `-` for none. The rules were
//! tuned on the `tuned` ones; the `fresh` ones were written afterwards and only measure.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fmt::{self, Write as _};
use std::path::Path;

use docuvault_ai::builtin::Builtin;
use docuvault_domain::ids::TopicId;
use docuvault_domain::learning::Learned;
use docuvault_domain::ports::{
    Classification, Classifier, ClassifyRequest, KnownTopic, Properties,
};
use time::macros::date;
use uuid::Uuid;

const TOPICS: [&str; 15] = [
    "invoice",
    "contract",
    "bank",
    "insurance",
    "tax",
    "health",
    "payslip",
    "travel",
    "letter",
    "manual",
    "housing",
    "vehicle",
    "education",
    "authority",
    "work",
];

/// Confidence from which four in five must be right.
const SURE: f32 = 0.8;

struct Labelled {
    topic: Option<usize>,
    set: String,
    filename: String,
    date: Option<String>,
    correspondent: Option<String>,
    text: String,
}

fn load() -> Vec<Labelled> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let files = TOPICS
        .iter()
        .enumerate()
        .map(|(n, name)| (Some(n), *name))
        .chain([(None, "nowhere")]);
    let mut documents = Vec::new();
    for (topic, name) in files {
        let path = folder.join(format!("{name}.txt"));
        let file = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{name}: {e}"));
        for part in file.split("=== ").skip(1) {
            let (header, text) = part.split_once('\n').unwrap();
            let fields: Vec<&str> = header.split('|').map(str::trim).collect();
            let [set, filename, date, correspondent] = fields[..] else {
                panic!("{name}: {header:?}");
            };
            let some = |field: &str| (field != "-").then(|| field.to_owned());
            documents.push(Labelled {
                topic,
                set: set.to_owned(),
                filename: filename.to_owned(),
                date: some(date),
                correspondent: some(correspondent),
                text: text.to_owned(),
            });
        }
    }
    documents
}

fn known_topics() -> Vec<KnownTopic> {
    let topic = |(n, key): (usize, &&str)| KnownTopic {
        id: TopicId(Uuid::from_u128(n as u128)),
        name: format!("Topic {n}"),
        description: String::new(),
        starter: Some((**key).to_owned()),
    };
    TOPICS.iter().enumerate().map(topic).collect()
}

async fn classify(document: &Labelled) -> Classification {
    let request = ClassifyRequest {
        pages: std::slice::from_ref(&document.text),
        filename: &document.filename,
        language: None,
        properties: &Properties::default(),
        topics: &known_topics(),
        learned: &Learned::default(),
        today: date!(2026 - 04 - 01),
    };
    Builtin.classify(request).await.unwrap()
}

/// Right answers among given ones, and given ones among all.
#[derive(Default)]
struct Score {
    right: u32,
    given: u32,
    of: u32,
}

impl Score {
    fn add<T: PartialEq>(&mut self, expected: Option<&T>, answer: Option<&T>) -> bool {
        let right = answer.is_none() || expected == answer;
        self.of += u32::from(expected.is_some());
        self.given += u32::from(answer.is_some());
        self.right += u32::from(answer.is_some() && right);
        right
    }

    fn precision(&self) -> f64 {
        f64::from(self.right) / f64::from(self.given.max(1))
    }

    fn coverage(&self) -> f64 {
        f64::from(self.right) / f64::from(self.of.max(1))
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { right, given, of } = self;
        write!(f, "{right} right of {given} given, {of} to find")
    }
}

async fn measure(set: &str) {
    let documents = load();
    let in_set = |document: &&Labelled| document.set == set;
    let (mut topics, mut dates, mut senders) =
        (Score::default(), Score::default(), Score::default());
    let (mut nowhere, mut left_alone) = (0, 0);
    let mut report = String::new();
    for document in documents.iter().filter(in_set) {
        let answer = classify(document).await;
        let first = answer.topics.first();
        let key = |id: TopicId| usize::try_from(id.0.as_u128()).unwrap();
        let sure = first.filter(|prediction| prediction.confidence >= SURE);
        let sure = sure.map(|prediction| key(prediction.value));
        let mut fine = sure.is_some();
        if document.topic.is_none() {
            nowhere += 1;
            left_alone += u32::from(sure.is_none());
            fine = sure.is_none();
        } else {
            fine &= topics.add(document.topic.as_ref(), sure.as_ref());
        }
        let date = answer
            .date
            .as_ref()
            .map(|prediction| prediction.value.to_string());
        fine &= dates.add(document.date.as_ref(), date.as_ref());
        fine &= senders.add(
            document.correspondent.as_ref(),
            answer.correspondent.as_ref(),
        );
        if !fine || document.date.is_some() != date.is_some() {
            let predictions: Vec<_> = answer
                .topics
                .iter()
                .map(|g| (TOPICS[key(g.value)], g.confidence))
                .collect();
            writeln!(
                report,
                "{} {}: {predictions:?}, {date:?}, {:?}, {:?}",
                document.topic.map_or("nowhere", |n| TOPICS[n]),
                document.filename,
                answer.correspondent,
                answer.title,
            )
            .unwrap();
        }
    }
    let summary = format!(
        "{set}: topics {topics}; {left_alone} of {nowhere} left alone; dates {dates}; correspondents {senders}\n{report}"
    );
    assert!(topics.of >= 30 && nowhere >= 7, "{summary}");
    assert!(topics.precision() >= 0.9, "{summary}");
    assert!(topics.coverage() >= 0.6, "{summary}");
    assert!(left_alone * 10 >= nowhere * 9, "{summary}");
    assert!(
        dates.precision() >= 0.9 && dates.coverage() >= 0.6,
        "{summary}"
    );
    assert!(
        senders.precision() >= 0.9 && senders.coverage() >= 0.6,
        "{summary}"
    );
}

#[tokio::test]
async fn the_tuned_documents_are_filed_right() {
    measure("tuned").await;
}

#[tokio::test]
async fn the_fresh_documents_are_filed_right() {
    measure("fresh").await;
}

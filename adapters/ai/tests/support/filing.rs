//! How well documents are filed after a few examples: the sets of `eval/`, one file a topic, each
//! document behind a line `=== en or de | file name`. All of it is written for this purpose. The
//! builtin classifier is taught from `train` and asked about `test`.

use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

use docuvault_ai::builtin::Builtin;
use docuvault_domain::ids::TopicId;
use docuvault_domain::learning::{Features, Learned, TopicVector};
use docuvault_domain::ports::{Classifier, ClassifyRequest, KnownTopic, Properties};
use time::macros::date;
use uuid::Uuid;

/// Topics of a person's own are called by their names, others are starter topics.
type Topics = [(&'static str, Option<&'static str>)];

/// A set of labelled documents.
pub(crate) struct Set {
    /// Its folder in `eval/`.
    pub(crate) name: &'static str,
    topics: &'static Topics,
    pub(crate) documents: Vec<Document>,
}

/// Every document by another sender, many of them hard to tell.
pub(crate) fn distinct_senders() -> Set {
    load(
        "distinct_senders",
        &[
            ("invoice", None),
            ("contract", None),
            ("bank", None),
            ("insurance", None),
            ("tax", None),
            ("health", None),
            ("payslip", None),
            ("travel", None),
            ("manual", None),
            ("housing", None),
            ("vehicle", None),
            ("education", None),
            ("recipes", Some("Recipes")),
            ("choir", Some("Choir")),
            ("solar", Some("Solar")),
        ],
    )
}

/// The papers of a household: most senders write again.
pub(crate) fn household() -> Set {
    load(
        "household",
        &[
            ("bank", None),
            ("insurance", None),
            ("tax", None),
            ("health", None),
            ("payslip", None),
            ("travel", None),
            ("manual", None),
            ("housing", None),
            ("vehicle", None),
            ("education", None),
            ("pension", Some("Pension")),
            ("energy", Some("Energy")),
            ("telecom", Some("Telecom")),
            ("pets", Some("Pets")),
            ("club", Some("Club")),
        ],
    )
}

/// A labelled document.
pub(crate) struct Document {
    topic: usize,
    pub(crate) train: bool,
    english: bool,
    filename: String,
    pages: [String; 1],
}

fn load(name: &'static str, topics: &'static Topics) -> Set {
    let mut documents = Vec::new();
    for (part, train) in [("train", true), ("test", false)] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("eval")
            .join(name)
            .join(part);
        for (topic, (file, _)) in topics.iter().enumerate() {
            let path = folder.join(format!("{file}.txt"));
            let file = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{file}: {e}"));
            for part in file.split("=== ").skip(1) {
                let (header, text) = part.split_once('\n').unwrap();
                let (language, filename) = header.split_once('|').unwrap();
                documents.push(Document {
                    topic,
                    train,
                    english: language.trim() == "en",
                    filename: filename.trim().to_owned(),
                    pages: [text.to_owned()],
                });
            }
        }
    }
    Set {
        name,
        topics,
        documents,
    }
}

fn id(topic: usize) -> TopicId {
    TopicId(Uuid::from_u128(topic as u128))
}

/// Whether the names of topics describe them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    /// Starter topics are known, others called what they are.
    Descriptive,
    /// All are the person's own, and called something that means nothing.
    Meaningless,
}

fn known_topics(topics: &Topics, names: Names) -> Vec<KnownTopic> {
    let known = |(n, (file, own)): (usize, &(&str, Option<&str>))| match names {
        Names::Descriptive => KnownTopic {
            id: id(n),
            name: own.unwrap_or(*file).to_owned(),
            description: String::new(),
            starter: own.is_none().then(|| (*file).to_owned()),
        },
        Names::Meaningless => KnownTopic {
            id: id(n),
            name: format!("Xyzzy {n}"),
            description: String::new(),
            starter: None,
        },
    };
    topics.iter().enumerate().map(known).collect()
}

/// What is learned from `shots` examples a topic, English and German in turn, from the `draw`-th on.
fn train(set: &Set, shots: usize, draw: usize) -> Learned {
    let topics = 0..set.topics.len();
    Learned::new(topics.map(|topic| {
        let of = |english| {
            let mine = set.documents.iter();
            mine.filter(move |d| d.train && d.topic == topic && d.english == english)
        };
        let mixed = of(true).zip(of(false)).flat_map(|(en, de)| {
            if (topic + draw).is_multiple_of(2) {
                [en, de]
            } else {
                [de, en]
            }
        });
        let mixed: Vec<_> = mixed.collect();
        let mut vector = TopicVector::default();
        for n in 0..shots {
            let document = mixed[(n + 2 * draw) % mixed.len()];
            vector.learn(&Features::of(&document.pages, &document.filename));
        }
        (id(topic), vector)
    }))
}

/// How the documents were filed.
pub(crate) struct Score {
    pub(crate) shots: usize,
    /// The surest prediction is right; leaving a document open is wrong.
    pub(crate) accuracy: f64,
    /// The part of documents that can be filed by themselves with nine in ten right.
    pub(crate) coverage: f64,
    /// Of predictions with 0.8 or more, so many are right.
    pub(crate) sure: f64,
    /// Time for one document.
    pub(crate) each: Duration,
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "| {:>2} | {:.1} % | {:.1} % | {:.1} % | {:.2} ms |",
            self.shots,
            self.accuracy * 100.0,
            self.coverage * 100.0,
            self.sure * 100.0,
            self.each.as_secs_f64() * 1000.0
        )
    }
}

/// Measures with `shots` examples a topic, over five draws of examples.
pub(crate) async fn measure(
    set: &Set,
    names: Names,
    shots: usize,
    asked: impl Fn(&Document) -> bool,
) -> Score {
    const DRAWS: usize = 5;
    let topics = known_topics(set.topics, names);
    let properties = Properties::default();
    let mut predictions: Vec<(f32, bool)> = Vec::new();
    let mut spent = Duration::ZERO;
    for draw in 0..DRAWS {
        let learned = train(set, shots, draw);
        for document in set.documents.iter().filter(|d| asked(d)) {
            let started = Instant::now();
            let answer = Builtin
                .classify(ClassifyRequest {
                    pages: &document.pages,
                    filename: &document.filename,
                    language: None,
                    properties: &properties,
                    topics: &topics,
                    learned: &learned,
                    today: date!(2026 - 04 - 01),
                })
                .await
                .unwrap();
            spent += started.elapsed();
            predictions.push(match answer.topics.first() {
                Some(prediction) => (
                    prediction.confidence,
                    prediction.value == id(document.topic),
                ),
                None => (0.0, false),
            });
        }
    }
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    let right =
        |predictions: &[(f32, bool)]| predictions.iter().filter(|(_, right)| *right).count();
    predictions.sort_by(|a, b| b.0.total_cmp(&a.0));
    let covered = (1..=predictions.len())
        .filter(|n| share(right(&predictions[..*n]), *n) >= 0.9)
        .max();
    let sure = predictions
        .iter()
        .take_while(|(confidence, _)| *confidence >= 0.8)
        .count();
    Score {
        shots,
        accuracy: share(right(&predictions), predictions.len()),
        coverage: share(covered.unwrap_or_default(), predictions.len()),
        sure: share(right(&predictions[..sure]), sure),
        each: spent / u32::try_from(predictions.len()).unwrap(),
    }
}

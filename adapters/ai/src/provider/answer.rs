//! What is believed of an answer. Pure: text in, a classification out.

use docuvault_domain::ids::TopicId;
use docuvault_domain::ports::{Classification, Prediction, TopicPrediction};
use serde_json::{Map, Value};
use time::macros::{date, format_description};
use time::{Date, Duration};

use super::text;
use super::topics::ClosedList;

const MAX_TOPICS: usize = 3;
const MAX_PROPOSALS: usize = 2;
const PROPOSAL_CHARS: usize = 60;
const TITLE_CHARS: usize = 120;
const SUMMARY_CHARS: usize = 300;
const CORRESPONDENT_CHARS: usize = 120;
const REASON_CHARS: usize = 200;
/// Models are not asked how sure they are of a day. They mostly read the right one.
const DATE_CONFIDENCE: f32 = 0.8;
const EARLIEST: Date = date!(1900 - 01 - 01);
/// Contracts and tickets are dated ahead; not further than this.
const AHEAD: Duration = Duration::days(366);

/// Why an answer is none, in words for the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Invalid {
    NotAnObject,
    NoTopics,
}

impl Invalid {
    pub(super) const fn problem(self) -> &'static str {
        match self {
            Self::NotAnObject => "It is not one JSON object.",
            Self::NoTopics => "Its key \"topics\" is missing or not a list.",
        }
    }
}

/// Reads an answer. Without a list of topics it is invalid; everything else that is missing or not
/// as it was asked for is left out, a field or a topic at a time.
pub(super) fn read(
    answer: &str,
    topics: &ClosedList,
    today: Date,
) -> Result<Classification, Invalid> {
    let answer = object(answer).ok_or(Invalid::NotAnObject)?;
    let chosen = answer
        .get("topics")
        .and_then(Value::as_array)
        .ok_or(Invalid::NoTopics)?;
    let one_line = |key: &str, max_chars| text::line(answer.get(key)?.as_str()?, max_chars);
    Ok(Classification {
        topics: choose(chosen, one_line("reason", REASON_CHARS).as_deref(), topics),
        proposals: proposals(&answer, topics),
        title: one_line("title", TITLE_CHARS),
        summary: summary(&answer),
        language: one_line("language", 8).and_then(|code| language(&code)),
        date: one_line("date", 16).and_then(|day| believable(&day, today)),
        correspondent: one_line("correspondent", CORRESPONDENT_CHARS),
    })
}

/// The object in an answer that may come with thoughts, a code fence or a few words around it.
fn object(answer: &str) -> Option<Map<String, Value>> {
    let spoken = unfenced(without_thoughts(answer));
    let whole = serde_json::from_str(spoken).ok();
    whole.or_else(|| {
        let (start, end) = (spoken.find('{')?, spoken.rfind('}')?);
        serde_json::from_str(spoken.get(start..=end)?).ok()
    })
}

/// What follows `<think>…</think>`. Some servers leave out where the thoughts begin.
fn without_thoughts(answer: &str) -> &str {
    let answer = answer.trim();
    if answer.starts_with(['{', '`']) {
        return answer;
    }
    match answer.split_once("</think>") {
        Some((_, spoken)) => without_thoughts(spoken),
        None if answer.starts_with("<think>") => "",
        None => answer,
    }
}

/// What stands in a block of Markdown code.
fn unfenced(answer: &str) -> &str {
    let Some(block) = answer.strip_prefix("```") else {
        return answer;
    };
    let block = block.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    block
        .rsplit_once("```")
        .map_or(block, |(code, _)| code)
        .trim()
}

/// All of them for the one reason that models are asked for.
fn choose(chosen: &[Value], reason: Option<&str>, topics: &ClosedList) -> Vec<TopicPrediction> {
    let mut predictions: Vec<TopicPrediction> = Vec::new();
    for prediction in chosen
        .iter()
        .filter_map(|it| prediction(it, reason, topics))
    {
        match predictions
            .iter_mut()
            .find(|it| it.value == prediction.value)
        {
            Some(twice) => twice.confidence = twice.confidence.max(prediction.confidence),
            None => predictions.push(prediction),
        }
    }
    predictions.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    predictions.truncate(MAX_TOPICS);
    predictions
}

fn prediction(
    chosen: &Value,
    reason: Option<&str>,
    topics: &ClosedList,
) -> Option<Prediction<TopicId>> {
    let value = topics.find(chosen.get("name")?.as_str()?)?;
    let confidence = chosen.get("confidence")?.as_f64()?;
    #[expect(clippy::cast_possible_truncation, reason = "between 0 and 1")]
    let confidence = confidence.clamp(0.0, 1.0) as f32;
    confidence.is_finite().then(|| Prediction {
        value,
        confidence,
        rationale: reason.map(str::to_owned),
    })
}

fn proposals(answer: &Map<String, Value>, topics: &ClosedList) -> Vec<String> {
    let mut proposals: Vec<String> = Vec::new();
    let names = answer.get("new_topics").and_then(Value::as_array);
    for name in names.into_iter().flatten().filter_map(Value::as_str) {
        // A name that is too long is not worth being cut.
        let Some(name) = text::line(name, PROPOSAL_CHARS + 1) else {
            continue;
        };
        let fits =
            name.chars().count() <= PROPOSAL_CHARS && name.chars().any(char::is_alphanumeric);
        let known = topics.find(&name).is_some()
            || proposals
                .iter()
                .any(|it| it.to_lowercase() == name.to_lowercase());
        if fits && !known && proposals.len() < MAX_PROPOSALS {
            proposals.push(name);
        }
    }
    proposals
}

/// Longer than a line may be.
fn summary(answer: &Map<String, Value>) -> Option<String> {
    let text = answer.get("summary")?.as_str()?;
    let words = text::Folded::of(text.chars()).map(|c| if c == '\n' { ' ' } else { c });
    let cut: String = words.take(SUMMARY_CHARS).collect();
    let cut = cut.trim_end();
    (!cut.is_empty()).then(|| cut.to_owned())
}

fn language(code: &str) -> Option<String> {
    let two_letters = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_alphabetic());
    two_letters.then(|| code.to_ascii_lowercase())
}

fn believable(day: &str, today: Date) -> Option<Prediction<Date>> {
    // The parser takes signs.
    if day.len() != "YYYY-MM-DD".len() {
        return None;
    }
    let day = Date::parse(day, format_description!("[year]-[month]-[day]")).ok()?;
    let latest = today.saturating_add(AHEAD);
    (EARLIEST..=latest).contains(&day).then_some(Prediction {
        value: day,
        confidence: DATE_CONFIDENCE,
        rationale: None,
    })
}

#[cfg(test)]
mod tests {
    use docuvault_domain::ports::KnownTopic;
    use proptest::prelude::*;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    const TODAY: Date = date!(2026 - 03 - 01);

    fn topics() -> ClosedList {
        let topic = |(id, name): (u128, &str)| KnownTopic {
            id: TopicId(Uuid::from_u128(id)),
            name: name.to_owned(),
            description: String::new(),
            starter: None,
        };
        let names = ["Bank", "Tax", "Rent", "Car"];
        ClosedList::of(&(1..).zip(names).map(topic).collect::<Vec<_>>())
    }

    fn answer(text: &str) -> Result<Classification, Invalid> {
        read(text, &topics(), TODAY)
    }

    fn chosen(topics: &Value) -> Vec<(u128, f32)> {
        let answer = answer(&json!({ "topics": topics }).to_string()).unwrap();
        let prediction =
            |prediction: &TopicPrediction| (prediction.value.0.as_u128(), prediction.confidence);
        answer.topics.iter().map(prediction).collect()
    }

    #[test]
    fn wrappings_are_taken_off() {
        for wrapped in [
            r#"{"topics":[],"title":"Rent"}"#,
            "```json\n{\"topics\":[],\"title\":\"Rent\"}\n```",
            "```\n{\"topics\":[],\"title\":\"Rent\"}\n``` ",
            "<think>Is it {a bill}?</think>\n{\"topics\":[],\"title\":\"Rent\"}",
            "It is rent.\n</think>```json\n{\"topics\":[],\"title\":\"Rent\"}```",
            "<think></think> Here it is: {\"topics\":[],\"title\":\"Rent\"} Bye!",
        ] {
            let title = answer(wrapped).unwrap().title;
            assert_eq!(title.as_deref(), Some("Rent"), "{wrapped}");
        }
        let title = answer(r#"{"topics":[],"title":"</think> x"}"#)
            .unwrap()
            .title;
        assert_eq!(title.as_deref(), Some("</think> x"));
    }

    #[test]
    fn what_is_no_answer_is_invalid() {
        for (text, why) in [
            ("", Invalid::NotAnObject),
            ("<think>and so on", Invalid::NotAnObject),
            ("Bank", Invalid::NotAnObject),
            ("[]", Invalid::NotAnObject),
            ("{\"topics\":[", Invalid::NotAnObject),
            (
                "{\"topics\":[{\"name\":\"Bank\",\"confidence\":1e999}]}",
                Invalid::NotAnObject,
            ),
            ("{}", Invalid::NoTopics),
            ("{\"topics\":\"Bank\"}", Invalid::NoTopics),
        ] {
            assert_eq!(answer(text), Err(why), "{text}");
        }
        let deep = format!("{{\"topics\":{}", "[".repeat(100_000));
        assert_eq!(answer(&deep), Err(Invalid::NotAnObject));
    }

    #[test]
    fn topics_are_of_the_list() {
        let found = chosen(&json!([
            { "name": "tax", "confidence": 0.5 },
            { "name": " BANK ", "confidence": 7 },
            { "name": "Garden", "confidence": 1 },
            { "name": "Bank", "confidence": 0.1 },
            { "name": "Rent", "confidence": -1 },
            { "name": "Car", "confidence": 0.25 },
        ]));
        assert_eq!(found, [(1, 1.0), (2, 0.5), (4, 0.25)]);
        let broken = json!([
            "Bank", null, 7, {}, { "name": "Bank" }, { "name": 1, "confidence": 1 },
            { "name": "Bank", "confidence": "NaN" }, { "name": ["Bank"], "confidence": 1 },
        ]);
        assert_eq!(chosen(&broken), []);
    }

    #[test]
    fn proposals_are_few_short_and_new() {
        let proposals = |names: Value| {
            let answer = json!({ "topics": [], "new_topics": names });
            read(&answer.to_string(), &topics(), TODAY)
                .unwrap()
                .proposals
        };
        assert_eq!(
            proposals(json!([
                "bank",
                "Bees\u{202e}\n ",
                "BEES",
                "...",
                7,
                "x".repeat(61),
                "Honey",
                "Wax"
            ])),
            ["Bees", "Honey"]
        );
        assert_eq!(proposals(json!(["x".repeat(60)])), ["x".repeat(60)]);
        assert_eq!(proposals(json!("Bees")), [""; 0]);
    }

    #[test]
    fn fields_are_cut_and_cleaned() {
        let long = "\u{7}wörd \n".repeat(1_000);
        let answer = answer(
            &json!({
                "topics": [], "title": long, "summary": long, "correspondent": long,
                "language": "DE", "date": "2026-02-28", "reason": long,
            })
            .to_string(),
        )
        .unwrap();
        for (text, most) in [
            (answer.title.unwrap(), 120),
            (answer.summary.unwrap(), 300),
            (answer.correspondent.unwrap(), 120),
        ] {
            assert!((most - 5..=most).contains(&text.chars().count()), "{text}");
            assert!(text.starts_with("wörd wörd") && !text.contains(char::is_control));
        }
        assert_eq!(answer.language.as_deref(), Some("de"));
        assert_eq!(answer.date.unwrap().value, date!(2026 - 02 - 28));
    }

    #[test]
    fn what_is_not_as_asked_for_is_left_out() {
        for (key, value) in [
            ("title", json!(7)),
            ("title", json!(" \u{200b}")),
            ("summary", json!(["x"])),
            ("summary", json!("\n")),
            ("language", json!("German")),
            ("language", json!("1x")),
            ("date", json!("01.03.2026")),
            ("date", json!("2026-02-30")),
            ("date", json!("2027-03-03")),
            ("date", json!("1899-12-31")),
            ("date", json!("+2026-01-01")),
            ("date", json!(20_260_101)),
            ("correspondent", json!({})),
            ("new_topics", json!({ "0": "x" })),
        ] {
            let read = answer(&json!({ "topics": [], key: value }).to_string()).unwrap();
            assert_eq!(read, Classification::default(), "{key}: {value}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in r#"(\{"topics":|[{}\[\]":,`<>/think]|\PC){0,60}"#) {
            if let Ok(read) = answer(&text) {
                prop_assert!(read.topics.len() <= MAX_TOPICS);
            }
        }
    }
}

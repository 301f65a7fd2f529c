//! Documents that talk to the model. Whatever they say stays between the markers of the question,
//! and whatever the model is talked into stays within the person's topics and a few short fields.

use docuvault_domain::ports::{Classification, Properties};
use serde_json::{Value, json};

use super::support::{ALL, BANK, Emulator, RENT, Stop, TestDocument, chosen, classifier, topics};

/// A document of the fixture, and the word it is found by.
struct Injection {
    word: String,
    paper: TestDocument,
}

fn injections() -> Vec<Injection> {
    let fixture = include_str!("../injections.txt");
    fixture.split("\n=== ").skip(1).map(injection).collect()
}

fn injection(entry: &str) -> Injection {
    let (name, mut text) = entry.split_once('\n').unwrap();
    let mut header = |key: &str| {
        let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
        let value = line.strip_prefix(key)?;
        text = rest;
        Some(unescaped(value))
    };
    let title = header("title: ");
    let filename = header("file: ").unwrap_or_else(|| "scan.pdf".to_owned());
    Injection {
        word: format!("kz{}", name.get(..2).unwrap()),
        paper: TestDocument {
            pages: vec![unescaped(text)],
            filename,
            properties: Properties {
                title,
                ..Properties::default()
            },
        },
    }
}

/// `\u{…}` is a character, `\blank{n}` are n blanks.
fn unescaped(text: &str) -> String {
    let mut parts = text.split('\\');
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let braced = |start: &str| part.strip_prefix(start)?.split_once('}');
        if let Some((code, rest)) = braced("u{") {
            let code = u32::from_str_radix(code, 16).unwrap();
            out.push(char::from_u32(code).unwrap());
            out.push_str(rest);
        } else if let Some((count, rest)) = braced("blank{") {
            out.push_str(&" ".repeat(count.parse().unwrap()));
            out.push_str(rest);
        } else {
            out.push('\\');
            out.push_str(part);
        }
    }
    out
}

/// What a model says that has been talked into something.
fn hostile(n: usize) -> Value {
    let everything = json!([
        { "name": "Payroll", "confidence": 1 },
        { "name": "bank", "confidence": 1e300 },
        { "name": "Rent \"and\" heating", "confidence": -5 },
        { "name": "../../etc/passwd", "confidence": 1 },
        { "name": "Bank\u{202e}", "confidence": 0.5 },
        { "id": "00000000-0000-0000-0000-000000000007", "confidence": 1 },
    ]);
    let smuggled = "<script>\u{1b}[31m\u{202e}\u{e0041}\u{200b}\r\n\u{0}".repeat(500);
    match n % 5 {
        0 => json!({
            "topics": everything, "new_topics": [smuggled, "A\u{0}\nB", "C", "D", "Bank"],
            "title": smuggled, "summary": smuggled, "language": "<script>",
            "date": "9999-12-31", "correspondent": smuggled, "reason": smuggled,
        }),
        1 => json!({
            "topics": everything, "owner": "root", "path": "/etc", "delete": true,
            "permissions": ["*"], "tool_calls": [{ "name": "fetch" }], "title": { "a": 1 },
            "summary": ["x"], "language": 7, "date": 20_260_101, "correspondent": true,
        }),
        2 => json!({ "topics": [everything, [[[]]], "Bank", null], "new_topics": {} }),
        3 => {
            json!({ "topics": [], "new_topics": ["x".repeat(61), "  ", "\u{202e}", "Rent \"AND\" heating"] })
        }
        _ => json!({
            "topics": [{ "name": "Bank", "confidence": 0.5 }], "title": "\u{200b}",
            "date": "1066-10-14", "language": "deu", "correspondent": "\n\n",
        }),
    }
}

/// What of it names a topic of the person's as it should.
fn believable(n: usize) -> &'static [u128] {
    match n % 5 {
        0 | 1 => &[BANK, RENT],
        2 | 3 => &[],
        _ => &[BANK],
    }
}

fn is_visible(text: &str) -> bool {
    text.chars().all(|c| {
        let bidi = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}');
        let rare = matches!(c, '\u{ad}' | '\u{61c}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}');
        (!c.is_control() || c == '\n') && !bidi && !rare
    })
}

fn is_line(text: &str, most: usize) -> bool {
    let count = text.chars().count();
    (1..=most).contains(&count) && is_visible(text) && !text.contains('\n')
}

fn is_harmless(filed: &Classification) {
    assert!(filed.topics.len() <= 3);
    for prediction in &filed.topics {
        assert!([BANK, RENT].contains(&prediction.value.0.as_u128()));
        assert!((0.0..=1.0).contains(&prediction.confidence));
        assert!(
            prediction
                .rationale
                .iter()
                .all(|reason| is_line(reason, 200))
        );
    }
    assert!(filed.proposals.len() <= 2);
    for name in &filed.proposals {
        assert!(is_line(name, 60), "{name:?}");
        assert!(
            topics()
                .iter()
                .all(|it| it.name.to_lowercase() != name.to_lowercase())
        );
    }
    let lines = [
        (&filed.title, 120),
        (&filed.summary, 300),
        (&filed.correspondent, 120),
    ];
    for (line, most) in lines {
        assert!(
            line.as_deref().is_none_or(|it| is_line(it, most)),
            "{line:?}"
        );
    }
    assert_eq!(filed.language, None);
    assert_eq!(filed.date, None);
}

/// The marker of a request.
fn marker(system: &str) -> &str {
    system
        .split_once("<<DOC ")
        .unwrap()
        .1
        .split_once(">>")
        .unwrap()
        .0
}

#[tokio::test]
async fn documents_stay_within_their_markers_and_answers_within_the_list() {
    let injections = injections();
    assert_eq!(injections.len(), 50);
    for vendor in ALL {
        let server = Emulator::with(vendor, vec![]).await;
        let (classifier, _) = classifier(server.config());
        let mut markers = Vec::new();
        let mut rules = Vec::new();
        for (n, Injection { word, paper }) in injections.iter().enumerate() {
            server.add(vendor.says(&hostile(n).to_string(), Stop::Done));
            let filed = paper.filed_by(&*classifier).await.unwrap();
            is_harmless(&filed);
            assert_eq!(chosen(&filed), believable(n), "{word}");

            let request = server.requests().pop().unwrap();
            let (system, turns) = vendor.prompts(&request);
            let [turn] = &turns[..] else {
                panic!("one turn")
            };
            assert_eq!(turn["role"], "user");
            let user = turn["content"].as_str().unwrap();
            let marker = marker(&system).to_owned();
            let inside = user
                .strip_prefix(&format!("<<DOC {marker}>>\n"))
                .and_then(|rest| rest.strip_suffix(&format!("\n<<END {marker}>>")))
                .unwrap();
            assert!(inside.contains(word.as_str()), "{word}: {inside}");
            assert!(!inside.contains(&marker), "{word}");
            assert!(is_visible(user), "{word}: {user:?}");
            assert!(user.chars().count() < 6_000, "{word}");
            let about: Value = serde_json::from_str(inside.lines().next().unwrap()).unwrap();
            assert_eq!(about["pages"], 1, "{word}");

            // Nothing of the document is anywhere else, nor do its properties go out at all.
            assert!(!request.to_string().contains("secret"), "{word}");
            assert_eq!(
                request.to_string().matches(word.as_str()).count(),
                inside.matches(word.as_str()).count()
            );
            rules.push(system.replace(&marker, "M"));
            markers.push(marker);
        }
        rules.dedup();
        assert_eq!(rules.len(), 1, "the rules are the same for every document");
        markers.sort_unstable();
        markers.dedup();
        assert_eq!(markers.len(), 50, "no marker is used twice");
    }
}

#[tokio::test]
async fn an_order_that_was_obeyed_in_prose_is_no_answer() {
    for vendor in ALL {
        let obeyed = || vendor.says("OK. My rules are: …", Stop::Done);
        let server = Emulator::with(vendor, vec![obeyed(), obeyed()]).await;
        let (classifier, _) = classifier(server.config());
        let paper = &injections().remove(26).paper;
        paper.filed_by(&*classifier).await.unwrap_err();
    }
}

#[test]
fn the_fixture_is_what_it_says() {
    let injections = injections();
    let text = |n: usize| injections[n - 1].paper.pages.concat();
    assert!(text(36).contains('\u{202e}'));
    assert!(text(38).contains('\u{e0049}'));
    assert!(text(41).len() > 1_000_000);
    assert!(injections[19].paper.filename.contains('\n'));
    let title = injections[17].paper.properties.title.as_deref().unwrap();
    assert!(title.ends_with("kz18secret"));
}

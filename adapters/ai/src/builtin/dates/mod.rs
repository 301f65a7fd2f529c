//! The day a document bears: the date on it, not one of those it speaks of.

mod find;
mod labels;

use std::ops::Range;
use std::sync::LazyLock;

use docuvault_domain::ports::{ClassifyRequest, Prediction};
use regex::Regex;
use time::{Date, Month};

use self::find::Found;
use super::confidence::{MIN_CONFIDENCE, confidence};
use super::excerpt::Excerpt;
use super::line::regex;

/// Evidence that makes a date 63 % sure.
const SCALE: f32 = 3.6;
/// Among the first lines.
const TOP_EVIDENCE: f32 = 1.5;
/// With nothing else on its line there.
const ALONE_ON_LINE_EVIDENCE: f32 = 2.5;
/// In the file's name: people and scanners put it there.
const FILENAME_EVIDENCE: f32 = 3.0;
/// The file says that it was made that day.
const CREATION_DATE_EVIDENCE: f32 = 1.0;
/// Documents seldom come from the future.
const FUTURE_EVIDENCE: f32 = -3.0;
/// How many lines are the top.
const TOP_LINES: usize = 20;
/// A text with more dates than this is a list; the first ones are enough.
const MAX_DATES: usize = 200;

/// The rest of a line that has a date alone.
static AFTER: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"^[ \t,]*(?:[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?[ ]?(?:Uhr|[AaPp][Mm])?)?[ \t]*$")
});

/// A day, what speaks for it and where it stands.
struct Candidate {
    date: Date,
    evidence: f32,
    words: String,
}

/// The day, where one date stands out.
pub(super) fn read(excerpt: &Excerpt, request: &ClassifyRequest<'_>) -> Option<Prediction<Date>> {
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut add = |found: Candidate| {
        let known = candidates.iter_mut().find(|known| known.date == found.date);
        match known {
            Some(known) if known.evidence >= found.evidence => {}
            Some(known) => *known = found,
            None => candidates.push(found),
        }
    };
    let top_end = top_end(excerpt.head());
    for (text, top_end) in [(excerpt.head(), top_end), (excerpt.tail(), 0)] {
        let found = find::dates(text, request.language, MAX_DATES);
        let mut last_end = 0;
        for Found { range, date } in found {
            let mut evidence = labels::evidence(text, last_end, &range);
            if range.start < top_end {
                evidence += TOP_EVIDENCE;
                if alone_on_line(text, &range) {
                    evidence += ALONE_ON_LINE_EVIDENCE;
                }
            }
            last_end = range.end;
            add(Candidate {
                date,
                evidence,
                words: rationale_around(text, &range),
            });
        }
    }
    if let Some(date) = find::in_filename(request.filename) {
        add(Candidate {
            date,
            evidence: FILENAME_EVIDENCE,
            words: request.filename.to_owned(),
        });
    }

    let latest = two_years_after(request.today);
    candidates.retain(|candidate| earliest() <= candidate.date && candidate.date <= latest);
    for candidate in &mut candidates {
        if candidate.date > request.today {
            candidate.evidence += FUTURE_EVIDENCE;
        }
        if request.properties.created == Some(candidate.date) {
            candidate.evidence += CREATION_DATE_EVIDENCE;
        }
    }
    candidates.sort_by(|a, b| b.evidence.total_cmp(&a.evidence));
    let rival = candidates.get(1).map_or(0.0, |second| second.evidence);
    let best = candidates.into_iter().next()?;
    let confidence = confidence(best.evidence, rival, SCALE);
    (confidence >= MIN_CONFIDENCE).then_some(Prediction {
        value: best.date,
        confidence,
        rationale: Some(best.words),
    })
}

/// Where the document says the day that somebody else read off it.
pub(crate) fn words_of(date: Date, request: &ClassifyRequest<'_>) -> Option<String> {
    let excerpt = Excerpt::of(request.pages);
    let in_text = [excerpt.head(), excerpt.tail()]
        .into_iter()
        .find_map(|text| {
            let found = find::dates(text, request.language, MAX_DATES);
            let found = found.into_iter().find(|found| found.date == date)?;
            Some(rationale_around(text, &found.range))
        });
    in_text.or_else(|| {
        let named = find::in_filename(request.filename) == Some(date);
        named.then(|| request.filename.to_owned())
    })
}

/// The line of the date, or as much of a long one as is near it.
fn rationale_around(text: &str, range: &Range<usize>) -> String {
    const BEFORE: usize = 50;
    const AFTER: usize = 30;
    let before = text[..range.start].rsplit('\n').next().unwrap_or_default();
    let after = text[range.end..].split('\n').next().unwrap_or_default();
    let from = before.char_indices().rev().nth(BEFORE - 1);
    let to = after.char_indices().nth(AFTER);
    let before = &before[from.map_or(0, |(at, _)| at)..];
    let after = &after[..to.map_or(after.len(), |(at, _)| at)];
    let words = format!("{before}{}{after}", &text[range.clone()]);
    words.trim().to_owned()
}

fn earliest() -> Date {
    time::OffsetDateTime::UNIX_EPOCH.date()
}

fn two_years_after(today: Date) -> Date {
    let year = today.year() + 2;
    today
        .replace_year(year)
        .or_else(|_| Date::from_calendar_date(year, Month::February, 28))
        .unwrap_or(Date::MAX)
}

/// Where the first lines end.
fn top_end(text: &str) -> usize {
    text.split_inclusive('\n')
        .scan(0, |end, line| {
            *end += line.len();
            Some((*end, line))
        })
        .filter(|(_, line)| !line.trim().is_empty())
        .take(TOP_LINES)
        .last()
        .map_or(0, |(end, _)| end)
}

/// With nothing else on its line but the time of the day.
fn alone_on_line(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].rsplit('\n').next().unwrap_or_default();
    let after = text[range.end..].split('\n').next().unwrap_or_default();
    before.trim().is_empty() && AFTER.is_match(after)
}

#[cfg(test)]
mod tests {
    use docuvault_domain::learning::Learned;
    use docuvault_domain::ports::Properties;
    use time::macros::date;

    use super::*;

    fn read_with(text: &str, filename: &str, created: Option<Date>) -> Option<Prediction<Date>> {
        let pages = [text.to_owned()];
        let properties = Properties {
            created,
            ..Properties::default()
        };
        let request = ClassifyRequest {
            pages: &pages,
            filename,
            language: None,
            properties: &properties,
            topics: &[],
            learned: &Learned::default(),
            today: date!(2026 - 04 - 01),
        };
        read(&Excerpt::of(&pages), &request)
    }

    fn day(text: &str) -> Option<Date> {
        read_with(text, "scan.pdf", None).map(|prediction| prediction.value)
    }

    #[test]
    fn the_date_of_the_document_is_found() {
        let expected = Some(date!(2026 - 03 - 03));
        for text in [
            "Rechnungsdatum: 03.03.2026\nzahlbar bis 17.03.2026",
            "Due date: March 17, 2026\nInvoice date: March 3, 2026",
            "Berlin, den 3. März 2026\n\nIhr Schreiben vom 12.02.2026",
            "Acme\n\n3 March 2026\n\nDear Jane, I was born on 4 May 1980",
            "Name: Eva, geboren am 04.05.1980\nDatum\n03.03.2026",
            "gültig bis 31.12.2026\nausgestellt am 03.03.2026",
            "Statement date: 2026-03-03\nPeriod: 2026-02-01 to 2026-02-28",
            "Zeitraum 01.02.2026 - 28.02.2026\nDatum: 03.03.2026",
            "3 March 2026 14:32\nBread 2.10",
        ] {
            assert_eq!(day(text), expected, "{text:?}");
        }
        let letter = format!(
            "{}\nErfurt, den 3. März 2026",
            "Ein langer Text.\n".repeat(30)
        );
        assert_eq!(day(&letter), expected);
    }

    #[test]
    fn implausible_dates_are_left_open() {
        for text in [
            "",
            "zahlbar bis 17.03.2026",
            "geb. am 14.05.1980",
            "gültig bis: 31.12.2026",
            "Im Text steht, dass am 3. März 2026 etwas geschah.",
            "Datum: 03.03.1969",
            "Datum: 02.04.2028",
            "Datum: 31.02.2026",
            "Datum: 03.03.2026\nDatum: 04.03.2026\nDatum: 05.03.2026 oder doch",
            "2026-03-01 10:00:01 started\n2026-03-02 10:00:07 stopped",
        ] {
            let found = read_with(text, "scan.pdf", None);
            let sure = found.filter(|prediction| prediction.confidence >= 0.6);
            assert_eq!(sure, None, "{text:?}");
        }
        assert_eq!(day("Datum: 01.01.1970"), Some(date!(1970 - 01 - 01)));
    }

    #[test]
    fn a_date_comes_with_the_words_around_it() {
        let words = |text: &str| read_with(text, "scan.pdf", None)?.rationale;
        let dated = "Acme GmbH\nRechnungsdatum: 03.03.2026 \nzahlbar bis 17.03.2026";
        assert_eq!(words(dated).as_deref(), Some("Rechnungsdatum: 03.03.2026"));
        let padded = format!("Datum: 03.03.2026 {}", "ü".repeat(200));
        assert_eq!(words(&padded).unwrap().chars().count(), 17 + 30);
        let named = read_with("text", "2026-03-03 Rechnung.pdf", None).unwrap();
        assert_eq!(named.rationale.as_deref(), Some("2026-03-03 Rechnung.pdf"));
    }

    #[test]
    fn files_help_but_their_creation_alone_is_no_evidence() {
        let created = Some(date!(2026 - 03 - 03));
        assert_eq!(read_with("text", "scan.pdf", created), None);
        let alone = read_with("text", "2026-03-03 Rechnung.pdf", None).unwrap();
        let both = read_with("text", "2026-03-03 Rechnung.pdf", created).unwrap();
        assert_eq!(alone.value, date!(2026 - 03 - 03));
        assert!(alone.confidence < both.confidence, "{alone:?} {both:?}");
    }
}

//! Dates in running text, in the ways English and German write them.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};
use time::{Date, Month};

use crate::builtin::line::regex;

/// A date and where it stands.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Its bytes.
    pub(super) range: Range<usize>,
    /// The day.
    pub(super) date: Date,
}

static DATE: LazyLock<Regex> = LazyLock::new(|| {
    const MONTHS: &str = "jan(?:uary|uar)?|jänner|feb(?:ruary|ruar)?|march|mar|märz|maerz|mär|mrz\
        |apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|sept?(?:ember)?\
        |oct(?:ober)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?|dez(?:ember)?";
    regex(&format!(
        r"(?xi)
        (?P<iso_y>[0-9]{{4}}) (?P<iso_sep>[-/.]) (?P<iso_m>[0-9]{{1,2}}) [-/.] (?P<iso_d>[0-9]{{1,2}})
        | (?P<num_a>[0-9]{{1,2}}) (?P<num_sep>\.\ ?|[-/]) (?P<num_b>[0-9]{{1,2}}) (?:\.\ ?|[-/])
          (?P<num_y>[0-9]{{4}}|[0-9]{{2}})
        | (?P<d_d>[0-9]{{1,2}}) (?:\.|st|nd|rd|th)? [\ -]{{0,2}} (?:of\ )?
          (?P<d_m>{MONTHS}) [.,]?[\ -]{{1,2}} (?P<d_y>[0-9]{{4}})
        | (?P<m_m>{MONTHS}) \.?\ {{1,2}} (?P<m_d>[0-9]{{1,2}}) (?:st|nd|rd|th)? ,?\ {{1,2}} (?P<m_y>[0-9]{{4}})
        "
    ))
});

/// `2026-03-03`, `20260303` and the like between other characters.
static FILENAME_DATE: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?:^|[^0-9])((?:19|20)[0-9]{2})([-_. ]?)([01][0-9])([-_. ]?)([0-3][0-9])(?:[^0-9]|$)")
});

static US_ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| regex(r"\b[A-Z]{2} [0-9]{5}(?:-[0-9]{4})?\b"));

/// Which number of `3/4/2026` is the month.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    DayFirst,
    MonthFirst,
}

/// The first `limit` dates in `text`, in order. Those that can be read in two ways are left out,
/// unless something else in the text tells which.
pub(super) fn dates(text: &str, language: Option<&str>, limit: usize) -> Vec<Found> {
    let matches: Vec<Captures<'_>> = DATE
        .captures_iter(text)
        .filter(|captures| is_delimited(text, &whole(captures)))
        .take(limit)
        .collect();
    let order = order(&matches, text, language);
    matches
        .iter()
        .filter_map(|captures| {
            Some(Found {
                range: whole(captures),
                date: date(captures, order)?,
            })
        })
        .collect()
}

/// Dates in a file's name, biggest part first.
pub(super) fn in_filename(filename: &str) -> Option<Date> {
    let captures = FILENAME_DATE.captures(filename)?;
    let part = |group: usize| captures.get(group).map_or("", |part| part.as_str());
    if part(2) != part(4) {
        return None;
    }
    calendar(part(1).parse().ok()?, part(3).parse().ok()?, part(5))
}

fn whole(captures: &Captures<'_>) -> Range<usize> {
    captures.get(0).map_or(0..0, |whole| whole.range())
}

/// Not a part of a longer number, word or version.
fn is_delimited(text: &str, range: &Range<usize>) -> bool {
    let mut before = text[..range.start].chars().rev();
    let free_before = match before.next() {
        Some('.' | '-' | '/') => !before.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => !c.is_alphanumeric(),
        None => true,
    };
    let mut after = text[range.end..].chars();
    let free_after = match after.next() {
        Some('.' | '-' | '/') => !after.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => !c.is_ascii_digit(),
        None => true,
    };
    free_before && free_after
}

fn date(captures: &Captures<'_>, order: Option<Order>) -> Option<Date> {
    let part = |name: &str| captures.name(name).map(|part| part.as_str());
    if let Some(year) = part("iso_y") {
        return calendar(
            year.parse().ok()?,
            part("iso_m")?.parse().ok()?,
            part("iso_d")?,
        );
    }
    if let Some(year) = part("d_y") {
        return calendar(year.parse().ok()?, month(part("d_m")?)?, part("d_d")?);
    }
    if let Some(year) = part("m_y") {
        return calendar(year.parse().ok()?, month(part("m_m")?)?, part("m_d")?);
    }
    let (a, b, year) = (part("num_a")?, part("num_b")?, part("num_y")?);
    let year = match year.len() {
        2 => 2000 + year.parse::<i32>().ok()?,
        _ => year.parse().ok()?,
    };
    let order = if part("num_sep")?.starts_with('.') || a == b {
        Order::DayFirst
    } else {
        order?
    };
    match order {
        Order::DayFirst => calendar(year, b.parse().ok()?, a),
        Order::MonthFirst => calendar(year, a.parse().ok()?, b),
    }
}

fn calendar(year: i32, month: u8, day: &str) -> Option<Date> {
    Date::from_calendar_date(year, Month::try_from(month).ok()?, day.parse().ok()?).ok()
}

fn month(name: &str) -> Option<u8> {
    let lower = name.to_lowercase();
    let start: String = lower.chars().take(3).collect();
    let number = match start.as_str() {
        "jan" | "jän" => 1,
        "feb" => 2,
        "mar" | "mär" | "mae" | "mrz" => 3,
        "apr" => 4,
        "may" | "mai" => 5,
        "jun" => 6,
        "jul" => 7,
        "aug" => 8,
        "sep" => 9,
        "oct" | "okt" => 10,
        "nov" => 11,
        "dec" | "dez" => 12,
        _ => return None,
    };
    Some(number)
}

/// How the text writes days and months: another date in it tells, or the language with the country.
fn order(matches: &[Captures<'_>], text: &str, language: Option<&str>) -> Option<Order> {
    let mut slashed = matches.iter().filter_map(|captures| {
        let separator = captures.name("num_sep")?.as_str();
        let number = |name: &str| captures.name(name)?.as_str().parse::<u8>().ok();
        (!separator.starts_with('.')).then_some((number("num_a")?, number("num_b")?))
    });
    let (mut day_first, mut month_first) = (false, false);
    for (a, b) in slashed.by_ref() {
        day_first |= a > 12 && b <= 12;
        month_first |= b > 12 && a <= 12;
    }
    match (day_first, month_first, language) {
        (true, false, _) => Some(Order::DayFirst),
        (false, true, _) => Some(Order::MonthFirst),
        (true, true, _) | (_, _, None) => None,
        (false, false, Some("en")) => {
            let american = US_ADDRESS.is_match(text);
            let european = text.contains(['£', '€']);
            match (american, european) {
                (true, false) => Some(Order::MonthFirst),
                (false, true) => Some(Order::DayFirst),
                _ => None,
            }
        }
        (false, false, Some(_)) => Some(Order::DayFirst),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, language: Option<&str>) -> Vec<String> {
        let found = dates(text, language, 10);
        found.iter().map(|found| found.date.to_string()).collect()
    }

    #[test]
    fn dates_are_read_in_all_their_forms() {
        for text in [
            "2026-03-04",
            "2026/3/4",
            "2026-03-04T10:00",
            "04.03.2026",
            "4. 3. 2026",
            "4.3.26",
            "4. März 2026",
            "4.Maerz 2026",
            "4. Mrz. 2026",
            "4 March 2026",
            "4th of March 2026",
            "4-Mar-2026",
            "March 4, 2026",
            "Mar. 4th, 2026",
            "MARCH 4 2026",
        ] {
            assert_eq!(found(text, None), ["2026-03-04"], "{text:?}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "31.02.2026",
            "2026-13-01",
            "1.2.3.2026",
            "192.168.10.12",
            "12.03.2026.7",
            "v4.3.2026",
            "112.03.2026",
            "4. Foo 2026",
            "00.00.0000",
            "99/99/9999",
            "٤.٣.٢٠٢٦",
            "03-2026",
        ] {
            assert_eq!(found(text, Some("de")), [""; 0], "{text:?}");
        }
    }

    #[test]
    fn slashes_need_a_second_witness() {
        let none: [&str; 0] = [];
        assert_eq!(found("03/04/2026", None), none);
        assert_eq!(found("03/04/2026", Some("en")), none);
        assert_eq!(found("03/03/2026", Some("en")), ["2026-03-03"]);
        assert_eq!(found("25/04/2026", Some("en")), ["2026-04-25"]);
        assert_eq!(found("04/25/2026", None), ["2026-04-25"]);
        assert_eq!(found("03/04/2026 £5", Some("en")), ["2026-04-03"]);
        assert_eq!(
            found("Austin, TX 78701 03/04/2026", Some("en")),
            ["2026-03-04"]
        );
        assert_eq!(
            found("03/04/2026 03/28/2026", None),
            ["2026-03-04", "2026-03-28"]
        );
        assert_eq!(found("13/04/2026 03/28/2026 01/02/2026", None), none);
        assert_eq!(found("03/04/2026", Some("de")), ["2026-04-03"]);
    }

    #[test]
    fn file_names_have_dates() {
        for (name, date) in [
            ("2026-03-04 Rechnung.pdf", Some("2026-03-04")),
            ("scan_20260304.pdf", Some("2026-03-04")),
            ("20260304123000.pdf", None),
            ("2026-0304.pdf", None),
            ("invoice-20269999.pdf", None),
        ] {
            let found = in_filename(name).map(|date| date.to_string());
            assert_eq!(found.as_deref(), date, "{name}");
        }
    }
}

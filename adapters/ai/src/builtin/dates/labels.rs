//! What the words before a date say of it.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::builtin::line::regex;
use docuvault_domain::text::{Lexicon, fold, pattern};

/// Words before a date and what they add to its evidence. The one nearest to the date counts.
static LABELS: LazyLock<Lexicon<f32>> = LazyLock::new(|| {
    const LABELS: &[(f32, &str)] = &[
        (
            5.0,
            "Rechnungsdatum, Belegdatum, Ausstellungsdatum, Ausstellungstag, Erstellungsdatum, \
             Bescheiddatum, Briefdatum, Berichtsdatum, Befunddatum, Abrechnungsdatum, \
             Buchungsdatum, Ausgabedatum, ausgestellt am, erstellt am, ausgefertigt am, gebucht am, Datum, Date, \
             dated, invoice date, date of invoice, date of issue, issue date, issued, issued on, \
             date issued, statement date, report date, date of report, notice date, letter date, \
             receipt date, booking date, booked on, date of notice, pay date, payment date, \
             Datum des Bescheids, Bescheid vom, Auszug vom, Rechnung vom, gedruckt am, \
             date printed, signed on, Vertragsdatum, agreement dated, made on, made this",
        ),
        (
            3.0,
            "Stand, last updated, revised, Bestelldatum, order date, Version vom, den, Kaufdatum, purchase date, date of purchase, reported",
        ),
        (0.5, "vom, on, am, of"),
        (
            -3.0,
            "Lieferdatum, Leistungsdatum, delivery date, Buchungstag, Wertstellung, Valuta, Ankunft, \
             arrival, departure, departs, Abfahrt, Abflug, Anreise, Abreise, check-in, check-out, \
             Aufnahme, admitted, admission, discharged, Eingang, eingegangen am, received, sampled, \
             Entnahme, Abnahme, Prüfung am, appointment, Termin, meeting, zum, by, from, to, between, zwischen, \
             ab, ab dem, seit, since, as of, effective, effective date, effective date of, effective as of, start date, starting, \
             commencing, Beginn*, Vertragsbeginn, Versicherungsbeginn, start, starts, begins, \
             Eintritt*, Austritt*, nächste*, next, wedding, Trauung, Schreiben vom, Ihr Schreiben vom, \
             your letter of, letter of, letter dated, Brief vom, Antrag vom, Bestellung vom, Tattag, Tatzeit, \
             am Tattag, Schadentag, Schadendatum, date of loss, incident, Erstzulassung, first registered, \
             Zeitraum, period, Leistungszeitraum, Abrechnungszeitraum, Meldedatum, Messung, Wahltag, \
             Reisedatum, travel date, Immatrikulation, Einzug, Auszug, Bestellung, Geschäftsjahr",
        ),
        (
            -8.0,
            "due, due date, payment due, due by, due on, payable by, pay by, fällig*, zahlbar bis, bis, \
             bis zum, bis spätestens, spätestens, until, no later than, before, vor dem, deadline, \
             Frist, Abgabefrist, Zahlungsziel, geboren, geboren am, geb, geb am, Geburtsdatum, Geburtstag, \
             date of birth, birth date, birthdate, born, born on, DOB, gültig, gültig ab, gültig bis, \
             valid until, valid from, valid through, valid to, expires, expires on, expiry date, expiration date, \
             expiration, expiry, Ablaufdatum, läuft ab, best before, haltbar bis, Zahlungsfrist, \
             Kündigung zum, endet am, ends, ends on, end date, Vertragsende, renewal date, \
             nächste HU, next test, Nächste Untersuchung, married, verstorben, died, Hochzeit",
        ),
    ];
    let mut meanings: HashMap<String, f32> = HashMap::new();
    for (weight, listed) in LABELS {
        meanings.extend(
            listed
                .split(',')
                .map(|label| (pattern(label.trim()), *weight)),
        );
    }
    Lexicon::new(meanings)
});

/// `Berlin, den 3. März 2026`, `London, 3 March 2026`: place and day over or under a letter.
static PLACE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^[ \t]*(?P<place>\p{Lu}[\p{L}.]{2,20}(?:[ -][\p{L}./]{2,15}){0,3}),?[ \t]+(?:den|dem|the)?[ \t]*$",
    )
});

const PLACE_AND_DAY: f32 = 5.0;
/// A label in the line above, as in forms and tables.
const ABOVE: f32 = 0.6;
/// The second day of a period.
const END_OF_PERIOD: f32 = -4.0;
/// Labels are looked for in this many characters.
const REACH: usize = 45;

const WEEKDAYS: &[&str] = &[
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonnabend",
    "sonntag",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// What the words before the date at `range` say; `from` is where the date before it ended.
pub(super) fn evidence(text: &str, from: usize, range: &Range<usize>) -> f32 {
    let before = last_chars(&text[from..range.start], REACH);
    let (above, line) = match before.rsplit_once('\n') {
        Some((above, line)) => (last_line(above), line),
        None => ("", before),
    };
    if from > 0 && matches!(before.trim(), "-" | "–" | "—" | "bis" | "to" | "until") {
        return END_OF_PERIOD;
    }
    let starts_line = range.start == line.len() || before.len() > line.len();
    if starts_line && names_a_place(line) {
        return PLACE_AND_DAY;
    }
    let own = nearest_label(line);
    if own.is_some() || line.chars().any(char::is_alphabetic) {
        return own.unwrap_or(0.0);
    }
    nearest_label(above).map_or(0.0, |label| label * ABOVE)
}

fn names_a_place(line: &str) -> bool {
    PLACE.captures(line).is_some_and(|captures| {
        let place = captures.name("place").map_or("", |place| place.as_str());
        let comma_or_den = line.contains(',') || line.trim_end().ends_with(" den");
        comma_or_den
            && !WEEKDAYS.contains(&place.to_lowercase().as_str())
            && nearest_label(place).is_none()
    })
}

/// The label that ends last.
fn nearest_label(before: &str) -> Option<f32> {
    LABELS.hits(&fold(before)).last().map(|hit| *hit.value)
}

fn last_line(text: &str) -> &str {
    text.trim_end().rsplit('\n').next().unwrap_or_default()
}

fn last_chars(text: &str, count: usize) -> &str {
    let start = text
        .char_indices()
        .nth_back(count - 1)
        .map_or(0, |(at, _)| at);
    &text[start..]
}

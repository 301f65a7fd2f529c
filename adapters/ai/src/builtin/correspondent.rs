//! Who sent a document: an organisation in the letterhead, or whoever a `From:` line names.

use std::sync::LazyLock;

use regex::Regex;

use super::excerpt::Excerpt;
use super::line::{clean, regex};

/// A letterhead has its sender here.
const LETTERHEAD_LINES: usize = 4;
/// Further down, between addresses, a sender must be named again somewhere.
const ADDRESS_LINES: usize = 14;
/// Below the closing words of a letter.
const SIGNATURE_LINES: usize = 4;
/// Longer lines are running text.
const LINE_CHARS: usize = 110;
const NAME_CHARS: usize = 80;

static LABELLED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^(?:from|sender|issued by|issuer|von|absender|aussteller|rechnungssteller|verkäufer|seller|supplier)[ \t]*:[ \t]*(?P<name>\S.*)$",
    )
});

/// What follows is whom the document is for.
static RECIPIENT: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^(?:an(?: die| den| das)?|to|to the|attn\.?|z\. ?hd\..*|bill(?:ed)? to|invoice to|sold to|ship to|deliver to|customer|client|kunde|kundin|firma|herrn?|frau|rechnung an|rechnungsadresse|rechnungsempfänger|lieferadresse|empfänger|recipient|employer|arbeitgeber)\b[ \t]*:?",
    )
});

/// Legal forms end the name of an organisation.
static LEGAL_FORM: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?x)^(?P<name>[\p{L}0-9][\p{L}0-9\ &.,'’+/-]*?
        (?:[\ -]|,\ )(?:GmbH(?:\ &\ Co\.?\ (?:KG|KGaA|OHG))?|gGmbH|mbH|AG(?:\ &\ Co\.\ KG)?|KGaA|KG|OHG|UG|SE|eG|GbR
        |e\.\ ?V\.|e\.\ ?K\.|a\.\ ?G\.|VVaG|Ltd\.?|Limited|Inc\.?|LLC|LLP|PLC|plc|Corp\.?|Corporation
        |S\.A\.|B\.V\.|N\.V\.|Pty\.?\ Ltd\.?|N\.A\.))(?:[\ ,;:|()–]|$)",
    )
});

/// Offices, houses and firms that are known by a word of their names, first or last in it.
static KIND_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:Finanzamt|Stadtwerke|Sparkasse|Stadtsparkasse|Kreissparkasse|Volksbank|Raiffeisenbank|Landratsamt|Standesamt|Bürgeramt|Amtsgericht|Ordnungsamt|Ausländerbehörde|Jobcenter|Familienkasse|Bezirksamt|Landeshauptstadt|Stadtverwaltung|Gemeinde|Universität|Universitätsklinikum|Technische Universität|Hochschule|Fachhochschule|Volkshochschule|Klinikum|Krankenhaus|Deutsche Rentenversicherung|Agentur für Arbeit|Bundesagentur für Arbeit|Hausverwaltung|Gemeinschaftspraxis|Zahnarztpraxis|Arztpraxis|Praxis|Labor|Autohaus|Kfz-Werkstatt|Grundschule|Gymnasium|Realschule|AOK|Bank of|University of|City of|County of|Department of|Ministry of|HM Revenue|Internal Revenue Service|Royal Borough of|London Borough of)(?: [\p{L}&.-]+){1,6}$|^(?:HM Revenue (?:&|and) Customs|Internal Revenue Service|Techniker Krankenkasse|Deutsche Bahn|Familienkasse|HM Courts (?:&|and) Tribunals Service)$",
    )
});
static KIND_LAST: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:[\p{Lu}0-9][\p{L}0-9&.'’-]* (?:(?:of|and|&|the|für|und|der|am|im|von) )?){1,5}(?:Bank|Sparkasse|Volksbank|Building Society|Credit Union|Insurance|Assurance|Mutual|Versicherung|Versicherungen|Krankenkasse|Stadtwerke|University|College|School|Academy|Gymnasium|Grundschule|Gesamtschule|Realschule|Volkshochschule|Akademie|Hospital|Clinic|Klinik|Klinikum|Medical Centre|Medical Center|Health Centre|Dental Practice|Dental Care|Surgery|Pharmacy|Apotheke|Council|Airlines|Airways|Hotel|Motors|Garage|Autohaus|Energy|Trust|Foundation|Stiftung|Verlag|Institute|Office|Agency|Service|Authority|Department|Group|Associates|Partners|Properties|Lettings|Hausverwaltung|Reisebüro|Reisen|Travel)$",
    )
});

/// Names do not begin so, and have none of the words for documents in them.
static NO_NAME: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^(?:ihre?|your|my|mein|meine|our|unsere?|die|der|the|zur|zum|für|for|dear|sehr|re:|betreff)\b|\b(?:policy|statement|certificate|invoice|contract|agreement|claim|number|nr|no|rechnung|antrag|bescheid|vertrag|police|details|schedule|account|report|renewal|confirmation|zwischen|between|by)\b|:",
    )
});

static CLOSING: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^(?:mit freundlichen grüßen|mit freundlichem gruß|yours (?:sincerely|faithfully|truly)|sincerely|kind regards|best regards|viele grüße|beste grüße)\b",
    )
});

static PARTS: LazyLock<Regex> = LazyLock::new(|| regex(r" [·•|*–—-] |[·•|]|\t| {3,}"));

/// The sender, where one is clear.
pub(super) fn read(excerpt: &Excerpt) -> Option<String> {
    labelled(excerpt)
        .or_else(|| in_letterhead(excerpt))
        .or_else(|| in_signature(excerpt))
        .and_then(clean)
}

fn labelled(excerpt: &Excerpt) -> Option<&str> {
    excerpt.top().filter(short).find_map(|line| {
        let name = LABELLED.captures(line)?.name("name")?.as_str();
        let name = name
            .split(['<', '|', '\t'])
            .next()?
            .trim_matches(['"', ' ']);
        // One word may be anything: a place to start from, say.
        let is_name = name.split(' ').count() > 1
            && name.chars().nth(NAME_CHARS).is_none()
            && !name.contains(['@', ':'])
            && !name.chars().any(|c| c.is_ascii_digit());
        organisation(name).or(is_name.then_some(name))
    })
}

fn in_letterhead(excerpt: &Excerpt) -> Option<&str> {
    let mut for_recipient = false;
    for (number, line) in excerpt.top().take(ADDRESS_LINES).enumerate() {
        let recipient = RECIPIENT.is_match(line);
        let name = (!recipient && !for_recipient)
            .then(|| organisation_in(line))
            .flatten();
        for_recipient = recipient;
        if let Some(name) = name
            && (number < LETTERHEAD_LINES || is_named_again(excerpt, name))
        {
            return Some(name);
        }
    }
    None
}

fn in_signature(excerpt: &Excerpt) -> Option<&str> {
    let text = if excerpt.tail().is_empty() {
        excerpt.head()
    } else {
        excerpt.tail()
    };
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.by_ref().find(|line| CLOSING.is_match(line))?;
    lines.take(SIGNATURE_LINES).find_map(organisation_in)
}

/// The organisation in a line of names and addresses.
fn organisation_in(line: &str) -> Option<&str> {
    if !short(&line) {
        return None;
    }
    PARTS.split(line).find_map(|part| {
        organisation(part).or_else(|| organisation(part.split(',').next().unwrap_or_default()))
    })
}

/// The organisation that `text` starts with.
pub(super) fn organisation(text: &str) -> Option<&str> {
    let text = text.trim().trim_start_matches('#').trim();
    if text.chars().nth(NAME_CHARS).is_some() || NO_NAME.is_match(text) {
        return None;
    }
    if let Some(name) = LEGAL_FORM
        .captures(text)
        .and_then(|found| found.name("name"))
    {
        return Some(name.as_str());
    }
    (KIND_FIRST.is_match(text) || KIND_LAST.is_match(text)).then_some(text)
}

fn short(line: &&str) -> bool {
    line.chars().nth(LINE_CHARS).is_none()
}

fn is_named_again(excerpt: &Excerpt, name: &str) -> bool {
    excerpt.head().matches(name).count() + excerpt.tail().matches(name).count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender(text: &str) -> Option<String> {
        read(&Excerpt::of(&[text.to_owned()]))
    }

    #[test]
    fn senders_in_letterhead_signature_or_from_line_are_found() {
        for (text, name) in [
            (
                "Nordlicht Energie GmbH & Co. KG\nHafenweg 3",
                "Nordlicht Energie GmbH & Co. KG",
            ),
            (
                "Stadtwerke Lindau · Am See 1 · 88131 Lindau\n\nFrau\nEva Beispiel",
                "Stadtwerke Lindau",
            ),
            (
                "Harbour & Sons Ltd, 4 Quay Street\nTo: Jane Doe",
                "Harbour & Sons Ltd",
            ),
            (
                "Finanzamt Musterstadt\nSteuernummer 1",
                "Finanzamt Musterstadt",
            ),
            (
                "From: Jane Doe <jane@example.org>\nTo: Acme Inc.",
                "Jane Doe",
            ),
            ("Von: Segelclub Nord e.V., Kiel", "Segelclub Nord e.V."),
            (
                "Hello\n\nKind regards\nJane\nNorthern Rail plc",
                "Northern Rail plc",
            ),
            ("First Lakeside Bank\nStatement", "First Lakeside Bank"),
            (
                "Invoice\nBill to:\nBuyer Inc\nSeller: Paper & Pens LLC",
                "Paper & Pens LLC",
            ),
        ] {
            assert_eq!(sender(text).as_deref(), Some(name), "{text:?}");
        }
    }

    #[test]
    fn unclear_senders_are_left_open() {
        for text in [
            "",
            "Home Insurance Policy\nYour Bank",
            "Ihre Versicherung",
            "Jane Doe\n1 High Street\n\nTo:\nAcme Inc\n2 Low Street",
            "Max Muster\nWeg 1\nOrt\n\nDatum\nEs war einmal\nBeispiel GmbH\nWeg 2",
            "Data about the bank",
            "From: 3 March 2026",
            "1.000 AG-Stunden",
        ] {
            assert_eq!(sender(text), None, "{text:?}");
        }
    }
}

//! What a person would call a document.

use std::sync::LazyLock;

use docuvault_domain::documents::Title;
use docuvault_domain::ports::ClassifyRequest;
use regex::Regex;

use super::correspondent::organisation;
use super::excerpt::Excerpt;
use super::kinds::names_a_document;
use super::line::{clean, regex};

/// Longer lines are no titles.
const LINE_CHARS: usize = 90;
/// A heading that names the document stands among these lines.
const HEADING_LINES: usize = 16;

/// Titles that programs write and people do not.
static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?xi)
        ^(?:untitled|unbenannt|ohne\ titel|no\ title|titel|title|new\ document|neues\ dokument|unknown|default|template|vorlage|letter|blank)\b\W*\d*$
        | ^(?:document|dokument|doc|scan|scanned\ (?:document|image)|image|img|bild|foto|photo|page|seite|slide|folie|presentation|präsentation|powerpoint[\ -]pr\w+|book|mappe|workbook|tabelle|file|datei|print|report|output|test|fax)[\ _-]*\d*$
        | ^microsoft\ (?:word|excel|powerpoint|office) | ^(?:adobe|libreoffice|openoffice|apache\ fop|crystal\ reports|jasperreports|wkhtmltopdf|ghostscript|latex|pdftex|sap|quarkxpress|canon|epson|xerox|hp|brother)\b
        | \.(?:docx?|dotx?|pdf|xlsx?|pptx?|od[tsp]|rtf|txt|indd|html?|qxd|tiff?|jpe?g|png|tex|dvi|e?ps|pages|pub|xml|csv|rpt|md|cdr|ai)\b\W*$
        | ^[a-z]:[\\/] | [\\] | ^(?:about|blob|chrome[\w-]*|data|file|https?): | ^www\.\S*$ | ^/ | \w/\w+/
        | ^[0-9a-f-]{16,}$ | ^\S*_\S*$ | ^[^\p{L}]*$",
    )
});

static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^(?:\*\*)?(?:betreff|betr\.|betrifft|subject|re|concerning|regarding)[ \t]*:[ \t]*(?P<text>\S.*)$",
    )
});

static REPLIES: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)^(?:(?:re|aw|wg|fwd?)[ \t]*:[ \t]*)+"));

/// `Rechnung Nr. 2024-17`, `Invoice number: INV-0042`.
static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?xi)\b(?P<kind>rechnung|invoice|gutschrift|credit\ note|mahnung|angebot|quotation|quittung|receipt)
        (?P<label>s?[\ -]?(?:nr\b\.?|no\b\.?|nummer\b|number\b|num\b\.?)|\ ?\#)?
        [\ \t]*[:\#]?[\ \t]*(?P<number>[A-Z0-9][A-Z0-9/_.-]{0,29})",
    )
});

/// Letters and certificates start so.
static OPENING: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^(?:dear|hello|hi|hallo|sehr geehrte[rs]?|liebe[rs]?|guten tag|to whom|this is to|hiermit)\b",
    )
});

/// The title, where one stands out; else the document keeps the name of its file.
pub(super) fn read(
    excerpt: &Excerpt,
    request: &ClassifyRequest<'_>,
    correspondent: Option<&str>,
) -> Option<String> {
    let property = request.properties.title.as_deref().and_then(clean);
    let property = property.filter(|title| is_sensible(title, request.filename));
    if property.as_deref().is_some_and(is_specific) {
        return property;
    }
    subject(excerpt)
        .or_else(|| numbered(excerpt, correspondent))
        .or_else(|| line_naming_a_kind(excerpt))
        .or(property)
        .or_else(|| headline(excerpt))
}

fn is_sensible(title: &str, filename: &str) -> bool {
    title.chars().filter(|c| c.is_alphabetic()).count() >= 4
        && !PLACEHOLDER.is_match(title)
        && !title.eq_ignore_ascii_case(filename)
        && !title.eq_ignore_ascii_case(Title::from_filename(filename).as_str())
}

fn is_specific(title: &str) -> bool {
    title.split_whitespace().count() > 1
}

fn subject(excerpt: &Excerpt) -> Option<String> {
    excerpt.top().find_map(|line| {
        let text = SUBJECT.captures(line)?.name("text")?.as_str();
        let text = REPLIES.replace(text, "");
        let text = clean(text.trim_matches(['*', ' ']))?;
        (text.chars().filter(|c| c.is_alphabetic()).count() >= 4).then_some(text)
    })
}

fn numbered(excerpt: &Excerpt, correspondent: Option<&str>) -> Option<String> {
    let title = excerpt.top().filter(short).find_map(|line| {
        let found = NUMBERED.captures(line)?;
        let part = |name: &str| found.name(name).map(|part| part.as_str());
        let number = part("number")?.trim_end_matches(['.', '-', '/', '_']);
        let digits = number.chars().filter(char::is_ascii_digit).count();
        let labelled = part("label").is_some();
        let date = number.matches('.').count() > 1;
        if digits == 0 || date || !(labelled || digits > 4 || number.contains(['-', '/'])) {
            return None;
        }
        let mut kind = part("kind")?.to_lowercase();
        kind.get_mut(..1)?.make_ascii_uppercase();
        Some(format!("{kind} {number}"))
    })?;
    clean(&match correspondent {
        Some(sender) => format!("{title}, {sender}"),
        None => title,
    })
}

/// The first line that names the kind of document: `Kontoauszug 3/2026`, `User Manual`.
fn line_naming_a_kind(excerpt: &Excerpt) -> Option<String> {
    excerpt
        .top()
        .take(HEADING_LINES)
        .filter(|line| could_be_title(line) && !line.contains(':'))
        .find(|line| names_a_document(line))
        .and_then(without_decoration)
}

/// The very first line, when a blank line sets it off from what follows.
fn headline(excerpt: &Excerpt) -> Option<String> {
    let mut lines = excerpt.head().lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty())?;
    let set_off = lines.next().is_some_and(str::is_empty) && lines.any(|line| !line.is_empty());
    let words = first.split([' ', '\t']).filter(|word| *word != "#").count();
    let markdown = first.starts_with("# ");
    let plain = !first.contains([':', ';', '=', '{', '@', '/']);
    let digits = first.chars().any(|c| c.is_ascii_digit());
    (set_off
        && could_be_title(first)
        && ((2..=10).contains(&words) || markdown)
        && plain
        && !digits)
        .then(|| without_decoration(first))
        .flatten()
}

fn could_be_title(line: &str) -> bool {
    let starts_as_one = line
        .trim_start_matches(['#', '*', ' '])
        .starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    short(&line)
        && starts_as_one
        && letters >= 4
        && letters * 2 > line.chars().count()
        && !line.ends_with(['.', ',', ';', '!', '?', '-'])
        && !OPENING.is_match(line)
        && organisation(line).is_none()
}

fn without_decoration(line: &str) -> Option<String> {
    clean(line.trim_matches(['#', '*', '_', '=', ' ']))
}

fn short(line: &&str) -> bool {
    line.chars().nth(LINE_CHARS).is_none()
}

#[cfg(test)]
mod tests {
    use docuvault_domain::learning::Learned;
    use docuvault_domain::ports::Properties;
    use time::macros::date;

    use super::*;

    fn title(text: &str, property: Option<&str>, sender: Option<&str>) -> Option<String> {
        let pages = [text.to_owned()];
        let properties = Properties {
            title: property.map(str::to_owned),
            ..Properties::default()
        };
        let request = ClassifyRequest {
            pages: &pages,
            filename: "scan_17.pdf",
            language: None,
            properties: &properties,
            topics: &[],
            learned: &Learned::default(),
            today: date!(2026 - 04 - 01),
        };
        read(&Excerpt::of(&pages), &request, sender)
    }

    #[test]
    fn sensible_properties_are_titles() {
        let text = "Lorem ipsum dolor.";
        for sensible in [
            "Guide to the Harbour",
            "Jahresbericht 2025 des Vereins",
            "Datenschutz",
        ] {
            let found = title(text, Some(sensible), None);
            assert_eq!(found.as_deref(), Some(sensible));
        }
        for silly in [
            "",
            "Untitled",
            "Microsoft Word - foo.doc",
            "foo.docx",
            "C:\\Users\\me\\x",
            "/tmp/a/b",
            "scan_17.pdf",
            "scan 17",
            "Scan 0001",
            "Dokument1",
            "PowerPoint Presentation",
            "0042-17",
            "3f2504e04f8911d39a0c0305e82c3301",
            "\u{202e}\u{7}",
            "annual_report_final",
            "file:///x y",
            "about:blank",
            "blob:https://example.org/4f2a",
            "www.example.org",
            "LibreOffice Writer",
            "Crystal Reports ActiveX Designer",
            "report/2025/final version",
        ] {
            assert_eq!(title(text, Some(silly), None), None, "{silly:?}");
        }
    }

    #[test]
    fn a_title_is_found_in_subject_heading_or_number() {
        for (text, sender, expected) in [
            (
                "A\nBetreff: Ihr Antrag vom 3. Mai\nText",
                None,
                "Ihr Antrag vom 3. Mai",
            ),
            ("Subject: Re: AW: New roof", None, "New roof"),
            ("Rechnung Nr. 2024-17\n", None, "Rechnung 2024-17"),
            (
                "x\nRECHNUNGSNUMMER: 2024-17",
                Some("Holz AG"),
                "Rechnung 2024-17, Holz AG",
            ),
            ("Invoice number: BH-10233.", None, "Invoice BH-10233"),
            ("Invoice #17", None, "Invoice 17"),
            (
                "Sparkasse\nKontoauszug 3/2026\nText",
                None,
                "Kontoauszug 3/2026",
            ),
            ("# Wohnungsmietvertrag\nText", None, "Wohnungsmietvertrag"),
            (
                "The River in Autumn\n\nThe river wears",
                None,
                "The River in Autumn",
            ),
            ("# Notes\n\ntext", None, "Notes"),
        ] {
            assert_eq!(
                title(text, None, sender).as_deref(),
                Some(expected),
                "{text:?}"
            );
        }
    }

    #[test]
    fn texts_without_titles_have_none() {
        for text in [
            "",
            "Dear Jane Doe\n\nhello",
            "Harbour & Sons Ltd\n\ntext",
            "Max Muster\nLindenallee 8",
            "this is just text that goes on\n\nand on",
            "Rechnung vom 03.03.2026",
            "let mut x = 1;\n\nx",
            "12.03.2026\n\ntext",
            "Re: ...\n",
        ] {
            assert_eq!(title(text, None, None), None, "{text:?}");
        }
        let long = format!("Betreff: {}", "sehr lang ".repeat(60));
        assert_eq!(title(&long, None, None).unwrap().chars().count(), 119);
    }

    #[test]
    fn properties_come_before_titles_found_in_the_text() {
        let text = "Betreff: Dach";
        assert_eq!(title(text, Some("A new roof"), None).unwrap(), "A new roof");
        assert_eq!(title(text, Some("Invoice"), None).unwrap(), "Dach");
    }
}

//! The language of a text.

use whatlang::{Lang, detect};

/// So much of a text is looked at.
pub(super) const SAMPLE_BYTES: usize = 16 * 1024;

/// Fewer letters say nothing reliable.
const MIN_LETTERS: usize = 60;

/// The ISO 639-1 code of the main language, where it is certain enough.
pub(super) fn of(sample: &str) -> Option<String> {
    let letters = sample.chars().filter(|c| c.is_alphabetic());
    if letters.take(MIN_LETTERS).count() < MIN_LETTERS {
        return None;
    }
    let info = detect(sample)?;
    info.is_reliable()
        .then(|| iso_639_1(info.lang()).to_owned())
}

/// The two-letter code of a language.
const fn iso_639_1(language: Lang) -> &'static str {
    match language {
        Lang::Epo => "eo",
        Lang::Eng => "en",
        Lang::Rus => "ru",
        Lang::Cmn => "zh",
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Ita => "it",
        Lang::Ben => "bn",
        Lang::Fra => "fr",
        Lang::Deu => "de",
        Lang::Ukr => "uk",
        Lang::Kat => "ka",
        Lang::Ara => "ar",
        Lang::Hin => "hi",
        Lang::Jpn => "ja",
        Lang::Heb => "he",
        Lang::Yid => "yi",
        Lang::Pol => "pl",
        Lang::Amh => "am",
        Lang::Jav => "jv",
        Lang::Kor => "ko",
        Lang::Nob => "nb",
        Lang::Dan => "da",
        Lang::Swe => "sv",
        Lang::Fin => "fi",
        Lang::Tur => "tr",
        Lang::Nld => "nl",
        Lang::Hun => "hu",
        Lang::Ces => "cs",
        Lang::Ell => "el",
        Lang::Bul => "bg",
        Lang::Bel => "be",
        Lang::Mar => "mr",
        Lang::Kan => "kn",
        Lang::Ron => "ro",
        Lang::Slv => "sl",
        Lang::Hrv => "hr",
        Lang::Srp => "sr",
        Lang::Mkd => "mk",
        Lang::Lit => "lt",
        Lang::Lav => "lv",
        Lang::Est => "et",
        Lang::Tam => "ta",
        Lang::Vie => "vi",
        Lang::Urd => "ur",
        Lang::Tha => "th",
        Lang::Guj => "gu",
        Lang::Uzb => "uz",
        Lang::Pan => "pa",
        Lang::Aze => "az",
        Lang::Ind => "id",
        Lang::Tel => "te",
        Lang::Pes => "fa",
        Lang::Mal => "ml",
        Lang::Ori => "or",
        Lang::Mya => "my",
        Lang::Nep => "ne",
        Lang::Sin => "si",
        Lang::Khm => "km",
        Lang::Tuk => "tk",
        Lang::Aka => "ak",
        Lang::Zul => "zu",
        Lang::Sna => "sn",
        Lang::Afr => "af",
        Lang::Lat => "la",
        Lang::Slk => "sk",
        Lang::Cat => "ca",
        Lang::Tgl => "tl",
        Lang::Hye => "hy",
        Lang::Cym => "cy",
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn languages_are_told_apart() {
        let german = "Sehr geehrte Damen und Herren, anbei erhalten Sie die Rechnung für den \
                      Monat Oktober. Bitte überweisen Sie den Betrag innerhalb von 14 Tagen.";
        let english = "Dear Sir or Madam, please find enclosed the invoice for the month of \
                       October. Kindly transfer the amount due within the next 14 days.";
        let greek = "Αξιότιμοι κύριοι, σας αποστέλλουμε το τιμολόγιο για τον μήνα Οκτώβριο. \
                     Παρακαλούμε να καταβάλετε το ποσό.";
        assert_eq!(of(german).as_deref(), Some("de"));
        assert_eq!(of(english).as_deref(), Some("en"));
        assert_eq!(of(greek).as_deref(), Some("el"));
    }

    #[test]
    fn little_text_has_no_language() {
        assert_eq!(of("Rechnung 12 vom 3. Mai"), None);
        assert_eq!(of(&"1234 5678 ".repeat(100)), None);
    }
}

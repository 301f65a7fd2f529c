//! The words of the starter topics: one file per topic, weights and words, English and German.
//!
//! Weights: 5 names the kind of document by itself, 3 is rarely said elsewhere, 2 is typical, 1 is a
//! hint; negative ones say that the document is of another kind, however much it speaks of this one.
//! A trailing `*` also takes longer words, a leading `*` compounds that end so. A word may stand under
//! several topics. [`NEUTRAL`] words say nothing, and hide the words in them.

mod authority;
mod bank;
mod contract;
mod education;
mod health;
mod housing;
mod insurance;
mod invoice;
mod letter;
mod manual;
mod payslip;
mod tax;
mod travel;
mod vehicle;
mod work;

/// Weights and the words that have them, separated by commas.
pub(super) type Words = &'static [(f32, &'static str)];

/// The starter topics by key.
pub(super) const STARTERS: [(&str, Words); 15] = [
    ("authority", authority::WORDS),
    ("bank", bank::WORDS),
    ("contract", contract::WORDS),
    ("education", education::WORDS),
    ("health", health::WORDS),
    ("housing", housing::WORDS),
    ("insurance", insurance::WORDS),
    ("invoice", invoice::WORDS),
    ("letter", letter::WORDS),
    ("manual", manual::WORDS),
    ("payslip", payslip::WORDS),
    ("tax", tax::WORDS),
    ("travel", travel::WORDS),
    ("vehicle", vehicle::WORDS),
    ("work", work::WORDS),
];

/// Words that all kinds of documents use, such as the tax number of whoever sends an invoice.
pub(super) const NEUTRAL: &str = "Steuernummer, Steuer-Nr, Steuer-ID, tax number, tax ID, VAT number, \
    VAT registration number, USt-IdNr, USt-ID, Umsatzsteuer-Identifikationsnummer, \
    Umsatzsteuer-ID, Bankverbindung, bank details, Bankleitzahl, IBAN, BIC, \
    Amtsgericht, Handelsregister*, HRB, Datenbank*, Rechnungswesen, Rechnungshof, \
    Finanzbuchhaltung, contract number, Vertragsnummer, Vertragskonto, in Rechnung, \
    Rechnungsadresse, billing address, with respect to, in accordance with, \
    in contact, contacts, Versicherungspflicht*, car park, Auto-Reply, automatic*, \
    Automat*, Autor*, gate*way, mein Konto, reset password, health and safety, \
    work in progress, stage, Notebook*, note that, Klassenname, class name";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use docuvault_domain::ports::{Clock, Ids};
    use docuvault_domain::topics::{StarterLanguage, starter_topics};
    use docuvault_domain::{Owner, Timestamp};
    use uuid::Uuid;

    use super::*;

    struct Nothing;

    impl Clock for Nothing {
        fn now(&self) -> Timestamp {
            Timestamp::default()
        }
    }

    impl Ids for Nothing {
        fn v7(&self) -> Uuid {
            Uuid::nil()
        }

        fn v4(&self) -> Uuid {
            Uuid::nil()
        }
    }

    #[test]
    fn every_starter_topic_has_words() {
        let topics = starter_topics(Owner::LOCAL, StarterLanguage::English, &Nothing, &Nothing);
        let starters: BTreeSet<String> = topics.into_iter().filter_map(|t| t.starter).collect();
        let known: BTreeSet<String> = STARTERS.iter().map(|(key, _)| (*key).to_owned()).collect();
        assert_eq!(known, starters);
    }

    #[test]
    fn words_are_listed_once_per_topic() {
        for (key, vocabulary) in STARTERS {
            let mut seen = BTreeSet::new();
            for (_, listed) in vocabulary {
                for word in listed.split(',').map(|word| word.trim().to_lowercase()) {
                    assert!(!word.trim_matches('*').is_empty(), "{key}: empty word");
                    assert!(seen.insert(word.clone()), "{key}: {word} twice");
                }
            }
        }
    }
}

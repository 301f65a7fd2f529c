use super::{Hue, Topic, TopicName};
use crate::ids::{TopicId, UserId};
use crate::language::Language;
use crate::ports::{Clock, Ids};

/// Key, English name and description, German name and description.
const STARTERS: &[(&str, [&str; 2], [&str; 2])] = &[
    (
        "invoice",
        ["Invoices", "Bills to pay and receipts for what was bought"],
        ["Rechnungen", "Rechnungen, Quittungen und Kaufbelege"],
    ),
    (
        "contract",
        ["Contracts", "Agreements, terms, cancellations"],
        ["Verträge", "Verträge, Vereinbarungen, Kündigungen"],
    ),
    (
        "bank",
        ["Bank", "Account statements, transfers, loans, securities"],
        ["Bank", "Kontoauszüge, Überweisungen, Kredite, Wertpapiere"],
    ),
    (
        "insurance",
        ["Insurance", "Policies, premiums, claims"],
        ["Versicherungen", "Policen, Beiträge, Schadensfälle"],
    ),
    (
        "tax",
        [
            "Taxes",
            "Returns, assessments, certificates for the tax office",
        ],
        [
            "Steuern",
            "Steuererklärungen, Bescheide, Bescheinigungen für das Finanzamt",
        ],
    ),
    (
        "health",
        ["Health", "Doctors, hospitals, prescriptions, findings"],
        ["Gesundheit", "Arzt, Krankenhaus, Rezepte, Befunde"],
    ),
    (
        "payslip",
        ["Payslips", "Salary and wage statements"],
        ["Gehaltsabrechnungen", "Lohn- und Gehaltsabrechnungen"],
    ),
    (
        "travel",
        ["Travel", "Tickets, bookings, itineraries"],
        ["Reisen", "Fahrkarten, Buchungen, Reisepläne"],
    ),
    (
        "letter",
        ["Letters", "Correspondence that belongs nowhere else"],
        ["Briefe", "Schreiben, die sonst nirgends hingehören"],
    ),
    (
        "manual",
        ["Manuals", "Instructions, data sheets, warranties"],
        [
            "Anleitungen",
            "Bedienungsanleitungen, Datenblätter, Garantien",
        ],
    ),
    (
        "housing",
        ["Home", "Rent, utilities, property"],
        ["Wohnen", "Miete, Nebenkosten, Immobilie"],
    ),
    (
        "vehicle",
        ["Vehicle", "Registration, inspection, repairs, fines"],
        [
            "Fahrzeug",
            "Zulassung, Hauptuntersuchung, Werkstatt, Bußgelder",
        ],
    ),
    (
        "education",
        ["Education", "Certificates, transcripts, courses"],
        ["Bildung", "Zeugnisse, Nachweise, Kurse"],
    ),
    (
        "authority",
        [
            "Authorities",
            "Notices and certificates from public offices",
        ],
        ["Behörden", "Bescheide und Urkunden von Ämtern"],
    ),
    (
        "work",
        ["Work", "Applications, employment, references"],
        ["Arbeit", "Bewerbungen, Arbeitsverhältnis, Arbeitszeugnisse"],
    ),
];

/// The topics that a new owner starts with: ordinary rows, to be renamed and deleted at will.
pub fn starter_topics(
    owner: UserId,
    language: Language,
    clock: &dyn Clock,
    ids: &dyn Ids,
) -> Vec<Topic> {
    let now = clock.now();
    let topic = |(n, (key, english, german)): (usize, &(&str, [&str; 2], [&str; 2]))| {
        let [name, description] = match language {
            Language::English => *english,
            Language::German => *german,
        };
        Some(Topic {
            id: TopicId(ids.v7()),
            owner,
            name: TopicName::parse(name).ok()?,
            description: description.to_owned(),
            hue: Hue::nth(n),
            starter: Some((*key).to_owned()),
            created_at: now,
            updated_at: now,
        })
    };
    STARTERS.iter().enumerate().filter_map(topic).collect()
}

use super::Words;

pub(super) const WORDS: Words = &[
    (
        5.0,
        "Dienstleistungsvertrag, Dienstvertrag, Kaufvertrag, Werkvertrag, Rahmenvertrag, \
         Kooperationsvertrag, Lizenzvertrag, Beratervertrag, Mobilfunkvertrag, Mitgliedsvertrag, \
         Leasingvertrag, Gesellschaftsvertrag, Ehevertrag, service agreement, services agreement, \
         purchase agreement, sales agreement, sales contract, consulting agreement, \
         licence agreement, license agreement, subscription agreement, membership agreement, \
         framework agreement, master agreement, cooperation agreement, non-disclosure agreement, \
         confidentiality agreement, Geheimhaltungsvereinbarung, Vertraulichkeitsvereinbarung, \
         Auftragsverarbeitungsvertrag, Kündigungsbestätigung, Vertragsbestätigung, \
         confirmation of cancellation, notice of cancellation, cancellation of my contract, \
         cancellation of contract, this agreement, Widerrufsbelehrung",
    ),
    (
        3.0,
        "Vertrag, *vertrag, Verträge, Vertragspartner*, Vertragsparteien, Vertragslaufzeit, \
         Vertragsgegenstand, Vertragsbeginn, Vertragsende, Vertragsverlängerung, Vertragsdauer, \
         Mindestlaufzeit, Mindestvertragslaufzeit, Kündigungsfrist, Kündigung, kündige ich, \
         kündigen, fristgerecht, hereinafter, hereby agree, the parties, both parties, \
         governing law, terminate this, in witness whereof, severability, entire agreement, \
         salvatorische Klausel, Gerichtsstand, Vereinbarung, agreement, contract, \
         cancel my contract, notice of termination, Auftraggeber, Auftragnehmer, Schriftform, \
         joining fee, by signing, agree to be bound, notice given, received your cancellation, \
         sorry to see you go, Erstlaufzeit, monatlich kündbar, Neukundenbonus, Einigung, Vergleich, \
         Nachtrag, amendment, addendum, settlement agreement, rolling contract",
    ),
    (
        2.0,
        "Laufzeit, effective date, termination, terms and conditions, \
         Allgemeine Geschäftsbedingungen, AGB, confidential information, liability, Haftung, \
         Rücktritt, Widerruf, obligations, contractor, client, Käufer, Verkäufer, buyer, seller, \
         licensor, licensee, governed by, minimum term, cancellation, membership",
    ),
    (
        1.0,
        "party, parties, clause, Unterschrift, signature, nachfolgend, gemäß, shall",
    ),
    (
        -3.0,
        "employment*, employer, employee, Arbeitnehmer*, Arbeitgeber*, landlord, tenant*, Vermieter*, \
         Mieter*, Mietsache, Versicherungsnehmer*, policyholder, insurer, borrower, \
         Darlehensnehmer*, Rechnungsnummer, invoice number",
    ),
    (
        -6.0,
        "Arbeitsvertrag, employment contract, employment agreement, contract of employment, \
         Mietvertrag, Wohnungsmietvertrag, tenancy agreement, lease agreement, rental agreement, \
         Versicherungsschein, insurance policy, Versicherungsvertrag, Kreditvertrag, \
         Darlehensvertrag, loan agreement, Aufhebungsvertrag, Ausbildungsvertrag",
    ),
];

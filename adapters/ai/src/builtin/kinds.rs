//! Words that name a kind of document.

use std::sync::LazyLock;

use docuvault_domain::text::{Lexicon, fold, pattern};

const KINDS: &str = "Abgasuntersuchung, Abiturzeugnis, Ablehnungsbescheid, Abschlagsrechnung, Abschlusszeugnis, \
    academic transcript, account opening, account statement, Anhörungsbogen, Anleitung, \
    Anmeldebestätigung, Arbeitsunfähigkeitsbescheinigung, Arztbrief, assembly instructions, \
    Attest, Aufbauanleitung*, Aufenthaltserlaubnis, Aufenthaltstitel, \
    Auftragsverarbeitungsvertrag, Bachelorzeugnis, bank statement, Baugenehmigung, \
    Bedienungsanleitung*, Befundbericht, Beitragsanpassung, Beitragsbescheinigung, \
    Beitragsrechnung, Benutzerhandbuch, Beratervertrag, Bescheid über Einkommensteuer, \
    Betriebsanleitung*, Betriebskostenabrechnung*, Bewilligungsbescheid, birth certificate, \
    boarding pass, booking confirmation, Bordkarte, Buchungsbestätigung, building permit, \
    Bußgeldbescheid, Bürgergeld, cancellation of contract, cancellation of my contract, \
    certificate of achievement, certificate of attendance, certificate of birth, certificate of \
    completion, certificate of enrollment, certificate of enrolment, certificate of insurance, \
    certificate of marriage, child benefit, claim number, confidentiality agreement, \
    confirmation of cancellation, consulting agreement, cooperation agreement, course \
    certificate, credit card statement, credit note, criminal record certificate, \
    Darlehensvertrag, data sheet, datasheet, Datenblatt, Dauerauftrag*, death certificate, \
    Depotauszug, Depoteröffnung, Dienstleistungsvertrag, Dienstvertrag, diploma, diploma \
    supplement, discharge letter, discharge summary, Dividendengutschrift, donation receipt, \
    driver license, driver's license, driving licence, e-ticket, Eheurkunde, Ehevertrag, \
    Eigentümerversammlung, Einbürgerung*, Einkommensteuerbescheid, Einkommensteuererklärung, \
    Einwohnermeldeamt, electoral register, electricity bill, Elterngeld*, end of year \
    certificate, Energieausweis, energy bill, enrollment certificate, enrollment verification, \
    enrolment certificate, Entlassbrief, Entlassungsbericht, Entlassungsbrief, Erbschein, \
    Erträgnisaufstellung, eticket, examination results, Exmatrikulation*, Exposé, Fahrkarte*, \
    Fahrschein*, Fahrzeugbrief, Fahrzeugkaufvertrag, Fahrzeugschein, fit note, flight \
    confirmation, Flugbestätigung, Flugticket, Form 1040, Form W-2, framework agreement, \
    Freistellungsauftrag, Führerschein, Führungszeugnis, Garantiebedingungen, Garantiekarte, \
    Garantieschein, Garantieurkunde, gas bill, Gasabrechnung, Gasrechnung, Gebrauchsanleitung*, \
    Gebrauchsanweisung*, Gebrauchtwagen*, Geburtsurkunde, Gebührenbescheid, \
    Geheimhaltungsvereinbarung, Gesellenbrief, Gesellschaftsvertrag, Gewerbeanmeldung, \
    Gewerbesteuerbescheid, Gewerbesteuererklärung, gift aid, GOZ, GOÄ, Grundbuchauszug, \
    Grundsteuerbescheid, Halbjahreszeugnis, Hauptuntersuchung, Hausgeldabrechnung, Heil- und \
    Kostenplan, Heilmittelverordnung, Heiratsurkunde, Heizkostenabrechnung*, hotel booking, \
    hotel reservation, Hotelbuchung, Hotelreservierung, Hotelvoucher, housing benefit, \
    HU-Bericht, Immatrikulationsbescheinigung, immunisation record, immunization record, \
    Impfausweis, Impfbescheinigung, Impfpass, installation guide, installation manual, \
    Installationsanleitung*, instruction manual, instructions for use, insurance certificate, \
    insurance claim, insurance invoice, insurance policy, insurance renewal, inventory report, \
    invoice no, invoice nr, invoice number, itinerary, Jahresdepotauszug, \
    Jahressteuerbescheinigung, Jahreszeugnis, jury service, jury summons, Kassenbeleg, \
    Kassenbon, Kaufvertrag, Kfz-Steuer, Kindergeld*, Kontoauszug*, Kontoeröffnung, \
    Kooperationsvertrag, Kraftfahrzeugsteuer, Krankmeldung, Kreditkartenabrechnung, \
    Kreditvertrag, Kursbescheinigung, Kurzanleitung, Kündigungsbestätigung, lab report, lab \
    results, laboratory report, laboratory results, Laborbefund, Laborbericht, land registry, \
    lease agreement, Leasingvertrag, Leistungsnachweis*, letter of admission, licence agreement, \
    license agreement, limited warranty, Lizenzvertrag, loan agreement, loan statement, \
    Lohnsteuerbescheinigung, Mahnung, marriage certificate, master agreement, Masterzeugnis, \
    medical report, medication plan, Medikationsplan, Meldebescheinigung, Meldebestätigung, \
    membership agreement, Mietbescheinigung, Mieterhöhung, Mieterhöhungsverlangen, \
    Mietschuldenfreiheitsbescheinigung, Mietvertrag*, Mietwagenbuchung, Mitgliedsvertrag, \
    Mobilfunkvertrag, Montageanleitung*, mortgage statement, MOT certificate, MOT test, \
    Mutterpass, Nachtrag zum Versicherungsschein, naturalisation, naturalization, \
    Nebenkostenabrechnung*, Nichtveranlagungsbescheinigung, non-disclosure agreement, \
    Notenspiegel, Notenübersicht, notice of assessment, notice of cancellation, notice of \
    intended prosecution, notice to quit, official transcript, online-ticket, OP-Bericht, \
    operating instructions, overdue invoice, owner manual, owner's manual, P45, P60, parking \
    charge notice, parking ticket, parking violation, payment receipt, payment reminder, penalty \
    charge notice, Personalausweis, Pflegeanleitung, planning permission, Policennummer, policy \
    no, policy number, policy schedule, poll card, polling card, premium notice, prescription, \
    Privatrezept, pro forma invoice, product information sheet, Produktdatenblatt, proof of \
    enrolment, Prüfbericht HU, Prüfungszeugnis, public notice, purchase agreement, quick guide, \
    quick start guide, Quittung, radiology report, Rahmenvertrag, Rechnung Nr, Rechnung Nummer, \
    Rechnungs-Nr, Rechnungsabschluss, Rechnungskorrektur, Rechnungsnr, Rechnungsnummer, referral \
    letter, registration certificate, Reisebestätigung, Reisepass, Reiseplan, Reiserechnung, \
    Reiseunterlagen, Reiseverlauf, renewal notice, rent increase, rental agreement, \
    Rentenbescheid, repair order, report card, reservation confirmation, \
    Reservierungsbestätigung, residence permit, residential lease, Rundfunkbeitrag, SA302, sales \
    agreement, sales contract, sales receipt, Schaden-Nr, Schadenanzeige, Schadenmeldung, \
    Schadennummer, Schadensanzeige, Schadensmeldung, schedule of insurance, Schlussrechnung, \
    school report, Schulbescheinigung, Schulzeugnis, Schwerbehindertenausweis, securities \
    account, self assessment, service agreement, service charge statement, services agreement, \
    sick note, speeding ticket, Spendenbescheinigung, Sprachzertifikat, statement of results, \
    Sterbeurkunde, Steuerbescheid, Steuerbescheinigung, Steuererklärung, Steuererstattung, \
    Stornorechnung, Stromabrechnung, Stromrechnung, Studienbescheinigung, Studienplatz, \
    subscription agreement, tax assessment, tax calculation, tax certificate, tax invoice, tax \
    refund, tax return, tax statement, Teilnahmebescheinigung, Teilnahmebestätigung, tenancy \
    agreement, test results, this agreement, title deed, traffic citation, traffic violation, \
    train ticket, transcript of records, transfer confirmation, Umsatzanzeige, \
    Umsatzsteuer-Voranmeldung, Umsatzsteuererklärung, Umsatzsteuervoranmeldung, Umsatzübersicht, \
    universal credit, Untermietvertrag, user guide, user manual, user's guide, utility bill, \
    V5C, vaccination certificate, vaccination record, vehicle inspection, vehicle registration, \
    vehicle title, Versicherungsbestätigung, Versicherungspolice, Versicherungsschein*, \
    Vertragsbestätigung, Vertraulichkeitsvereinbarung, Verwarnung, Verwarnungsgeld, \
    Vorauszahlungsbescheid, voter registration, wage and tax statement, Wahlbenachrichtigung, \
    warranty card, warranty certificate, Wasserabrechnung, water bill, Werkstattrechnung, \
    Werkvertrag, Wertpapierabrechnung, Widerrufsbelehrung, Widerspruchsbescheid, Wohngeld*, \
    Wohnungsgeberbestätigung, Wohnungsmietvertrag, Wohnungsübergabeprotokoll, \
    Zahlungserinnerung, Zeugnis*, Zinsbescheinigung, Zulassungsbescheid, \
    Zulassungsbescheinigung, Zuwendungsbestätigung, ärztliche Bescheinigung, ärztliches Attest, \
    Übergabeprotokoll, Überweisungsauftrag, Überweisungsbestätigung, Überweisungsschein";

static LEXICON: LazyLock<Lexicon<()>> = LazyLock::new(|| {
    let kinds = KINDS.split(',').map(str::trim);
    Lexicon::new(kinds.map(|kind| (pattern(kind), ())))
});

/// Whether the line has a word that names a kind of document, such as `Mietvertrag`.
pub(super) fn names_a_document(line: &str) -> bool {
    LEXICON.hits(&fold(line)).next().is_some()
}

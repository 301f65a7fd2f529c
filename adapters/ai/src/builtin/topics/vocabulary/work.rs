use super::Words;

pub(super) const WORDS: Words = &[
    (
        6.0,
        "Arbeitsvertrag*, Anstellungsvertrag, Ausbildungsvertrag, Arbeitszeugnis*, Zwischenzeugnis, \
         employment contract, contract of employment, employment agreement, offer of employment, \
         job offer, offer letter, letter of recommendation, reference letter, employment reference, \
         letter of reference, curriculum vitae, Lebenslauf, Bewerbungsschreiben, Aufhebungsvertrag, \
         letter of resignation, resignation letter, performance review, Abmahnung, job application",
    ),
    (
        4.0,
        "Bewerbung*, cover letter, Stellenausschreibung, Stellenangebot, Stellenanzeige, \
         Arbeitsbescheinigung, Urlaubsantrag, leave request, Vorstellungsgespräch, job interview, \
         Berufserfahrung, work experience, professional experience, Arbeitsverhältnis*, \
         zu unserer vollsten Zufriedenheit, vollste Zufriedenheit, volle Zufriedenheit, \
         apply for the position, applying for, bewerbe ich mich, ich bewerbe mich, \
         application for the position, Gehaltsvorstellung*, Arbeitsunfall, Mitarbeitergespräch, \
         Zielvereinbarung, Dienstreiseantrag, employment verification, resign from",
    ),
    (
        3.0,
        "Arbeitgeber*, Arbeitnehmer*, employer, employee*, Probezeit, probation*, Arbeitszeit*, \
         working hours, employment, Jahresurlaub, annual leave, Personalabteilung, human resources, \
         job title, job description, resume, recruitment, Stellenbezeichnung, notice period, \
         Wochenarbeitszeit, start date, line manager, Berufsausbildung, Praktikum, internship, \
         résumé, beruflicher Werdegang, hiring manager, vacancy, Resturlaub, Vorgesetzte*",
    ),
    (
        2.0,
        "interview, Aufgabenbereich*, Kollegen, colleagues, Beförderung, promotion, career, Tätigkeit*, \
         Vergütung, salary, Gehalt, position, Mitarbeiter*, staff, candidate, Bewerber*, skills, \
         Kenntnisse, resignation, Betriebsrat, team, Homeoffice, remote work, overtime, role",
    ),
    (
        1.0,
        "Stelle, Unternehmen, company, stets, Ausbildung, languages, Sprachen, experience, manager, Projekte, Urlaub, job",
    ),
    (
        -5.0,
        "Gehaltsabrechnung*, Lohnabrechnung*, Entgeltabrechnung*, Verdienstabrechnung*, payslip*, pay slip, \
         pay stub*, earnings statement, Lohnsteuerbescheinigung, net pay, Auszahlungsbetrag, \
         Steuerbescheid, tax return, Mietvertrag, Versicherungsschein, Arbeitsunfähigkeitsbescheinigung, \
         sick note, P60, Rechnungsnummer, invoice number, W-2",
    ),
];

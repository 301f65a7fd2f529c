use super::Words;

pub(super) const WORDS: Words = &[
    (
        6.0,
        "Gehaltsabrechnung*, Lohnabrechnung*, Entgeltabrechnung*, Verdienstabrechnung*, \
         Lohn- und Gehaltsabrechnung, Bezügeabrechnung, Bezügemitteilung, Entgeltnachweis*, \
         Gehaltsnachweis*, Lohnzettel, Gehaltszettel, Abrechnung der Brutto-Netto-Bezüge, \
         Brutto-Netto-Abrechnung, payslip*, pay slip*, pay stub*, paystub*, pay advice, \
         salary slip*, salary statement, wage statement, earnings statement, pay statement, \
         statement of earnings",
    ),
    (
        3.0,
        "Bruttolohn, Nettolohn, Gesamtbrutto, Steuerbrutto, SV-Brutto, Bruttogehalt, Nettogehalt, \
         Nettoverdienst, Bruttoverdienst, Nettobezüge, Bruttobezüge, gross pay, net pay, \
         gross earnings, gross salary, net salary, total deductions, tax code, NI number, \
         national insurance, pay period, pay date, year to date, YTD, Steuerklasse, StKl, \
         Auszahlungsbetrag, vermögenswirksame*, Abrechnungsmonat, Abrechnungszeitraum, \
         federal withholding, FICA, social security tax, PAYE, Grundgehalt, Lohnart*, \
         Überweisungsbetrag, Kinderfreibetrag, Kinderfreibeträge, Steuertage, SV-Tage, \
         tax deducted, Sachbezug, Nachtzuschlag, Sonntagszuschlag, Sozialabgaben, \
         variable Vergütung, Zielerreichung, Gehaltslauf, staff number, emergency code, take-home, \
         before deductions, Bruttoarbeitslohn",
    ),
    (
        2.0,
        "Lohnsteuer, Rentenversicherung, Arbeitslosenversicherung, Pflegeversicherung, \
         Sozialversicherung*, Sozialversicherungsnummer, SV-Nummer, Personalnummer, Personal-Nr, \
         employee number, employee ID, payroll number, overtime, basic salary, basic pay, \
         pension contribution, Weihnachtsgeld, Urlaubsgeld, KV-Beitrag, RV-Beitrag, AV-Beitrag, \
         PV-Beitrag, Medicare, payroll, student loan, Krankenversicherung, \
         hourly rate, hours at, tips, Zuschlag, Zuschläge, Std, your award",
    ),
    (
        1.0,
        "Solidaritätszuschlag, Kirchensteuer, deductions, gross, net, Brutto, Netto, bonus, salary, \
         Gehalt, Lohn, wages, employer, Arbeitgeber, hours, pension, Stundenlohn",
    ),
    (
        -5.0,
        "Lohnsteuerbescheinigung, Arbeitsvertrag, employment contract, contract of employment, \
         Steuerbescheid, tax return, Arbeitszeugnis, P60, W-2, Rechnungsnummer, invoice number, \
         Steuererklärung, employment agreement",
    ),
];

use super::Words;

pub(super) const WORDS: Words = &[
    (
        5.0,
        "Steuerbescheid, Einkommensteuerbescheid, Bescheid über Einkommensteuer, Steuererklärung, \
         Einkommensteuererklärung, Umsatzsteuererklärung, Umsatzsteuervoranmeldung, \
         Umsatzsteuer-Voranmeldung, tax return, tax assessment, Lohnsteuerbescheinigung, \
         notice of assessment, Steuerbescheinigung, Jahressteuerbescheinigung, self assessment, \
         tax calculation, Form 1040, Form W-2, wage and tax statement, P60, P45, SA302, \
         end of year certificate, Vorauszahlungsbescheid, Gewerbesteuerbescheid, \
         Grundsteuerbescheid, Gewerbesteuererklärung, Spendenbescheinigung, \
         Zuwendungsbestätigung, donation receipt, gift aid, tax certificate, \
         Nichtveranlagungsbescheinigung, tax statement, tax refund, Steuererstattung",
    ),
    (
        3.0,
        "Finanzamt*, Finanzverwaltung, tax office, HMRC, HM Revenue, Internal Revenue Service, IRS, \
         Einkommensteuer*, Gewerbesteuer*, Grundsteuer*, Erbschaftsteuer*, Einkünfte*, \
         taxable income, tax year, Veranlagung*, zu versteuerndes Einkommen, festgesetzt*, \
         adjusted gross income, Werbungskosten, Sonderausgaben, Steuerberat*, tax adviser, tax advisor, \
         ELSTER, Kapitalertragsteuer, Abgeltungsteuer, personal allowance, capital gains, \
         unique taxpayer reference, taxpayer*, Säumniszuschlag, Steuer*, tax due, steuerbegünstigt*",
    ),
    (
        2.0,
        "income tax, steuerpflichtig*, steuerlich*, Solidaritätszuschlag, Kirchensteuer, \
         Identifikationsnummer, withholding*, withheld, deductible, deductions, Freibetrag, donation, \
         Zuwendung*, Spende*, Nachzahlung, Vorauszahlung*, tax, taxes, refund, Lohnsteuer, \
         charitable, gemeinnützig*",
    ),
    (
        1.0,
        "Erstattung, allowance*, Bescheid*, Einspruch, Rechtsbehelfsbelehrung",
    ),
    (
        -3.0,
        "Rechnungsnummer, invoice number, tax invoice, Kontoauszug*, Kfz-Kennzeichen, \
         payment receipt, purchase order",
    ),
    (
        -5.0,
        "Gehaltsabrechnung, Lohnabrechnung, Entgeltabrechnung, Verdienstabrechnung, payslip, pay slip, \
         pay stub, earnings statement, Auszahlungsbetrag, net pay, pay period",
    ),
];

use super::Words;

pub(super) const WORDS: Words = &[
    (
        5.0,
        "Rechnungsnummer, Rechnungs-Nr, Rechnungsnr, Rechnung Nr, Rechnung Nummer, invoice number, \
         invoice no, invoice nr, tax invoice, Stornorechnung, Schlussrechnung, Abschlagsrechnung, \
         Kassenbon, Kassenbeleg, Quittung, sales receipt, payment receipt, Zahlungserinnerung, \
         Mahnung, payment reminder, overdue invoice, Rechnungskorrektur, credit note, pro forma invoice",
    ),
    (
        3.0,
        "Rechnung*, *rechnung, invoice*, Rechnungsbetrag, Rechnungsdatum, invoice date, receipt, \
         receipt number, amount due, bill to, total due, balance due, Mahngebühr*, Kaufbeleg, \
         Vielen Dank für Ihren Einkauf, thank you for your purchase, thank you for your order, \
         thank you for shopping, Zahlungsziel, Gutschriftsnummer, Rechnungsempfänger, \
         outstanding amount, work carried out, could not collect, late fee, paid on account, \
         abzüglich Anzahlung, wir berechnen Ihnen, berechnen wir Ihnen",
    ),
    (
        2.0,
        "Nettobetrag, Bruttobetrag, Zwischensumme, subtotal, Mehrwertsteuer, MwSt, USt, \
         Umsatzsteuer, VAT, sales tax, Einzelpreis, Stückpreis, unit price, Gesamtbetrag, \
         total amount, Endbetrag, qty, zzgl, zahlbar, payable within, net 30, Skonto, \
         Leistungszeitraum, Lieferdatum, Lieferschein*, Bestellnummer, order number, order no, \
         purchase order, Auftragsbestätigung, order confirmation, Kartenzahlung, cashier, Kasse, \
         payment terms, Rechnungssumme, Gesamtsumme, grand total, zu zahlen, Warenkorb, \
         outstanding, second reminder",
    ),
    (
        1.0,
        "Kundennummer, Kunden-Nr, customer number, Artikel*, Betrag, Summe, Menge, Netto, Brutto, \
         quantity, item, price, Preis, total, bill, Versandkosten, shipping, paid, bezahlt, Stück",
    ),
    (
        -3.0,
        "Beitragsrechnung, insurance invoice, Versicherungsschein, Steuererklärung, Mietvertrag, \
         policy number, Stromverbrauch, claim number, Kilometerstand",
    ),
    (
        -5.0,
        "Kontoauszug*, account statement, bank statement, Kreditkartenabrechnung, credit card statement, \
         Gehaltsabrechnung, Lohnabrechnung, Entgeltabrechnung, payslip, pay slip, \
         Nebenkostenabrechnung, Betriebskostenabrechnung, Heizkostenabrechnung",
    ),
];

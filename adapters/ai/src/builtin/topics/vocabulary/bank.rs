use super::Words;

pub(super) const WORDS: Words = &[
    (
        5.0,
        "Kontoauszug*, Rechnungsabschluss, account statement, bank statement, Depotauszug, \
         Kreditkartenabrechnung, credit card statement, Wertpapierabrechnung, securities account, \
         Umsatzübersicht, Umsatzanzeige, Darlehensvertrag, Kreditvertrag, loan agreement, \
         Überweisungsauftrag, transfer confirmation, Überweisungsbestätigung, Dauerauftrag*, \
         Freistellungsauftrag, Depoteröffnung, Kontoeröffnung, account opening, \
         Jahresdepotauszug, mortgage statement, loan statement, Dividendengutschrift, \
         Zinsbescheinigung, Erträgnisaufstellung",
    ),
    (
        3.0,
        "Kontostand, alter Saldo, neuer Saldo, opening balance, closing balance, current account, \
         checking account, savings account, account balance, available balance, previous balance, \
         new balance, Girokonto*, Tagesgeld*, Festgeld*, Sparkonto, Sparbuch, Buchungstag, \
         Wertstellung, Buchungstext, standing order*, wire transfer, Dividende*, dividend*, ISIN, \
         WKN, mortgage, Hypothek*, Tilgung*, Sollzins*, Habenzins*, Annuität*, repayment, lender, \
         borrower, Darlehensnehmer*, Darlehen*, loan, Wertpapier*, securities, Kreditkarte, \
         credit limit, minimum payment, overdraft, Dispo*, Depot, Restschuld, principal",
    ),
    (
        2.0,
        "Saldo, Valuta, direct debit, Lastschrift*, Abbuchung*, Überweisung*, Zinssatz, interest rate, \
         annual percentage rate, Kontoinhaber*, account holder, withdrawal*, Sparkasse*, Volksbank*, \
         Raiffeisenbank*, Aktie*, shares, Zinsen, interest, Kredit*, bank, sort code, balance, \
         Kapitalertrag*, transactions, Umsätze, portfolio, fund*, ETF, Kontoführung*",
    ),
    (
        1.0,
        "Kontonummer, account number, Konto, deposit*, debit*, credit*, transfer*, Gutschrift, \
         statement, Geldautomat, ATM, online banking, Onlinebanking, branch",
    ),
    (
        -3.0,
        "Rechnungsnummer, invoice number, Mietvertrag, tenancy agreement, Steuerbescheid, \
         Gehaltsabrechnung, payslip, Versicherungsschein, insurance policy, net pay",
    ),
];

use super::Words;

pub(super) const WORDS: Words = &[
    (
        5.0,
        "Versicherungsschein*, Versicherungspolice, Policennummer, policy number, policy no, \
         insurance policy, policy schedule, certificate of insurance, insurance certificate, \
         Versicherungsbestätigung, Schadennummer, Schaden-Nr, Schadensmeldung, Schadenmeldung, \
         Schadensanzeige, Schadenanzeige, insurance claim, claim number, Beitragsrechnung, \
         Beitragsanpassung, Beitragsbescheinigung, premium notice, renewal notice, insurance renewal, \
         insurance invoice, Nachtrag zum Versicherungsschein, schedule of insurance",
    ),
    (
        4.0,
        "Kfz-Versicherung, car insurance, motor insurance, home insurance, contents insurance, \
         life insurance, travel insurance, liability insurance, health insurance policy, \
         Versicherungsvertrag, Versicherungsvertrags*, Haftpflichtversicherung, Hausratversicherung",
    ),
    (
        3.0,
        "Versicherungsnehmer*, Versicherungsbeitrag, Versicherungsschutz, Versicherungssumme, \
         Versicherungsbeginn, Versicherungsnummer, *versicherung, Deckungssumme, Deckung*, \
         Selbstbeteiligung, Selbstbehalt, policyholder, policy holder, sum insured, insured person, \
         period of insurance, insurer, underwriter*, underwritten, Schadenfall, Schadensfall, \
         Schadenregulierung, no claims, Schadenfreiheits*, Zahnzusatz*, Haftpflicht*, Rechtsschutz*, \
         Hausrat*, Berufsunfähigkeit*, Teilkasko, Vollkasko, third party, loss adjuster, Police",
    ),
    (
        2.0,
        "insurance, Versicherung*, premium*, Prämie*, Jahresbeitrag, deductible, coverage, insured, \
         beneficiary, Bezugsberechtigt*, excess, policy, claims, claim, Schaden*, renewal, cover, \
         Leistungsfall, insure*",
    ),
    (
        1.0,
        "Gutachter, Beitrag*, damage, loss, versicherte*, Krankenversicherung",
    ),
    (
        -5.0,
        "Gehaltsabrechnung, Lohnabrechnung, Entgeltabrechnung, payslip, pay slip, Arbeitsvertrag, \
         Kontoauszug*, Steuerbescheid, Mietvertrag, Sozialversicherungsnummer, gross pay, net pay, \
         employment contract, Lohnsteuer*, Gesamtbrutto, Steuerbrutto",
    ),
];

use super::Words;

pub(super) const WORDS: Words = &[
    (
        5.0,
        "Geburtsurkunde, Heiratsurkunde, Eheurkunde, Sterbeurkunde, birth certificate, \
         certificate of birth, marriage certificate, certificate of marriage, death certificate, \
         Meldebescheinigung, Meldebestätigung, Anmeldebestätigung, Führungszeugnis, \
         criminal record certificate, Personalausweis, Reisepass, Aufenthaltstitel, \
         Aufenthaltserlaubnis, residence permit, Einbürgerung*, naturalisation, naturalization, \
         Bewilligungsbescheid, Ablehnungsbescheid, Kindergeld*, Elterngeld*, Wohngeld*, Bürgergeld, \
         child benefit, housing benefit, universal credit, Rentenbescheid, Gebührenbescheid, \
         Widerspruchsbescheid, Schwerbehindertenausweis, Wahlbenachrichtigung, polling card, \
         poll card, jury summons, jury service, Baugenehmigung, planning permission, building permit, \
         Gewerbeanmeldung, Rundfunkbeitrag, Erbschein, electoral register, voter registration, \
         public notice, Einwohnermeldeamt",
    ),
    (
        3.0,
        "Bescheid*, Behörde*, Ordnungsamt, Bürgeramt, Bürgerbüro, Standesamt, Standesbeamt*, \
         Ausländerbehörde, Landratsamt, Jobcenter, Agentur für Arbeit, Bundesagentur, \
         Stadtverwaltung, Gemeindeverwaltung, Bezirksamt, Familienkasse, Deutsche Rentenversicherung, \
         Rechtsbehelfsbelehrung, immigration, Home Office, passport*, registrar*, register office, \
         citizenship, Landeshauptstadt, right of appeal, right to appeal, Dienstsiegel, \
         Verwaltungsgebühr, city council, county council, borough council, district council, \
         town hall, Rathaus, Staatsangehörigkeit, Melderegister, Bundesamt, Sozialamt, Jugendamt, \
         Bauamt, county clerk, Amt für, hereby certified, wird hiermit bescheinigt, Antrag wird",
    ),
    (
        2.0,
        "Amt, *amt, Amtes, Widerspruch, Gemeinde*, Aktenzeichen, council, department of, magistrat*, \
         government, ministry, Ministerium, city of, municipal*, Antragsteller*, Geschäftszeichen, \
         Verwaltungs*, Stadt, Urkunde, certified copy, nationality, bewilligt, benefit*, eligible, \
         polling station, Wahllokal, county, Bundes*",
    ),
    (
        1.0,
        "Antrag*, applicant, application, appeal, Gebühr*, fee, authority, public, official, Register*, hearing",
    ),
    (
        -3.0,
        "Finanzamt*, Einkommensteuer*, Einkommensteuerbescheid, Gewerbesteuer*, Grundsteuer*, \
         Kontoauszug*, Rechnungsnummer, Fahrerlaubnis, Kennzeichen, Ordnungswidrigkeit*, Kilometerstand, \
         Studiengang, Mietvertrag, Versicherungsschein, Lohnsteuer, taxable income, tax year, \
         number plate, license plate, penalty charge",
    ),
    (
        -5.0,
        "Bußgeldbescheid, Steuerbescheid, Grundsteuerbescheid, Gewerbesteuerbescheid, \
         Zulassungsbescheinigung, Zulassungsbescheid, penalty charge notice, parking ticket, Verwarnungsgeld, \
         notice of assessment, tax return, Bescheid über Einkommensteuer",
    ),
];

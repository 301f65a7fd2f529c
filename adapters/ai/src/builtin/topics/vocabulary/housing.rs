use super::Words;

pub(super) const WORDS: Words = &[
    (
        5.0,
        "Mietvertrag*, Wohnungsmietvertrag, Untermietvertrag, Nebenkostenabrechnung*, \
         Betriebskostenabrechnung*, Heizkostenabrechnung*, Mieterhöhung, Mieterhöhungsverlangen, \
         tenancy agreement, residential lease, rental agreement, lease agreement, rent increase, \
         Wohnungsgeberbestätigung, Wohnungsübergabeprotokoll, Übergabeprotokoll, \
         Mietbescheinigung, Mietschuldenfreiheitsbescheinigung, Hausgeldabrechnung, \
         Eigentümerversammlung, Grundbuchauszug, Stromabrechnung, Gasabrechnung, Wasserabrechnung, \
         Stromrechnung, Gasrechnung, electricity bill, gas bill, water bill, energy bill, \
         utility bill, service charge statement, Exposé, inventory report, title deed, land registry, \
         notice to quit, Energieausweis",
    ),
    (
        3.0,
        "Vermieter*, Mieter*, landlord*, tenant*, Kaltmiete, Warmmiete, Miete, *miete, rent, \
         monthly rent, Kaution, Mietkaution, security deposit, tenancy, lease, Wohnfläche, \
         Nebenkosten, Betriebskosten, Heizkosten, Hausverwaltung, property management, letting agent*, \
         Zählerstand, Zählerstände, meter reading*, Zählernummer, meter number, Stromverbrauch, \
         Abschlag*, service charge, Mietobjekt, Mietsache, Wohnungseigentümer*, Hausgeld, \
         Hausordnung, Schornsteinfeger*, Grundbuch*, Makler*, estate agent, real estate, Grundstück*, \
         Immobilie*, condominium, homeowners association, Wohngebäude, Hausmeister*, Arbeitspreis, \
         standing charge, Wohnungsbau*, \
         residents, occupiers, Bewohner*, Hausbewohner*, caretaker, house rules, Mieterversammlung",
    ),
    (
        2.0,
        "Wohnung, Wohnungen, Mietwohnung, Stadtwerke, apartment, property, Eigentümer*, kWh, premises, \
         Heizung*, Warmwasser, Quadratmeter, square metres, square feet, Einzug, Auszug, move out, \
         move in, Treppenhaus, tariff, Strom, Gas, electricity, energy, Verbrauch, Grundpreis, \
         Müllabfuhr, Keller, Zimmer, bedroom*, \
         plumber*, cold water, hot water, Aushang, Treppenhausreinigung, balcony, Balkon",
    ),
    (
        1.0,
        "flat, house, Haus, Hauses, address, deposit, keys, Schlüssel, building, Gebäude, heating",
    ),
    (
        -3.0,
        "Hausratversicherung, Wohngebäudeversicherung, home insurance, contents insurance, \
         policy number, Versicherungsschein, Hotel, Mietwagen, rental car, car rental, borrower, \
         mortgage, Darlehen*, Ferienwohnung, Arbeitsvertrag, Steuerbescheid, Grundsteuerbescheid",
    ),
];

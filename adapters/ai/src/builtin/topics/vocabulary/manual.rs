use super::Words;

pub(super) const WORDS: Words = &[
    (
        5.0,
        "Bedienungsanleitung*, Gebrauchsanweisung*, Gebrauchsanleitung*, Betriebsanleitung*, \
         Montageanleitung*, Aufbauanleitung*, Installationsanleitung*, Pflegeanleitung, Kurzanleitung, \
         Benutzerhandbuch, Anleitung, user manual, user guide, user's guide, instruction manual, \
         operating instructions, instructions for use, owner's manual, owner manual, \
         quick start guide, quick guide, assembly instructions, installation guide, \
         installation manual, Datenblatt, Produktdatenblatt, data sheet, datasheet, \
         product information sheet, Garantiekarte, Garantieschein, Garantieurkunde, \
         Garantiebedingungen, warranty card, warranty certificate, limited warranty",
    ),
    (
        4.0,
        "technische Daten, technical specifications, technical data, Sicherheitshinweise, \
         safety instructions, troubleshooting, Fehlerbehebung, Störungsbehebung, \
         Reinigung und Pflege, cleaning and care, cleaning and maintenance",
    ),
    (
        3.0,
        "Handbuch, manual, Inbetriebnahme, Lieferumfang, package contents, what's in the box, \
         in the box, Garantie*, warranty, guarantee period, before first use, vor dem ersten Gebrauch, \
         press and hold, press the, drücken Sie, halten Sie die, safety information, \
         Leistungsaufnahme, power consumption, bestimmungsgemäße*, intended use, Netzteil, \
         power supply, Modellnummer, model number, Nennspannung, rated voltage, operating temperature, \
         Einsatzbereich, proof of purchase, Materialfehler, defects in material, \
         safety notes, care for your, do not bleach, tumble dry, machine wash, Brandgefahr, \
         keep these instructions, keep these pages, einschalten, ausschalten, Hauptschalter, \
         switch off, switch on, unplug, damp cloth, mit einem feuchten Tuch, wear gloves",
    ),
    (
        2.0,
        "Gerät, Gerätes, Geräts, appliance, Gewährleistung, voltage, Spannung, Entsorgung, \
         Schraubendreher, screwdriver, specifications, Seriennummer, serial number, installation, \
         instructions, Netzstecker, mains, socket, Steckdose, Schutzart, features, settings, \
         Abmessungen, dimensions, \
         danger, Gefahr, Display, Schalter, Knopf, knob, never, wipe, abwischen, vacuum, tighten, \
         assemble, goggles",
    ),
    (
        1.0,
        "Warnung, warning, Achtung, caution, Taste, button, Batterie*, battery, batteries, device, \
         Schrauben, screws, Watt, Kabel, cable, Wartung, maintenance, Modell, model, Filter, LED, \
         step, Schritt, Gewicht, weight",
    ),
    (
        -3.0,
        "Rechnungsnummer, invoice number, Mietvertrag, Kontoauszug, policy number, Versicherungsschein, \
         Arbeitsvertrag, Kilometerstand",
    ),
];

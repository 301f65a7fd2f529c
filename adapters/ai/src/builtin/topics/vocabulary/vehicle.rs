use super::Words;

pub(super) const WORDS: Words = &[
    (
        5.0,
        "Zulassungsbescheinigung, Fahrzeugschein, Fahrzeugbrief, Hauptuntersuchung, HU-Bericht, \
         Prüfbericht HU, vehicle registration, registration certificate, MOT test, MOT certificate, \
         vehicle inspection, V5C, Bußgeldbescheid, Verwarnungsgeld, Verwarnung, Anhörungsbogen, \
         parking ticket, parking violation, penalty charge notice, parking charge notice, \
         speeding ticket, notice of intended prosecution, traffic violation, traffic citation, \
         Werkstattrechnung, Fahrzeugkaufvertrag, Kraftfahrzeugsteuer, Kfz-Steuer, Führerschein, \
         driving licence, driver's license, driver license, vehicle title, repair order, \
         Abgasuntersuchung, Gebrauchtwagen*",
    ),
    (
        3.0,
        "Fahrzeug*, vehicle*, Kennzeichen, amtliches Kennzeichen, license plate, number plate, \
         registration mark, registration number, Fahrgestellnummer, Fahrzeug-Identifizierungsnummer, \
         FIN, VIN, chassis number, Kilometerstand, odometer, mileage, Ölwechsel, oil change, \
         Reifen*, Winterreifen, Sommerreifen, tyre*, tires, Bremsen, Bremsbeläge, Bremsscheiben, \
         brake*, Kfz, PKW, TÜV, DEKRA, Werkstatt*, Autohaus, Hubraum, Erstzulassung, \
         Abgas*, Höchstgeschwindigkeit, speed limit, Ordnungswidrigkeit*, Parkverstoß, Zündkerzen, \
         spark plugs, Zahnriemen, timing belt, DVLA, DMV, road tax, Inspektion*, Fahrerlaubnis, \
         Geschwindigkeitsüberschreitung, mph, Auspuff, exhaust",
    ),
    (
        2.0,
        "Halter*, Geschwindigkeit*, Getriebe, gearbox, mechanic, emissions, parking, parked, ADAC, \
         Kraftstoff, fuel, Diesel, engine, Motoröl, motorcycle, Motorrad, workshop, Kraftfahrt*, \
         Straßenverkehr*, StVO, StVG, driver, Fahrer*, speed, Messung, horsepower, dealership",
    ),
    (
        1.0,
        "car, Auto, Motor, garage, road, Straßenverkehrsamt, speeding, registration, parken, geparkt",
    ),
    (
        -3.0,
        "Versicherungsnehmer*, policyholder, policy number, Mietwagen, rental car, car rental, \
         boarding pass, premium, sum insured, Schadennummer, claim number, Bedienungsanleitung",
    ),
    (
        -5.0,
        "Versicherungsschein*, insurance policy, car insurance, motor insurance, Kfz-Versicherung, \
         Beitragsrechnung, Kfz-Haftpflichtversicherung, certificate of insurance",
    ),
];

use super::Words;

pub(super) const WORDS: Words = &[
    (
        5.0,
        "Buchungsbestätigung, Reisebestätigung, Reservierungsbestätigung, booking confirmation, \
         reservation confirmation, boarding pass, Bordkarte, Fahrkarte*, Fahrschein*, e-ticket, \
         eticket, online-ticket, Flugticket, train ticket, itinerary, Reiseplan, Reiseverlauf, \
         hotel reservation, hotel booking, Hotelreservierung, Hotelbuchung, Reiseunterlagen, \
         Hotelvoucher, Flugbestätigung, flight confirmation, Reiserechnung, Mietwagenbuchung",
    ),
    (
        3.0,
        "Flug, *flug, Flüge, flight*, Flugnummer, flight number, Abflug, departure*, departs, arrives, \
         Passagier*, passenger*, Reisende*, traveller*, traveler*, Anreise, Abreise, \
         booking reference, Buchungscode, Buchungsnummer, booking number, check-in, check-out, \
         Deutsche Bahn, airport, Flughafen, airline*, airways, Lufthansa, Übernachtung*, \
         Doppelzimmer, Einzelzimmer, double room, single room, room type, Mietwagen, rental car, \
         car rental, Fähre*, ferry, Kreuzfahrt, cruise, PNR, Reisebüro, Reiseveranstalter, \
         Pauschalreise, Reiseziel, baggage, luggage, Gepäck*, Handgepäck, outbound, round trip, \
         Hinfahrt, Rückfahrt, Hinflug, Rückflug, Kabine, Reederei, hostel, \
         passport, Reisepass, authorisation approved, authorization approved, port of entry, \
         Einreise*, visa, embarkation, waiver programme",
    ),
    (
        2.0,
        "Hotel*, arrival, Ankunft, Abfahrt, Sitzplatz, Bahnhof, Hauptbahnhof, Hbf, train, nights, \
         Nächte, Reise*, travel*, Visum, trip, tour, tourist, terminal, guests, Gäste, ticket*, \
         reservation, Reservierung, Buchung, booking, Ferienwohnung, BahnCard, Gleis, platform, \
         coach, Umstieg, holiday, Urlaub*, ICE, IC",
    ),
    (
        1.0,
        "gate, seat, Zug, Frühstück, breakfast, Wagen, boarding, zone, adult, adults, Erwachsene, route",
    ),
    (
        -3.0,
        "Versicherungsschein, travel insurance, policy number, Arbeitsvertrag, Kontoauszug, \
         Urlaubsantrag, Jahresurlaub, Kilometerstand, Hauptuntersuchung, parking ticket",
    ),
];

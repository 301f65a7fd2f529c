use super::Words;

pub(super) const WORDS: Words = &[
    (
        5.0,
        "Arztbrief, Befundbericht, Entlassungsbericht, Entlassungsbrief, Entlassbrief, Laborbefund, \
         Laborbericht, discharge summary, discharge letter, medical report, lab report, lab results, \
         laboratory report, laboratory results, test results, radiology report, Überweisungsschein, \
         Arbeitsunfähigkeitsbescheinigung, Krankmeldung, sick note, fit note, Impfausweis, \
         Impfpass, Impfbescheinigung, vaccination record, vaccination certificate, immunization record, \
         immunisation record, Heilmittelverordnung, Medikationsplan, medication plan, \
         Heil- und Kostenplan, Privatrezept, prescription, ärztliches Attest, Attest, \
         ärztliche Bescheinigung, Mutterpass, GOÄ, GOZ, OP-Bericht, referral letter",
    ),
    (
        3.0,
        "Diagnose*, diagnosis, diagnosed, Patient*, patients, Anamnese, Befund*, medical history, \
         Facharzt*, Fachärztin, Hausarzt*, Hausärztin, Zahnarzt*, Zahnärztin, Ärztin, Arzt*, \
         ärztlich*, dentist, dental, physician, Klinik*, Klinikum, Krankenhaus*, Kinderarzt*, \
         Dosierung, dosage, Medikament*, medication*, Tabletten, tablets, blood pressure, Blutdruck, \
         Blutbild, blood test*, full blood count, Hämoglobin, haemoglobin, hemoglobin, Cholesterin, \
         cholesterol, ICD, ICD-10, Impfung, Impfstoff, vaccine, vaccination, Röntgen*, \
         Ultraschall, ultrasound, x-ray, Physiotherapie, physiotherapy, Dr med, arbeitsunfähig*, \
         Leukozyten, Referenzbereich, reference range, Orthopädie, Kardiologie, cardiology",
    ),
    (
        2.0,
        "hospital, clinic, clinical, Praxis*, *praxis, surgery, Therapie*, therapy, Symptom*, \
         Behandlung*, treatment, treated, allergies, Allergie*, Krankenkasse, Versichertennummer, \
         Apotheke*, pharmacy, MRT, MRI, CT, referral, GP, nurse, NHS, consultant, Untersuchung*, \
         examination, stationär*, ambulant*, doctor, Prophylaxe, Schmerz*, chronic, acute, \
         exercise, exercises, Übungen, rehab*, therapist*, Therapeut*, swelling, numbness, wound, Wunde",
    ),
    (
        1.0,
        "Rezept*, mg, Operation, Station, pain, Labor, daily, serum, ward, Verordnung",
    ),
    (
        -3.0,
        "Versicherungsschein, insurance policy, policy number, Gehaltsabrechnung, Zutaten, ingredients, \
         Beitragsanpassung, Bedienungsanleitung, user manual",
    ),
];

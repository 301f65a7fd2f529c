use super::Words;

pub(super) const WORDS: Words = &[
    (
        5.0,
        "Zeugnis*, Abiturzeugnis, Schulzeugnis, Halbjahreszeugnis, Jahreszeugnis, Abschlusszeugnis, \
         Bachelorzeugnis, Masterzeugnis, Prüfungszeugnis, Gesellenbrief, Leistungsnachweis*, \
         Notenspiegel, Notenübersicht, transcript of records, academic transcript, official transcript, \
         Immatrikulationsbescheinigung, Studienbescheinigung, Exmatrikulation*, Schulbescheinigung, \
         certificate of completion, course certificate, Teilnahmebescheinigung, \
         Teilnahmebestätigung, Kursbescheinigung, report card, school report, diploma, diploma supplement, \
         enrolment certificate, enrollment certificate, certificate of enrolment, \
         certificate of enrollment, enrollment verification, proof of enrolment, \
         certificate of attendance, certificate of achievement, Sprachzertifikat, letter of admission, \
         Zulassungsbescheid, Studienplatz, statement of results, examination results",
    ),
    (
        3.0,
        "Universität*, university, Hochschule*, Fachhochschule, college, Gymnasium, Realschule, \
         Grundschule, Gesamtschule, Berufsschule, high school, primary school, secondary school, \
         Schüler*, Studiengang, Semester*, Matrikelnummer, student ID, ECTS, GPA, Fakultät, faculty, \
         Weiterbildung*, Fortbildung*, Lehrgang*, Klausur*, Volkshochschule, tuition, scholarship, \
         BAföG*, Bachelor*, undergraduate, postgraduate, Zertifikat, Schuljahr, school year, \
         academic year, Schulhalbjahr, Dozent*, lecturer, Durchschnittsnote, Gesamtnote, final grade, \
         Lehrerin, Klassenlehrer*, homeroom, credit hours, A-level*, GCSE*, successfully completed, \
         mit Erfolg, erfolgreich teilgenommen, Unterrichtseinheiten, Studierende*",
    ),
    (
        2.0,
        "Schule, school, Student*, students, grade*, Noten, Prüfung*, exam*, Kurs, Kurses, course*, \
         Seminar*, teacher*, Lehrer*, degree, thesis, Studium, befriedigend, Mathematik, mathematics, \
         Klasse, credits, Teilnehmer*, participant, pupil, Master, attendance, lecture*, Abitur",
    ),
    (
        1.0,
        "Note, Fach, Modul*, module*, sehr gut, ausreichend, learning, history, Geschichte, Deutsch, Englisch, English, certificate, Urkunde, gut",
    ),
    (
        -3.0,
        "Berufserfahrung, work experience, Bewerbung*, Vorstellungsgespräch, curriculum vitae, \
         Lebenslauf, applying for, Rechnungsnummer, invoice number, Arbeitsverhältnis",
    ),
    (-6.0, "Arbeitszeugnis, Zwischenzeugnis, Führungszeugnis"),
];

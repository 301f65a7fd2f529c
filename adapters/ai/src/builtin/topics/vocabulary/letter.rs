use super::Words;

/// Letters are what is left of correspondence: see `starters.rs`.
pub(super) const WORDS: Words = &[
    (
        4.0,
        "Sehr geehrte*, Mit freundlichen Grüßen, Mit freundlichem Gruß, Mit freundlicher Empfehlung, \
         yours sincerely, yours faithfully, yours truly, sincerely yours, kind regards, best regards, \
         warm regards, with kind regards, Herzliche Grüße, Viele Grüße, Liebe Grüße, Alles Liebe, \
         Mit besten Grüßen, Beste Grüße, lots of love, with best wishes, best wishes, all the best, \
         warmly, sincerely, with love, Hochachtungsvoll, Herzlichst, respectfully, love from",
    ),
    (3.0, "dear, Lieber, Liebe"),
    (
        2.0,
        "I am writing to, I am writing, thank you for your letter, Vielen Dank für Ihr Schreiben, \
         vielen Dank für Ihren Brief, Ihr Schreiben vom, your letter of, Brief, Briefes, letter, \
         mein Schreiben, I hope this letter, please do not hesitate, condolences, Beileid, \
         Glückwunsch*, congratulations, congratulate, Einladung, einladen, invite you, invitation, \
         Beschwerde, complaint, ich schreibe, hiermit, I look forward, we look forward, apologise, \
         apologize, entschuldigen",
    ),
    (
        1.0,
        "Betreff, anbei, enclosed, Rückfragen, thank you, vielen Dank, neighbour*, neighbor*, \
         Nachbar*, bitte ich Sie, I would like, wir würden uns freuen",
    ),
];

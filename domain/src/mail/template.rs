use std::fmt::Write;
use std::net::IpAddr;
use std::time::Duration;

use crate::language::Language;
use crate::timestamp::Timestamp;

/// What a mail says. Subjects are fixed: nothing that somebody has typed is ever in a header.
#[derive(Clone, Copy, Debug)]
pub enum MailTemplate<'a> {
    /// Somebody asked for a new password.
    PasswordReset {
        /// Where to choose it.
        link: &'a str,
        /// How long the link lasts.
        lasts: Duration,
    },
    /// An administrator has made an account.
    AccountMade {
        /// What the person signs in with.
        handle: &'a str,
        /// Where to choose a password.
        link: &'a str,
        /// How long the link lasts.
        lasts: Duration,
    },
    /// An administrator invites.
    Invitation {
        /// Where to make an account.
        link: &'a str,
        /// How long the link lasts.
        lasts: Duration,
    },
    /// Somebody tried to register with the address of an account.
    AddressInUse,
    /// An administrator tries whether mail works.
    Test,
    /// Something happened to the account that its person should know of.
    Notice {
        /// What.
        what: Notice<'a>,
        /// When.
        at: Timestamp,
        /// From where.
        address: Option<IpAddr>,
    },
}

/// What happened to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice<'a> {
    /// The password was replaced.
    PasswordChanged,
    /// Mail goes to another address from now on; both get this.
    EmailChanged {
        /// The new one.
        to: &'a str,
    },
    /// A second factor was put in use.
    SecondFactorOn,
    /// It was removed.
    SecondFactorOff,
    /// There are new recovery codes.
    RecoveryCodesRenewed,
    /// One was used to sign in.
    RecoveryCodeUsed {
        /// How many are left.
        left: u32,
    },
    /// Somebody signed in from a browser or network that was not seen before.
    NewDevice {
        /// What the browser calls itself.
        user_agent: Option<&'a str>,
    },
    /// A token for a program was made.
    ApiTokenMade {
        /// What the person called it.
        name: &'a str,
    },
    /// The account was deleted.
    AccountDeleted,
}

impl MailTemplate<'_> {
    /// Subject and text in `language` for somebody called `name`, about the vault at `home`.
    pub(super) fn write(
        &self,
        language: Language,
        name: Option<&str>,
        home: &str,
    ) -> (String, String) {
        let german = language == Language::German;
        let (subject, body) = if german {
            self.german(home)
        } else {
            self.english(home)
        };
        let name = name.map(|name| format!(" {}", one_line(name)));
        let name = name.unwrap_or_default();
        let text = if german {
            format!("Hallo{name},\n\n{body}\n\n-- \nDocuVault, {home}\n")
        } else {
            format!("Hello{name},\n\n{body}\n\n-- \nDocuVault, {home}\n")
        };
        (subject.to_owned(), text)
    }

    fn english(&self, home: &str) -> (&'static str, String) {
        match *self {
            Self::PasswordReset { link, lasts } => (
                "Choose a new password",
                format!(
                    "somebody asked for a new password for your DocuVault account. Choose it here, \
                     within {}:\n\n{link}\n\nThe link works once. If it was not you, do nothing: your \
                     password stays as it is.",
                    english_time(lasts)
                ),
            ),
            Self::AccountMade {
                handle,
                link,
                lasts,
            } => (
                "Your DocuVault account",
                format!(
                    "an account was made for you. Choose a password here, within {}:\n\n{link}\n\n\
                     The link works once. You sign in as {handle} or with this e-mail address.",
                    english_time(lasts)
                ),
            ),
            Self::Invitation { link, lasts } => (
                "Your invitation to DocuVault",
                format!(
                    "you are invited to keep your documents in the DocuVault at {home}. Make your \
                     account here, within {}:\n\n{link}\n\nThe link works once.",
                    english_time(lasts)
                ),
            ),
            Self::AddressInUse => (
                "You have a DocuVault account already",
                format!(
                    "somebody tried to make a DocuVault account with your e-mail address. You have one \
                     already, so nothing was made. If it was you, sign in, or choose a new password if you \
                     have forgotten yours:\n\n{home}/sign-in\n\nIf it was not you, there is nothing to do."
                ),
            ),
            Self::Test => (
                "Mail from DocuVault works",
                format!(
                    "an administrator of the DocuVault at {home} has sent this to see that mail works."
                ),
            ),
            Self::Notice { what, at, address } => {
                let (subject, what) = what.english();
                let mut body = format!("{what}\n\nWhen: {}", utc(at));
                if let Some(address) = address {
                    let _ = write!(body, "\nFrom: {address}");
                }
                if !matches!(subject, DELETED_EN) {
                    let _ = write!(
                        body,
                        "\n\nIf it was not you, choose a new password and end the other sessions in your \
                         settings:\n\n{home}/settings"
                    );
                }
                (subject, body)
            }
        }
    }

    fn german(&self, home: &str) -> (&'static str, String) {
        match *self {
            Self::PasswordReset { link, lasts } => (
                "Neues Passwort wählen",
                format!(
                    "jemand hat ein neues Passwort für Ihr DocuVault-Konto angefordert. Wählen Sie es hier, \
                     innerhalb von {}:\n\n{link}\n\nDer Link gilt einmal. Wenn Sie das nicht waren, müssen \
                     Sie nichts tun: Ihr Passwort bleibt, wie es ist.",
                    german_time(lasts)
                ),
            ),
            Self::AccountMade {
                handle,
                link,
                lasts,
            } => (
                "Ihr DocuVault-Konto",
                format!(
                    "für Sie wurde ein Konto angelegt. Wählen Sie hier ein Passwort, innerhalb von \
                     {}:\n\n{link}\n\nDer Link gilt einmal. Sie melden sich als {handle} oder mit dieser \
                     E-Mail-Adresse an.",
                    german_time(lasts)
                ),
            ),
            Self::Invitation { link, lasts } => (
                "Ihre Einladung zu DocuVault",
                format!(
                    "Sie sind eingeladen, Ihre Dokumente im DocuVault unter {home} aufzubewahren. Legen Sie \
                     hier Ihr Konto an, innerhalb von {}:\n\n{link}\n\nDer Link gilt einmal.",
                    german_time(lasts)
                ),
            ),
            Self::AddressInUse => (
                "Sie haben schon ein DocuVault-Konto",
                format!(
                    "jemand wollte mit Ihrer E-Mail-Adresse ein DocuVault-Konto anlegen. Sie haben schon \
                     eines, deshalb wurde keines angelegt. Wenn Sie das waren, melden Sie sich an, oder \
                     wählen Sie ein neues Passwort, falls Sie Ihres vergessen haben:\n\n{home}/sign-in\n\n\
                     Wenn Sie es nicht waren, müssen Sie nichts tun."
                ),
            ),
            Self::Test => (
                "E-Mail von DocuVault kommt an",
                format!(
                    "mit dieser Nachricht wurde im DocuVault unter {home} geprüft, ob E-Mails ankommen."
                ),
            ),
            Self::Notice { what, at, address } => {
                let (subject, what) = what.german();
                let mut body = format!("{what}\n\nWann: {}", utc(at));
                if let Some(address) = address {
                    let _ = write!(body, "\nVon: {address}");
                }
                if !matches!(subject, DELETED_DE) {
                    let _ = write!(
                        body,
                        "\n\nWenn Sie das nicht waren, wählen Sie ein neues Passwort und beenden Sie die \
                         anderen Sitzungen in Ihren Einstellungen:\n\n{home}/settings"
                    );
                }
                (subject, body)
            }
        }
    }
}

const DELETED_EN: &str = "Your DocuVault account was deleted";
const DELETED_DE: &str = "Ihr DocuVault-Konto wurde gelöscht";

impl Notice<'_> {
    fn english(self) -> (&'static str, String) {
        match self {
            Self::PasswordChanged => (
                "Your password was changed",
                "the password of your DocuVault account was changed. All other sessions were ended."
                    .to_owned(),
            ),
            Self::EmailChanged { to } => (
                "Your e-mail address was changed",
                format!("mail of your DocuVault account goes to {to} from now on."),
            ),
            Self::SecondFactorOn => (
                "Two-step sign-in is on",
                "signing in to your DocuVault account asks for a code from now on.".to_owned(),
            ),
            Self::SecondFactorOff => (
                "Two-step sign-in is off",
                "signing in to your DocuVault account asks for no code any more.".to_owned(),
            ),
            Self::RecoveryCodesRenewed => (
                "You have new recovery codes",
                "new recovery codes were made for your DocuVault account. The old ones open nothing any \
                 more."
                    .to_owned(),
            ),
            Self::RecoveryCodeUsed { left } => (
                "A recovery code was used",
                format!(
                    "somebody signed in to your DocuVault account with a recovery code. Codes left: {left}."
                ),
            ),
            Self::NewDevice { user_agent } => (
                "A new sign-in to your account",
                format!(
                    "somebody signed in to your DocuVault account from a browser or a network that was not \
                     seen lately.\n\nBrowser: {}",
                    user_agent.map_or_else(|| "unknown".to_owned(), one_line)
                ),
            ),
            Self::ApiTokenMade { name } => (
                "An API token was made",
                format!(
                    "a token was made with which a program can use your DocuVault account: {}",
                    one_line(name)
                ),
            ),
            Self::AccountDeleted => (
                DELETED_EN,
                "your DocuVault account was deleted. Your documents are being removed.".to_owned(),
            ),
        }
    }

    fn german(self) -> (&'static str, String) {
        match self {
            Self::PasswordChanged => (
                "Ihr Passwort wurde geändert",
                "das Passwort Ihres DocuVault-Kontos wurde geändert. Alle anderen Sitzungen wurden beendet."
                    .to_owned(),
            ),
            Self::EmailChanged { to } => (
                "Ihre E-Mail-Adresse wurde geändert",
                format!("E-Mails Ihres DocuVault-Kontos gehen von jetzt an an {to}."),
            ),
            Self::SecondFactorOn => (
                "Anmeldung in zwei Schritten ist an",
                "wer sich bei Ihrem DocuVault-Konto anmeldet, wird von jetzt an nach einem Code gefragt."
                    .to_owned(),
            ),
            Self::SecondFactorOff => (
                "Anmeldung in zwei Schritten ist aus",
                "wer sich bei Ihrem DocuVault-Konto anmeldet, wird nicht mehr nach einem Code gefragt."
                    .to_owned(),
            ),
            Self::RecoveryCodesRenewed => (
                "Sie haben neue Wiederherstellungscodes",
                "für Ihr DocuVault-Konto wurden neue Wiederherstellungscodes gemacht. Die alten gelten nicht \
                 mehr."
                    .to_owned(),
            ),
            Self::RecoveryCodeUsed { left } => (
                "Ein Wiederherstellungscode wurde benutzt",
                format!(
                    "jemand hat sich mit einem Wiederherstellungscode bei Ihrem DocuVault-Konto angemeldet. \
                     Übrige Codes: {left}."
                ),
            ),
            Self::NewDevice { user_agent } => (
                "Neue Anmeldung bei Ihrem Konto",
                format!(
                    "jemand hat sich bei Ihrem DocuVault-Konto mit einem Browser oder aus einem Netz \
                     angemeldet, die in letzter Zeit nicht vorkamen.\n\nBrowser: {}",
                    user_agent.map_or_else(|| "unbekannt".to_owned(), one_line)
                ),
            ),
            Self::ApiTokenMade { name } => (
                "Ein API-Token wurde angelegt",
                format!(
                    "ein Token wurde angelegt, mit dem ein Programm Ihr DocuVault-Konto benutzen kann: {}",
                    one_line(name)
                ),
            ),
            Self::AccountDeleted => (
                DELETED_DE,
                "Ihr DocuVault-Konto wurde gelöscht. Ihre Dokumente werden entfernt.".to_owned(),
            ),
        }
    }
}

/// What others have chosen, without anything that could look like more of the mail.
fn one_line(text: &str) -> String {
    text.chars()
        .filter(|char| !char.is_control() && !matches!(char, '\u{2028}' | '\u{2029}'))
        .take(120)
        .collect()
}

fn utc(at: Timestamp) -> String {
    let at = at.to_datetime();
    format!("{} {:02}:{:02} UTC", at.date(), at.hour(), at.minute())
}

fn english_time(lasts: Duration) -> String {
    match lasts.as_secs() / 60 {
        minutes @ 0..=120 => format!("{minutes} minutes"),
        minutes @ 121..=2880 => format!("{} hours", minutes / 60),
        minutes => format!("{} days", minutes / 1440),
    }
}

fn german_time(lasts: Duration) -> String {
    match lasts.as_secs() / 60 {
        minutes @ 0..=120 => format!("{minutes} Minuten"),
        minutes @ 121..=2880 => format!("{} Stunden", minutes / 60),
        minutes => format!("{} Tagen", minutes / 1440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: &str = "https://vault.example.org";

    fn all() -> Vec<MailTemplate<'static>> {
        let lasts = Duration::from_mins(30);
        let link = "https://vault.example.org/reset#token=abc";
        let hostile = "Ada\r\nBcc: all@example.org\n\nPay here\u{2028}now";
        let notices = [
            Notice::PasswordChanged,
            Notice::EmailChanged {
                to: "new@example.org",
            },
            Notice::SecondFactorOn,
            Notice::SecondFactorOff,
            Notice::RecoveryCodesRenewed,
            Notice::RecoveryCodeUsed { left: 3 },
            Notice::NewDevice {
                user_agent: Some(hostile),
            },
            Notice::ApiTokenMade { name: hostile },
            Notice::AccountDeleted,
        ];
        let notice = |what| MailTemplate::Notice {
            what,
            at: Timestamp::from_micros(1_772_366_400_000_000),
            address: Some(IpAddr::from([192, 0, 2, 7])),
        };
        let mut templates = vec![
            MailTemplate::PasswordReset { link, lasts },
            MailTemplate::AccountMade {
                handle: "ada",
                link,
                lasts,
            },
            MailTemplate::Invitation {
                link,
                lasts: Duration::from_hours(168),
            },
            MailTemplate::AddressInUse,
        ];
        templates.extend(notices.map(notice));
        templates
    }

    #[test]
    fn nothing_typed_makes_a_line_of_its_own() {
        for language in [Language::English, Language::German] {
            for template in all() {
                let name = "Eve\r\nSubject: x\n";
                let (subject, text) = template.write(language, Some(name), HOME);
                assert!(!subject.chars().any(char::is_control), "{subject:?}");
                assert!(!text.contains('\r') && !text.contains('\u{2028}'), "{text}");
                assert!(
                    !text.lines().any(|line| {
                        ["Bcc:", "Subject:", "Pay here"]
                            .iter()
                            .any(|it| line.starts_with(it))
                    }),
                    "{text}"
                );
                assert!(text.contains(HOME), "{text}");
            }
        }
    }

    #[test]
    fn each_letter_in_each_language_is_another() {
        let mut seen = std::collections::HashSet::new();
        for language in [Language::English, Language::German] {
            for template in all() {
                let (subject, text) = template.write(language, None, HOME);
                assert!(seen.insert(subject.clone()), "{subject}");
                assert!(text.starts_with("Hello,\n") || text.starts_with("Hallo,\n"));
            }
        }
    }

    #[test]
    fn durations_and_times_are_written_in_the_readers_language() {
        let (minutes, days) = (Duration::from_mins(30), Duration::from_hours(168));
        assert_eq!(english_time(minutes), "30 minutes");
        assert_eq!(english_time(days), "7 days");
        assert_eq!(german_time(Duration::from_hours(24)), "24 Stunden");
        assert_eq!(
            utc(Timestamp::from_micros(1_772_366_400_000_000)),
            "2026-03-01 12:00 UTC"
        );
        assert_eq!(Language::of_locale(Some("de-AT")), Some(Language::German));
        assert_eq!(Language::of_locale(Some("fr")), Some(Language::English));
        assert_eq!(Language::of_locale(None), None);
    }
}

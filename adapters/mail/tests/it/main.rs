//! Mail over SMTP, against a small server in this process.
#![expect(
    clippy::unwrap_used,
    reason = "a test says what must hold; breaking that is a failed test"
)]

mod server;

use std::time::Duration;

use docuvault_domain::accounts::Email;
use docuvault_domain::ports::{MailError, Mailer, Message};
use docuvault_mail::{Encryption, SmtpConfig, SmtpMailer};
use server::{Answers, Server};

fn config(server: &Server, encryption: Encryption) -> SmtpConfig {
    SmtpConfig {
        host: "localhost".to_owned(),
        port: server.port(),
        encryption,
        credentials: None,
        from: "DocuVault <vault@example.org>".to_owned(),
        extra_roots: Some(server.certificate().as_bytes().to_vec()),
        timeout: Duration::from_secs(5),
    }
}

fn message() -> Message {
    Message {
        to: Email::parse("ada@example.org").unwrap(),
        subject: "Neues Passwort wählen".to_owned(),
        text: "Hallo Ada,\n\n.\nhttps://vault.example.org/reset#token=abc\n".to_owned(),
    }
}

async fn send(config: SmtpConfig, message: &Message) -> Result<(), MailError> {
    SmtpMailer::new(config).unwrap().send(message).await
}

#[tokio::test]
async fn a_mail_goes_out_in_the_open_and_encrypted() {
    for encryption in [Encryption::None, Encryption::StartTls, Encryption::Tls] {
        let server = Server::start(encryption, Answers::default()).await;
        send(config(&server, encryption), &message()).await.unwrap();
        let mail = server.mail();
        assert_eq!(mail.encrypted, encryption != Encryption::None);
        assert_eq!(mail.from, "vault@example.org");
        assert_eq!(mail.to, ["ada@example.org"]);
        for header in [
            "From: DocuVault <vault@example.org>",
            "To: ada@example.org",
            "Auto-Submitted: auto-generated",
            "Content-Type: text/plain; charset=utf-8",
        ] {
            assert!(
                mail.head.lines().any(|line| line == header),
                "{}",
                mail.head
            );
        }
        assert!(mail.head.contains("Message-ID: <"), "{}", mail.head);
        assert!(mail.head.contains("\nDate: "), "{}", mail.head);
        assert!(
            mail.head.contains("=?utf-8?b?d8OkaGxlbg==?="),
            "{}",
            mail.head
        );
        assert!(mail.body.contains("token=abc"), "{}", mail.body);
        assert!(mail.body.contains("\r\n..\r\n"), "a lone dot is doubled");
    }
}

#[tokio::test]
async fn typed_text_cannot_add_headers() {
    let server = Server::start(Encryption::None, Answers::default()).await;
    let mut hostile = message();
    hostile.subject = "Hello\r\nBcc: all@example.org".to_owned();
    let refused = send(config(&server, Encryption::None), &hostile).await;
    assert!(matches!(refused, Err(MailError::Refused(_))), "{refused:?}");
    let mut config = config(&server, Encryption::None);
    config.from = "Vault\r\nBcc: all@example.org <vault@example.org>".to_owned();
    if let Ok(mailer) = SmtpMailer::new(config) {
        mailer.send(&message()).await.unwrap();
        let head = server.mail().head;
        assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
    }
    assert!(Email::parse("ada@example.org\r\nBcc: all@example.org").is_err());
}

#[tokio::test]
async fn a_server_without_encryption_or_with_a_foreign_certificate_gets_nothing() {
    let plain = Server::start(Encryption::None, Answers::default()).await;
    let refused = send(config(&plain, Encryption::StartTls), &message()).await;
    assert!(matches!(refused, Err(MailError::Later(_))), "{refused:?}");
    assert!(plain.is_idle());

    for encryption in [Encryption::StartTls, Encryption::Tls] {
        let server = Server::start(encryption, Answers::default()).await;
        let mut config = config(&server, encryption);
        config.extra_roots = None;
        let refused = send(config, &message()).await;
        assert!(matches!(refused, Err(MailError::Later(_))), "{refused:?}");
        assert!(server.is_idle());
    }
}

#[tokio::test]
async fn the_sender_is_passed_to_the_server() {
    let answers = Answers {
        password: Some(("vault", "secret")),
        ..Answers::default()
    };
    let server = Server::start(Encryption::Tls, answers).await;
    let mut config = config(&server, Encryption::Tls);
    config.credentials = Some(("vault".to_owned(), "secret".to_owned()));
    send(config.clone(), &message()).await.unwrap();
    assert_eq!(server.mail().to, ["ada@example.org"]);
    config.credentials = Some(("vault".to_owned(), "wrong".to_owned()));
    // Somebody can put that right: the mail waits.
    let refused = send(config, &message()).await;
    let Err(MailError::Later(sentence)) = refused else {
        panic!("{refused:?}");
    };
    assert!(sentence.contains("no such user"), "{sentence}");
}

#[tokio::test]
async fn the_reply_code_decides_between_retry_and_refusal() {
    let to = |recipient: &'static str| Answers {
        recipient,
        ..Answers::default()
    };
    let server = Server::start(Encryption::None, to("550 no such mailbox")).await;
    let refused = send(config(&server, Encryption::None), &message()).await;
    let Err(MailError::Refused(sentence)) = refused else {
        panic!("{refused:?}");
    };
    assert!(sentence.contains("no such mailbox"), "{sentence}");

    let server = Server::start(Encryption::None, to("451 try later")).await;
    let later = send(config(&server, Encryption::None), &message()).await;
    assert!(matches!(later, Err(MailError::Later(_))), "{later:?}");

    let port = server.port();
    drop(server);
    let gone = Server::start(Encryption::None, Answers::default()).await;
    let mut config = config(&gone, Encryption::None);
    config.port = port;
    let later = send(config, &message()).await;
    assert!(matches!(later, Err(MailError::Later(_))), "{later:?}");
}

#[tokio::test]
async fn a_server_that_says_nothing_is_not_waited_for() {
    let answers = Answers {
        silent: true,
        ..Answers::default()
    };
    let server = Server::start(Encryption::None, answers).await;
    let mut config = config(&server, Encryption::None);
    config.timeout = Duration::from_millis(100);
    let later = send(config, &message()).await;
    assert!(matches!(later, Err(MailError::Later(_))), "{later:?}");
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let config = |from: &str, roots: Option<&[u8]>| SmtpConfig {
        host: "localhost".to_owned(),
        port: 25,
        encryption: Encryption::Tls,
        credentials: None,
        from: from.to_owned(),
        extra_roots: roots.map(<[u8]>::to_vec),
        timeout: Duration::from_secs(5),
    };
    assert!(SmtpMailer::new(config("vault@example.org", None)).is_ok());
    assert!(SmtpMailer::new(config("nobody", None)).is_err());
    let garbage: &[u8] = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert!(SmtpMailer::new(config("vault@example.org", Some(garbage))).is_err());
}

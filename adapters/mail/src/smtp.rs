use std::error::Error as _;
use std::time::Duration;

use async_trait::async_trait;
use docuvault_domain::PortError;
use docuvault_domain::ports::{MailError, Mailer, Message};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder};
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

/// What the connection to the server is wrapped in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// Nothing: for a relay on the same machine only.
    None,
    /// TLS after the greeting (RFC 3207); a server that does not offer it is not talked to.
    StartTls,
    /// TLS from the first byte (RFC 8314).
    Tls,
}

/// Where mail goes out.
#[derive(Clone)]
pub struct SmtpConfig {
    /// The server's name, which its certificate must bear.
    pub host: String,
    /// Its port, such as 465 for [`Encryption::Tls`] and 587 for [`Encryption::StartTls`].
    pub port: u16,
    /// How to talk to it.
    pub encryption: Encryption,
    /// User name and password, where it asks for them.
    pub credentials: Option<(String, String)>,
    /// From whom mail is, such as `DocuVault <vault@example.org>`.
    pub from: String,
    /// Certificates in PEM of an authority that the public does not know.
    pub extra_roots: Option<Vec<u8>>,
    /// How long handing over one mail may take; a minute is a good start.
    pub timeout: Duration,
}

/// Hands mail to an SMTP server.
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    timeout: Duration,
}

impl SmtpMailer {
    /// Talks to nobody yet. Fails on a sender that is none, and on certificates that cannot be read.
    pub fn new(config: SmtpConfig) -> Result<Self, PortError> {
        let from = config.from.parse();
        let from =
            from.map_err(|error| PortError::permanent("reading the sender of mail", error))?;
        let tls = || {
            let mut tls = TlsParameters::builder(config.host.clone());
            if let Some(pem) = &config.extra_roots {
                tls = tls.add_root_certificate(Certificate::from_pem(pem)?);
            }
            tls.build_rustls()
        };
        let tls = match config.encryption {
            Encryption::None => Ok(Tls::None),
            Encryption::StartTls => tls().map(Tls::Required),
            Encryption::Tls => tls().map(Tls::Wrapper),
        };
        let tls =
            tls.map_err(|error| PortError::permanent("reading certificates for mail", error))?;
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(config.host)
            .port(config.port)
            .timeout(Some(config.timeout))
            .tls(tls);
        if let Some((name, password)) = config.credentials {
            transport = transport.credentials(Credentials::new(name, password));
        }
        Ok(Self {
            transport: transport.build(),
            from,
            timeout: config.timeout,
        })
    }

    fn write(&self, message: &Message) -> Result<lettre::Message, MailError> {
        let refused = |why: String| MailError::Refused(why);
        let to = message.to.as_str().parse();
        let to = Mailbox::new(None, to.map_err(|_| refused("no address".to_owned()))?);
        if message.subject.chars().any(char::is_control) {
            return Err(refused("the subject has more than one line".to_owned()));
        }
        mark_as_automatic(lettre::Message::builder())
            .from(self.from.clone())
            .to(to)
            .subject(message.subject.clone())
            .message_id(None)
            .header(ContentType::TEXT_PLAIN)
            .body(message.text.clone())
            .map_err(|error| refused(error.to_string()))
    }
}

/// Nobody's holiday notice answers it (RFC 3834, 5).
fn mark_as_automatic(builder: MessageBuilder) -> MessageBuilder {
    let name = HeaderName::new_from_ascii_str("Auto-Submitted");
    builder.raw_header(HeaderValue::new(name, "auto-generated".to_owned()))
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, message: &Message) -> Result<(), MailError> {
        let mail = self.write(message)?;
        match tokio::time::timeout(self.timeout, self.transport.send(mail)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(mail_error(&error)),
            Err(_) => Err(MailError::Later("the server took too long".to_owned())),
        }
    }
}

/// A refusal is for good unless it is about who sends: that is a matter of settings, which somebody can
/// put right.
fn mail_error(error: &SmtpError) -> MailError {
    let mut sentence = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        sentence = format!("{sentence}: {error}");
        cause = error.source();
    }
    let about_the_sender = |code: u16| matches!(code, 530 | 534 | 535 | 538);
    let code = error.status().map(u16::from);
    if error.is_permanent() && !code.is_some_and(about_the_sender) {
        MailError::Refused(sentence)
    } else {
        MailError::Later(sentence)
    }
}

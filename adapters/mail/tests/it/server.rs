//! As much of an SMTP server (RFC 5321) as one mail needs.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use docuvault_mail::Encryption;
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{
    AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader, ReadHalf, WriteHalf,
};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// How the server behaves.
#[derive(Clone, Copy)]
pub(crate) struct Answers {
    /// Who may send; anybody unless said.
    pub(crate) password: Option<(&'static str, &'static str)>,
    /// What it says to a recipient.
    pub(crate) recipient: &'static str,
    /// It takes connections and does not greet.
    pub(crate) silent: bool,
}

impl Default for Answers {
    fn default() -> Self {
        Self {
            password: None,
            recipient: "250 fine",
            silent: false,
        }
    }
}

/// A mail that arrived.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReceivedMail {
    pub(crate) encrypted: bool,
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) head: String,
    pub(crate) body: String,
}

pub(crate) struct Server {
    port: u16,
    certificate: String,
    arrived: Arc<Mutex<Vec<ReceivedMail>>>,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    pub(crate) async fn start(encryption: Encryption, answers: Answers) -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(tls));
        let listener = TcpListener::bind("localhost:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let arrived = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&arrived);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, seen) = (acceptor.clone(), Arc::clone(&seen));
                // What a client breaks off is its own affair.
                tokio::spawn(async move {
                    let _ = serve(stream, encryption, answers, acceptor, &seen).await;
                });
            }
        });
        Self {
            port,
            certificate: made.cert.pem(),
            arrived,
            task,
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn certificate(&self) -> &str {
        &self.certificate
    }

    /// The one mail that has arrived since the last call.
    pub(crate) fn mail(&self) -> ReceivedMail {
        let mut arrived = self.arrived.lock().unwrap();
        assert_eq!(arrived.len(), 1, "{arrived:?}");
        arrived.pop().unwrap()
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.arrived.lock().unwrap().is_empty()
    }
}

async fn serve(
    stream: TcpStream,
    encryption: Encryption,
    answers: Answers,
    acceptor: TlsAcceptor,
    seen: &Mutex<Vec<ReceivedMail>>,
) -> std::io::Result<()> {
    if answers.silent {
        std::future::pending::<()>().await;
    }
    match encryption {
        Encryption::None => {
            let mut session = Session::new(stream, answers, false);
            session.write_line("220 ready").await?;
            session.run(seen, false).await?;
        }
        Encryption::StartTls => {
            let mut session = Session::new(stream, answers, false);
            session.write_line("220 ready").await?;
            if session.run(seen, true).await? {
                let stream = acceptor.accept(session.into_stream()).await?;
                Session::new(stream, answers, true).run(seen, false).await?;
            }
        }
        Encryption::Tls => {
            let stream = acceptor.accept(stream).await?;
            let mut session = Session::new(stream, answers, true);
            session.write_line("220 ready").await?;
            session.run(seen, false).await?;
        }
    }
    Ok(())
}

struct Session<S> {
    read: BufReader<ReadHalf<S>>,
    write: WriteHalf<S>,
    answers: Answers,
    encrypted: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Session<S> {
    fn new(stream: S, answers: Answers, encrypted: bool) -> Self {
        let (read, write) = tokio::io::split(stream);
        Self {
            read: BufReader::new(read),
            write,
            answers,
            encrypted,
        }
    }

    fn into_stream(self) -> S {
        self.read.into_inner().unsplit(self.write)
    }

    async fn write_line(&mut self, line: &str) -> std::io::Result<()> {
        self.write
            .write_all(format!("{line}\r\n").as_bytes())
            .await?;
        self.write.flush().await
    }

    async fn read_line(&mut self) -> std::io::Result<String> {
        let mut line = String::new();
        if self.read.read_line(&mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line)
    }

    /// Until the client leaves, or (`true`) begins to encrypt.
    async fn run(
        &mut self,
        seen: &Mutex<Vec<ReceivedMail>>,
        start_tls: bool,
    ) -> std::io::Result<bool> {
        let mut mail = ReceivedMail::default();
        loop {
            let line = self.read_line().await?;
            let line = line.trim_end();
            let verb: String = line.chars().take(4).collect::<String>().to_uppercase();
            match verb.as_str() {
                "EHLO" => {
                    let extension = if start_tls {
                        "250 STARTTLS"
                    } else {
                        "250 AUTH PLAIN"
                    };
                    self.write_line("250-localhost").await?;
                    self.write_line(extension).await?;
                }
                "STAR" if start_tls => {
                    self.write_line("220 go on").await?;
                    return Ok(true);
                }
                _ if start_tls => self.write_line("530 encrypt first").await?,
                "AUTH" => {
                    let reply = if self.accepts_credentials(line) {
                        "235 welcome"
                    } else {
                        "535 no such user"
                    };
                    self.write_line(reply).await?;
                }
                "MAIL" => {
                    mail.encrypted = self.encrypted;
                    mail.from = address_in(line);
                    self.write_line("250 fine").await?;
                }
                "RCPT" => {
                    mail.to.push(address_in(line));
                    self.write_line(self.answers.recipient).await?;
                }
                "DATA" => {
                    self.write_line("354 go on").await?;
                    let mut text = String::new();
                    loop {
                        let line = self.read_line().await?;
                        if line == ".\r\n" {
                            break;
                        }
                        text.push_str(&line);
                    }
                    let (head, body) = text.split_once("\r\n\r\n").unwrap();
                    (mail.head, mail.body) = (head.to_owned(), body.to_owned());
                    seen.lock().unwrap().push(std::mem::take(&mut mail));
                    self.write_line("250 fine").await?;
                }
                "QUIT" => {
                    self.write_line("221 bye").await?;
                    return Ok(false);
                }
                _ => self.write_line("250 fine").await?,
            }
        }
    }

    /// `AUTH PLAIN` (RFC 4616), which says name and password in base64.
    fn accepts_credentials(&self, line: &str) -> bool {
        self.answers.password.is_none_or(|(name, password)| {
            let said = line.split_whitespace().last().unwrap_or_default();
            said == STANDARD.encode(format!("\0{name}\0{password}"))
        })
    }
}

fn address_in(line: &str) -> String {
    let (_, rest) = line.split_once('<').unwrap();
    let (address, _) = rest.split_once('>').unwrap();
    address.to_owned()
}

use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Takes every mail, in the open: as much of RFC 5321 as a client needs.
pub(crate) struct MailServer {
    port: u16,
    mails: UnboundedReceiver<Mail>,
    accepting: tokio::task::JoinHandle<()>,
}

/// A mail that was handed over.
pub(crate) struct Mail {
    pub(crate) to: String,
    /// Headers and body.
    pub(crate) text: String,
}

impl MailServer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (mails, received) = unbounded_channel();
        let accepting = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve_client(stream, mails.clone()));
            }
        });
        Self {
            port,
            mails: received,
            accepting,
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The next mail.
    pub(crate) async fn next(&mut self) -> Mail {
        let next = tokio::time::timeout(Duration::from_secs(30), self.mails.recv());
        next.await.unwrap().unwrap()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn serve_client(stream: TcpStream, mails: UnboundedSender<Mail>) -> std::io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 ready\r\n").await?;
    let mut to = String::new();
    while let Some(line) = lines.next_line().await? {
        let verb = line.split(' ').next().unwrap_or_default();
        if verb == "RCPT" {
            let address = line.split(['<', '>']).nth(1);
            address.unwrap_or_default().clone_into(&mut to);
        }
        let answer: &[u8] = match verb {
            "QUIT" => return writer.write_all(b"221 bye\r\n").await,
            "DATA" => b"354 go on\r\n",
            _ => b"250 ok\r\n",
        };
        writer.write_all(answer).await?;
        if verb == "DATA" {
            let mut text = String::new();
            while let Some(line) = lines.next_line().await?
                && line != "."
            {
                text.push_str(&line);
                text.push('\n');
            }
            // A line that is too long for mail goes on in the next one (RFC 2045, 6.7).
            let text = text.replace("=\n", "").replace("=3D", "=");
            let _ = mails.send(Mail {
                to: to.clone(),
                text,
            });
            writer.write_all(b"250 kept\r\n").await?;
        }
    }
    Ok(())
}

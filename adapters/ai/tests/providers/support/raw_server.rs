//! Servers that keep no rules: bodies that do not end, answers that do not come.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Barrier, mpsc};

/// What a server does with each request.
#[derive(Clone)]
pub(crate) enum Behaviour {
    /// Sends a start and then the same piece until nobody listens.
    Endless {
        start: &'static str,
        piece: &'static str,
    },
    /// Sends the start of an answer and keeps the line open until the other side hangs up.
    Stuck,
    /// Answers so many requests at a time, all with this body.
    Together { barrier: Arc<Barrier>, body: String },
}

pub(crate) struct RawServer {
    at: SocketAddr,
    ended: mpsc::UnboundedReceiver<usize>,
    most: Arc<AtomicUsize>,
}

impl RawServer {
    pub(crate) async fn start(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let (ended_connection, ended) = mpsc::unbounded_channel();
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let seen = Arc::clone(&most);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (behaviour, ended_connection) = (behaviour.clone(), ended_connection.clone());
                let (now, most) = (Arc::clone(&now), Arc::clone(&seen));
                tokio::spawn(async move {
                    let mut stream = BufReader::new(stream);
                    read_request(&mut stream).await;
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    let written = behave(&behaviour, stream.into_inner(), &now).await;
                    let _ = ended_connection.send(written);
                });
            }
        });
        Self { at, ended, most }
    }

    pub(crate) fn uri(&self) -> String {
        format!("http://{}", self.at)
    }

    /// The bytes written to the next connection that the other side closed.
    pub(crate) async fn ended(&mut self) -> usize {
        self.ended.recv().await.unwrap()
    }

    /// The most requests at a time.
    pub(crate) fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }
}

/// A URL where nothing listens.
pub(crate) async fn unreachable_url() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

async fn read_request(stream: &mut BufReader<TcpStream>) {
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.unwrap();
        let line = line.trim().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        } else if line.is_empty() {
            break;
        }
    }
    stream.read_exact(&mut vec![0; length]).await.unwrap();
}

async fn behave(behaviour: &Behaviour, mut stream: TcpStream, now: &AtomicUsize) -> usize {
    const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";
    match behaviour {
        Behaviour::Endless { start, piece } => {
            let head = format!("{HEAD}\r\n{start}");
            stream.write_all(head.as_bytes()).await.unwrap();
            let many = piece.repeat(1_024);
            let mut written = 0;
            while stream.write_all(many.as_bytes()).await.is_ok() {
                written += many.len();
            }
            written
        }
        Behaviour::Stuck => {
            let head = format!("{HEAD}Content-Length: 100\r\n\r\n{{\"choices\":");
            stream.write_all(head.as_bytes()).await.unwrap();
            let _ = stream.read(&mut [0]).await;
            head.len()
        }
        Behaviour::Together { barrier, body } => {
            barrier.wait().await;
            now.fetch_sub(1, Ordering::SeqCst);
            let answer = format!("{HEAD}Content-Length: {}\r\n\r\n{body}", body.len());
            let _ = stream.write_all(answer.as_bytes()).await;
            answer.len()
        }
    }
}

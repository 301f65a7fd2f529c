use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::OnceCell;

use crate::container;
use crate::guard::Guard;
use crate::local::{command, data_directory, find_program, free_ports, ready};
use crate::service::{Service, setting};

const SERVICE: Service = Service {
    name: "Redis",
    variables: "DOCUVAULT_TEST_REDIS_URL=redis://host:port",
    binaries: "redis-server (Debian: apt-get install redis-server)",
};

/// The Redis that all tests of this process share: each keeps to keys of its own.
pub async fn redis() -> &'static str {
    static SHARED: OnceCell<(String, Option<RedisServer>)> = OnceCell::const_new();
    let (url, _server) = SHARED
        .get_or_init(async || {
            if let Some(url) = setting("DOCUVAULT_TEST_REDIS_URL") {
                return (url, None);
            }
            let server = RedisServer::start().await;
            (server.url(), Some(server))
        })
        .await;
    url
}

/// A Redis of the test's own, to be flushed, stopped and started again.
pub struct RedisServer {
    host: String,
    port: u16,
    running: Option<Guard>,
}

impl RedisServer {
    /// Starts an empty one.
    pub async fn start() -> Self {
        Self::start_on(None).await
    }

    /// Where it listens, the same after [`Self::start_again`].
    pub fn url(&self) -> String {
        format!("redis://{}:{}", self.host, self.port)
    }

    /// Ends it at once, with everything in it.
    pub fn stop(&mut self) {
        self.running = None;
    }

    /// Starts it on the same port after [`Self::stop`], empty.
    pub async fn start_again(&mut self) {
        self.stop();
        *self = Self::start_on(Some(self.port)).await;
    }

    async fn start_on(port: Option<u16>) -> Self {
        SERVICE.start(in_container(port), || local(port)).await
    }
}

async fn in_container(port: Option<u16>) -> Result<RedisServer> {
    let mut container = container::start("redis", "7", 6379, port, |request| request).await?;
    let address = format!("{}:{}", container.host, container.port);
    ready(&mut container.guard, || ping(address.clone())).await?;
    Ok(RedisServer {
        host: container.host,
        port: container.port,
        running: Some(container.guard),
    })
}

async fn local(port: Option<u16>) -> Result<RedisServer> {
    let program = find_program("redis-server", &[]).context("redis-server is not on the PATH")?;
    let port = match port {
        Some(port) => port,
        None => free_ports::<1>()?[0],
    };
    let dir = data_directory()?;
    let mut command = command(
        &program,
        &[
            "--save",
            "",
            "--appendonly",
            "no",
            "--bind",
            "127.0.0.1",
            "--databases",
            "1000",
        ],
    );
    command.extend(["--port".into(), port.to_string().into()]);
    command.extend(["--dir".into(), dir.path().into()]);
    let mut guard = Guard::server(&command, dir, "KILL")?;
    ready(&mut guard, || ping(format!("127.0.0.1:{port}"))).await?;
    Ok(RedisServer {
        host: "127.0.0.1".to_owned(),
        port,
        running: Some(guard),
    })
}

async fn ping(address: String) -> Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(b"PING\r\n").await?;
    let mut answer = [0; 5];
    stream.read_exact(&mut answer).await?;
    ensure!(&answer == b"+PONG", "{answer:?}");
    Ok(())
}

use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What the proxy does with connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProxyMode {
    /// Everything is passed on.
    Forward,
    /// Connections are cut and new ones are dropped at once.
    Cut,
    /// Connections are accepted, nothing passes.
    Stall,
}

/// A TCP proxy in front of a service, which can be made to fail.
pub(crate) struct TcpProxy {
    address: String,
    mode: watch::Sender<ProxyMode>,
}

impl TcpProxy {
    /// A proxy in front of `target` (`host:port`).
    pub(crate) async fn in_front_of(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (mode, watching) = watch::channel(ProxyMode::Forward);
        let target = target.to_owned();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(forward(client, target.clone(), watching.clone()));
            }
        });
        Self { address, mode }
    }

    /// `host:port` of the proxy.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn set(&self, mode: ProxyMode) {
        self.mode.send_replace(mode);
    }
}

async fn forward(mut client: TcpStream, target: String, mut mode: watch::Receiver<ProxyMode>) {
    wait_until(&mut mode, |mode| mode != ProxyMode::Stall).await;
    if *mode.borrow() == ProxyMode::Cut {
        return;
    }
    let Ok(mut server) = TcpStream::connect(target).await else {
        return;
    };
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
        () = wait_until(&mut mode, |mode| mode != ProxyMode::Forward) => {
            // Silent connections stay open and say nothing until the mode changes.
            wait_until(&mut mode, |mode| mode != ProxyMode::Stall).await;
        }
    }
    let _ = client.shutdown().await;
}

async fn wait_until(mode: &mut watch::Receiver<ProxyMode>, good: impl Fn(ProxyMode) -> bool) {
    let _ = mode.wait_for(|mode| good(*mode)).await.map(drop);
}

use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// How the way to a service is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weather {
    /// Everything passes.
    Fair,
    /// Connections are cut and new ones are dropped at once.
    Cut,
    /// Connections are accepted, nothing passes.
    Silent,
}

/// A way to a TCP service that can be made to fail.
pub(crate) struct Toxic {
    address: String,
    weather: watch::Sender<Weather>,
}

impl Toxic {
    /// A way to `target` (`host:port`).
    pub(crate) async fn to(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (weather, watching) = watch::channel(Weather::Fair);
        let target = target.to_owned();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, target.clone(), watching.clone()));
            }
        });
        Self { address, weather }
    }

    /// `host:port` of the way.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn set(&self, weather: Weather) {
        self.weather.send_replace(weather);
    }
}

async fn pass(mut client: TcpStream, target: String, mut weather: watch::Receiver<Weather>) {
    until(&mut weather, |weather| weather != Weather::Silent).await;
    if *weather.borrow() == Weather::Cut {
        return;
    }
    let Ok(mut server) = TcpStream::connect(target).await else {
        return;
    };
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
        () = until(&mut weather, |weather| weather != Weather::Fair) => {
            // Silent connections stay open and say nothing until the weather changes.
            until(&mut weather, |weather| weather != Weather::Silent).await;
        }
    }
    let _ = client.shutdown().await;
}

async fn until(weather: &mut watch::Receiver<Weather>, good: impl Fn(Weather) -> bool) {
    let _ = weather.wait_for(|weather| good(*weather)).await.map(drop);
}

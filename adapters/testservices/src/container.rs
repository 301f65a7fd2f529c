use std::net::{TcpStream, ToSocketAddrs};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use testcontainers::core::IntoContainerPort;
use testcontainers::runners::AsyncRunner;
use testcontainers::{ContainerRequest, GenericImage, ImageExt};

use crate::guard::Guard;
use crate::local::free_ports;
use crate::service::setting;

/// A running container and where its port is published.
pub(crate) struct Container {
    pub(crate) guard: Guard,
    pub(crate) host: String,
    pub(crate) port: u16,
}

/// Starts a container with its `port` published on `host_port`, or on a free one.
pub(crate) async fn start(
    image: &str,
    tag: &str,
    port: u16,
    host_port: Option<u16>,
    configure: impl FnOnce(ContainerRequest<GenericImage>) -> ContainerRequest<GenericImage> + Send,
) -> Result<Container> {
    if !engine_answers() {
        bail!("no engine answers");
    }
    let host_port = match host_port {
        Some(port) => port,
        None => free_ports::<1>()?[0],
    };
    let request = GenericImage::new(image, tag).with_mapped_port(host_port, port.tcp());
    let container = configure(request)
        .start()
        .await
        .with_context(|| format!("starting {image}:{tag}"))?;
    let guard = Guard::container(container.id())?;
    let host = container.get_host().await?.to_string();
    // It outlives this runtime; the guard removes it.
    std::mem::forget(container);
    Ok(Container {
        guard,
        host,
        port: host_port,
    })
}

/// A `docker` on the PATH says nothing: its engine may not run.
fn engine_answers() -> bool {
    let host = setting("DOCKER_HOST").unwrap_or_else(|| "unix:///var/run/docker.sock".to_owned());
    if let Some(path) = host.strip_prefix("unix://") {
        return UnixStream::connect(path).is_ok();
    }
    let address = host
        .strip_prefix("tcp://")
        .and_then(|address| address.to_socket_addrs().ok()?.next());
    address.is_some_and(|address| {
        TcpStream::connect_timeout(&address, Duration::from_millis(500)).is_ok()
    })
}

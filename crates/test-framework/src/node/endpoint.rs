//! The place where metrics are read: `GET /metrics` over plain HTTP, one answer for each connection.

use std::{io, net::SocketAddr, time::Duration};

use prometheus_client::registry::Registry;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::timeout,
};

use super::{error::NodeFailure, meters::text};

/// The longest request that is read, in bytes.
const REQUEST_MAX: usize = 4096;

/// How long a connection may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is served, as scrapers name it.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// A listener for scrapers.
pub(super) struct Endpoint {
    address: SocketAddr,
    listener: TcpListener,
    registry: Registry,
}

impl Endpoint {
    /// Listens, on this machine alone unless told otherwise.
    pub(super) async fn listen(
        address: SocketAddr,
        beyond_loopback: bool,
        registry: Registry,
    ) -> Result<Self, NodeFailure> {
        if !beyond_loopback && !address.ip().is_loopback() {
            return Err(NodeFailure::PublicMetrics { address });
        }
        let unusable = |error| NodeFailure::Metrics { address, error };
        let listener = TcpListener::bind(address).await.map_err(unusable)?;
        let address = listener.local_addr().map_err(unusable)?;
        Ok(Self { address, listener, registry })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers, one connection after another, until the system gives none any more: who is slow is left.
    pub(super) async fn serve(self) -> io::Error {
        loop {
            match self.listener.accept().await {
                // Who does not take its answer goes without.
                Ok((stream, _)) => _ = timeout(PATIENCE, answer(stream, &self.registry)).await,
                Err(error) => return error,
            }
        }
    }
}

async fn answer(mut stream: TcpStream, registry: &Registry) -> io::Result<()> {
    let (status, kind, body) = match request(&mut stream).await? {
        Some(line) => answered(&line, registry),
        None => ("431 Request Header Fields Too Large", "text/plain", String::new()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    stream.shutdown().await
}

/// What is answered to the first line of a request.
fn answered(line: &str, registry: &Registry) -> (&'static str, &'static str, String) {
    let mut words = line.split(' ');
    match (words.next(), words.next()) {
        (Some("GET"), Some("/metrics")) => match text(registry) {
            Ok(text) => ("200 OK", OPEN_METRICS, text),
            Err(_) => ("500 Internal Server Error", "text/plain", String::new()),
        },
        (Some("GET"), Some(_)) => ("404 Not Found", "text/plain", "metrics are at /metrics\n".to_owned()),
        _ => ("405 Method Not Allowed", "text/plain", String::new()),
    }
}

/// Reads the head of a request, and gives its first line; `None` when it is too long.
async fn request(stream: &mut TcpStream) -> io::Result<Option<String>> {
    let mut head = Vec::new();
    let mut part = [0; 512];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = stream.read(&mut part).await?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        head.extend_from_slice(&part[..read]);
        if head.len() > REQUEST_MAX {
            return Ok(None);
        }
    }
    let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
    Ok(Some(String::from_utf8_lossy(line).into_owned()))
}

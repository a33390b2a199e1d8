//! The swarm, built.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::time::Duration;

use alys_sync::shell::WallClock;
use libp2p::core::Transport as _;
use libp2p::core::muxing::StreamMuxerBox;
use libp2p::core::transport::timeout::TransportTimeout;
use libp2p::core::transport::{ListenerId, TransportError};
use libp2p::core::upgrade::Version;
use libp2p::identity::Keypair;
use libp2p::multiaddr::Protocol;
use libp2p::{Multiaddr, Swarm, noise, quic, swarm, tcp, yamux};

use super::behaviour::Behaviour;
use super::closing::Closing;
use super::guarded::Guarded;
use crate::config::Config;
use crate::error::StartError;

/// How many streams of one connection may be negotiated at once.
const NEGOTIATING: usize = 64;

/// Builds a swarm that runs on the tokio runtime of its caller.
pub(super) fn build(
    config: &Config,
    key: &Keypair,
    clock: WallClock,
) -> Result<Swarm<Behaviour>, StartError> {
    let handshake = Duration::from_millis(config.handshake_ms);
    let (closing, time) = (Duration::from_millis(config.goodbye_ms), clock.clock.clone());
    let tcp = tcp::tokio::Transport::new(tcp::Config::default().nodelay(true))
        .upgrade(Version::V1)
        .authenticate(noise::Config::new(key)?)
        .multiplex(yamux::Config::default())
        // QUIC waits for nobody when it closes.
        .map(move |(peer, muxer), _| (peer, StreamMuxerBox::new(Closing::new(muxer, closing, time.clone()))));
    let mut settings = quic::Config::new(key);
    settings.handshake_timeout = handshake;
    let quic =
        quic::tokio::Transport::new(settings).map(|(peer, muxer), _| (peer, StreamMuxerBox::new(muxer)));
    let either = tcp.or_transport(quic).map(|either, _| either.into_inner());
    let guarded = Guarded { inner: either.boxed(), beyond_loopback: config.beyond_loopback };
    let transport = TransportTimeout::new(guarded, handshake).boxed();
    let behaviour = Behaviour::new(config, key, clock)?;
    let settings = swarm::Config::with_tokio_executor()
        .with_max_negotiating_inbound_streams(NEGOTIATING)
        .with_notify_handler_buffer_size(std::num::NonZeroUsize::MIN.saturating_add(31));
    Ok(Swarm::new(transport, behaviour, key.public().to_peer_id(), settings))
}

/// Listens on an address.
///
/// libp2p shares a TCP port with whoever lets it, and half of what comes would go to the other one. So it is seen first
/// whether the port is free; who takes it in between is not noticed.
pub(super) fn listen(swarm: &mut Swarm<Behaviour>, address: Multiaddr) -> Result<ListenerId, StartError> {
    let free = socket(&address).map_or(Ok(()), |socket| TcpListener::bind(socket).map(drop));
    let listening = free.map_err(TransportError::Other).and_then(|()| swarm.listen_on(address.clone()));
    listening.map_err(|error| not_listened(address, error))
}

/// The socket of an address of TCP.
fn socket(address: &Multiaddr) -> Option<SocketAddr> {
    let mut parts = address.iter();
    let ip = match parts.next()? {
        Protocol::Ip4(ip) => IpAddr::V4(ip),
        Protocol::Ip6(ip) => IpAddr::V6(ip),
        _ => return None,
    };
    match parts.next()? {
        Protocol::Tcp(port) => Some(SocketAddr::new(ip, port)),
        _ => None,
    }
}

/// Says why an address cannot be listened on.
fn not_listened(address: Multiaddr, error: TransportError<io::Error>) -> StartError {
    match error {
        TransportError::MultiaddrNotSupported(address) => StartError::Unsupported { address },
        TransportError::Other(why) if in_use(&why) => StartError::InUse { address },
        TransportError::Other(why) => StartError::Listen { address, why },
    }
}

/// Transports wrap what the operating system says, more than once.
fn in_use(error: &io::Error) -> bool {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = source {
        if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::AddrInUse) {
            return true;
        }
        source = error.source();
    }
    error.to_string().contains("in use")
}

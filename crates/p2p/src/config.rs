//! What a network goes by, with the bounds of each setting.

use alys_wire::limits::Limits;
use alys_wire::quota::QuotaTable;
use libp2p::Multiaddr;
use libp2p::multiaddr::Protocol;

use crate::core::{Settings, StreamLimits};
use crate::error::StartError;

/// How many connections there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// Those that others have opened.
    pub incoming: u32,
    /// Those that we have opened.
    pub outgoing: u32,
    /// Those with one peer.
    pub per_peer: u32,
    /// Those that others have opened and that are no connections yet.
    pub pending_incoming: u32,
    /// Those that we have opened and that are no connections yet.
    pub pending_outgoing: u32,
}

/// The settings of a network.
///
/// ```
/// use alys_p2p::config::Config;
///
/// let config = Config { bans: 0, ..Config::default() };
/// let said = config.check().map_err(|error| error.to_string());
/// assert_eq!(said, Err("bans is 0: it must be at least 1".to_owned()));
/// ```
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen. Port 0 is any free one.
    pub listen: Vec<String>,
    /// Where peers are told that we listen: behind a forwarded port, that one. Where we do listen, if there is none.
    pub announced: Vec<String>,
    /// Who is dialled first, and again whenever it is not connected.
    pub bootstrap: Vec<String>,
    /// Whether connections with other machines are allowed.
    pub beyond_loopback: bool,
    /// Which chain and which rules: it names the topics.
    pub fork_digest: [u8; 4],
    /// How large messages may be.
    pub limits: Limits,
    /// How often a peer may ask.
    pub quotas: QuotaTable,
    /// How many connections there may be.
    pub connections: ConnectionLimits,
    /// With how much memory of the process in use no connection comes up any more, in bytes.
    pub memory_bytes: usize,
    /// How many streams peers may open, and how long they may take.
    pub streams: StreamLimits,
    /// How much is asked of one peer at once.
    pub requests: usize,
    /// How many bans are kept.
    pub bans: usize,
    /// How long a message is remembered that was heard, in milliseconds.
    pub heard_ms: u64,
    /// How many messages are remembered.
    pub heard: usize,
    /// After what time a bootstrap node that was not reached is dialled again at first, in milliseconds.
    pub retry_ms: u64,
    /// How long a connection may take to come up, in milliseconds.
    pub handshake_ms: u64,
    /// How often it is looked whether a peer is still there, in milliseconds.
    pub ping_ms: u64,
    /// How long it may take to show that, in milliseconds.
    pub pong_ms: u64,
    /// How long a goodbye may take, and after it the end of the connection, in milliseconds.
    pub goodbye_ms: u64,
    /// How often gossip tends its mesh, in milliseconds.
    pub heartbeat_ms: u64,
    /// How often new peers are looked for, in milliseconds.
    pub refresh_ms: u64,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            listen: vec!["/ip4/127.0.0.1/tcp/0".to_owned()],
            announced: Vec::new(),
            bootstrap: Vec::new(),
            beyond_loopback: false,
            fork_digest: [0; 4],
            limits: Limits::default(),
            quotas: QuotaTable::default(),
            connections: ConnectionLimits {
                incoming: 64,
                outgoing: 64,
                per_peer: 3,
                pending_incoming: 32,
                pending_outgoing: 32,
            },
            memory_bytes: 4 << 30,
            streams: StreamLimits {
                per_peer: 32,
                total: 512,
                read_ms: 10_000,
                write_ms: 30_000,
                remembered: 1_024,
            },
            requests: 64,
            bans: 4_096,
            heard_ms: 120_000,
            heard: 65_536,
            retry_ms: 500,
            handshake_ms: 10_000,
            ping_ms: 15_000,
            pong_ms: 20_000,
            goodbye_ms: 1_000,
            heartbeat_ms: 700,
            refresh_ms: 60_000,
        }
    }
}

impl Config {
    /// Holds every setting to its bounds.
    ///
    /// # Errors
    ///
    /// [`StartError::Setting`], which names the first one that is out of them.
    pub fn check(&self) -> Result<(), StartError> {
        let (connections, streams) = (&self.connections, &self.streams);
        let of = |size: usize| u64::try_from(size).unwrap_or(u64::MAX);
        let settings = [
            ("connections.incoming", connections.incoming.into()),
            ("connections.outgoing", connections.outgoing.into()),
            ("connections.per_peer", connections.per_peer.into()),
            ("connections.pending_incoming", connections.pending_incoming.into()),
            ("connections.pending_outgoing", connections.pending_outgoing.into()),
            ("memory_bytes", of(self.memory_bytes)),
            ("streams.per_peer", of(streams.per_peer)),
            ("streams.total", of(streams.total)),
            ("streams.read_ms", streams.read_ms),
            ("streams.write_ms", streams.write_ms),
            ("streams.remembered", of(streams.remembered)),
            ("requests", of(self.requests)),
            ("bans", of(self.bans)),
            ("heard_ms", self.heard_ms),
            ("heard", of(self.heard)),
            ("retry_ms", self.retry_ms),
            ("handshake_ms", self.handshake_ms),
            ("ping_ms", self.ping_ms),
            ("pong_ms", self.pong_ms),
            ("goodbye_ms", self.goodbye_ms),
            ("heartbeat_ms", self.heartbeat_ms),
            ("refresh_ms", self.refresh_ms),
        ];
        match settings.into_iter().find(|(_, value)| *value == 0) {
            Some((field, value)) => Err(StartError::Setting { field, value }),
            None => Ok(()),
        }
    }

    /// The part that the core goes by.
    #[must_use]
    pub fn core(&self) -> Settings {
        Settings {
            fork_digest: self.fork_digest,
            limits: self.limits,
            quotas: self.quotas,
            streams: self.streams,
            requests: self.requests,
            heard_ms: self.heard_ms,
            heard: self.heard,
        }
    }

    /// Reads an address that may be listened on or dialled.
    ///
    /// ```
    /// use alys_p2p::config::Config;
    /// use alys_p2p::error::StartError;
    ///
    /// let config = Config::default();
    /// assert!(config.address("/ip4/127.0.0.1/udp/9000/quic-v1").is_ok());
    /// assert!(matches!(config.address("/ip4/127.0.0.1/tcp"), Err(StartError::NoAddress { .. })));
    /// assert!(matches!(config.address("/ip4/192.0.2.1/tcp/1"), Err(StartError::NotLoopback { .. })));
    /// assert!(matches!(config.address("/ip4/127.0.0.1/udp/1"), Err(StartError::Unsupported { .. })));
    /// ```
    ///
    /// # Errors
    ///
    /// [`StartError`], if it is none, is of no transport that there is, or is not of this machine and must be.
    pub fn address(&self, text: &str) -> Result<Multiaddr, StartError> {
        let no_address = |why| StartError::NoAddress { text: text.to_owned(), why };
        let address: Multiaddr = text.parse().map_err(no_address)?;
        if !is_supported(&address) {
            return Err(StartError::Unsupported { address });
        }
        if !self.beyond_loopback && !is_loopback(&address) {
            return Err(StartError::NotLoopback { address });
        }
        Ok(address)
    }
}

/// Whether an address is one of TCP or QUIC.
fn is_supported(address: &Multiaddr) -> bool {
    let parts: Vec<_> = address.iter().filter(|part| !matches!(part, Protocol::P2p(_))).collect();
    matches!(
        parts.as_slice(),
        [Protocol::Ip4(_) | Protocol::Ip6(_), Protocol::Tcp(_)]
            | [Protocol::Ip4(_) | Protocol::Ip6(_), Protocol::Udp(_), Protocol::QuicV1]
    )
}

/// Whether an address is of this machine: it begins with an IP, and none of its IPs is another machine's.
///
/// All of them count, since transports dial the last one.
///
/// ```
/// use alys_p2p::config::is_loopback;
///
/// assert!(is_loopback(&"/ip4/127.0.0.1/tcp/1".parse()?));
/// assert!(!is_loopback(&"/ip4/127.0.0.1/tcp/1/ip4/192.0.2.1/tcp/80".parse()?));
/// # Ok::<(), libp2p::multiaddr::Error>(())
/// ```
#[must_use]
pub fn is_loopback(address: &Multiaddr) -> bool {
    let begins = matches!(address.iter().next(), Some(Protocol::Ip4(_) | Protocol::Ip6(_)));
    let stays = address.iter().all(|part| match part {
        Protocol::Ip4(ip) => ip.is_loopback(),
        Protocol::Ip6(ip) => ip.is_loopback(),
        _ => true,
    });
    begins && stays
}

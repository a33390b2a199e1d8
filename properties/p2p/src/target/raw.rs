//! Hostile peers: raw sockets, and peers that speak libp2p and nothing else that is honest.

use std::fmt;
use std::future::poll_fn;
use std::sync::{Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use alys_engines::violation::violated;
use alys_wire::protocol::Protocol;
use libp2p::futures::{AsyncReadExt as _, AsyncWriteExt as _, StreamExt as _};
use libp2p::gossipsub::{self, IdentTopic, MessageAuthenticity, ValidationMode};
use libp2p::swarm::{NetworkBehaviour, SwarmEvent};
use libp2p::{Multiaddr, PeerId, Stream, StreamProtocol, SwarmBuilder, noise, tcp, yamux};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

/// What hostile peers of this process have done so far, and what came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many connections they have opened.
    pub connections: u64,
    /// How many bytes they have sent on streams and sockets; what they have published is beside that.
    pub bytes: u64,
    /// What networks have refused: frames, streams, connections, messages.
    pub refused: u64,
}

static TALLY: Mutex<Tally> = Mutex::new(Tally { connections: 0, bytes: 0, refused: 0 });

/// What they have done so far.
#[must_use]
pub fn tally() -> Tally {
    *TALLY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Adds to it.
pub fn note(change: impl FnOnce(&mut Tally)) {
    change(&mut TALLY.lock().unwrap_or_else(PoisonError::into_inner));
}

#[derive(NetworkBehaviour)]
#[behaviour(prelude = "libp2p::swarm::derive_prelude")]
struct Behaviour {
    streams: libp2p_stream::Behaviour,
    gossip: gossipsub::Behaviour,
}

/// A peer that opens streams and publishes bytes as it likes.
pub struct Hostile {
    /// Its id.
    pub id: PeerId,
    control: libp2p_stream::Control,
    publish: mpsc::UnboundedSender<(String, Vec<u8>)>,
}

impl fmt::Debug for Hostile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hostile").field("id", &self.id).finish_non_exhaustive()
    }
}

fn broken(what: impl fmt::Display) -> ! {
    violated("NW-7", format!("the hostile peer cannot play its part: {what}"))
}

impl Hostile {
    /// Connects with whoever listens at an address, and goes on until it is dropped.
    ///
    /// # Panics
    ///
    /// When it cannot.
    #[must_use]
    pub fn connect(address: &str, topics: &[String]) -> Self {
        let settings = gossipsub::ConfigBuilder::default()
            .validation_mode(ValidationMode::Anonymous)
            .message_id_fn(|message| gossipsub::MessageId::new(&message.data))
            .heartbeat_interval(Duration::from_millis(50))
            .build()
            .unwrap_or_else(|why| broken(why));
        let streams = libp2p_stream::Behaviour::new();
        let control = streams.new_control();
        let mut gossip = gossipsub::Behaviour::new(MessageAuthenticity::Anonymous, settings)
            .unwrap_or_else(|why| broken(why));
        for topic in topics {
            gossip.subscribe(&IdentTopic::new(topic.clone())).unwrap_or_else(|why| broken(why));
        }
        let mut swarm = SwarmBuilder::with_new_identity()
            .with_tokio()
            .with_tcp(tcp::Config::default(), noise::Config::new, yamux::Config::default)
            .unwrap_or_else(|why| broken(why))
            .with_behaviour(|_| Behaviour { streams, gossip })
            .unwrap_or_else(|why| broken(why))
            .with_swarm_config(|config| config.with_idle_connection_timeout(Duration::from_secs(600)))
            .build();
        let address: Multiaddr = address.parse().unwrap_or_else(|why| broken(why));
        note(|tally| tally.connections += 1);
        swarm.dial(address).unwrap_or_else(|why| broken(why));
        let (publish, mut wanted) = mpsc::unbounded_channel::<(String, Vec<u8>)>();
        let id = *swarm.local_peer_id();
        tokio::spawn(async move {
            let mut waiting: Vec<(String, Vec<u8>)> = Vec::new();
            loop {
                let next = poll_fn(|cx| match wanted.poll_recv(cx) {
                    Poll::Ready(more) => Poll::Ready(Err(more)),
                    Poll::Pending => swarm.poll_next_unpin(cx).map(Ok),
                });
                let event = match next.await {
                    Err(None) => return,
                    Err(Some(more)) => {
                        waiting.push(more);
                        None
                    }
                    Ok(event) => event,
                };
                let gossip = &mut swarm.behaviour_mut().gossip;
                // Until somebody listens, it says so again with every event.
                waiting.retain(|(topic, data)| {
                    gossip.publish(IdentTopic::new(topic.clone()), data.clone()).is_err()
                });
                if let Some(SwarmEvent::ConnectionClosed { .. }) = event {
                    waiting.clear();
                }
            }
        });
        Hostile { id, control, publish }
    }

    /// Publishes bytes on a topic.
    pub fn publish(&self, topic: &str, data: Vec<u8>) {
        let _ = self.publish.send((topic.to_owned(), data));
    }

    /// Opens a stream of a protocol.
    pub async fn open(&mut self, peer: PeerId, protocol: Protocol) -> Stream {
        let opened = self.control.open_stream(peer, StreamProtocol::new(protocol.id())).await;
        opened.unwrap_or_else(|why| broken(why))
    }

    /// Takes the streams that are opened to it, and does nothing with them.
    ///
    /// # Panics
    ///
    /// When it takes them already.
    pub fn takes(&mut self, protocol: Protocol) -> libp2p_stream::IncomingStreams {
        self.control.accept(StreamProtocol::new(protocol.id())).unwrap_or_else(|why| broken(why))
    }

    /// Takes the streams that are opened to it, and answers each with these bytes, whatever is asked.
    pub fn answers(&mut self, protocol: Protocol, bytes: Vec<u8>) {
        let mut incoming = self.takes(protocol);
        tokio::spawn(async move {
            while let Some((_, mut stream)) = incoming.next().await {
                note(|tally| tally.bytes += bytes.len() as u64);
                let _ = stream.write_all(&bytes).await;
                let _ = stream.close().await;
            }
        });
    }
}

/// A peer on a thread of its own, which can be made to stand still with its connections open.
#[derive(Debug)]
pub struct Frozen {
    stand_still: Option<tokio::sync::oneshot::Sender<()>>,
    stands: std::sync::mpsc::Receiver<()>,
    _alive: std::sync::mpsc::Sender<()>,
}

impl Frozen {
    /// Connects with whoever listens at an address, and asks it so many times the same; gives its id.
    ///
    /// # Panics
    ///
    /// When it cannot.
    #[must_use]
    pub fn connect(address: &str, asks: Vec<(PeerId, Protocol, Vec<u8>)>) -> (Self, PeerId) {
        let (stand_still, freezing) = tokio::sync::oneshot::channel();
        let (frozen, stands) = std::sync::mpsc::channel();
        let (alive, ends) = std::sync::mpsc::channel();
        let (tell, told) = std::sync::mpsc::channel();
        let address = address.to_owned();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let runtime = runtime.unwrap_or_else(|why| broken(why));
            let _hostile = runtime.block_on(async {
                let mut hostile = Hostile::connect(&address, &[]);
                let _ = tell.send(hostile.id);
                let mut asked = Vec::new();
                for (peer, protocol, question) in asks {
                    let mut stream = hostile.open(peer, protocol).await;
                    write(&mut stream, &question).await;
                    stream.close().await.unwrap_or_else(|why| broken(why));
                    asked.push(stream);
                }
                let _ = freezing.await;
                (hostile, asked)
            });
            let _ = frozen.send(());
            // The runtime stays, and nobody drives it.
            let _: Result<(), _> = ends.recv();
        });
        let id = told.recv().unwrap_or_else(|why| broken(why));
        (Frozen { stand_still: Some(stand_still), stands, _alive: alive }, id)
    }

    /// Lets it stand still; its connections stay open until it is dropped.
    pub fn freeze(&mut self) {
        if let Some(stand_still) = self.stand_still.take() {
            // A thread that has ended stands still as well.
            let _ = stand_still.send(());
            let _ = self.stands.recv();
        }
    }
}

/// Writes bytes on a stream, and does not end it.
pub async fn write(stream: &mut Stream, bytes: &[u8]) {
    note(|tally| tally.bytes += bytes.len() as u64);
    let written = async {
        stream.write_all(bytes).await?;
        stream.flush().await
    };
    written.await.unwrap_or_else(|why: std::io::Error| broken(why));
}

/// Reads a stream up to its end, however that comes.
pub async fn rest(mut stream: Stream) -> Vec<u8> {
    let mut read = Vec::new();
    let _ = stream.read_to_end(&mut read).await;
    read
}

/// The socket of an address such as `/ip4/127.0.0.1/tcp/1`.
pub async fn socket(address: &str) -> TcpStream {
    let port = address.split('/').nth(4).and_then(|port| port.parse::<u16>().ok());
    let port = port.unwrap_or_else(|| broken(format!("{address} has no port")));
    note(|tally| tally.connections += 1);
    TcpStream::connect(("127.0.0.1", port)).await.unwrap_or_else(|why| broken(why))
}

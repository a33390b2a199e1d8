//! What a network decides: who is connected, what is open, what is refused, and what the node is told.
//!
//! Lists that are searched from front to back, and a bucket of tokens for each peer and protocol. Peers, connections,
//! requests, streams and messages are numbers.

mod bucket;
mod steps;

pub use bucket::{Bucket, Quota};
pub use steps::{End, Step};

/// What is done and told after a step, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// The node is told that a peer is connected.
    Connected(u64),
    /// The node is told that a peer is not connected any more.
    Disconnected(u64),
    /// The node is told what came of a request.
    Response(u64, u64, End),
    /// The node is asked: by whom, on which stream.
    Request(u64, u64),
    /// The node is told that something malformed has come from a peer.
    Malformed(u64),
    /// The node is told a message, by whom it came.
    Gossip(u64, u64),
    /// A stream is opened: to whom, for which request.
    Ask(u64, u64),
    /// The stream of a request is closed.
    Drop(u64),
    /// A stream is answered; a refusal is our own answer.
    Answer(u64, bool),
    /// A stream of a peer is closed.
    Reset(u64),
    /// A message is published.
    Publish(u64),
    /// Goodbye is said, by the key of the peer.
    Farewell(u64),
    /// A connection is closed.
    Close(u64),
    /// A peer is banned, until when.
    Ban(u64, u64),
}

/// What is refused, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refused {
    /// Connections of peers that are not wanted.
    pub unwanted: u64,
    /// Streams over the limits.
    pub streams: u64,
    /// Streams that took too long.
    pub slow: u64,
    /// Requests over their quotas.
    pub quota: u64,
    /// Requests, responses and messages that were malformed.
    pub malformed: [u64; 3],
    /// Messages that were heard already.
    pub again: u64,
    /// Streams that broke.
    pub broken: u64,
    /// Messages of our own.
    pub own: u64,
    /// Requests to a peer of whom too much is asked.
    pub requests: u64,
}

/// The bounds.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Streams of one peer.
    pub streams_of_peer: usize,
    /// Streams of all peers.
    pub streams: usize,
    /// How long a request may take to arrive, and an answer to be read.
    pub read_ms: u64,
    /// How long an answer may take to be read.
    pub write_ms: u64,
    /// Requests to one peer.
    pub requests: usize,
    /// How long a message is remembered.
    pub heard_ms: u64,
    /// How many messages are.
    pub heard: usize,
    /// Of how many peers the tokens are remembered.
    pub remembered: usize,
    /// The quota of each protocol.
    pub quotas: [Quota; 6],
}

#[derive(Clone, Debug)]
struct Peer {
    number: u64,
    key: u64,
    connections: Vec<u64>,
    leaving: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Reading,
    Asked,
    Answering,
}

#[derive(Clone, Debug)]
struct Stream {
    number: u64,
    peer: u64,
    stage: Stage,
    deadline: u64,
}

/// The network.
#[derive(Clone, Debug)]
pub struct Network {
    bounds: Bounds,
    now: u64,
    peers: Vec<Peer>,
    /// Requests that are open: which, and of whom.
    requests: Vec<(u64, u64)>,
    streams: Vec<Stream>,
    next_stream: u64,
    /// Messages that were heard, and until when they are remembered; the oldest first.
    heard: Vec<(u64, u64)>,
    /// Whose tokens are remembered, and when each has asked last.
    buckets: Vec<(u64, u64, [Bucket; 6])>,
    /// What was refused.
    pub refused: Refused,
    acts: Vec<Act>,
}

impl Network {
    /// Nobody is connected.
    #[must_use]
    pub fn new(bounds: Bounds, now: u64) -> Self {
        Network {
            bounds,
            now,
            peers: Vec::new(),
            requests: Vec::new(),
            streams: Vec::new(),
            next_stream: 0,
            heard: Vec::new(),
            buckets: Vec::new(),
            refused: Refused::default(),
            acts: Vec::new(),
        }
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.now
    }

    /// Who is connected, in order.
    #[must_use]
    pub fn connected(&self) -> Vec<u64> {
        let mut all: Vec<_> =
            self.peers.iter().filter(|peer| !peer.leaving).map(|peer| peer.number).collect();
        all.sort_unstable();
        all
    }

    /// How many connections are up.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.peers.iter().map(|peer| peer.connections.len()).sum()
    }

    /// The open requests, and of whom.
    #[must_use]
    pub fn requests(&self) -> &[(u64, u64)] {
        &self.requests
    }

    /// The numbers of the open streams, and whose they are.
    #[must_use]
    pub fn streams(&self) -> Vec<(u64, u64)> {
        self.streams.iter().map(|stream| (stream.number, stream.peer)).collect()
    }

    /// When the next stream will have taken too long.
    #[must_use]
    pub fn next_deadline(&self) -> Option<u64> {
        self.streams.iter().filter(|stream| stream.stage != Stage::Asked).map(|stream| stream.deadline).min()
    }

    fn is_connected(&self, number: u64) -> bool {
        self.connected().contains(&number)
    }
}

//! The whole: commands and what happens go in, events and what is to be done come out.

use std::collections::VecDeque;

use alys_sync::engine::RequestId;
use alys_sync::network::{InboundId, NetworkCommand, NetworkEvent, Outcome};
use alys_sync::peer::PeerId;
use alys_wire::codes::{FailureCode, GoodbyeReason};
use alys_wire::error::WireError;
use alys_wire::fault::{Channel, PeerFault};
use alys_wire::gossip::{GossipMessage, Topic, message_id};
use alys_wire::limits::Limits;
use alys_wire::message::{ErrorText, Failure, Request, Response};
use alys_wire::protocol::Protocol;
use alys_wire::quota::{QuotaTable, RateLimited};

use super::{Book, Came, Counts, Heard, Inbound, Ledger, Left, NotOpened, Refusal, StreamLimits};

/// What the core goes by.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Which chain's topics are heard.
    pub fork_digest: [u8; 4],
    /// How large messages may be.
    pub limits: Limits,
    /// How often a peer may ask.
    pub quotas: QuotaTable,
    /// How many streams peers may open, and how long they may take.
    pub streams: StreamLimits,
    /// How much is asked of one peer at once.
    pub requests: usize,
    /// How long a message is remembered that was heard, in milliseconds.
    pub heard_ms: u64,
    /// How many messages are remembered.
    pub heard: usize,
}

/// What is to be done; `K` is what the network calls a peer.
#[derive(Clone, Debug, PartialEq)]
pub enum Action<K> {
    /// Tell the node.
    Tell(NetworkEvent),
    /// Open a stream, and ask.
    Ask {
        /// Whom.
        key: K,
        /// By which number its outcome is told.
        request: RequestId,
        /// What.
        message: Request,
    },
    /// Close the stream of a request: nobody waits for it any more.
    Drop(RequestId),
    /// Write an answer on a stream, and close it.
    Answer {
        /// Which stream.
        inbound: InboundId,
        /// What.
        responses: Vec<Response>,
    },
    /// Close a stream of a peer, whatever it is about.
    Reset(InboundId),
    /// Publish bytes on a topic.
    Publish {
        /// Where.
        topic: Topic,
        /// What.
        data: Vec<u8>,
    },
    /// Say goodbye to a peer, and close all of its connections.
    Farewell {
        /// Whom.
        key: K,
        /// Why.
        reason: GoodbyeReason,
    },
    /// Close a connection.
    Close(u64),
    /// Let no connection with a peer come up before a time.
    Ban {
        /// Whom.
        peer: PeerId,
        /// Until when.
        until: u64,
    },
}

/// What becomes of a message on a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is passed on.
    Accept,
    /// It is not, and its sender is to blame.
    Reject,
    /// It is not, and nobody is.
    Ignore,
}

/// All that a network decides.
///
/// ```
/// use alys_p2p::config::Config;
/// use alys_p2p::core::{Action, Came, Core};
/// use alys_sync::network::NetworkEvent;
/// use alys_sync::peer::PeerId;
///
/// let mut core = Core::new(Config::default().core());
/// assert_eq!(core.connected(PeerId(1), "one", 0), Came::First);
/// assert_eq!(core.next_action(), Some(Action::Tell(NetworkEvent::Connected { peer: PeerId(1) })));
/// ```
#[derive(Clone, Debug)]
pub struct Core<K> {
    settings: Settings,
    book: Book<K>,
    ledger: Ledger,
    inbound: Inbound,
    heard: Heard,
    counts: Counts,
    actions: VecDeque<Action<K>>,
}

impl<K: Clone + PartialEq> Core<K> {
    /// Nobody is connected.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Core {
            settings,
            book: Book::new(),
            ledger: Ledger::new(settings.requests),
            inbound: Inbound::new(settings.streams, settings.quotas),
            heard: Heard::new(settings.heard_ms, settings.heard),
            counts: Counts::default(),
            actions: VecDeque::new(),
        }
    }

    /// The next thing to do.
    pub fn next_action(&mut self) -> Option<Action<K>> {
        self.actions.pop_front()
    }

    /// Takes a command of the node.
    pub fn command(&mut self, command: NetworkCommand, now: u64) {
        match command {
            NetworkCommand::Request { peer, request, message } => self.ask(peer, request, message),
            NetworkCommand::Cancel { peer, request } => {
                if self.ledger.cancel(peer, request) {
                    self.actions.push_back(Action::Drop(request));
                }
            }
            NetworkCommand::Respond { peer, inbound, responses } => {
                if self.inbound.answered(peer, inbound, now) {
                    self.actions.push_back(Action::Answer { inbound, responses });
                }
            }
            NetworkCommand::Publish { message } => self.publish(&message, now),
            NetworkCommand::Disconnect { peer, reason } => self.leave(peer, reason),
            NetworkCommand::Ban { peer, until } => {
                self.leave(peer, GoodbyeReason::Banned);
                self.actions.push_back(Action::Ban { peer, until });
            }
        }
    }

    fn ask(&mut self, peer: PeerId, request: RequestId, message: Request) {
        let outcome = Outcome::Unavailable;
        let unavailable = Action::Tell(NetworkEvent::Response { peer, request, outcome });
        let Some(key) = self.book.key(peer).cloned() else {
            return self.actions.push_back(unavailable);
        };
        match self.ledger.open(peer, request) {
            Ok(()) => self.actions.push_back(Action::Ask { key, request, message }),
            Err(NotOpened::Twice) => self.counts.note(Refusal::OurOwn),
            Err(NotOpened::TooMany) => {
                self.counts.note(Refusal::TooManyRequests);
                self.actions.push_back(unavailable);
            }
        }
    }

    fn publish(&mut self, message: &GossipMessage, now: u64) {
        let topic = Topic { fork_digest: self.settings.fork_digest, kind: message.kind() };
        match message.encode(&self.settings.limits) {
            Ok(data) => {
                // Our own words are not told us again.
                self.heard.is_new(message_id(&topic, &data, &self.settings.limits), now);
                self.actions.push_back(Action::Publish { topic, data });
            }
            Err(_) => self.counts.note(Refusal::OurOwn),
        }
    }

    fn leave(&mut self, peer: PeerId, reason: GoodbyeReason) {
        if let Some(key) = self.book.leave(peer) {
            self.forget(peer);
            self.actions.push_back(Action::Farewell { key, reason });
        }
    }

    /// A peer has left: nothing of it is open any more.
    fn forget(&mut self, peer: PeerId) {
        let (asked, streams) = (self.ledger.left(peer), self.inbound.left(peer));
        self.actions.extend(asked.into_iter().map(Action::Drop));
        self.actions.extend(streams.into_iter().map(Action::Reset));
        self.actions.push_back(Action::Tell(NetworkEvent::Disconnected { peer }));
    }

    /// A connection has come up.
    pub fn connected(&mut self, peer: PeerId, key: K, connection: u64) -> Came {
        let came = self.book.came(peer, key, connection);
        match came {
            Came::First => self.actions.push_back(Action::Tell(NetworkEvent::Connected { peer })),
            Came::Another => {}
            Came::Unwanted => {
                self.counts.note(Refusal::Unwanted);
                self.actions.push_back(Action::Close(connection));
            }
        }
        came
    }

    /// A connection has ended.
    pub fn disconnected(&mut self, peer: PeerId, connection: u64) -> Left {
        let left = self.book.went(peer, connection);
        if left == Left::Gone {
            self.forget(peer);
        }
        left
    }

    /// A peer opens a stream: its number, or nothing if it is to be closed.
    pub fn stream(&mut self, peer: PeerId, protocol: Protocol, now: u64) -> Option<InboundId> {
        self.book.key(peer)?;
        let opened = self.inbound.opened(peer, protocol, now);
        if opened.is_none() {
            self.counts.note(Refusal::TooManyStreams);
        }
        opened
    }

    /// The request of a stream is there.
    pub fn requested(&mut self, inbound: InboundId, request: Request, now: u64) {
        match self.inbound.asked(inbound, &request, now) {
            Ok(None) => {}
            Ok(Some(peer)) => {
                self.actions.push_back(Action::Tell(NetworkEvent::Request { peer, inbound, request }));
            }
            Err((_, limited)) => {
                self.counts.note(Refusal::OverQuota);
                let responses = vec![refused(&limited)];
                self.actions.push_back(Action::Answer { inbound, responses });
            }
        }
    }

    /// What came on a stream is no request; the stream is closed.
    pub fn malformed(&mut self, inbound: InboundId, error: WireError) {
        let Some((peer, protocol)) = self.inbound.closed(inbound) else { return };
        self.counts.note(Refusal::MalformedRequest);
        let fault = PeerFault::new(Channel::Request(protocol), error);
        self.actions.push_back(Action::Tell(NetworkEvent::Malformed { peer, fault }));
    }

    /// A stream broke before its request was whole.
    pub fn broken(&mut self, inbound: InboundId) {
        if self.inbound.closed(inbound).is_some() {
            self.counts.note(Refusal::Broken);
        }
    }

    /// An answer is written, as far as the peer has read it and the limits allow.
    pub fn answered(&mut self, inbound: InboundId, allowed: bool) {
        if self.inbound.closed(inbound).is_some() && !allowed {
            self.counts.note(Refusal::OurOwn);
        }
    }

    /// Something has come of a request.
    pub fn settled(&mut self, request: RequestId, outcome: Outcome) {
        let Some(peer) = self.ledger.settle(request) else { return };
        if matches!(outcome, Outcome::Malformed(_)) {
            self.counts.note(Refusal::MalformedResponse);
        }
        self.actions.push_back(Action::Tell(NetworkEvent::Response { peer, request, outcome }));
    }

    /// A message has come on a topic.
    pub fn gossip(&mut self, peer: PeerId, topic: &str, data: &[u8], now: u64) -> Verdict {
        let topic =
            topic.parse::<Topic>().ok().filter(|topic| topic.fork_digest == self.settings.fork_digest);
        let (Some(topic), Some(_)) = (topic, self.book.key(peer)) else { return Verdict::Ignore };
        let limits = &self.settings.limits;
        let message = match GossipMessage::decode(topic.kind, data, limits) {
            Ok(message) => message,
            Err(error) => {
                self.counts.note(Refusal::MalformedGossip);
                let fault = PeerFault::new(Channel::Gossip(topic.kind), error);
                self.actions.push_back(Action::Tell(NetworkEvent::Malformed { peer, fault }));
                return Verdict::Reject;
            }
        };
        if !self.heard.is_new(message_id(&topic, data, limits), now) {
            self.counts.note(Refusal::HeardAlready);
            return Verdict::Ignore;
        }
        self.actions.push_back(Action::Tell(NetworkEvent::Gossip { peer, message }));
        Verdict::Accept
    }

    /// Lets time pass: streams that have taken too long are closed.
    pub fn tick(&mut self, now: u64) {
        for inbound in self.inbound.overdue(now) {
            self.counts.note(Refusal::TooSlow);
            self.actions.push_back(Action::Reset(inbound));
        }
    }

    /// When a tick is wanted.
    #[must_use]
    pub fn next_deadline(&self) -> Option<u64> {
        self.inbound.next_deadline()
    }

    /// What has been refused.
    #[must_use]
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Counts what was refused outside: a connection.
    pub fn note(&mut self, refusal: Refusal) {
        self.counts.note(refusal);
    }

    /// Who is connected, and over which connections.
    #[must_use]
    pub fn book(&self) -> &Book<K> {
        &self.book
    }

    /// How many streams of peers are open.
    #[must_use]
    pub fn streams(&self) -> usize {
        self.inbound.len()
    }

    /// How many of our requests are open.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.ledger.len()
    }
}

/// What is answered to a request over its quota.
fn refused(limited: &RateLimited) -> Response {
    let (code, said) = match limited {
        RateLimited::TooSoon { .. } => (FailureCode::RateLimited, "too many requests"),
        RateLimited::TooMuch { .. } => (FailureCode::InvalidRequest, "too much at once"),
    };
    let mut text = ErrorText::default();
    for byte in said.bytes() {
        // Both texts are short enough.
        let _ = text.push(byte);
    }
    Response::Failure(Failure { code, text })
}

//! The network as a node drives it.

mod happenings;
#[cfg(test)]
mod properties;
mod reach;

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::future::poll_fn;
use std::task::{Context, Poll, Waker, ready};

use alys_actor::mailbox::{Sleep, Time};
use alys_sync::engine::RequestId;
use alys_sync::network::{Network, NetworkCommand, NetworkEvent, Outcome};
use alys_sync::peer::PeerId as Number;
use alys_sync::shell::WallClock;
use alys_wire::codes::GoodbyeReason;
use alys_wire::limits::Limits;
use alys_wire::message::Request;
use alys_wire::protocol::Protocol;
use alys_wire::stream::{ClientCodec, MessageEncoder};
use bytes::BytesMut;
use libp2p::core::transport::ListenerId;
use libp2p::futures::StreamExt as _;
use libp2p::gossipsub::{IdentTopic, MessageAcceptance};
use libp2p::identity::Keypair;
use libp2p::swarm::ConnectionId;
use libp2p::{Multiaddr, PeerId, Swarm};
use tokio_util::codec::Encoder as _;

use super::behaviour::Behaviour;
use super::exchange::NoRequest;
use super::streams::Token;
use super::swarm::{build, listen};
use super::tasks::{Done, Tasks};
use crate::config::Config;
use crate::core::{Action, Core, Counts, Discovery, Refusal};
use crate::error::StartError;
use crate::identity::number_of;
use reach::Dials;

/// How much is done in one turn before others get theirs.
const TURN: usize = 256;

/// What a stream that is being opened is for.
#[derive(Debug)]
enum Opening {
    Ask { request: RequestId, codec: Box<ClientCodec>, protocol: Protocol, bytes: BytesMut },
    Farewell { peer: PeerId, bytes: BytesMut },
}

/// A network of libp2p, on the tokio runtime in which it was started.
///
/// It does nothing unless it is polled. Dropped, it closes everything at once; [`shut_down`](Self::shut_down) says goodbye first.
/// See the [crate](crate) for an example.
pub struct Libp2pNetwork {
    swarm: Swarm<Behaviour>,
    core: Core<PeerId>,
    discovery: Discovery<String>,
    tasks: Tasks,
    opening: BTreeMap<Token, Opening>,
    /// Until when a goodbye may take.
    farewells: BTreeMap<PeerId, u64>,
    /// The connections, and by which number the core knows each.
    connections: BTreeMap<ConnectionId, u64>,
    dials: Dials,
    listeners: Vec<ListenerId>,
    told: VecDeque<NetworkEvent>,
    next: u64,
    limits: Limits,
    beyond_loopback: bool,
    goodbye_ms: u64,
    clock: WallClock,
    sleep: Option<(u64, Sleep)>,
    waker: Option<Waker>,
    closing: bool,
}

/// What a network is like at a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// What has been refused.
    pub refused: Counts,
    /// How many connections are up.
    pub connections: usize,
    /// How many streams are held, ours and those of peers.
    pub streams: usize,
    /// How many of our requests are open.
    pub requests: usize,
    /// How many dials are under way that somebody waited for.
    pub dials: usize,
}

impl fmt::Debug for Libp2pNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Libp2pNetwork").field("peer", self.swarm.local_peer_id()).finish_non_exhaustive()
    }
}

impl Libp2pNetwork {
    /// Starts to listen, and to dial the bootstrap nodes.
    ///
    /// # Errors
    ///
    /// [`StartError`], before anything is dialled: a setting out of its bounds, an address that is none or not allowed, in use,
    /// or not to be listened on.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime that has I/O and timers on.
    pub fn start(config: &Config, key: Keypair, clock: WallClock) -> Result<Self, StartError> {
        config.check()?;
        let addresses =
            |texts: &[String]| texts.iter().map(|text| config.address(text)).collect::<Result<Vec<_>, _>>();
        let (places, bootstrap) = (addresses(&config.listen)?, addresses(&config.bootstrap)?);
        let announced = addresses(&config.announced)?;
        let mut swarm = build(config, &key, clock.clone())?;
        announced.into_iter().for_each(|address| swarm.add_external_address(address));
        let mut listeners = Vec::new();
        for address in places {
            listeners.push(listen(&mut swarm, address)?);
        }
        let mut discovery = Discovery::new(config.retry_ms);
        bootstrap.into_iter().for_each(|address| discovery.bootstrap(address.to_string()));
        Ok(Libp2pNetwork {
            swarm,
            core: Core::new(config.core()),
            discovery,
            tasks: Tasks::default(),
            opening: BTreeMap::new(),
            farewells: BTreeMap::new(),
            connections: BTreeMap::new(),
            dials: Dials::default(),
            listeners,
            told: VecDeque::new(),
            next: 0,
            limits: config.limits,
            beyond_loopback: config.beyond_loopback,
            goodbye_ms: config.goodbye_ms,
            clock,
            sleep: None,
            waker: None,
            closing: false,
        })
    }

    /// Our own id.
    #[must_use]
    pub fn id(&self) -> PeerId {
        *self.swarm.local_peer_id()
    }

    /// Our own number, by which others' nodes know us.
    #[must_use]
    pub fn number(&self) -> Number {
        number_of(self.swarm.local_peer_id())
    }

    /// What the network is like now.
    #[must_use]
    pub fn look(&self) -> Look {
        Look {
            refused: self.core.counts().clone(),
            connections: self.core.book().connections(),
            streams: self.tasks.len(),
            requests: self.core.requests(),
            dials: self.dials.awaited(),
        }
    }

    /// The next event; `None` when the network has ended.
    pub async fn next_event(&mut self) -> Option<NetworkEvent> {
        poll_fn(|cx| self.poll_event(cx)).await
    }

    /// Says goodbye to everybody. When all connections have ended, so has the listening, and so have the events.
    pub fn shut_down(&mut self) {
        self.closing = true;
        let now = self.clock.now();
        let connected: Vec<_> = self.core.book().connected().collect();
        for peer in connected {
            let reason = GoodbyeReason::ClientShutdown;
            self.core.command(NetworkCommand::Disconnect { peer, reason }, now);
        }
        self.wake();
    }

    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// Reads an address under the bounds that this network was started with.
    fn config_address(&self, text: &str) -> Result<Multiaddr, StartError> {
        Config { beyond_loopback: self.beyond_loopback, ..Config::default() }.address(text)
    }

    /// Does what the core says, up to the next event for the node.
    fn carry_out(&mut self) -> Option<NetworkEvent> {
        while let Some(action) = self.core.next_action() {
            match action {
                Action::Tell(event) => return Some(event),
                Action::Ask { key, request, message } => self.ask(key, request, &message),
                Action::Drop(request) => {
                    self.opening.retain(
                        |_, opening| !matches!(opening, Opening::Ask { request: one, .. } if *one == request),
                    );
                    self.tasks.drop_request(request);
                }
                Action::Answer { inbound, responses } => self.tasks.answer(inbound, responses),
                Action::Reset(inbound) => self.tasks.reset(inbound),
                Action::Publish { topic, data } => {
                    // Without anybody to tell it to it is lost: sync brings what it said.
                    let topic = IdentTopic::new(topic.to_string());
                    let _ = self.swarm.behaviour_mut().gossip.publish(topic, data);
                }
                Action::Farewell { key, reason } => self.farewell(key, reason),
                Action::Close(number) => {
                    let found = self.connections.iter().find(|(_, one)| **one == number);
                    if let Some(connection) = found.map(|(connection, _)| *connection) {
                        self.swarm.close_connection(connection);
                    }
                }
                Action::Ban { peer, until } => self.swarm.behaviour_mut().gate.ban(peer, until),
            }
        }
        None
    }

    fn ask(&mut self, key: PeerId, request: RequestId, message: &Request) {
        let protocol = message.protocol();
        let mut codec = ClientCodec::new(protocol, self.limits);
        let mut bytes = BytesMut::new();
        if codec.encode(message.clone(), &mut bytes).is_err() {
            self.core.note(Refusal::OurOwn);
            return self.core.settled(request, Outcome::Unavailable);
        }
        let token = self.swarm.behaviour_mut().streams.open(key, protocol);
        self.opening.insert(token, Opening::Ask { request, codec: Box::new(codec), protocol, bytes });
    }

    fn farewell(&mut self, peer: PeerId, reason: GoodbyeReason) {
        // What it still says would be remembered as heard, and be missing when others say it.
        self.swarm.behaviour_mut().gossip.blacklist_peer(&peer);
        let mut bytes = BytesMut::new();
        let goodbye = Request::Goodbye(reason);
        if MessageEncoder::new(self.limits).request(&goodbye, &mut bytes).is_err() {
            return self.part(peer);
        }
        self.farewells.insert(peer, self.clock.now().saturating_add(self.goodbye_ms));
        let token = self.swarm.behaviour_mut().streams.open(peer, Protocol::Goodbye);
        self.opening.insert(token, Opening::Farewell { peer, bytes });
    }

    /// The goodbye is said, or has taken too long.
    fn part(&mut self, peer: PeerId) {
        self.farewells.remove(&peer);
        // It may have left already.
        let _ = self.swarm.disconnect_peer_id(peer);
    }

    fn done(&mut self, done: Done) {
        let now = self.clock.now();
        match done {
            Done::Asked(request, outcome) => self.core.settled(request, outcome),
            Done::Heard(inbound, Ok(request)) => self.core.requested(inbound, request, now),
            Done::Heard(inbound, Err(NoRequest::Malformed(error))) => self.core.malformed(inbound, error),
            Done::Heard(inbound, Err(NoRequest::Broken)) => self.core.broken(inbound),
            Done::Answered(inbound, allowed) => self.core.answered(inbound, allowed),
            Done::Farewell(peer) => self.part(peer),
        }
    }

    /// What happens next of itself, if anything does now.
    fn poll_turn(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.stop_listening();
        // Time first: whoever floods us would hold up every deadline otherwise.
        if self.poll_time(cx).is_ready() {
            return Poll::Ready(());
        }
        if let Poll::Ready(done) = self.tasks.poll(cx) {
            self.done(done);
            return Poll::Ready(());
        }
        if let Poll::Ready(Some(event)) = self.swarm.poll_next_unpin(cx) {
            self.happened(event);
            return Poll::Ready(());
        }
        Poll::Pending
    }

    /// When something is due.
    fn due(&self) -> Option<u64> {
        let dial = if self.closing { None } else { self.discovery.next_wakeup() };
        let farewell = self.farewells.values().min().copied();
        [self.core.next_deadline(), dial, farewell].into_iter().flatten().min()
    }

    fn poll_time(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(due) = self.due() else { return Poll::Pending };
        if self.sleep.as_ref().is_none_or(|(at, _)| *at != due) {
            let at = Time::from_nanos(due.saturating_sub(self.clock.origin).saturating_mul(1_000_000));
            self.sleep = Some((due, self.clock.clock.sleep_until(at)));
        }
        if let Some((_, sleep)) = &mut self.sleep {
            ready!(sleep.as_mut().poll(cx));
        }
        self.sleep = None;
        let now = self.clock.now().max(due);
        self.core.tick(now);
        let parted: Vec<_> =
            self.farewells.iter().filter(|(_, until)| **until <= now).map(|(peer, _)| *peer).collect();
        parted.into_iter().for_each(|peer| self.part(peer));
        self.dial(now);
        Poll::Ready(())
    }

    /// Stops to listen when nobody is connected any more. Not before: with the listener of QUIC go its connections.
    ///
    /// What is closed already is forgotten; of the rest it is told when it is.
    fn stop_listening(&mut self) {
        if self.closing && self.connections.is_empty() {
            self.listeners.retain(|listener| self.swarm.remove_listener(*listener));
        }
    }

    /// Whether everything has ended. Connections that come up meanwhile are closed, and waited for.
    ///
    /// To be asked when nothing happens any more: a listener that has told its end is dropped by the turn after that.
    fn has_ended(&self) -> bool {
        self.closing && self.connections.is_empty() && self.listeners.is_empty()
    }
}

impl Network for Libp2pNetwork {
    fn command(&mut self, command: NetworkCommand) {
        self.core.command(command, self.clock.now());
        self.wake();
    }

    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Option<NetworkEvent>> {
        for _ in 0..TURN {
            if let Some(event) = self.told.pop_front().or_else(|| self.carry_out()) {
                return Poll::Ready(Some(event));
            }
            if self.poll_turn(cx).is_pending() {
                if self.has_ended() {
                    return Poll::Ready(None);
                }
                self.waker = Some(cx.waker().clone());
                return Poll::Pending;
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

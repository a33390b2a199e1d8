//! The nodes of a simulation, each at its place: what outlives it, and what it is told.

use std::collections::BTreeMap;

use alys_chain::{node::Node, scheme::SignatureScheme};
use alys_wire::containers::Hash256;

use super::{Happening, SimulatedNode, Simulation, SimulationError};
use crate::gate::Gate;
use crate::network::{NetworkCommand, NetworkEvent};
use crate::node::{Consensus, SyncNode};
use crate::simulated::gossip::SeenCache;
use crate::simulated::host::Host;
use crate::simulated::log::What;
use crate::simulated::storage::Journal;
use crate::simulated::tap::Passing;
use crate::state::SyncState;

/// How long a node remembers what it has seen on a topic.
const SEEN_TTL_MS: u64 = 120_000;

/// Where a node is, and where the next one will be.
#[derive(Debug)]
pub(super) struct Place<S: SignatureScheme> {
    /// The node, while it is up.
    pub(super) node: Option<SimulatedNode<S>>,
    pub(super) journal: Journal,
    /// How often a node was started here.
    pub(super) incarnation: u64,
    /// By how much its clock is ahead of the simulation's.
    pub(super) ahead_ms: i64,
    /// When it is ticked next, because it wants that.
    wakeup: Option<u64>,
    pub(super) seen: SeenCache,
    /// Whom it has banned, and until when by its own clock.
    pub(super) bans: BTreeMap<Host, u64>,
    /// How long it stays down when its medium fails.
    pub(super) down_for_ms: u64,
    shown: Shown,
}

/// What of a node is noted when it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shown {
    state: SyncState,
    gate: Gate,
    head: (u64, Hash256),
    finalised: u64,
}

impl Shown {
    fn of<S>(node: &SimulatedNode<S>) -> Self
    where
        S: SignatureScheme + Sync,
        S::PublicKey: Sync,
    {
        let head = node.chain().head();
        Shown {
            state: node.state(),
            gate: node.gate(),
            head: (head.height, head.root),
            finalised: node.chain().finalised().height,
        }
    }

    /// What is new about it.
    fn changes(&self, before: &Self) -> impl Iterator<Item = What> + use<> {
        let (height, root) = self.head;
        let root = root.0.first_chunk().copied().map_or(0, u32::from_be_bytes);
        [
            (self.head != before.head).then_some(What::Head { height, root }),
            (self.finalised != before.finalised).then_some(What::Finalised { height: self.finalised }),
            (self.state != before.state).then_some(What::Says(self.state)),
            (self.gate != before.gate).then_some(What::Gates(self.gate)),
        ]
        .into_iter()
        .flatten()
    }
}

impl<S: SignatureScheme> Place<S> {
    pub(super) fn new(journal: Journal) -> Self {
        let nothing =
            Shown { state: SyncState::Idle, gate: Gate::Open, head: (0, Hash256::ZERO), finalised: 0 };
        Place {
            node: None,
            journal,
            incarnation: 0,
            ahead_ms: 0,
            wakeup: None,
            seen: SeenCache::new(SEEN_TTL_MS),
            bans: BTreeMap::new(),
            down_for_ms: 0,
            shown: nothing,
        }
    }

    /// What its clock shows.
    pub(super) fn clock(&self, now: u64) -> u64 {
        now.saturating_add_signed(self.ahead_ms)
    }
}

impl<S> Simulation<S>
where
    S: SignatureScheme + Clone + Sync,
    S::PublicKey: Sync,
{
    /// Starts a node from what is durable, and lets everybody connect with it.
    pub(super) fn boot(&mut self, node: u32) -> Result<(), SimulationError> {
        let truth = &self.truth;
        let Some(place) = self.places.get_mut(node as usize) else { return Ok(()) };
        let (scheme, authorities) = (truth.scheme().clone(), truth.authorities().clone());
        let engine = place.journal.engine(*truth.config(), scheme.clone(), authorities.clone());
        let engine = engine.map_err(|error| SimulationError::Restore { node, error })?;
        let chain = Node::new(engine, place.journal.clone());
        let consensus =
            Consensus { scheme, authorities, chain: *truth.config(), genesis: truth.genesis_ref().root };
        let sync = SyncNode::new(chain, consensus, self.config);
        place.shown = Shown::of(&sync);
        place.node = Some(sync);
        place.incarnation += 1;
        place.wakeup = None;
        self.note(Host::Node(node), What::Up);
        self.tap.keep(node, || Passing::Up);
        let peers = (0..).map(Host::Peer).zip(&self.peers).filter(|(_, peer)| peer.present);
        let mut others: Vec<Host> = peers.map(|(host, _)| host).collect();
        let up = (0..self.plan.nodes).filter(|other| *other != node && self.node(*other).is_some());
        others.extend(up.map(Host::Node));
        for other in others {
            self.plan_connection(Host::Node(node), other, 0, 0);
        }
        self.attend(node);
        Ok(())
    }

    /// Crashes a node: what is durable stays.
    pub(super) fn crash(&mut self, node: u32, for_ms: u64) {
        let Some(place) = self.places.get_mut(node as usize) else { return };
        if place.node.take().is_none() {
            return;
        }
        place.bans.clear();
        place.seen = SeenCache::new(SEEN_TTL_MS);
        let incarnation = place.incarnation;
        self.note(Host::Node(node), What::Down);
        self.disconnect_all(Host::Node(node));
        self.touched = Some(node);
        self.queue.plan(self.now + for_ms, Happening::Restart { node, incarnation });
    }

    pub(super) fn restart(&mut self, node: u32, incarnation: u64) -> Result<(), SimulationError> {
        let Some(place) = self.places.get(node as usize) else { return Ok(()) };
        if place.node.is_some() || place.incarnation != incarnation {
            return Ok(());
        }
        place.journal.repair();
        self.touched = Some(node);
        self.boot(node)
    }

    /// Tells a node something now.
    pub(super) fn deliver(&mut self, node: u32, event: NetworkEvent) {
        let now = self.clock(node);
        let Some(place) = self.places.get_mut(node as usize) else { return };
        let Some(sync) = &mut place.node else { return };
        match &event {
            NetworkEvent::Connected { peer } => self.tap.keep(node, || Passing::Joined(Host::of(*peer))),
            NetworkEvent::Disconnected { peer } => self.tap.keep(node, || Passing::Left(Host::of(*peer))),
            _ => {}
        }
        let commands = sync.handle(event, now);
        self.carry_out(node, commands);
    }

    /// Tells a node something when all that it has wanted now is done.
    pub(super) fn tell_later(&mut self, node: u32, event: NetworkEvent) {
        let incarnation = self.incarnation(node);
        self.queue.plan(self.now, Happening::Tell { node, incarnation, event: Box::new(event) });
    }

    pub(super) fn tell(&mut self, node: u32, incarnation: u64, event: NetworkEvent) {
        if self.incarnation(node) == incarnation {
            self.deliver(node, event);
        }
    }

    pub(super) fn tick(&mut self, node: u32) {
        let now = self.now;
        if self
            .places
            .get_mut(node as usize)
            .and_then(|place| place.wakeup.take_if(|at| *at == now))
            .is_some()
        {
            self.wake(node);
        }
    }

    /// A slot begins, which every node is told.
    pub(super) fn slot(&mut self) {
        for node in 0..self.plan.nodes {
            self.wake(node);
        }
        let duration = self.truth.config().clock.slot_duration.get() * 1000;
        self.queue.plan(self.now + duration, Happening::Slot);
    }

    /// Lets time pass for a node.
    pub(super) fn wake(&mut self, node: u32) {
        let now = self.clock(node);
        let Some(place) = self.places.get_mut(node as usize) else { return };
        let Some(sync) = &mut place.node else { return };
        self.tap.keep(node, || Passing::Woken);
        let commands = sync.tick(now);
        self.carry_out(node, commands);
    }

    fn carry_out(&mut self, node: u32, commands: Vec<NetworkCommand>) {
        for command in commands {
            match command {
                NetworkCommand::Request { peer, request, message } => self.ask(node, peer, request, message),
                NetworkCommand::Cancel { request, .. } => {
                    self.tap.keep(node, || Passing::GivesUp(request));
                    self.cancel(node, request);
                }
                NetworkCommand::Respond { inbound, responses, .. } => self.respond(node, inbound, &responses),
                NetworkCommand::Publish { message } => self.publish(node, &message),
                NetworkCommand::Disconnect { peer, .. } => {
                    self.tap.keep(node, || Passing::Leaves(Host::of(peer)));
                    self.disconnect(Host::Node(node), Host::of(peer));
                }
                NetworkCommand::Ban { peer, until } => {
                    if let Some(place) = self.places.get_mut(node as usize) {
                        place.bans.insert(Host::of(peer), until);
                    }
                }
            }
        }
        self.attend(node);
    }

    /// Notes what is new about a node, and plans when it is ticked; crashes it if it has failed.
    fn attend(&mut self, node: u32) {
        self.touched = Some(node);
        let (now, clock) = (self.now, self.clock(node));
        let Some(place) = self.places.get_mut(node as usize) else { return };
        let Some(sync) = &place.node else { return };
        let (mut shown, failed) = (Shown::of(sync), sync.failure().is_some());
        if failed {
            // Its engine knows more than is durable, and that is told nobody.
            (shown.head, shown.finalised) = (place.shown.head, place.shown.finalised);
        }
        // A node that wants to be woken at once has been, and more often than each millisecond nobody is.
        let wanted = sync.next_wakeup().map(|at| now + at.saturating_sub(clock).max(1));
        if let Some(at) = wanted.filter(|at| place.wakeup.is_none_or(|planned| *at < planned)) {
            place.wakeup = Some(at);
            self.queue.plan(at, Happening::Tick(node));
        }
        let before = std::mem::replace(&mut place.shown, shown);
        let down_for_ms = place.down_for_ms;
        for what in shown.changes(&before) {
            self.note(Host::Node(node), what);
        }
        if failed {
            self.crash(node, down_for_ms);
        }
    }
}

//! The engine: events and the time in, actions out.
//!
//! A connected peer is asked where it is, and must prove it (`probe`). Of the proved tips the best one becomes the target
//! of a plan (`plan`, `target`): batches of heights that are asked of peers (`download`), judged when they come (`answer`), and
//! enter the chain in order (`process`). Where what was downloaded does not link to our chain, the roots of the target's
//! ancestors are learned from the target down (`descent`): from then on every batch is known by the root that it must end
//! with. What peers do wrong is held against them (`blame`), and what is told of it all is decided last (`outlook`).

mod answer;
mod blame;
mod descent;
mod download;
mod event;
mod outlook;
mod peers;
mod plan;
mod probe;
mod process;
mod requests;
mod target;

use std::collections::{BTreeMap, VecDeque};
use std::mem;

use alys_chain::slots::SlotClock;
use alys_wire::containers::Hash256;

pub use event::{Action, Answer, Event, Local, RequestId, Stop, Ticket};
pub use peers::Tip;

use crate::config::SyncConfig;
use crate::gate::{Closed, Gate};
use crate::metrics::Metrics;
use crate::peer::{PeerId, Record};
use crate::state::SyncState;
use crate::timeline::Timeline;
use peers::Peer;
use plan::Plan;
use requests::Pending;

/// Sync as one node sees it.
///
/// ```
/// use std::num::NonZeroU64;
/// use alys_chain::slots::SlotClock;
/// use alys_chain::tree::BlockRef;
/// use alys_sync::config::Settings;
/// use alys_sync::engine::{Action, Event, Local, SyncEngine};
/// use alys_sync::peer::PeerId;
/// use alys_sync::state::SyncState;
/// use alys_wire::containers::Hash256;
///
/// let genesis = BlockRef { root: Hash256::repeat_byte(1), height: 0 };
/// let clock = SlotClock { genesis_time: 0, slot_duration: NonZeroU64::new(2).unwrap() };
/// let local = Local { head: genesis, head_slot: 0, finalised: genesis };
/// let config = Settings { request_timeout: 4_000, ..Settings::default() }.check()?;
/// let mut engine = SyncEngine::new(config, clock, genesis.root, local);
///
/// let actions = engine.handle(Event::Connected { peer: PeerId(7) }, 1_000);
/// assert!(matches!(actions[..], [Action::Send { peer: PeerId(7), .. }, Action::Say(SyncState::Discovering)]));
/// assert_eq!(engine.next_wakeup(), Some(5_000), "the request's deadline");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SyncEngine {
    config: SyncConfig,
    clock: SlotClock,
    genesis: Hash256,
    local: Local,
    time: Timeline,
    /// The number of the next request or ticket.
    next_number: u64,
    peers: BTreeMap<PeerId, Peer>,
    // invariant: every connected peer has one
    records: BTreeMap<PeerId, Record>,
    // invariant: of connected peers only
    requests: BTreeMap<RequestId, Pending>,
    plan: Option<Plan>,
    /// Proved tips that conflict with what is final.
    refused: VecDeque<Hash256>,
    failed: bool,
    state: SyncState,
    gate: Gate,
    wakeup: Option<u64>,
    metrics: Metrics,
    /// What the event has led to so far.
    actions: Vec<Action>,
}

impl SyncEngine {
    /// The engine of a node that has this chain and no peers.
    #[must_use]
    pub fn new(config: SyncConfig, clock: SlotClock, genesis: Hash256, local: Local) -> Self {
        let mut engine = SyncEngine {
            config,
            clock,
            genesis,
            local,
            time: Timeline::default(),
            next_number: 0,
            peers: BTreeMap::new(),
            records: BTreeMap::new(),
            requests: BTreeMap::new(),
            plan: None,
            refused: VecDeque::new(),
            failed: false,
            state: SyncState::Idle,
            gate: Gate::Closed(Closed::Unknown),
            wakeup: None,
            metrics: Metrics::default(),
            actions: Vec::new(),
        };
        engine.gate = engine.gate_now();
        engine
    }

    /// Takes an event at a time, in milliseconds since the Unix epoch; tells what must be done, in order.
    pub fn handle(&mut self, event: Event, now: u64) -> Vec<Action> {
        if self.failed {
            return Vec::new();
        }
        self.time.observe(now);
        self.expire();
        match event {
            Event::Connected { peer } => self.connected(peer),
            Event::Disconnected { peer } => self.part(peer),
            Event::Answer { peer, request, answer } => self.answered(peer, request, answer),
            Event::Malformed { peer, fault: _ } => self.malformed(peer),
            Event::Verified { ticket, valid } => self.verified(ticket, valid),
            Event::Processed { ticket, taken, stopped } => self.processed(ticket, taken, stopped),
            Event::Local(local) => self.local = local,
            Event::Failed => self.failed = true,
            Event::Tick => {}
        }
        if !self.failed {
            self.aim();
            self.process();
            self.download();
            self.probe();
        }
        self.tell();
        mem::take(&mut self.actions)
    }

    /// When the engine wants an [`Event::Tick`], if nothing else happens before; `None` for never.
    #[must_use]
    pub fn next_wakeup(&self) -> Option<u64> {
        self.wakeup
    }

    /// The state, as it was last said; at first [`SyncState::Idle`].
    #[must_use]
    pub fn state(&self) -> SyncState {
        self.state
    }

    /// The production gate, as it was last told; at first as it is without peers.
    #[must_use]
    pub fn gate(&self) -> Gate {
        self.gate
    }

    /// Our chain, as the engine was told.
    #[must_use]
    pub fn local(&self) -> Local {
        self.local
    }

    /// The highest tip that a connected peer has proved.
    #[must_use]
    pub fn best(&self) -> Option<Tip> {
        self.peers.values().filter_map(Peer::tip).max_by_key(Tip::rank)
    }

    /// The connected peers.
    pub fn peers(&self) -> impl Iterator<Item = PeerId> + '_ {
        self.peers.keys().copied()
    }

    /// The tip that a connected peer has proved last.
    #[must_use]
    pub fn proved(&self, peer: PeerId) -> Option<Tip> {
        self.peers.get(&peer)?.tip()
    }

    /// What is remembered of a peer.
    #[must_use]
    pub fn record(&self, peer: PeerId) -> Option<&Record> {
        self.records.get(&peer)
    }

    /// A peer's score at the time of the last event, from 0 to 1000; `None` for one that is not remembered.
    #[must_use]
    pub fn score(&self, peer: PeerId) -> Option<u64> {
        Some(self.records.get(&peer)?.score(self.time.now()))
    }

    /// How many blocks are asked for, waited for or not processed yet (SY-10).
    #[must_use]
    pub fn blocks_in_flight(&self) -> u64 {
        self.plan.as_ref().map_or(0, Plan::blocks)
    }

    /// How many requests are not answered yet.
    #[must_use]
    pub fn requests_in_flight(&self) -> usize {
        self.requests.len()
    }

    /// What was measured.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Takes a number that nothing else has.
    fn number(&mut self) -> u64 {
        self.next_number += 1;
        self.next_number
    }
}

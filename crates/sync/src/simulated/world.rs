//! The simulation itself: what happens next, and to whom.

mod connections;
mod error;
mod exchange;
mod faults;
mod look;
mod nodes;
mod publish;
mod streams;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use alys_chain::{
    scheme::{Ideal, SignatureScheme},
    transition::Transfers,
};
use alys_wire::{limits::Limits, stream::MessageEncoder};
use fastrand::Rng;

pub use error::SimulationError;
use exchange::{Exchange, Piece};
use nodes::Place;
use publish::Published;

use super::host::Host;
use super::lines::Lines;
use super::log::{Entry, EventLog, What};
use super::peer::SimulatedPeer;
use super::plan::{Plan, PlanError};
use super::queue::Queue;
use super::storage::Journal;
use super::tap::Tap;
use super::truth::Truth;
use crate::config::SyncConfig;
use crate::engine::RequestId;
use crate::network::NetworkEvent;
use crate::node::SyncNode;

/// A node of a simulation.
pub type SimulatedNode<S> = SyncNode<S, Transfers, Journal>;

/// What has just happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When, in milliseconds since the Unix epoch.
    pub at: u64,
    /// The node that something has happened to, if it was one.
    pub node: Option<u32>,
}

/// Something that is to happen.
#[derive(Debug)]
enum Happening {
    /// A node has wanted this.
    Tick(u32),
    /// A slot begins.
    Slot,
    /// A peer comes.
    Join(u32),
    /// Two hosts try to connect, so many times already.
    Connect(Host, Host, u32),
    /// The network tells a node something, if that is still the same incarnation.
    Tell {
        node: u32,
        incarnation: u64,
        event: Box<NetworkEvent>,
    },
    /// A request arrives.
    Request {
        exchange: u64,
        bytes: Vec<u8>,
    },
    /// A part of an answer arrives.
    Piece(Piece),
    /// The authorities have made the block of this number.
    Made(usize),
    /// Something published arrives.
    Published(Box<Published>),
    /// A fault of the plan begins.
    Fault(usize),
    /// A peer loses its connections, for so long.
    Lose {
        peer: u32,
        for_ms: u64,
    },
    /// A partition or a change of weather is over, unless another one has come since.
    Heal(u64),
    Clear(u64),
    /// A peer that was stalled answers again, unless it was stalled again.
    Resume {
        peer: u32,
        until: u64,
    },
    /// A node is restarted, unless it has been.
    Restart {
        node: u32,
        incarnation: u64,
    },
    /// A peer that comes and goes goes, or one that pesters does so.
    Act(u32),
    /// Nothing fails any more.
    Quiet,
}

/// A simulation: real nodes that sync from peers that answer by their plans, over a network that fails by its own.
///
/// ```
/// use alys_sync::simulated::{Plan, Simulation};
///
/// let mut simulation = Simulation::ideal(Plan::default())?;
/// assert!(simulation.run_to_tip(600_000)?, "{}", simulation.log().to_text());
/// let node = simulation.node(0).expect("it is up");
/// assert_eq!(node.chain().head().height, 40);
/// # Ok::<(), alys_sync::simulated::SimulationError>(())
/// ```
#[derive(Debug)]
pub struct Simulation<S: SignatureScheme> {
    plan: Plan,
    config: SyncConfig,
    truth: Arc<Truth<S>>,
    start: u64,
    now: u64,
    queue: Queue<Happening>,
    lines: Lines,
    places: Vec<Place<S>>,
    peers: Vec<SimulatedPeer>,
    exchanges: BTreeMap<u64, Exchange>,
    /// The exchange of each request of a node that is not over.
    asked: BTreeMap<(u32, RequestId), u64>,
    /// The exchange of each request that a node was told and has not answered.
    inbound: BTreeMap<u64, u64>,
    /// The next number of an exchange, a stream, or an inbound request.
    number: u64,
    /// Who is on the way to connect.
    connecting: BTreeSet<(Host, Host)>,
    limits: Limits,
    encoder: MessageEncoder,
    /// Randomness of liars.
    rng: Rng,
    quiet: bool,
    /// Counts partitions and changes of the weather, so that the end of an older one ends no newer one.
    changes: u64,
    /// The change whose end heals the network.
    healed_by: u64,
    /// The change whose end clears the weather.
    cleared_by: u64,
    stalled_until: BTreeMap<u32, u64>,
    log: EventLog,
    tap: Tap,
    /// The node that this moment is about.
    touched: Option<u32>,
}

impl Simulation<Ideal> {
    /// The simulation of a plan, with signatures that cost nothing and cannot be forged.
    ///
    /// # Errors
    ///
    /// [`SimulationError`] says what is wrong with the plan.
    pub fn ideal(plan: Plan) -> Result<Self, SimulationError> {
        plan.validate()?;
        let truth = Arc::new(Truth::ideal(&plan.truth)?);
        Self::new(plan, truth)
    }
}

impl<S> Simulation<S>
where
    S: SignatureScheme + Clone + Sync,
    S::PublicKey: Sync,
{
    /// The simulation of a plan on a truth that was made of the same plan, and may be shared.
    ///
    /// # Errors
    ///
    /// [`SimulationError`] says what is wrong with the plan, or that the truth is another.
    pub fn new(plan: Plan, truth: Arc<Truth<S>>) -> Result<Self, SimulationError> {
        plan.validate()?;
        if *truth.plan() != plan.truth {
            let (asked, given) = (Box::new(plan.truth), Box::new(truth.plan().clone()));
            return Err(SimulationError::OtherTruth { asked, given });
        }
        let start = truth.starts(plan.known).ok_or(SimulationError::NoBeginning { known: plan.known })?;
        let limits = Limits::default();
        let mut simulation = Simulation {
            config: plan.sync.check().map_err(PlanError::from)?,
            lines: Lines::new(plan.seed, plan.link.clone()),
            places: Vec::new(),
            peers: plan.each_peer().map(SimulatedPeer::new).collect(),
            rng: Rng::with_seed(!plan.seed),
            truth,
            start,
            now: start,
            queue: Queue::new(),
            exchanges: BTreeMap::new(),
            asked: BTreeMap::new(),
            inbound: BTreeMap::new(),
            number: 0,
            connecting: BTreeSet::new(),
            limits,
            encoder: MessageEncoder::new(limits),
            quiet: false,
            changes: 0,
            healed_by: 0,
            cleared_by: 0,
            stalled_until: BTreeMap::new(),
            log: EventLog::default(),
            tap: Tap::default(),
            touched: None,
            plan,
        };
        simulation.begin()?;
        Ok(simulation)
    }

    /// Puts everybody in place, and plans what the plan says.
    fn begin(&mut self) -> Result<(), SimulationError> {
        for node in 0..self.plan.nodes {
            let journal = Journal::new(self.truth.config(), self.truth.genesis());
            self.places.push(Place::new(journal));
            self.boot(node)?;
        }
        for (number, peer) in (0..).zip(&self.peers) {
            self.queue.plan(self.start + peer.plan().joins_ms, Happening::Join(number));
        }
        for (number, step) in self.plan.faults.iter().enumerate() {
            self.queue.plan(self.start + step.at_ms, Happening::Fault(number));
        }
        if let Some(quiet) = self.plan.quiet_from_ms {
            self.queue.plan(self.start + quiet, Happening::Quiet);
        }
        if self.plan.relays > 0 {
            for (number, block) in self.truth.blocks().iter().enumerate() {
                let begins = self.truth.begins(block).filter(|begins| *begins > self.start);
                begins.into_iter().for_each(|begins| self.queue.plan(begins, Happening::Made(number)));
            }
        }
        self.queue.plan(self.start, Happening::Slot);
        Ok(())
    }

    /// Lets the next thing happen, and says what it was about; `None` when nothing will ever happen again.
    ///
    /// # Errors
    ///
    /// [`SimulationError::Restore`] when a node had made something durable that is no chain.
    pub fn step(&mut self) -> Result<Option<Moment>, SimulationError> {
        let Some((at, happening)) = self.queue.pop() else { return Ok(None) };
        self.now = at;
        self.touched = None;
        self.happens(happening)?;
        Ok(Some(Moment { at, node: self.touched }))
    }

    fn happens(&mut self, happening: Happening) -> Result<(), SimulationError> {
        match happening {
            Happening::Tick(node) => self.tick(node),
            Happening::Slot => self.slot(),
            Happening::Join(peer) => self.join(peer),
            Happening::Connect(one, other, tries) => self.connect(one, other, tries),
            Happening::Tell { node, incarnation, event } => self.tell(node, incarnation, *event),
            Happening::Request { exchange, bytes } => self.request_arrives(exchange, &bytes),
            Happening::Piece(piece) => self.piece_arrives(&piece),
            Happening::Made(block) => self.made(block),
            Happening::Published(published) => self.published_arrives(*published),
            Happening::Fault(number) => self.fault(number),
            Happening::Lose { peer, for_ms } => self.lose(peer, for_ms),
            Happening::Heal(change) => self.heal(change),
            Happening::Clear(change) => self.clear(change),
            Happening::Resume { peer, until } => self.resume(peer, until),
            Happening::Restart { node, incarnation } => return self.restart(node, incarnation),
            Happening::Act(peer) => self.act(peer),
            Happening::Quiet => return self.quiet(),
        }
        Ok(())
    }

    /// Lets everything happen up to a time, in milliseconds since the beginning, or until something holds; says whether it does.
    ///
    /// # Errors
    ///
    /// As [`step`](Self::step).
    pub fn run_until(
        &mut self,
        bound_ms: u64,
        mut holds: impl FnMut(&Self) -> bool,
    ) -> Result<bool, SimulationError> {
        let end = self.start.saturating_add(bound_ms);
        loop {
            if holds(self) {
                return Ok(true);
            }
            if self.queue.next_at().is_none_or(|at| at > end) {
                self.now = end;
                return Ok(false);
            }
            self.step()?;
        }
    }

    /// Lets everything happen until each node is up and at the honest tip; says whether that came about in time.
    ///
    /// # Errors
    ///
    /// As [`step`](Self::step).
    pub fn run_to_tip(&mut self, bound_ms: u64) -> Result<bool, SimulationError> {
        self.run_until(bound_ms, |simulation| {
            (0..simulation.plan.nodes).all(|node| simulation.is_at_tip(node))
        })
    }

    /// Whether a node is up, and its tip is the one of whoever knows all of the truth.
    #[must_use]
    pub fn is_at_tip(&self, node: u32) -> bool {
        let head = self.node(node).map(|node| node.chain().head().root);
        head == Some(self.truth.view(self.now).head().root)
    }
}

impl<S: SignatureScheme> Simulation<S> {
    fn note(&mut self, host: Host, what: What) {
        self.log.add(Entry { at: self.now - self.start, host, what });
    }

    fn next_number(&mut self) -> u64 {
        self.number += 1;
        self.number
    }
}

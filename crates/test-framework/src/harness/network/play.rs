//! Playing a scenario: the one body, whatever network it is played on (NW-4).

use std::{collections::BTreeMap, sync::Arc};

use alys_chain::{
    engine::{Event, Signatures},
    node::Node,
    scheme::Ideal,
    transition::Transfers,
};
use alys_sync::{
    config::{Settings, SyncConfig},
    network::{NetworkCommand, NetworkEvent},
    node::{Consensus, SyncNode},
    simulated::{Journal, Truth, TruthPlan},
    state::SyncState,
};
use alys_wire::gossip::GossipMessage;
use tokio::task::yield_now;

use super::{
    ground::Ground,
    scenario::{Goal, Scenario, Step},
    seen::Seen,
};
use crate::stage::DriveError;

/// A node: sync, its chain, and what survives it.
type Real = SyncNode<Ideal, Transfers, Journal>;

/// How much time passes when nothing happens.
const STEP_MS: u64 = 100;
/// After how much time something does not come any more.
const BOUND_MS: u64 = 60_000;
/// How often nothing must happen in a row, at the end: whatever comes twice may come late.
const QUIET: u32 = 8;
/// How long nodes that are no neighbours refuse each other: longer than any scenario.
const REFUSED_MS: u64 = 86_400_000;

/// A scenario on its way.
pub(super) struct Play<G> {
    ground: G,
    nodes: BTreeMap<usize, Real>,
    /// What survives a node.
    media: BTreeMap<usize, Journal>,
    truth: Arc<Truth<Ideal>>,
    config: SyncConfig,
    now: u64,
    grown: u64,
    /// Who has made the newest block.
    maker: usize,
    in_line: bool,
    waits_for: Option<Goal>,
    /// What nodes were told.
    pub(super) seen: Seen,
    /// What was waited for, and whether it came.
    pub(super) goals: Vec<(Goal, bool)>,
}

/// How a node has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct End {
    /// Its number.
    pub(super) node: usize,
    /// How high its tip is.
    pub(super) height: u64,
    /// The root of its tip.
    pub(super) root: String,
    /// How far its chain is final.
    pub(super) finalised: u64,
    /// What it says of itself.
    pub(super) says: String,
    /// With whom it is connected.
    pub(super) connected: Vec<u64>,
    /// What it should have heard.
    pub(super) due: Vec<u64>,
    /// What it has heard of that.
    pub(super) heard: Vec<u64>,
}

fn failed<E: std::fmt::Display>(doing: &'static str) -> impl Fn(E) -> DriveError {
    move |error| DriveError::new(doing, error)
}

/// When the time of a scenario begins.
pub(super) fn begins(truth: &Truth<Ideal>) -> Result<u64, DriveError> {
    truth.starts(0).ok_or_else(|| DriveError::new("the time of a chain", "no clock shows it"))
}

/// The chain that a scenario needs.
pub(super) fn truth(scenario: &Scenario, seed: u64) -> Result<Truth<Ideal>, DriveError> {
    let grows = scenario.steps.iter().map(|step| if let Step::Grow(_, blocks) = step { *blocks } else { 0 });
    let plan = TruthPlan { seed, blocks: grows.sum(), ..TruthPlan::default() };
    Truth::ideal(&plan).map_err(failed("the chain of a scenario"))
}

impl<G: Ground> Play<G> {
    /// A scenario that nobody has come to yet.
    pub(super) fn new(ground: G, truth: Arc<Truth<Ideal>>, scenario: &Scenario) -> Result<Self, DriveError> {
        // At the end of a line there is one neighbour, and it must do; and whoever was not reached is soon asked again.
        let settings = Settings {
            sample: 1,
            request_timeout: 5_000,
            backoff_max: 2_000,
            breaker_open: 2_000,
            ..Settings::default()
        };
        Ok(Play {
            ground,
            nodes: BTreeMap::new(),
            media: BTreeMap::new(),
            config: settings.check().map_err(failed("the settings of sync"))?,
            now: begins(&truth)?,
            truth,
            grown: 0,
            maker: 0,
            in_line: scenario.in_line,
            waits_for: None,
            seen: Seen::default(),
            goals: Vec::new(),
        })
    }

    /// Plays it to its end.
    pub(super) async fn play(&mut self, steps: &[Step]) -> Result<(), DriveError> {
        for step in steps {
            match *step {
                Step::Start(node, bootstrap) => self.start(node, bootstrap).await?,
                Step::Leave(node) => self.leave(node),
                Step::Grow(node, blocks) => self.grow(node, blocks).await,
                Step::Say(node, count) => (0..count).for_each(|_| self.say(node)),
                Step::Partition(groups) => {
                    self.seen.partition(Some(groups));
                    self.ground.partition(groups);
                }
                Step::Heal => {
                    self.seen.partition(None);
                    self.ground.heal();
                }
                Step::Links(links) => {
                    if links.loss_permille > 0 {
                        self.seen.tears();
                    }
                    self.ground.links(links);
                }
                Step::Until(goal) => self.until(goal).await,
            }
        }
        let mut quiet = 0;
        while quiet < QUIET {
            quiet = if self.turn().await { 0 } else { quiet + 1 };
        }
        Ok(())
    }

    /// What links have done.
    pub(super) fn ground(&self) -> &G {
        &self.ground
    }

    /// How the nodes have ended that run.
    pub(super) fn ends(&self) -> Vec<End> {
        let end = |(node, real): (&usize, &Real)| {
            let (chain, seen) = (real.chain(), &self.seen);
            let connected = seen.connected.get(node).into_iter().flatten().map(|other| *other as u64);
            End {
                node: *node,
                height: chain.head().height,
                root: chain.head().root.to_string(),
                finalised: chain.finalised().height,
                says: format!("{:?}", real.state()),
                connected: connected.collect(),
                due: seen.due.get(node).into_iter().flatten().copied().collect(),
                heard: seen.heard_of_due(*node),
            }
        };
        self.nodes.iter().map(end).collect()
    }

    /// The tip that all should have.
    pub(super) fn tip(&self) -> (u64, String) {
        let root = self.truth.canonical(self.grown).map_or(self.truth.genesis_ref().root, |block| block.root);
        (self.grown, root.to_string())
    }

    async fn start(&mut self, node: usize, bootstrap: &[usize]) -> Result<(), DriveError> {
        let truth = &self.truth;
        let journal = self.media.remove(&node);
        let journal = journal.unwrap_or_else(|| Journal::new(truth.config(), truth.genesis()));
        let engine = journal.engine(*truth.config(), truth.scheme().clone(), truth.authorities().clone());
        let engine = engine.map_err(failed("restoring a node"))?;
        let consensus = Consensus {
            scheme: truth.scheme().clone(),
            authorities: truth.authorities().clone(),
            chain: *truth.config(),
            genesis: truth.genesis_ref().root,
        };
        let real = SyncNode::new(Node::new(engine, journal), consensus, self.config);
        self.nodes.insert(node, real);
        self.seen.started(node);
        self.ground.start(node, bootstrap).await?;
        if self.in_line {
            for stranger in (0..self.nodes.len() + 8).filter(|other| node.abs_diff(*other) > 1) {
                let (peer, until) = (self.ground.peer(stranger), self.now + REFUSED_MS);
                self.ground.command(node, NetworkCommand::Ban { peer, until });
            }
        }
        Ok(())
    }

    fn leave(&mut self, node: usize) {
        self.ground.stop(node);
        self.seen.stopped(node);
        if let Some(real) = self.nodes.remove(&node) {
            self.media.insert(node, real.into_durable());
        }
    }

    fn say(&mut self, node: usize) {
        let message = self.seen.says(node);
        self.carry_out(node, vec![NetworkCommand::Publish { message }]);
    }

    /// A node that has the tip makes blocks, each when its slot begins, and publishes them.
    async fn grow(&mut self, node: usize, blocks: u64) {
        let bound = self.now + BOUND_MS;
        while !self.has_tip(node) && self.now < bound {
            self.turn().await;
        }
        for _ in 0..blocks {
            let height = self.grown + 1;
            let begins = self.truth.starts(height).unwrap_or_default();
            self.pass(begins.saturating_sub(self.now));
            let Some(block) = self.truth.canonical(height) else { return };
            let event = Event::Import { block: block.block.clone(), signatures: Signatures::Verified };
            let mut messages =
                vec![GossipMessage::ConsensusBlock(Box::new(block.block.signed_block.clone()))];
            messages.extend(block.approvals.iter().cloned().map(GossipMessage::ApproveBlock));
            let Some(real) = self.nodes.get_mut(&node) else { return };
            let mut commands = real.chain_event(event, self.now);
            commands.extend(messages.into_iter().map(|message| NetworkCommand::Publish { message }));
            (self.grown, self.maker) = (height, node);
            self.carry_out(node, commands);
            while self.turn().await {}
        }
    }

    fn carry_out(&mut self, node: usize, commands: Vec<NetworkCommand>) {
        for command in commands {
            if let NetworkCommand::Publish { message } = &command {
                self.seen.publishes(node, message);
            }
            self.ground.command(node, command);
        }
    }

    /// One event for its node, or some time; says whether there was one.
    async fn turn(&mut self) -> bool {
        // The simulated network never waits, and a test must be able to be cancelled.
        yield_now().await;
        let Some((node, event)) = self.ground.next().await else {
            self.pass(STEP_MS);
            return false;
        };
        let about = about(&event);
        let mut known = 0..self.nodes.len() + self.media.len();
        let other = known.find(|other| self.ground.peer(*other) == about);
        self.seen.told(node, other, &event);
        let now = self.now;
        let commands = self.nodes.get_mut(&node).map(|real| real.handle(event, now)).unwrap_or_default();
        self.carry_out(node, commands);
        true
    }

    /// Lets time pass for everybody.
    fn pass(&mut self, ms: u64) {
        self.now += ms;
        self.ground.advance(ms);
        let running: Vec<_> = self.seen.running().collect();
        for node in running {
            let now = self.now;
            let commands = self.nodes.get_mut(&node).map(|real| real.tick(now)).unwrap_or_default();
            self.carry_out(node, commands);
            if self.waits_for == Some(Goal::Warm) {
                let message = self.seen.warms(node);
                self.carry_out(node, vec![NetworkCommand::Publish { message }]);
            }
        }
    }

    /// Lets time pass until something holds, or for as long as it may take.
    async fn until(&mut self, goal: Goal) {
        if goal == Goal::Warm {
            self.seen.cold();
        }
        self.waits_for = Some(goal);
        let bound = self.now + BOUND_MS;
        while !self.holds(goal) && self.now < bound {
            self.turn().await;
        }
        self.waits_for = None;
        self.goals.push((goal, self.holds(goal)));
    }

    fn holds(&self, goal: Goal) -> bool {
        let seen = &self.seen;
        match goal {
            Goal::Met => seen.connected.iter().all(|(node, others)| {
                let expected = seen.running().filter(|other| self.may_meet(*node, *other));
                expected.eq(others.iter().copied())
            }),
            Goal::Warm => seen.is_warm(),
            Goal::Heard => seen.due.iter().all(|(node, due)| seen.heard_of_due(*node).len() == due.len()),
            Goal::AtTip => {
                let mut reached = seen.running().filter(|node| seen.reaches(self.maker, *node));
                reached.all(|node| self.has_tip(node) && self.says_synced(node))
            }
            Goal::Harmed(least) => {
                let harm = self.ground.harm();
                harm.lost + harm.cut + harm.delayed >= least
            }
        }
    }

    fn may_meet(&self, one: usize, other: usize) -> bool {
        let apart = one.abs_diff(other);
        self.seen.reaches(one, other) && if self.in_line { apart == 1 } else { apart > 0 }
    }

    fn has_tip(&self, node: usize) -> bool {
        self.nodes.get(&node).is_some_and(|real| real.chain().head().height == self.grown)
    }

    fn says_synced(&self, node: usize) -> bool {
        self.nodes.get(&node).is_some_and(|real| real.state() == SyncState::Synced)
    }
}

/// Whom an event is about.
fn about(event: &NetworkEvent) -> alys_sync::peer::PeerId {
    match event {
        NetworkEvent::Connected { peer }
        | NetworkEvent::Disconnected { peer }
        | NetworkEvent::Request { peer, .. }
        | NetworkEvent::Response { peer, .. }
        | NetworkEvent::Gossip { peer, .. }
        | NetworkEvent::Malformed { peer, .. } => *peer,
    }
}

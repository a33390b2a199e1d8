//! The same scenario on the simulated network and on libp2p, with real nodes on both (NW-4).

use std::collections::BTreeMap;

use alys_chain::engine::{Event, Signatures};
use alys_chain::node::Node;
use alys_chain::scheme::Ideal;
use alys_chain::transition::Transfers;
use alys_engines::violation::{check_eq, violated};
use alys_sync::config::Settings;
use alys_sync::network::Network;
use alys_sync::node::{Consensus, SyncNode};
use alys_sync::simulated::{Journal, PeerPlan, Plan, Simulation, Truth, TruthPlan};
use alys_sync::state::SyncState;
use alys_wire::containers::Hash256;
use alys_wire::gossip::GossipMessage;

use super::alys::config::Config;
use super::rig::{Rig, START, quick, run};

/// How a scenario ends for the nodes that begin with nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Their tips: height and root.
    pub tips: Vec<(u64, Hash256)>,
    /// What they say.
    pub says: Vec<SyncState>,
    /// How far their chains are final.
    pub final_heights: Vec<u64>,
}

/// What is played: a chain that full peers have, fresh nodes, and blocks that are made while they look on.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    /// How high the chain is at first.
    pub known: u64,
    /// How many blocks are added.
    pub grows: u64,
    /// How many peers have the chain.
    pub full: u32,
    /// How many nodes begin with nothing.
    pub fresh: u32,
}

type Real = SyncNode<Ideal, Transfers, Journal>;

fn plan(scenario: Scenario) -> TruthPlan {
    TruthPlan { blocks: scenario.known + scenario.grows, ..TruthPlan::default() }
}

fn truth(scenario: Scenario) -> Truth<Ideal> {
    Truth::ideal(&plan(scenario)).unwrap_or_else(|why| violated("NW-4", why.to_string()))
}

fn verdict<'a>(nodes: impl Iterator<Item = &'a Real>) -> Verdict {
    let mut verdict = Verdict { tips: Vec::new(), says: Vec::new(), final_heights: Vec::new() };
    for node in nodes {
        let head = node.chain().head();
        verdict.tips.push((head.height, head.root));
        verdict.says.push(node.state());
        verdict.final_heights.push(node.chain().finalised().height);
    }
    verdict
}

/// Plays a scenario on the simulated network.
#[must_use]
pub fn simulated(scenario: Scenario) -> Verdict {
    let peers = vec![PeerPlan { count: scenario.full, ..PeerPlan::default() }];
    let plan = Plan {
        known: scenario.known,
        nodes: scenario.fresh,
        peers,
        truth: plan(scenario),
        ..Plan::default()
    };
    let mut simulation = Simulation::ideal(plan).unwrap_or_else(|why| violated("NW-4", why.to_string()));
    let highest = scenario.known + scenario.grows;
    let done = simulation.run_until(1_200_000, |simulation| {
        (0..scenario.fresh).all(|node| {
            let node = simulation.node(node);
            node.is_some_and(|node| {
                node.chain().head().height == highest && node.state() == SyncState::Synced
            })
        })
    });
    check_eq("NW-4", "whether the simulated nodes come to the tip", &Some(true), &done.ok());
    verdict((0..scenario.fresh).filter_map(|node| simulation.node(node)))
}

/// Real nodes on libp2p.
struct Stage {
    rig: Rig,
    nodes: BTreeMap<usize, Real>,
    truth: Truth<Ideal>,
    scenario: Scenario,
    grown: u64,
    /// How much later the truth's clock is than the rig's.
    ahead: u64,
}

impl Stage {
    async fn new(scenario: Scenario) -> Self {
        let truth = truth(scenario);
        let begins =
            truth.starts(scenario.known).unwrap_or_else(|| violated("NW-4", "no clock shows its tip"));
        let mut rig = Rig::new();
        let (full, fresh) = (scenario.full as usize, scenario.fresh as usize);
        rig.silent = (0..full + fresh).collect();
        let mut stage = Stage {
            rig,
            nodes: BTreeMap::new(),
            truth,
            scenario,
            grown: 0,
            ahead: begins.wrapping_sub(START),
        };
        let mut bootstrap = Vec::new();
        for number in 0..full + fresh {
            stage.rig.add(number, &Config { bootstrap: bootstrap.clone(), ..quick() });
            let known = if number < full { scenario.known } else { 0 };
            let node = stage.node(known);
            stage.nodes.insert(number, node);
            if number == 0 {
                bootstrap.push(stage.rig.address(0).await);
            }
        }
        stage
    }

    fn now(&self) -> u64 {
        self.rig.now().wrapping_add(self.ahead)
    }

    fn node(&self, known: u64) -> Real {
        let truth = &self.truth;
        let journal = Journal::new(truth.config(), truth.genesis());
        let engine = journal.engine(*truth.config(), truth.scheme().clone(), truth.authorities().clone());
        let engine = engine.unwrap_or_else(|why| violated("NW-4", format!("{why:?}")));
        let consensus = Consensus {
            scheme: truth.scheme().clone(),
            authorities: truth.authorities().clone(),
            chain: *truth.config(),
            genesis: truth.genesis_ref().root,
        };
        let config = Settings::default().check().unwrap_or_else(|why| violated("NW-4", why.to_string()));
        let mut node = SyncNode::new(Node::new(engine, journal), consensus, config);
        for height in 1..=known {
            self.import(&mut node, height);
        }
        node
    }

    fn import(&self, node: &mut Real, height: u64) {
        let Some(block) = self.truth.canonical(height) else { return };
        let event = Event::Import { block: block.block.clone(), signatures: Signatures::Verified };
        // What a node with nobody says has nobody to go to.
        drop(node.chain_event(event, self.now().max(self.truth.starts(height).unwrap_or(0))));
    }

    fn carry_out(&mut self, number: usize, commands: Vec<alys_sync::network::NetworkCommand>) {
        commands.into_iter().for_each(|command| self.rig.net(number).command(command));
    }

    /// One event for its node, or some time.
    async fn turn(&mut self) {
        let before = self.rig.told.len();
        self.rig.turn_or_beat().await;
        let told: Vec<_> = self.rig.told.drain(..).skip(before).collect();
        if told.is_empty() {
            self.rig.clock.0.advance(500);
            let now = self.now();
            for number in self.nodes.keys().copied().collect::<Vec<_>>() {
                let commands = self.nodes.get_mut(&number).map(|node| node.tick(now)).unwrap_or_default();
                self.carry_out(number, commands);
            }
        }
        for (number, event) in told {
            let now = self.now();
            let commands =
                self.nodes.get_mut(&number).map(|node| node.handle(event, now)).unwrap_or_default();
            self.carry_out(number, commands);
        }
        self.grow();
    }

    /// When the slot of the next block has begun, the full peers have it, and say so.
    fn grow(&mut self) {
        let next = self.scenario.known + self.grown + 1;
        let begun = self.truth.starts(next).is_some_and(|starts| starts <= self.now());
        if self.grown == self.scenario.grows || !begun {
            return;
        }
        self.grown += 1;
        for number in 0..self.scenario.full as usize {
            let mut node = self.nodes.remove(&number).unwrap_or_else(|| violated("NW-4", "a node is gone"));
            self.import(&mut node, next);
            self.nodes.insert(number, node);
        }
        let Some(block) = self.truth.canonical(next) else { return };
        let mut messages = vec![GossipMessage::ConsensusBlock(Box::new(block.block.signed_block.clone()))];
        messages.extend(block.approvals.iter().cloned().map(GossipMessage::ApproveBlock));
        let commands =
            messages.into_iter().map(|message| alys_sync::network::NetworkCommand::Publish { message });
        self.carry_out(0, commands.collect());
    }

    fn fresh(&self) -> impl Iterator<Item = &Real> {
        self.nodes.range(self.scenario.full as usize..).map(|(_, node)| node)
    }

    fn is_done(&self) -> bool {
        let highest = self.scenario.known + self.scenario.grows;
        self.fresh().all(|node| node.chain().head().height == highest && node.state() == SyncState::Synced)
    }
}

/// Plays a scenario on libp2p.
#[must_use]
pub fn on_libp2p(scenario: Scenario) -> Verdict {
    run("a sync over libp2p", async {
        let mut stage = Stage::new(scenario).await;
        while !stage.is_done() {
            stage.turn().await;
        }
        verdict(stage.fresh())
    })
}

/// What is played.
pub const SCENARIOS: [Scenario; 3] = [
    Scenario { known: 40, grows: 0, full: 3, fresh: 1 },
    Scenario { known: 300, grows: 0, full: 4, fresh: 2 },
    Scenario { known: 20, grows: 4, full: 3, fresh: 2 },
];

/// Both networks bring the same nodes to the same ends.
pub fn both_networks_end_alike() -> u64 {
    for scenario in SCENARIOS {
        check_eq("NW-4", &format!("how {scenario:?} ends"), &simulated(scenario), &on_libp2p(scenario));
    }
    SCENARIOS.len() as u64
}

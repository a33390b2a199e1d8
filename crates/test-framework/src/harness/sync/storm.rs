//! Bad networks under a node that syncs: the harm is done for a while, and looked for in what the network has counted, in what the
//! node has measured, and beside the same sync without it.

use std::collections::BTreeSet;

use alys_chain::scheme::Ideal;
use alys_sync::{
    simulated::{
        Behaviour, Fault, FaultStep, Group, Host, LinkPlan, PeerPlan, Plan, Simulation, TruthPlan, What,
    },
    state::SyncState,
};

use super::checkpoints::at;
use super::played::{BOUND_MS, ended};
use crate::{
    chaos::{Seen, Strategy, name},
    stage::DriveError,
};

/// Each step is run so often, with another seed.
const RUNS: u64 = 3;

/// How many peers there are where a strategy does not say.
const PEERS: u32 = 8;

/// How long the network is bad: from the beginning on.
const BAD_MS: u64 = 60_000;

/// When a partition begins: peers that are cut off before they connect would keep no message from anybody.
const CUT_MS: u64 = 500;

/// How many blocks there are in the beginning, and in the end.
const KNOWN: u64 = 240;
const BLOCKS: u64 = 270;

/// What liars do, one after another.
const LIES: [Behaviour; 7] = [
    Behaviour::InvalidCertificate { every: 1 },
    Behaviour::Garbage,
    Behaviour::ForgedTip,
    Behaviour::Unlinked,
    Behaviour::ClaimsTooHigh { by: 9 },
    Behaviour::Oversized,
    Behaviour::Empty,
];

/// Lets the network of syncing nodes be bad in one way, and says how many of them have met it, and came to the tip in the end.
pub(in crate::harness) async fn stormed(seed: u64, strategy: &Strategy) -> Result<Seen, DriveError> {
    let mut seen = Seen { attempted: RUNS, ..Seen::default() };
    let (mut told, mut astray, mut met) = (Told::default(), 0, 0);
    for run in 0..RUNS {
        let calm = calm(seed ^ run);
        let quiet = played(calm.clone()).await?;
        let simulation = played(bad(calm, strategy)).await?;
        let (before, with) = (Told::of(&quiet), Told::of(&simulation));
        astray += u64::from(went_astray(&simulation));
        told = told.and(with);
        if with.shows(strategy, before) {
            met += 1;
            let arrived = is_at_tip(&simulation);
            seen.recovered += u64::from(arrived);
            if arrived {
                seen.recover_ns.push(with.took_ms.saturating_mul(1_000_000));
            }
        }
    }
    seen.count(name::STORMS_MET, met);
    seen.count(name::WENT_ASTRAY, astray);
    told.write_down(&mut seen);
    Ok(seen)
}

/// A sync of a chain that grows meanwhile, in which nothing goes wrong.
fn calm(seed: u64) -> Plan {
    let truth = TruthPlan { seed, blocks: BLOCKS, fork_every: 60, ..TruthPlan::default() };
    let peers = vec![PeerPlan { count: PEERS, ..PeerPlan::default() }];
    // Slow enough that the harm comes while blocks are missing.
    let link = LinkPlan { bytes_per_ms: 8, ..LinkPlan::default() };
    Plan { seed, truth, known: KNOWN, peers, link, quiet_from_ms: Some(BAD_MS), ..Plan::default() }
}

/// The same sync, with the harm.
fn bad(calm: Plan, strategy: &Strategy) -> Plan {
    let weather = |link: LinkPlan| vec![step(0, Fault::Weather { link, for_ms: BAD_MS })];
    let link = calm.link.clone();
    let faults = match *strategy {
        Strategy::RandomDisconnects { per_minute } => disconnects(per_minute, calm.seed),
        Strategy::SlowNetwork { latency_ms } => {
            weather(LinkPlan { latency_min_ms: latency_ms, latency_max_ms: latency_ms, ..link })
        }
        Strategy::LossyNetwork { permille } => weather(LinkPlan { loss_permille: permille, ..link }),
        Strategy::NoisyNetwork { permille } => weather(LinkPlan { corrupt_permille: permille, ..link }),
        Strategy::Congestion { bytes_per_ms } => weather(LinkPlan { bytes_per_ms, ..link }),
        Strategy::NetworkPartition { percent, for_ms } => {
            let behind = (PEERS * u32::from(percent)).div_ceil(100);
            let groups = vec![Group { nodes: Vec::new(), peers: (0..behind).collect() }];
            vec![step(CUT_MS, Fault::Partition { groups, for_ms })]
        }
        _ => Vec::new(),
    };
    let peers = match *strategy {
        Strategy::ByzantinePeers { peers, count } => liars(peers, count),
        _ => calm.peers.clone(),
    };
    Plan { faults, peers, ..calm }
}

fn step(at_ms: u64, fault: Fault) -> FaultStep {
    FaultStep { at_ms, fault }
}

/// So many peers lose their connections within the minute, at drawn times.
fn disconnects(per_minute: u32, seed: u64) -> Vec<FaultStep> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut times: Vec<u64> = (0..per_minute).map(|_| rng.u64(0..BAD_MS)).collect();
    times.sort_unstable();
    times
        .into_iter()
        .map(|at| step(at, Fault::Disconnect { peer: rng.u32(0..PEERS), for_ms: rng.u64(0..5_000) }))
        .collect()
}

/// Peers of which the first lie.
fn liars(peers: u32, count: u32) -> Vec<PeerPlan> {
    let honest = PeerPlan { count: peers - count, ..PeerPlan::default() };
    let lying = LIES.into_iter().cycle().take(count as usize);
    lying.map(|behaviour| PeerPlan { behaviour, ..PeerPlan::default() }).chain([honest]).collect()
}

async fn played(plan: Plan) -> Result<Simulation<Ideal>, DriveError> {
    let simulation = Simulation::ideal(plan).map_err(at("the plan of a simulation"))?;
    ended(simulation, BAD_MS).await
}

/// Whether the node is at the tip of the honest chain, and says so.
fn is_at_tip(simulation: &Simulation<Ideal>) -> bool {
    let says = simulation.node(0).map(|node| node.state());
    says == Some(SyncState::Synced) && simulation.is_at_tip(0)
}

/// Whether there is a block below the node's tip that is on no honest chain: liars show some.
fn went_astray(simulation: &Simulation<Ideal>) -> bool {
    let Some(node) = simulation.node(0) else { return true };
    let (truth, chain) = (simulation.truth(), node.chain());
    let mut honest: BTreeSet<_> = truth.blocks().iter().map(|block| block.root).collect();
    honest.insert(truth.genesis_ref().root);
    chain.tree().chain(chain.head().root).any(|(root, _)| !honest.contains(&root))
}

/// What the network and the node have counted.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    disconnections: u64,
    lost: u64,
    partitioned: u64,
    corrupted: u64,
    timeouts: u64,
    malformed: u64,
    lies: u64,
    /// The virtual time until the node first said that it is synced.
    took_ms: u64,
}

impl Told {
    fn of(simulation: &Simulation<Ideal>) -> Self {
        let stats = simulation.stats();
        let metrics = simulation.node(0).map(|node| node.sync().metrics().clone()).unwrap_or_default();
        let synced =
            simulation.log().entries().iter().find(|entry| {
                entry.host == Host::Node(0) && matches!(entry.what, What::Says(SyncState::Synced))
            });
        Told {
            disconnections: stats.disconnections,
            lost: stats.lost,
            partitioned: stats.partitioned,
            corrupted: stats.corrupted,
            timeouts: metrics.timeouts,
            malformed: metrics.malformed,
            lies: metrics.lies,
            took_ms: synced.map_or(BOUND_MS, |entry| entry.at),
        }
    }

    /// Whether the harm was met, beside the same sync without it.
    fn shows(self, strategy: &Strategy, calm: Told) -> bool {
        match strategy {
            Strategy::RandomDisconnects { .. } => self.disconnections > calm.disconnections,
            Strategy::SlowNetwork { .. } | Strategy::Congestion { .. } => self.took_ms > calm.took_ms,
            Strategy::LossyNetwork { .. } => self.lost > 0,
            Strategy::NoisyNetwork { .. } => self.corrupted > 0 && self.malformed > 0,
            Strategy::NetworkPartition { .. } => self.partitioned > 0,
            Strategy::ByzantinePeers { .. } => self.lies + self.malformed > calm.lies + calm.malformed,
            _ => false,
        }
    }

    fn and(self, other: Told) -> Told {
        Told {
            disconnections: self.disconnections + other.disconnections,
            lost: self.lost + other.lost,
            partitioned: self.partitioned + other.partitioned,
            corrupted: self.corrupted + other.corrupted,
            timeouts: self.timeouts + other.timeouts,
            malformed: self.malformed + other.malformed,
            lies: self.lies + other.lies,
            took_ms: self.took_ms + other.took_ms,
        }
    }

    fn write_down(self, seen: &mut Seen) {
        let counts = [
            ("connections that were lost", self.disconnections),
            ("messages that were lost", self.lost),
            ("messages that a partition kept", self.partitioned),
            ("messages that were corrupted", self.corrupted),
            ("requests that were not answered in time", self.timeouts),
            ("malformed messages that were refused", self.malformed),
            ("lies that were found out", self.lies),
            ("milliseconds until the tip, in all runs", self.took_ms),
        ];
        counts.into_iter().for_each(|(what, count)| seen.count(what, count));
    }
}

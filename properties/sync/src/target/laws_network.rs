//! The simulated network: what passes through a partition, and how often a message is heard (NW-1, NW-2).

use std::collections::BTreeMap;

use alys_chain::scheme::Ideal;
use alys_engines::violation::{check_eq, violated};

use super::alys::simulated::{
    Fault, FaultStep, Group, Host, LinkPlan, PeerPlan, Plan, Simulation, TruthPlan, What,
};

/// From when to when there is a partition, in milliseconds.
const CUT: (u64, u64) = (4_000, 24_000);

/// How long it takes at most until all that was published is there, by gossip or by sync, whatever the links lose.
const BOUND_MS: u64 = 1_200_000;

fn simulated(plan: Plan) -> Simulation<Ideal> {
    Simulation::ideal(plan).unwrap_or_else(|error| violated("NW-5", format!("no plan: {error}")))
}

fn until(simulation: &mut Simulation<Ideal>, time: u64) {
    let ran = simulation.run_until(time, |_| false);
    ran.unwrap_or_else(|error| violated("SY-9", format!("{error}")));
}

fn height(simulation: &Simulation<Ideal>, node: u32) -> u64 {
    simulation.node(node).map_or(0, |node| node.chain().head().height)
}

/// A chain that grows by a block every slot, which honest peers publish.
fn growing(seed: u64) -> Plan {
    Plan {
        seed,
        known: 10,
        nodes: 2,
        relays: 2,
        truth: TruthPlan { blocks: 60, ..TruthPlan::default() },
        peers: vec![PeerPlan { count: 3, ..PeerPlan::default() }],
        ..Plan::default()
    }
}

/// Nothing passes a partition; when it is healed, all come to one tip.
pub fn nothing_passes_a_partition() -> u64 {
    let mut tried = 0;
    for seed in 0..4 {
        let alone = Group { nodes: vec![1], peers: vec![] };
        let cut = Fault::Partition { groups: vec![alone], for_ms: CUT.1 - CUT.0 };
        let faults = vec![FaultStep { at_ms: CUT.0, fault: cut }];
        let mut simulation = simulated(Plan { faults, ..growing(seed) });
        until(&mut simulation, CUT.0 - 1);
        let before = height(&simulation, 1);
        check_eq("SY-1", "both have begun", &true, &(before >= 10 && height(&simulation, 0) >= 10));
        until(&mut simulation, CUT.1 - 1);
        check_eq("NW-2", "the tip of who is cut off", &before, &height(&simulation, 1));
        let grown = height(&simulation, 0) - before;
        check_eq("NW-2", "the tip of the others goes on", &true, &(grown >= 5));
        let crossed = simulation.log().entries().iter().filter(|entry| {
            let other = match entry.what {
                What::Heard { from, .. } => from,
                What::Connected(with) => with,
                _ => return false,
            };
            let is_alone = |host: Host| host == Host::Node(1);
            (CUT.0 + 1..CUT.1).contains(&entry.at) && is_alone(entry.host) != is_alone(other)
        });
        check_eq("NW-2", "what passes the partition", &0, &crossed.count());
        let healed = simulation.run_to_tip(CUT.1 + 120_000);
        check_eq("NW-2", "one tip after it is healed", &Some(true), &healed.ok());
        tried += 1;
    }
    tried
}

/// Whatever is published is heard by every node, at most once, however often it arrives; what gossip loses comes by sync.
pub fn what_is_published_is_heard_once() -> u64 {
    let mut heard = 0;
    for (seed, duplicate_permille, loss_permille) in [(1, 0, 0), (2, 500, 0), (3, 300, 200), (4, 0, 300)] {
        let link = LinkPlan { duplicate_permille, loss_permille, ..LinkPlan::default() };
        let mut simulation = simulated(Plan { link, ..growing(seed) });
        until(&mut simulation, 30_000);
        let mut times: BTreeMap<(Host, u32), u64> = BTreeMap::new();
        for entry in simulation.log().entries() {
            if let What::Heard { id, .. } = entry.what {
                *times.entry((entry.host, id)).or_default() += 1;
            }
        }
        check_eq("NW-1", "the most times a message is heard", &Some(&1), &times.values().max());
        let of_nodes = times.keys().filter(|(host, _)| matches!(host, Host::Node(_))).count() as u64;
        check_eq("NW-1", "whether gossip is heard", &true, &(of_nodes >= 20));
        if loss_permille == 0 {
            let honest = simulation.truth().view(simulation.now()).head().height;
            let tips = [height(&simulation, 0), height(&simulation, 1)];
            check_eq("NW-1", "whether all is heard", &true, &tips.iter().all(|tip| tip + 1 >= honest));
        }
        let done = simulation.run_to_tip(BOUND_MS);
        check_eq("NW-1", "whether all comes in the end", &Some(true), &done.ok());
        heard += of_nodes;
    }
    heard
}

/// A stream that a partition catches a piece of is lost as a whole, and is one message: what arrives behind it is no frame of it.
pub fn a_stream_is_cut_as_a_whole() -> u64 {
    let mut caught = 0;
    for seed in 0..6 {
        let link = LinkPlan { latency_max_ms: 200, chunks_max: 64, ..LinkPlan::default() };
        let cuts = (1..40_u64).map(|number| FaultStep {
            at_ms: number * 300,
            fault: Fault::Partition { groups: vec![Group { nodes: vec![0], peers: vec![] }], for_ms: 40 },
        });
        let mut simulation = simulated(Plan { link, faults: cuts.collect(), nodes: 1, ..growing(seed) });
        until(&mut simulation, 14_000);
        let malformed = |what: &What| matches!(what, What::Malformed { .. });
        let entries = simulation.log().entries();
        let count = entries.iter().filter(|entry| malformed(&entry.what)).count();
        check_eq("NW-2", "how much is malformed on whole links", &0, &count);
        let stats = simulation.stats();
        let ended = stats.delivered + stats.lost + stats.partitioned;
        check_eq("NW-5", "what has come of all that was sent", &(stats.sent + stats.duplicated), &ended);
        caught += stats.partitioned;
    }
    check_eq("NW-2", "whether anything was caught", &true, &(caught > 10));
    caught
}

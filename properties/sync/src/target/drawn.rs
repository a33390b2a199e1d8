//! Plans drawn from a seed: who lies, what the network does, and what goes wrong.

use alys_engines::draw::SplitMix;

use super::alys::config::Settings;
use super::alys::simulated::{
    Behaviour, Fault, FaultStep, Group, LinkPlan, LongRange, PeerPlan, Plan, TruthPlan,
};

/// From when on nothing fails any more, in milliseconds.
pub const QUIET_MS: u64 = 40_000;

/// Draws numbers.
#[derive(Debug)]
struct Dice(SplitMix);

impl Dice {
    /// Below a bound.
    fn below(&mut self, bound: u64) -> u64 {
        self.0.next() % bound.max(1)
    }

    fn from(&mut self, least: u64, most: u64) -> u64 {
        least + self.below(most - least + 1)
    }

    fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }
}

/// The plan of a seed: one or two nodes, honest peers and others, up to six faults, and quiet from [`QUIET_MS`] on.
#[must_use]
pub fn plan(seed: u64) -> Plan {
    let mut dice = Dice(SplitMix(seed));
    let blocks = dice.from(8, 60);
    let truth = TruthPlan {
        seed: dice.below(1 << 40),
        blocks,
        block_permille: dice.of(&[1000, 1000, 800]),
        fork_every: dice.of(&[0, 0, 6, 9]),
        transfers: dice.below(2) as u32,
        long_range: dice.once_in(3).then_some(LongRange { from: 1, blocks: 2 }),
        ..TruthPlan::default()
    };
    let nodes = dice.from(1, 2) as u32;
    let mut peers = vec![PeerPlan { count: dice.from(1, 3) as u32, ..PeerPlan::default() }];
    for _ in 0..dice.below(4) {
        let (joins_ms, lag_ms) = (dice.below(20_000), dice.below(3_000));
        peers.push(PeerPlan { count: 1, behaviour: behaviour(&mut dice), joins_ms, lag_ms });
    }
    let (honest, count) = (peers[0].count, peers.iter().map(|one| one.count).sum());
    let mut faults: Vec<_> = (0..dice.below(7))
        .map(|_| FaultStep {
            at_ms: dice.below(QUIET_MS - 5_000),
            fault: fault(&mut dice, nodes, honest, count),
        })
        .collect();
    faults.sort_by_key(|step| step.at_ms);
    Plan {
        seed: dice.below(1 << 40),
        known: dice.from(blocks / 2, blocks),
        nodes,
        relays: if dice.once_in(2) { dice.from(1, u64::from(honest)) as u32 } else { 0 },
        reconnect_ms: dice.from(500, 3_000),
        quiet_from_ms: Some(QUIET_MS),
        truth,
        sync: settings(&mut dice),
        link: if dice.once_in(3) { LinkPlan::default() } else { weather(&mut dice) },
        peers,
        faults,
    }
}

fn settings(dice: &mut Dice) -> Settings {
    let batch_min = dice.from(1, 6);
    let batch_max = dice.from(batch_min, 12);
    Settings {
        workers: dice.from(1, 6),
        batch_min,
        batch_max,
        blocks_in_flight: dice.from(batch_max + 1, 40),
        // Longer than the slowest link takes for an answer, so that what is honest arrives in time.
        request_timeout: dice.from(3_000, 8_000),
        status_interval: dice.from(2_000, 8_000),
        rest: dice.from(500, 2_000),
        sample: dice.from(1, 3),
        freshness_slots: dice.of(&[0, 2, 4, 8]),
        max_lag_blocks: dice.of(&[0, 1, 100]),
        bootstrap: dice.once_in(10),
        ban_time: dice.from(5_000, 60_000),
        ..Settings::default()
    }
}

fn behaviour(dice: &mut Dice) -> Behaviour {
    match dice.below(20) {
        0 => Behaviour::Slow { by_ms: dice.below(3_000) },
        1 => Behaviour::Stalls { after: dice.below(4) as u32 },
        2 => Behaviour::NeverAnswers,
        3 => Behaviour::Refuses,
        4 => Behaviour::Empty,
        5 => Behaviour::Short { blocks: dice.from(1, 3) },
        6 => Behaviour::Stale { by: dice.from(1, 10) },
        7 => Behaviour::Sybil { height: dice.below(8) },
        8 => Behaviour::WrongFork,
        9 | 10 => Behaviour::InvalidCertificate { every: dice.from(1, 5) },
        11 => Behaviour::Unlinked,
        12 => Behaviour::Oversized,
        13 => Behaviour::ClaimsTooHigh { by: dice.from(1, 50) },
        14 => Behaviour::ForgedTip,
        15 => Behaviour::NothingAtStake,
        16 => Behaviour::LongRangeFork,
        17 => Behaviour::Garbage,
        18 => Behaviour::Flaps { every_ms: dice.from(500, 8_000) },
        _ => Behaviour::Pesters { every_ms: dice.from(100, 3_000) },
    }
}

fn weather(dice: &mut Dice) -> LinkPlan {
    let latency_min_ms = dice.below(100);
    LinkPlan {
        latency_min_ms,
        latency_max_ms: latency_min_ms + dice.below(400),
        loss_permille: dice.of(&[0, 20, 100, 250]),
        duplicate_permille: dice.of(&[0, 0, 50]),
        reorder_permille: dice.of(&[0, 0, 100]),
        corrupt_permille: dice.of(&[0, 10, 60]),
        chunks_max: dice.from(1, 5) as u8,
        bytes_per_ms: dice.of(&[0, 0, 50]),
    }
}

fn fault(dice: &mut Dice, nodes: u32, honest: u32, peers: u32) -> Fault {
    let (node, peer) = (dice.below(u64::from(nodes)) as u32, dice.below(u64::from(peers)) as u32);
    let for_ms = dice.below(8_000);
    match dice.below(12) {
        0 => Fault::Disconnect { peer, for_ms },
        1 => Fault::Leave { peer },
        2 => Fault::Cascade { first: peer, count: peers - peer, every_ms: dice.below(1_000), for_ms },
        3 => Fault::Partition { groups: vec![Group { nodes: vec![node], peers: vec![peer] }], for_ms },
        4 => Fault::Weather { link: weather(dice), for_ms },
        5 => Fault::Stall { peer, for_ms },
        6 | 7 => Fault::Crash { node, for_ms },
        8 | 9 => Fault::Medium { node, after: dice.below(40), comes_through: dice.once_in(2), for_ms },
        // Those who are honest from the beginning stay so: somebody must.
        10 if peer >= honest => Fault::Turn { peer, behaviour: behaviour(dice) },
        _ => Fault::Clock { node, by_ms: if dice.once_in(2) { -(for_ms as i64) } else { for_ms as i64 } },
    }
}

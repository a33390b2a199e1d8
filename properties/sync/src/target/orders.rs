//! All orders of delivery of a small sync, on the real engine (SY-1, SY-3, SY-6, SY-10).

use std::collections::BTreeSet;

use alys_engines::violation::{check_eq, violated};
use alys_wire::message::Request;

use super::alys::config::Settings;
use super::alys::engine::Answer;
use super::script::{LATER, small};
use super::stage::{Stage, Work};
use crate::chains::{Certified, Realm, forged, header, root};

/// How many peers there are.
const PEERS: u64 = 3;

/// The one that lies: the one that is asked first.
const LIAR: u64 = 1;

/// How the liar lies about ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// It sends nothing.
    Empty,
    /// It spoils a certificate.
    Forged,
    /// It sends half of what it has.
    Short,
    /// It sends blocks of other heights.
    Elsewhere,
}

/// Every way to lie.
pub const LIES: [Lie; 4] = [Lie::Empty, Lie::Forged, Lie::Short, Lie::Elsewhere];

/// What was tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tried {
    /// Different states.
    pub states: u64,
    /// Deliveries.
    pub deliveries: u64,
    /// Ends.
    pub ends: u64,
}

/// Three peers, one of which lies, batches of two, six blocks: whatever order answers come in, the node comes to the tip.
///
/// Two ways to the same state are gone on with once: states are told apart by all that the engine and its host hold.
///
/// # Panics
///
/// Raises a violation when an order breaks a rule.
pub fn all_orders_come_to_the_tip(lie: Lie, proofs: bool) -> Tried {
    let realm = Realm::default();
    let chain = realm.chain(&realm.genesis, 6, 0);
    let settings = Settings {
        batch_min: 2,
        batch_max: 2,
        workers: 3,
        blocks_in_flight: 7,
        status_interval: 600_000,
        request_timeout: 600_000,
        backoff_min: 1,
        backoff_max: 1,
        breaker_failures: 1024,
        sample: 2,
        ..small()
    };
    let mut stage = Stage::new(&realm, settings, LATER);
    for peer in 1..=PEERS {
        if proofs { drop(stage.connect(peer)) } else { drop(stage.introduce(peer, &chain)) }
    }
    let (mut tried, mut seen) = (Tried::default(), BTreeSet::new());
    let mut stack = vec![stage];
    while let Some(stage) = stack.pop() {
        if !seen.insert(format!("{:?}", (&stage.engine, &stage.open, &stage.work, &stage.head))) {
            continue;
        }
        tried.states += 1;
        let next = deliveries(&stage, &chain, lie);
        if next.is_empty() {
            tried.ends += 1;
            check_eq("SY-1", "the tip at the end", &root(&chain[5]), &stage.head.head.root);
        }
        tried.deliveries += next.len() as u64;
        stack.extend(next);
    }
    tried
}

/// What can happen next: any open request is answered, or the oldest work is done; where nothing is open, a moment passes.
fn deliveries(stage: &Stage, chain: &[Certified], lie: Lie) -> Vec<Stage> {
    let mut next = Vec::new();
    for sent in &stage.open {
        let mut one = stage.clone();
        let honest = one.honest_answer(&sent.message, chain);
        let answer = match (&sent.message, honest, sent.peer.0) {
            (Request::BlocksByRange(_), Answer::Blocks(blocks), LIAR) => {
                Answer::Blocks(lies(lie, blocks, chain))
            }
            (_, honest, _) => honest,
        };
        drop(one.answer(sent, answer));
        next.push(one);
    }
    if matches!(stage.work.front(), Some(Work::Verify(..) | Work::Process(..))) {
        let mut one = stage.clone();
        drop(one.do_work());
        next.push(one);
    }
    if next.is_empty() && stage.head.head.height < chain.len() as u64 {
        let mut one = stage.clone();
        let wakes = one.engine.next_wakeup();
        let Some(at) = wakes.filter(|at| *at < LATER + 300_000) else {
            violated("SY-1", format!("it waits for nothing at height {}", one.head.head.height))
        };
        drop(one.wait_until(at));
        next.push(one);
    }
    next
}

fn lies(lie: Lie, mut blocks: Vec<Certified>, chain: &[Certified]) -> Vec<Certified> {
    match (lie, blocks.last().cloned()) {
        (Lie::Empty, _) => blocks.clear(),
        (Lie::Short, _) => blocks.truncate(1),
        (Lie::Forged, Some(last)) => {
            blocks.pop();
            blocks.push(forged(&last));
        }
        (Lie::Elsewhere, Some(last)) => {
            let shifted = header(&last).height as usize % chain.len();
            blocks = vec![chain[shifted].clone()];
        }
        (_, None) => {}
    }
    blocks
}

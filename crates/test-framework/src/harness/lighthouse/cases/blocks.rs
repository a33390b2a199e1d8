//! Blocks that are built, proposed and followed.

use alys_consensus::{engine::Fork, octets::Hash};
use alys_consensus_properties::realm::Realm;
use serde_json::{Value, json};

use super::{
    super::named,
    client::{FEES, Pair},
    notes::{Notes, play},
};
use crate::{
    case::{Pace, TestCase},
    event::TestEventType::{MessageReceived, MessageSent, StateTransition},
    evidence::Evidence,
    judge::Judge,
    stage::Driven,
};

pub(super) const INTEGRATION: TestCase = named::case(
    named::INTEGRATION,
    Pace::Virtual,
    |stage| Box::pin(play(stage, integration)),
    judge_integration,
);

pub(super) const BUILDING: TestCase =
    named::case(named::BUILDING, Pace::Virtual, |stage| Box::pin(play(stage, building)), judge_building);

pub(super) const FORK_CHOICE: TestCase =
    named::case(named::FORK_CHOICE, Pace::Virtual, |stage| Box::pin(play(stage, reorgs)), judge_reorgs);

/// The forks that have an execution client in process.
const FORKS: [(Fork, &str); 3] =
    [(Fork::Shanghai, "Shanghai"), (Fork::Cancun, "Cancun"), (Fork::Prague, "Prague")];

/// How many blocks there are at each fork.
const BLOCKS: u64 = 10;

/// What is seen of a node: where its chain and its execution client are.
fn shown(pair: &Pair) -> String {
    let tip = pair.tip();
    let told = if pair.is_told() { "told" } else { "not told" };
    format!(
        "height {}, number {}, time {}, final {}, {told}",
        pair.height(),
        tip.number,
        tip.timestamp,
        pair.final_number()
    )
}

async fn integration(seed: u64, notes: &mut Notes) -> Driven {
    let mut rng = fastrand::Rng::with_seed(seed);
    for (fork, name) in FORKS {
        let realm = Realm::of(1);
        let (mut leader, mut follower) = (Pair::open(&realm, fork).await?, Pair::open(&realm, fork).await?);
        let mut slot = 0;
        for _ in 0..BLOCKS {
            slot += *rng.choice(&[1, 1, 1, 2, 5]).unwrap_or(&1);
            let block = leader.proposed(slot).await?;
            notes.note(StateTransition, &format!("leader at {name}"), slot, shown(&leader));
            let came = follower.receive(&block).await;
            notes.note(MessageReceived, &format!("follower at {name}"), slot, came);
            notes.note(StateTransition, &format!("follower at {name}"), slot, shown(&follower));
        }
        let blocks = [&leader, &follower].map(|pair| pair.execution.known().blocks.len() as u64);
        notes.note(MessageSent, &format!("clients at {name}"), blocks[0], blocks[1]);
    }
    Ok(())
}

/// The height of the last final block: the middle one of three in slots one after the other.
fn final_height(slots: &[u64]) -> usize {
    let chain: Vec<u64> = std::iter::once(0).chain(slots.iter().copied()).collect();
    let mut middle = (1..chain.len().saturating_sub(1))
        .filter(|at| chain[at - 1] + 1 == chain[*at] && chain[*at] + 1 == chain[at + 1]);
    middle.next_back().unwrap_or(0)
}

fn judge_integration(seen: Evidence<'_>, judge: &mut Judge) {
    for (_, name) in FORKS {
        for who in ["leader", "follower"] {
            let source = format!("{who} at {name}");
            let slots: Vec<_> =
                seen.counts(StateTransition, &source, "what").into_iter().map(|(_, slot)| slot).collect();
            judge.equal("CL-2", &format!("{source}: blocks"), BLOCKS, slots.len());
            let expected: Vec<_> = (1..=slots.len())
                .map(|height| {
                    // Slots of four seconds from second 1000 on; the execution client counts its blocks as the chain does.
                    let (time, last) = (1000 + 4 * slots[height - 1], final_height(&slots[..height]));
                    format!("height {height}, number {height}, time {time}, final {last}, told")
                })
                .collect();
            let expected: Vec<_> = expected.iter().map(String::as_str).collect();
            judge.same("CL-2", &source, &expected, &seen.words(StateTransition, &source, "came"));
        }
        let source = format!("follower at {name}");
        let taken = vec!["taken"; BLOCKS as usize];
        judge.same("CL-2", "proposals that came in", &taken, &seen.words(MessageReceived, &source, "came"));
        let clients = format!("clients at {name}");
        for key in ["what", "came"] {
            judge.same("CL-2", &clients, &[BLOCKS], &seen.counts(MessageSent, &clients, key));
        }
    }
}

/// What a payload must be, as words that are written in one way.
fn ordered(parent: Hash, randomness: Hash, time: u64, fork: Fork) -> Value {
    let root = (fork >= Fork::Cancun).then_some(randomness);
    json!([parent, randomness, format!("{time:#x}"), FEES, Value::Array(Vec::new()), root])
}

async fn building(seed: u64, notes: &mut Notes) -> Driven {
    let mut rng = fastrand::Rng::with_seed(seed);
    for (fork, name) in FORKS {
        let mut pair = Pair::open(&Realm::of(1), fork).await?;
        let mut slot = 0;
        for _ in 0..4 {
            slot += rng.u64(1..9);
            let (parent, root) = (pair.tip().hash, Hash::from(pair.header().root()));
            let time = pair.realm.time(slot);
            notes.note(MessageSent, name, slot, ordered(parent, root, time, fork).to_string());
            pair.proposed(slot).await?;
            let known = pair.execution.known();
            let payload = known.blocks.get(&pair.tip().hash.to_string()).cloned().unwrap_or_default();
            // A payload of the client in process keeps the root that it was built with as its state's.
            let beacon = if fork >= Fork::Cancun { payload["stateRoot"].clone() } else { Value::Null };
            let built = json!([
                payload["parentHash"],
                payload["prevRandao"],
                payload["timestamp"],
                payload["feeRecipient"],
                payload["withdrawals"],
                beacon
            ]);
            notes.note(MessageReceived, name, slot, built.to_string());
        }
    }
    Ok(())
}

fn judge_building(seen: Evidence<'_>, judge: &mut Judge) {
    for (_, name) in FORKS {
        let words = |(_, words): &(u64, _)| *words;
        let ordered: Vec<_> = seen.words(MessageSent, name, "came").iter().map(words).collect();
        judge.equal("CL-2", &format!("payloads of {name}"), 4_u64, ordered.len());
        judge.same("CL-2", name, &ordered, &seen.words(MessageReceived, name, "came"));
    }
}

async fn reorgs(seed: u64, notes: &mut Notes) -> Driven {
    let mut rng = fastrand::Rng::with_seed(seed);
    for (fork, name) in FORKS {
        let realm = Realm::of(1);
        let (mut ours, mut theirs) = (Pair::open(&realm, fork).await?, Pair::open(&realm, fork).await?);
        let first = ours.proposed(1 + rng.u64(1..9)).await?;
        theirs.import(first.clone()).await?;
        let mut slot = first.block.header.slot;
        // Each branch gets longer by two, and the other node is told; never in slots one after the other: nothing is final.
        ours.proposed(slot + 2).await?;
        for round in 0..4_u64 {
            let (proposer, other) =
                if round % 2 == 0 { (&mut theirs, &mut ours) } else { (&mut ours, &mut theirs) };
            for _ in 0..2 {
                slot += 2 + rng.u64(1..4);
                let block = proposer.proposed(slot).await?;
                other.import(block).await?;
            }
            let has_moved = other.tip().hash == proposer.tip().hash;
            let said = format!("height {}, moved {has_moved}, told {}", other.height(), other.is_told());
            notes.note(StateTransition, name, slot, said);
            // A block that nobody else has, so that there is something to leave in the next round.
            slot += 2;
            proposer.proposed(slot).await?;
        }
    }
    Ok(())
}

fn judge_reorgs(seen: Evidence<'_>, judge: &mut Judge) {
    for (_, name) in FORKS {
        let told = seen.words(StateTransition, name, "came");
        judge.same("CL-2", name, &REORGS, &told);
    }
}

/// What is seen of the node that was left behind, in each round.
const REORGS: [&str; 4] = [
    "height 3, moved true, told true",
    "height 5, moved true, told true",
    "height 7, moved true, told true",
    "height 9, moved true, told true",
];

//! The generator of concurrent programs: three or four threads that share a few keys.

use alys_models::tracker::TrackerTransition;
use proptest::{
    prelude::Rng,
    test_runner::{RngAlgorithm, TestRng},
};

use super::history::Script;
use crate::draw::Draw;

const ACTORS: usize = 2;
const SENDERS: usize = 2;

/// The next number of each key, over all threads of a program.
type Counters = [[u64; SENDERS]; ACTORS];

/// Returns the program of a seed.
#[must_use]
pub fn program(seed: u64) -> Script {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut draw = Draw(&mut rng);
    // One actor more often than two: what threads do to each other is what counts.
    let actors = draw.pick(&[1, 1, 2]);
    let mut counters = Counters::default();
    let before = before(&mut draw, actors);
    let threads = (0..draw.pick(&[3, 3, 4])).map(|_| {
        let calls = draw.pick(&[3, 4, 5]);
        (0..calls).map(|_| call(&mut draw, actors, &mut counters)).collect()
    });
    let threads = threads.collect();
    Script { before, threads }
}

/// Programs of two threads with one call each, which have few enough schedules for all of them.
pub(super) fn small() -> impl Iterator<Item = Script> {
    use TrackerTransition::{Count, Record, RecordByHandle, Resolve, SetExpected, Verify};
    let (actor, sender) = (0, 0);
    let known = Resolve { actor, sender };
    let pairs = [
        (vec![known.clone()], Record { actor, sender, sequence: 0 }, Record { actor, sender, sequence: 1 }),
        (vec![known.clone()], RecordByHandle { actor, sender, sequence: 1 }, Verify { actor }),
        (vec![known], Record { actor, sender, sequence: 0 }, Count { actor }),
        (Vec::new(), SetExpected { actor, ordering: vec![0] }, Record { actor, sender, sequence: 0 }),
        (Vec::new(), Resolve { actor, sender }, Record { actor, sender, sequence: 0 }),
    ];
    pairs.into_iter().map(|(before, one, other)| Script { before, threads: vec![vec![one], vec![other]] })
}

/// Some keys exist already, some actors have an expected order.
fn before<R: Rng>(draw: &mut Draw<'_, R>, actors: usize) -> Vec<TrackerTransition> {
    let mut before = Vec::new();
    for actor in 0..actors as u8 {
        for sender in 0..SENDERS as u8 {
            if !draw.once_in(3) {
                before.push(TrackerTransition::Resolve { actor, sender });
            }
        }
        if draw.once_in(5) {
            before.push(TrackerTransition::SetExpected { actor, ordering: ordering(draw) });
        }
    }
    before
}

fn ordering<R: Rng>(draw: &mut Draw<'_, R>) -> Vec<u64> {
    draw.pick(&[&[0][..], &[0, 1], &[0, 0], &[0, 0, 1], &[]]).to_vec()
}

fn call<R: Rng>(draw: &mut Draw<'_, R>, actors: usize, counters: &mut Counters) -> TrackerTransition {
    let (place, key) = (draw.index(actors), draw.index(SENDERS));
    let (actor, sender) = (place as u8, key as u8);
    match draw.weighted(&[6, 10, 1, 2, 3, 4, 3]) {
        0 => TrackerTransition::Record { actor, sender, sequence: next(draw, &mut counters[place][key]) },
        1 => TrackerTransition::RecordByHandle {
            actor,
            sender,
            sequence: next(draw, &mut counters[place][key]),
        },
        2 => TrackerTransition::Resolve { actor, sender },
        3 => TrackerTransition::SetExpected { actor, ordering: ordering(draw) },
        4 => TrackerTransition::Verify { actor },
        5 => TrackerTransition::Count { actor },
        _ => TrackerTransition::Report { actor },
    }
}

/// Mostly the next number of the key, whoever records it; sometimes the same again, or one too far.
fn next<R: Rng>(draw: &mut Draw<'_, R>, counter: &mut u64) -> u64 {
    match draw.below(8) {
        0 => *counter,
        1 => *counter + 1,
        2 => counter.saturating_sub(1),
        _ => {
            *counter += 1;
            *counter - 1
        }
    }
}

//! Batches: what is judged together is answered as it would be alone.

mod brew;
mod counted;
mod together;

use std::num::NonZeroUsize;
use std::sync::Arc;

use alys_engines::violation::check_eq;

use super::super::alys::engine::{Effect, Effects, Engine, Event, ImportRefusal, Importing, Signatures};
use super::super::alys::transition::Transfers;
use super::super::keys::{BlsKeys, IdealKeys, Keyring};
use brew::{Brew, brewed};

pub(super) use counted::{costs, order};
pub(super) use together::{claims, coefficients};

/// How many batches are drawn with ideal signatures, and with BLS.
const DRAWN: (u64, u64) = (400, 8);

/// What drawn batches met.
#[derive(Debug, Default)]
struct Met {
    entered: u64,
    known: u64,
    forged: u64,
    refused: u64,
    waiting: u64,
    votes: u64,
}

impl Met {
    fn see(&mut self, effects: &Effects<Transfers>) {
        for effect in effects {
            match effect {
                Effect::Commit(_) => self.entered += 1,
                Effect::BlockKnown { .. } => self.known += 1,
                Effect::PersistVote { .. } => self.votes += 1,
                Effect::ImportRefused { refusal, .. } => match refusal {
                    ImportRefusal::Waits(_) => self.waiting += 1,
                    ImportRefusal::Certificate(_) => self.forged += 1,
                    _ => self.refused += 1,
                },
                _ => {}
            }
        }
    }
}

/// The effects of importing blocks one by one.
fn one_by_one<K: Keyring>(engine: &mut Engine<K::Scheme, Transfers>, brew: &Brew<K>) -> Effects<Transfers> {
    let signatures = brew.importing.signatures;
    let events = brew.blocks.iter().map(|block| Event::Import { block: Arc::clone(block), signatures });
    events.flat_map(|event| engine.handle(event, brew.now)).collect()
}

/// A batch, in one part or two.
fn together<K: Keyring>(
    engine: &mut Engine<K::Scheme, Transfers>,
    brew: &Brew<K>,
    at: usize,
) -> Effects<Transfers> {
    let (first, second) = brew.blocks.split_at(at);
    let mut effects = engine.import_all(first, brew.importing, brew.now);
    effects.extend(engine.import_all(second, brew.importing, brew.now));
    effects
}

fn alike<K: Keyring>(brew: &Brew<K>, at: usize, met: &mut Met) {
    let (mut alone, mut batched) = (brew.engine.clone(), brew.engine.clone());
    let expected = one_by_one(&mut alone, brew);
    let effects = together(&mut batched, brew, at);
    met.see(&expected);
    check_eq("CH-1", "how many effects a batch has", &expected.len(), &effects.len());
    for (expected, effect) in expected.iter().zip(&effects) {
        check_eq("CH-1", "an effect of a batch", expected, effect);
    }
    // All of it: tree and states, pool, head, finality, duties.
    check_eq("CH-3", "the node after a batch", &format!("{alone:?}"), &format!("{batched:?}"));
}

/// Batches of any blocks have the effects of their blocks one by one, and lead to the same node.
pub(super) fn exact() {
    let mut met = Met::default();
    for seed in 0..DRAWN.0 {
        let brew = brewed::<IdealKeys>(seed, 1 + seed % 12);
        alike(&brew, seed as usize % (brew.blocks.len() + 1), &mut met);
    }
    for seed in 0..DRAWN.1 {
        alike(&brewed::<BlsKeys>(seed, 6), 0, &mut met);
    }
    let Met { entered, known, forged, refused, waiting, votes } = met;
    let least = [entered, known, forged, refused, waiting, votes].into_iter().min();
    check_eq("CH-1", &format!("whether {met:?} is worth its name"), &true, &(least > Some(10)));
}

/// Batches around the number of blocks that are verified together, on up to five threads, with a forged one anywhere.
pub(super) fn lengths() {
    let (engine, chain) = counted::chain(200);
    for len in [0_usize, 1, 2, 63, 64, 65, 127, 128, 129, 200] {
        for forged in [None, Some(0), Some(len / 2), len.checked_sub(1)] {
            let mut blocks = chain[..len].to_vec();
            if let Some(block) = forged.and_then(|at| blocks.get_mut(at)) {
                Arc::make_mut(block).signed_block.signature[0] ^= 1;
            }
            for threads in 0..5 {
                let threads = NonZeroUsize::MIN.saturating_add(threads);
                let importing = Importing { signatures: Signatures::Verified, threads };
                let (engine, blocks) = (engine.clone(), blocks.clone());
                let brew = Brew::<IdealKeys> { engine, blocks, importing, now: 1_000 };
                alike(&brew, 0, &mut Met::default());
            }
        }
    }
}

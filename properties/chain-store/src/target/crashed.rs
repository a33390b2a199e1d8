//! The store as the crash engine wants it.

use alys_engines::crash::{self, Effort, Store};
use alys_models::chain_store::{Block, Held, Row, Transition};
use thiserror::Error;

use super::{
    adapter::{Chain, stored},
    alys::store::{ChainStore as _, OpenError},
    compare,
    disk::Syncs,
};
use crate::{
    oracle,
    reference::{State, StoreReference},
};

/// Why a store could not do something.
#[derive(Debug, Error)]
pub enum Failed {
    /// It cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Disk or database have failed.
    #[error("{0}")]
    Store(String),
}

/// A store under the crash engine; with `LIES`, on a disk whose syncs do nothing.
#[derive(Debug)]
pub struct Crashing<const LIES: bool> {
    chain: Chain,
    /// What the model would hold of blocks that were given: only numbers are looked up in it.
    known: Held,
}

impl<const LIES: bool> Store for Crashing<LIES> {
    /// Opening takes a millisecond, and there are some hundred images of a case.
    const EFFORT: Effort = Effort::Sampled { again: 8 };

    type Reference = StoreReference<false>;
    type Error = Failed;

    fn open(disk: &crash::Disk, initial: &State) -> Result<Self, Failed> {
        let syncs = if LIES { Syncs::Lies } else { Syncs::Truly };
        let chain = Chain::open(disk, syncs, initial.held().interval)?;
        Ok(Crashing { chain, known: initial.held().clone() })
    }

    /// A refusal is an answer like any other: what is then held shows whether it was the right one.
    fn apply(&mut self, transition: &Transition) -> Result<(), Failed> {
        self.chain.make(transition, &self.known).map(drop).map_err(Failed::Store)
    }

    fn found(&self) -> Held {
        let store = self.chain.store();
        let mut held = Held::new(self.known.interval);
        let blocks = store.tree(0).into_iter().flatten().flatten();
        held.blocks = blocks.filter_map(|block| identified(&block)).map(|block| (block.id, block)).collect();
        let canonical = store.blocks(0).into_iter().flatten().flatten();
        held.canonical =
            canonical.filter_map(|block| identified(&block)).map(|block| (block.height, block.id)).collect();
        held.head = number(&store.head().root);
        held.finalised = number(&store.finalised().root);
        held.base = store.base();
        held.voted = store.voted_slot();
        held.values = (0..4)
            .filter_map(|key| Some((key, store.state(&[key]).ok().flatten()?.first().copied()?)))
            .collect();
        held.anchors = store.anchors(0).map_or_else(
            |_| Vec::new(),
            |_| {
                let ids = held.blocks.keys().map(|id| range_of(*id));
                let known = Held { anchors: ids.collect(), ..held.clone() };
                compare::ranges(store, &known, 0)
            },
        );
        held.rows = self.wrong_rows(&held);
        held
    }
}

fn range_of(block: u32) -> alys_models::chain_store::Anchor {
    alys_models::chain_store::Anchor { first: 0, last: 0, block, parent: 0 }
}

impl<const LIES: bool> Crashing<LIES> {
    /// The heights whose checkpoint is not the one by definition: after a crash there are none.
    fn wrong_rows(&self, held: &Held) -> std::collections::BTreeMap<u64, Row> {
        let store = self.chain.store();
        let clean = store.verify().is_ok_and(|verified| verified.damaged.is_none());
        let whole = held.blocks.contains_key(&held.finalised)
            && held.due().iter().all(|height| held.canonical.contains_key(height));
        if !clean || !whole {
            return [(0, Row::Rotten)].into();
        }
        let wrong = oracle::checkpoints(held).into_iter().filter(|(height, bytes, _)| {
            let served = store.checkpoint(*height).ok().flatten();
            served.is_none_or(|checkpoint| checkpoint.to_bytes() != bytes.as_slice())
        });
        wrong.map(|(height, ..)| (height, Row::Rotten)).collect()
    }
}

/// How many numbers are tried: cases are small.
const NUMBERS: u32 = 200;

/// The number of a root.
fn number(root: &[u8; 32]) -> u32 {
    (0..NUMBERS).find(|id| oracle::root(*id) == *root).unwrap_or(u32::MAX)
}

/// The block of the model that this is, if it is one in every byte.
fn identified(block: &super::alys::store::StoredBlock) -> Option<Block> {
    let id = number(&block.root);
    let parent = if id == 0 { 0 } else { number(&block.parent) };
    let found = Block { id, parent, height: block.height };
    (stored(&found) == *block).then_some(found)
}

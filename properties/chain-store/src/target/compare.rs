//! All that a store can be asked, held to what the model holds.

use std::fmt::Debug;

use alys_engines::violation::{check_eq, violated};
use alys_models::chain_store::{Anchor as Range, Block, Broken, Held};

use super::{
    adapter::{Chain, broken, stored},
    alys::{
        checkpoint::Checkpoint,
        store::{
            ChainStore as _, CheckpointDamage, Damage, RedbStore, Root, StoreError, StoredBlock, Tip, What,
        },
    },
    mined::Miner,
};
use crate::oracle;

/// What a reader of a block is given: it, nothing, or the height of damage.
type Read = Result<Option<StoredBlock>, u64>;

fn tip(held: &Held, id: u32) -> Tip {
    Tip { height: held.blocks[&id].height, root: oracle::root(id) }
}

/// A reader is given the value, or is told of damage: never another value, and nothing else fails.
fn read<T>(rule: &'static str, what: &str, found: Result<T, StoreError>) -> Result<T, u64> {
    match found {
        Ok(value) => Ok(value),
        Err(StoreError::Damaged(Damage { what: What::Block, height })) => Err(height),
        Err(error) => violated(rule, format!("{what}: {error}")),
    }
}

/// Holds a store to what a model holds.
///
/// # Panics
///
/// Raises a violation of the first rule that does not hold.
pub fn compare(chain: &Chain, held: &Held, asked: u32) {
    let store = chain.store();
    check_eq("CH-8", "the head", &tip(held, held.head), &store.head());
    check_eq("CH-8", "the finalised block", &tip(held, held.finalised), &store.finalised());
    check_eq("CH-8", "the height below which blocks were pruned", &held.base, &store.base());
    check_eq("CH-5", "the last slot with a vote", &held.voted, &store.voted_slot());
    check_eq("CH-7", "the mark of what was verified", &held.verified_up_to, &store.verified_up_to());
    blocks(store, held, asked);
    canonical(store, held);
    checkpoints(store, held);
    values(store, held);
    anchors(store, held);
}

fn expected(held: &Held, block: &Block) -> Read {
    if held.rotten.contains(&block.id) { Err(block.height) } else { Ok(Some(stored(block))) }
}

/// Which rule a wrong answer breaks: what is damaged must be told.
fn of(model: &Read) -> &'static str {
    if model.is_err() { "CH-7" } else { "CH-8" }
}

fn blocks(store: &RedbStore, held: &Held, asked: u32) {
    for id in 0..asked {
        let model = held.blocks.get(&id).map_or(Ok(None), |block| expected(held, block));
        let real = read("CH-8", "a block", store.block(&oracle::root(id)));
        same(of(&model), &format!("block {id}"), &model, &real);
    }
    for from in [0, held.finalised_height()] {
        let mut ordered: Vec<&Block> = held.blocks.values().filter(|block| block.height >= from).collect();
        ordered.sort_by_key(|block| (block.height, oracle::root(block.id)));
        let model: Vec<_> = ordered.into_iter().map(|block| expected(held, block)).collect();
        let tree = read("CH-8", "the tree", store.tree(from)).into_iter().flatten();
        let real: Vec<_> = tree.map(|block| read("CH-8", "a block of the tree", block).map(Some)).collect();
        same("CH-8", &format!("the tree from height {from} on"), &model, &real);
    }
}

fn canonical(store: &RedbStore, held: &Held) {
    let at =
        |height: u64| held.canonical.get(&height).map_or(Ok(None), |id| expected(held, &held.blocks[id]));
    for height in 0..=held.head_height() + 2 {
        let real = read("CH-8", "a canonical block", store.block_at(height));
        same(of(&at(height)), &format!("the canonical block at height {height}"), &at(height), &real);
    }
    for from in [0, held.head_height().saturating_sub(2)] {
        let model: Vec<_> =
            held.canonical.keys().filter(|height| **height >= from).map(|height| at(*height)).collect();
        let stream = read("CH-9", "the canonical chain", store.blocks(from)).into_iter().flatten();
        let real: Vec<_> = stream.map(|block| read("CH-9", "a streamed block", block).map(Some)).collect();
        same("CH-9", &format!("the canonical chain from height {from} on"), &model, &real);
    }
}

/// A served checkpoint as its bytes and its id.
type Row = Option<(Vec<u8>, Root)>;

fn bytes(checkpoint: &Checkpoint) -> (Vec<u8>, Root) {
    (checkpoint.to_bytes().to_vec(), checkpoint.id().0)
}

fn checkpoints(store: &RedbStore, held: &Held) {
    let expected = oracle::checkpoints(held);
    for height in 0..=held.finalised_height() + held.interval {
        let row = expected.iter().find(|row| row.0 == height).map(|row| (row.1.clone(), row.2));
        let broken_at = row.as_ref().and_then(|_| held.broken_at(height));
        let model: Result<Row, Broken> = broken_at.map_or(Ok(row), Err);
        let real: Result<Row, Broken> = match store.checkpoint(height) {
            Ok(checkpoint) => Ok(checkpoint.as_ref().map(bytes)),
            Err(StoreError::Checkpoint(damage)) => Err(broken(&damage)),
            Err(error) => violated("CH-7", format!("the checkpoint at height {height}: {error}")),
        };
        let rule = if model.is_ok() { "CH-6" } else { "CH-7" };
        same(rule, &format!("the checkpoint at height {height}"), &model, &real);
    }
    let verified = store.verify().unwrap_or_else(|error| violated("CH-7", format!("verify: {error}")));
    let damaged = verified.damaged.as_ref().map(|damage: &CheckpointDamage| broken(damage));
    check_eq("CH-7", "what verify finds", &held.verified(), &(verified.checked, damaged));
}

fn values(store: &RedbStore, held: &Held) {
    for key in 0..4_u8 {
        let model = held.values.get(&key).map(|value| vec![*value]);
        let real = read("CH-8", "a value of the state", store.state(&[key]));
        same("CH-8", &format!("the value of key {key}"), &Ok(model), &real);
    }
}

fn anchors(store: &RedbStore, held: &Held) {
    check_eq("CH-10", "what is anchored", &held.anchored(), &store.anchored().anchored);
    check_eq("CH-10", "what is final", &held.finalised_height(), &store.anchored().finalised);
    for from in [0, held.anchored()] {
        let model: Vec<Range> = held.anchors.iter().filter(|anchor| anchor.last >= from).copied().collect();
        let real: Vec<Range> = ranges(store, held, from);
        same("CH-10", &format!("the anchors from height {from} on"), &model, &real);
    }
}

/// The anchors of a store in the words of the model.
pub fn ranges(store: &RedbStore, held: &Held, from: u64) -> Vec<Range> {
    let anchors = store.anchors(from).unwrap_or_else(|error| violated("CH-10", error.to_string()));
    let range = |anchor: Result<super::alys::pow::Anchor, StoreError>| {
        let anchor = anchor.unwrap_or_else(|error| violated("CH-10", error.to_string()));
        let known = held.anchors.iter().map(|other| other.block).find(|id| oracle::root(*id) == anchor.root);
        Range {
            first: anchor.first,
            last: anchor.last,
            block: known.unwrap_or(u32::MAX),
            parent: Miner::parent(&anchor),
        }
    };
    anchors.map(range).collect()
}

fn same<T: PartialEq + Debug>(rule: &'static str, what: &str, model: &T, real: &T) {
    check_eq(rule, what, model, real);
}

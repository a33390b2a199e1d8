//! Laws of commits that are made durable together.

use std::num::NonZeroU64;
use std::sync::Arc;

use alys_chain::engine::{self, Commit, Effect};
use alys_engines::{
    crash::{Disk, Fuse},
    violation::check_eq,
};
use alys_wire::containers::{BlockBody, CertifiedBlock, Hash256};

use super::{
    alys::{
        node::Durable as _,
        store::{ChainStore as _, Root, StoredBlock},
    },
    disk::{Simulated, Syncs},
    laws_files::expect,
    nodes::{IMPORTING, opened, stored},
};
use crate::runs::{Run, Told};

/// How many runs have their commits made durable together.
const RUNS: u64 = 60;

/// How long the chain is that comes in as one batch.
const LEN: u64 = 40;

/// All that a store can be asked.
#[derive(Debug, PartialEq, Eq)]
struct Whole {
    tree: Vec<StoredBlock>,
    canonical: Vec<(u64, Root)>,
    tips: [(u64, Root); 2],
    base: u64,
    conflicting: Option<Root>,
    values: Vec<(Vec<u8>, Vec<u8>)>,
    checkpoints: Vec<Vec<u8>>,
}

/// Makes commits durable on an empty disk, and reads everything from there.
fn whole(run: &Run, commits: &[Commit], together: bool) -> Whole {
    let disk = Disk::new();
    let mut durable = expect("a new store", stored(&Simulated::new(&disk, Syncs::Truly), run));
    if together {
        expect("commits", durable.commits(commits));
    } else {
        commits.iter().for_each(|commit| expect("a commit", durable.commit(commit)));
    }
    let store = durable.store();
    let (head, finalised) = (store.head(), store.finalised());
    let due = store.interval().due(0, finalised.height);
    Whole {
        tree: expect("the tree", store.tree(0)).map(|block| expect("a block", block)).collect(),
        canonical: expect("the chain", store.blocks(0))
            .map(|block| expect("a block", block))
            .map(|block| (block.height, block.root))
            .collect(),
        tips: [(head.height, head.root), (finalised.height, finalised.root)],
        base: store.base(),
        conflicting: store.conflicting(),
        values: expect("the values", store.values()).map(|value| expect("a value", value)).collect(),
        checkpoints: due
            .filter_map(|height| expect("a checkpoint", store.checkpoint(height)))
            .map(|checkpoint| checkpoint.to_bytes().to_vec())
            .collect(),
    }
}

/// Commits of any kind, one after another or together, lead to the same store.
pub fn commits_together_are_commits() -> u64 {
    let mut tried = 0;
    for seed in 0..RUNS {
        let run = Run::drawn(seed);
        let commit = |effect: &Told| match effect {
            // What goes by pruning is for the store to know.
            Effect::Commit(commit) if commit.base.is_some() => {
                Some(Commit { removed: Vec::new(), ..Commit::clone(commit) })
            }
            Effect::Commit(commit) => Some(Commit::clone(commit)),
            _ => None,
        };
        let commits: Vec<Commit> = run.told().filter_map(commit).collect();
        check_eq("CH-8", "the store", &whole(&run, &commits, false), &whole(&run, &commits, true));
        tried += commits.len() as u64;
    }
    tried
}

/// A chain of one block a slot.
fn chain(run: &Run) -> Vec<Arc<CertifiedBlock>> {
    let mut parent = engine::genesis_header(&run.config.clock, run.genesis.root());
    let block = |slot| {
        let block = run.certified(run.proposal(&parent, slot, &run.genesis, BlockBody::default()));
        parent = block.signed_block.block.header.clone();
        Arc::new(block)
    };
    (1..=LEN).map(block).collect()
}

/// How many operations of the disk it takes to import a chain in batches of this length.
fn operations(run: &Run, chain: &[Arc<CertifiedBlock>], batch: usize) -> (u64, Hash256) {
    let disk = Disk::new().copy(Fuse::Whole);
    let mut node = expect("a new node", opened(&disk, run));
    let before = disk.operations();
    for blocks in chain.chunks(batch) {
        expect("a batch", node.import(blocks, IMPORTING, LEN, drop));
    }
    (disk.operations() - before, node.engine().head().root)
}

/// A batch is one commit: it takes little more of the disk than one block does.
pub fn a_batch_is_one_commit() -> u64 {
    let run = Run::quiet(NonZeroU64::MIN);
    let chain = chain(&run);
    let (alone, _) = operations(&run, &chain[..1], 1);
    let (one_by_one, head) = operations(&run, &chain, 1);
    let (together, same) = operations(&run, &chain, LEN as usize);
    check_eq("CH-8", "the tip", &head, &same);
    let little = together < 4 * alone;
    let much = one_by_one > alone * LEN / 2;
    let told = format!("whether {together} operations are little and {one_by_one} much, beside {alone}");
    check_eq("CH-8", &told, &(true, true), &(little, much));
    3
}

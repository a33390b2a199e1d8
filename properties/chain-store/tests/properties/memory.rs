//! Memory does not grow with the chain: a counting allocator looks at a node's engine, at the store, and at streams.

use std::{fs, num::NonZeroU64, num::NonZeroUsize, sync::Arc};

use allocation_counter::measure;
use alys_chain::{
    checkpoint::Interval,
    engine::{Event, Importing, Signatures, genesis_header},
    store::{ChainStore as _, Commit, Directory, RedbStore, StoreConfig, StoredBlock},
};
use alys_chain_store_properties::{runs::Run, suites};
use alys_engines::sequential::{announce, is_deep};
use alys_wire::containers::{
    AggregateApproval, ApprovalBits, Block, BlockBody, BlockHeader, CertifiedBlock, SignedBlock,
};

/// How many blocks come in together.
const BATCH: u64 = 250;

/// The cache of the store in this suite.
const CACHE: usize = 1 << 20;

/// How many blocks a short chain has, and a long one.
fn lens() -> [u64; 2] {
    if is_deep() { [10_000, 100_000] } else { [2_000, 16_000] }
}

/// The most that was allocated at once while this ran.
fn peak(work: impl FnOnce()) -> u64 {
    measure(work).bytes_max
}

/// Holds the peak of a long chain to that of a short one: a quarter is for what is allocated in pages and tables.
fn flat(what: &str, lens: [u64; 2], peaks: [u64; 2]) {
    announce(&format!("chain_memory: {what} chains of {lens:?} blocks takes at most {peaks:?} bytes"));
    assert!(peaks[0] > 0 && peaks[1] <= peaks[0] + peaks[0] / 4, "{what}: {peaks:?}");
}

/// Imports a chain that nobody has signed, as a trusted one, and prunes at each checkpoint.
fn imported(run: &Run, to: u64) {
    let mut engine = run.engine();
    let mut parent = genesis_header(&run.config.clock, run.genesis.root());
    let importing = Importing { signatures: Signatures::Trusted, threads: NonZeroUsize::MIN };
    for first in (1..=to).step_by(BATCH as usize) {
        let block = |slot| {
            let block = unsigned(run, &parent, slot);
            parent = block.signed_block.block.header.clone();
            Arc::new(block)
        };
        let batch: Vec<_> = (first..first + BATCH).map(block).collect();
        drop(engine.import_all(&batch, importing, to));
        let height = engine.finalised().height;
        drop(engine.handle(Event::Prune { height: height - height % run.config.checkpoint_interval }, to));
    }
    assert_eq!(engine.head().height, to);
}

fn unsigned(run: &Run, parent: &BlockHeader, slot: u64) -> CertifiedBlock {
    let body = BlockBody::default();
    let header = BlockHeader {
        parent_root: parent.root(),
        height: slot,
        slot,
        state_root: run.genesis.root(),
        body_root: body.root(),
        timestamp: slot,
        ..BlockHeader::default()
    };
    let mut bits = ApprovalBits::with_capacity(1).expect("a short list");
    bits.set(0, true).expect("the only one");
    let certificate =
        AggregateApproval { block_root: header.root(), slot, bits, signature: Default::default() };
    let signed_block = SignedBlock { block: Block { header, body }, signature: Default::default() };
    CertifiedBlock { signed_block, certificate }
}

/// CH-9: a node that validates a chain, and prunes at checkpoints, holds as much of a long one as of a short one.
///
/// Engine: law
#[test]
fn validating_a_chain_takes_memory_that_does_not_grow() {
    let run = Run::quiet(NonZeroU64::MIN.saturating_add(49));
    flat("validating", lens(), lens().map(|to| peak(|| imported(&run, to))));
}

fn block(height: u64) -> StoredBlock {
    let root = |height: u64| {
        let mut root = [7; 32];
        // Spread, as roots are.
        root[..8].copy_from_slice(&height.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_le_bytes());
        root
    };
    let parent = root(height.saturating_sub(1));
    StoredBlock {
        root: root(height),
        parent,
        height,
        slot: height,
        state_root: [height as u8; 32],
        bytes: vec![1; 400],
    }
}

/// CH-9: storing a chain, and streaming it, takes memory that does not grow with its length, the cache included.
///
/// Engine: law
#[test]
fn storing_and_streaming_take_memory_that_does_not_grow() {
    let folder = suites::folder();
    let config = StoreConfig {
        cache_bytes: CACHE,
        ..StoreConfig::new("chain.redb", block(0), Interval::new(50).expect("over 0"))
    };
    let mut peaks = [[0; 2]; 2];
    for (place, to) in lens().into_iter().enumerate() {
        drop(fs::remove_dir_all(&folder));
        fs::create_dir_all(&folder).expect("a folder of this test");
        let disk = Directory::new(&folder).expect("it is there");
        let mut store = RedbStore::open(&disk, &config).expect("a new store");
        peaks[0][place] = peak(|| {
            for first in (1..=to).step_by(BATCH as usize) {
                let blocks: Vec<_> = (first..first + BATCH).map(block).collect();
                let last = blocks.last().map(|block| block.root);
                let commit = Commit { blocks, head: last, finalised: last, ..Commit::default() };
                store.commit(&commit).expect("a sound commit");
            }
        });
        store.close().expect("closing");
        let mut count = 0;
        peaks[1][place] = peak(|| {
            let store = RedbStore::open(&disk, &config).expect("the same store");
            count = store.blocks(0).expect("a stream").filter(|block| block.is_ok()).count() as u64;
        });
        assert_eq!(count, to + 1, "how many blocks are streamed");
    }
    drop(fs::remove_dir_all(&folder));
    flat("storing", lens(), peaks[0]);
    flat("streaming", lens(), peaks[1]);
}

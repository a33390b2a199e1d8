//! Laws of what a node stores: slots, blocks that leave the tree, violations, and states that are no chain.

use std::num::NonZeroU64;
use std::sync::Arc;

use alys_chain::{
    engine::{self, Event, RestoreError, Settings},
    transition::{Balances, Transfer, TransferError, Transfers},
    tree::BlockRef,
};
use alys_engines::violation::{check_eq, violated};
use alys_models::chain_store::Block;
use alys_wire::containers::{BlockBody, BlockHeader, CertifiedBlock, Hash256};
use ssz::Encode as _;

use super::{
    adapter::{config, stored as of_model},
    alys::{
        node::{Durable as _, Node},
        store::{
            ChainStore as _, Commit, CommitRefused, MemoryDisk, OpenError, ProposalRefused, RedbStore,
            StoreError, StoredBlock, Tip,
        },
        stored::{Stored, StoredError, store_config},
    },
    laws_files::expect,
    nodes::stored,
};
use crate::{
    oracle::{self, NAME},
    runs::Run,
};

fn open(disk: &MemoryDisk) -> RedbStore {
    expect("the store", RedbStore::open(disk, &config(2)))
}

fn refused(what: &str, answer: Result<(), StoreError>, right: &CommitRefused) {
    match answer {
        Err(StoreError::Refused(refused)) => check_eq("CH-8", what, right, &refused),
        other => violated("CH-8", format!("{what}: {other:?}")),
    }
}

/// The stored genesis is the header's: height and slot 0, no parent, the root of the state, nothing else.
pub fn a_chain_begins_at_its_genesis() -> u64 {
    for checkpoint_interval in [1, 7] {
        let config = Settings { checkpoint_interval, ..Settings::default() };
        let config = expect("settings", config.check());
        let state_root = Hash256::from([7; 32]);
        let root = engine::genesis_header(&config.clock, state_root).root().0;
        let opening = expect("settings", store_config(NAME, &config, state_root));
        let genesis =
            StoredBlock { root, parent: [0; 32], height: 0, slot: 0, state_root: [7; 32], bytes: Vec::new() };
        check_eq("CH-8", "the genesis", &genesis, &opening.genesis);
        check_eq("CH-6", "the interval", &checkpoint_interval, &opening.interval.get());
    }
    4
}

/// A slot of a proposal is above every earlier one, is no slot of a vote, and is there again after a start.
pub fn a_slot_is_kept_once() -> u64 {
    let disk = MemoryDisk::new();
    let mut store = open(&disk);
    check_eq("CH-5", "no slot", &(0, 0), &(store.voted_slot(), store.proposed_slot()));
    expect("a proposal", store.propose(5));
    expect("a vote", store.vote(3));
    for slot in [0, 4, 5] {
        match store.propose(slot) {
            Err(StoreError::Proposal(ProposalRefused { slot: is, proposed: 5 })) if is == slot => {}
            other => violated("CH-5", format!("a proposal in slot {slot} after slot 5: {other:?}")),
        }
    }
    expect("a later proposal", store.propose(6));
    drop(store);
    let store = open(&disk);
    check_eq("CH-5", "the slots after a start", &(3, 6), &(store.voted_slot(), store.proposed_slot()));
    6
}

/// Genesis and two forks: 0 - 1 - 2 - 3 and 1 - 4 - 5, with 3 the tip and 1 final.
fn forked(store: &mut RedbStore) {
    let block = |id, parent, height| of_model(&Block { id, parent, height });
    let blocks = vec![block(1, 0, 1), block(2, 1, 2), block(3, 2, 3), block(4, 1, 2), block(5, 4, 3)];
    let (head, finalised) = (Some(oracle::root(3)), Some(oracle::root(1)));
    expect("forks", store.commit(&Commit { blocks, head, finalised, ..Commit::default() }));
}

fn removing(ids: &[u32]) -> Commit {
    Commit { removed: ids.iter().map(|id| oracle::root(*id)).collect(), ..Commit::default() }
}

fn roots(store: &RedbStore) -> Vec<[u8; 32]> {
    let tree = expect("the tree", store.tree(0));
    let mut roots: Vec<_> = tree.map(|block| expect("a block", block).root).collect();
    roots.sort_unstable();
    roots
}

fn of(ids: &[u32]) -> Vec<[u8; 32]> {
    let mut roots: Vec<_> = ids.iter().map(|id| oracle::root(*id)).collect();
    roots.sort_unstable();
    roots
}

/// What is forgotten is stored, not canonical, and the parent of nothing; the base is canonical. What is refused changes
/// nothing.
pub fn what_is_forgotten_is_not_canonical() -> u64 {
    let disk = MemoryDisk::new();
    let mut store = open(&disk);
    forked(&mut store);
    let unknown = CommitRefused::UnknownBlock { root: oracle::root(9) };
    refused("an unknown block", store.commit(&removing(&[5, 9])), &unknown);
    refused("the tip", store.commit(&removing(&[3])), &CommitRefused::Canonical { height: 3 });
    refused("genesis", store.commit(&removing(&[0])), &CommitRefused::Canonical { height: 0 });
    refused("a parent", store.commit(&removing(&[4])), &CommitRefused::Orphaned { height: 3 });
    let other = Tip { height: 2, root: oracle::root(4) };
    let base = Commit { base: Some(other), ..Commit::default() };
    refused("a base on a fork", store.commit(&base), &CommitRefused::NotCanonical { height: 2 });
    check_eq("CH-8", "the blocks after refusals", &of(&[0, 1, 2, 3, 4, 5]), &roots(&store));
    expect("a rollback", store.commit(&Commit { head: Some(oracle::root(4)), ..removing(&[2, 3, 5]) }));
    drop(store);
    let mut store = open(&disk);
    check_eq("CH-8", "the blocks after a rollback", &of(&[0, 1, 4]), &roots(&store));
    check_eq("CH-8", "the tip after it", &oracle::root(4), &store.head().root);
    check_eq("CH-8", "a block that is forgotten", &None, &expect("a read", store.block(&oracle::root(3))));
    let finalised = Some(oracle::root(4));
    let base = Some(Tip { height: 2, root: oracle::root(4) });
    let state = vec![(vec![2], Some(vec![20])), (vec![1], Some(vec![10])), (vec![3], None)];
    expect("finality and pruning", store.commit(&Commit { finalised, base, state, ..Commit::default() }));
    check_eq("CH-8", "what is left", &(2, of(&[0, 4])), &(store.base(), roots(&store)));
    let values: Vec<_> = expect("values", store.values()).map(|value| expect("a value", value)).collect();
    check_eq("CH-8", "the values", &vec![(vec![1], vec![10]), (vec![2], vec![20])], &values);
    9
}

/// When two final blocks conflict, new blocks are taken and nothing else, before and after a start.
pub fn a_violation_ends_all_but_blocks() -> u64 {
    let disk = MemoryDisk::new();
    let mut store = open(&disk);
    forked(&mut store);
    let conflict = |id| Commit { conflicting: Some(oracle::root(id)), ..Commit::default() };
    let unknown = CommitRefused::UnknownBlock { root: oracle::root(9) };
    refused("an unknown conflict", store.commit(&conflict(9)), &unknown);
    check_eq("CH-3", "no violation", &None, &store.conflicting());
    expect("a violation", store.commit(&conflict(4)));
    drop(store);
    let mut store = open(&disk);
    check_eq("CH-3", "the violation", &Some(oracle::root(4)), &store.conflicting());
    let none = Commit::default();
    let ended = [
        Commit { head: Some(oracle::root(5)), ..none.clone() },
        Commit { finalised: Some(oracle::root(2)), ..none.clone() },
        Commit { base: Some(Tip { height: 0, root: oracle::root(0) }), ..none.clone() },
        Commit { state: vec![(vec![1], None)], ..none.clone() },
        conflict(5),
        removing(&[5]),
    ];
    for commit in &ended {
        refused("something else after a violation", store.commit(commit), &CommitRefused::Violated);
    }
    let blocks = vec![of_model(&Block { id: 6, parent: 5, height: 4 })];
    expect("a block", store.commit(&Commit { blocks, ..none }));
    check_eq("CH-3", "the blocks", &of(&[0, 1, 2, 3, 4, 5, 6]), &roots(&store));
    ended.len() as u64 + 3
}

/// A run of two blocks on genesis, both final but the second, and the disk that they lie on; what is wrong with the first
/// one is for whoever asks.
struct Chain {
    run: Run,
    disk: MemoryDisk,
    first: CertifiedBlock,
}

fn chain(wrong: impl Fn(&mut BlockHeader, &mut BlockBody)) -> Chain {
    let run = Run::quiet(NonZeroU64::MIN);
    let genesis = engine::genesis_header(&run.config.clock, run.genesis.root());
    let mut first = run.proposal(&genesis, 1, &run.genesis, BlockBody::default());
    wrong(&mut first.block.header, &mut first.block.body);
    let first = run.certified(first);
    Chain { run, disk: MemoryDisk::new(), first }
}

impl Chain {
    fn row(&self) -> StoredBlock {
        let header = &self.first.signed_block.block.header;
        StoredBlock {
            root: header.root().0,
            parent: header.parent_root.0,
            height: header.height,
            slot: header.slot,
            state_root: header.state_root.0,
            bytes: self.first.as_ssz_bytes(),
        }
    }

    /// Commits to the store itself, behind the back of the node.
    fn commit(&self, commit: &Commit) {
        let opening = expect("settings", store_config(NAME, &self.run.config, self.run.genesis.root()));
        let mut store = expect("the store", RedbStore::open(&self.disk, &opening));
        expect("a commit", store.commit(commit));
        expect("closing", store.close());
    }

    /// The block, which is the tip and final.
    fn whole(&self, row: StoredBlock) -> Commit {
        let (head, finalised) = (Some(row.root), Some(row.root));
        Commit { blocks: vec![row], head, finalised, ..Commit::default() }
    }

    fn stored(&self) -> Stored<Transfers> {
        expect("the store", stored(&self.disk, &self.run))
    }

    /// What keeps an engine from being restored.
    fn kept_from(&self) -> Option<StoredError<TransferError>> {
        self.stored().engine(self.run.scheme.clone(), self.run.authorities.clone()).err()
    }
}

fn is(what: &str, error: &Option<StoredError<TransferError>>, right: bool) {
    if !right {
        violated("CH-8", format!("{what}: {error:?}"));
    }
}

/// Another genesis and another interval are refused as another file, and what is stored must be blocks by their roots and
/// a state by its root.
pub fn what_is_no_chain_is_not_restored() -> u64 {
    let sound = chain(|_, _| ());
    sound.commit(&sound.whole(sound.row()));
    is("a sound chain", &sound.kept_from(), sound.kept_from().is_none());
    let open = |run: &Run| stored(&sound.disk, run).err();
    let error = open(&Run { genesis: Balances::default(), ..sound.run.clone() });
    is("another genesis", &error, matches!(error, Some(StoredError::Open(OpenError::OtherChain { .. }))));
    let settings = Settings { checkpoint_interval: 2, slot_duration: 1, ..Settings::default() };
    let error = open(&Run { config: expect("settings", settings.check()), ..sound.run.clone() });
    let other =
        matches!(error, Some(StoredError::Open(OpenError::OtherInterval { found: 1, wanted: 2, .. })));
    is("another interval", &error, other);

    let malformed = chain(|_, _| ());
    malformed.commit(&malformed.whole(StoredBlock { bytes: vec![1, 2, 3], ..malformed.row() }));
    let error = malformed.kept_from();
    is("no block", &error, matches!(error, Some(StoredError::Malformed { height: 1, .. })));

    let (one, other) = (chain(|_, _| ()), chain(|header, _| header.slot = 2));
    one.commit(&one.whole(StoredBlock { bytes: other.row().bytes, ..one.row() }));
    let (error, found, stated) = (one.kept_from(), other.row().root, one.row().root);
    let told =
        StoredError::<TransferError>::OtherBlock { height: 1, stated: stated.into(), found: found.into() };
    check_eq(
        "CH-8",
        "another block",
        &told.to_string(),
        &error.map(|error| error.to_string()).unwrap_or_default(),
    );

    let unlike = chain(|header, _| header.state_root = Hash256::repeat_byte(7));
    unlike.commit(&unlike.whole(unlike.row()));
    let error = unlike.kept_from();
    let invalid = matches!(error, Some(StoredError::Restore(RestoreError::Invalid { .. })));
    is("a block that is not valid", &error, invalid);
    values_are_the_state() + 6
}

/// The values at the base are the state that its block commits to.
fn values_are_the_state() -> u64 {
    let pruned = chain(|_, _| ());
    let row = pruned.row();
    let base = Some(Tip { height: 1, root: row.root });
    let value = |key: u64, value: u64| (key.to_be_bytes().to_vec(), Some(value.to_be_bytes().to_vec()));
    pruned.commit(&Commit { base, state: vec![value(0, 9), value(1, 4)], ..pruned.whole(row) });
    let error = pruned.kept_from();
    let other = matches!(error, Some(StoredError::Restore(RestoreError::BaseState { .. })));
    is("another state at the base", &error, other);
    pruned.commit(&Commit { state: vec![value(1, 5)], ..Commit::default() });
    is("the state at the base", &pruned.kept_from(), pruned.kept_from().is_none());
    for wrong in [(vec![1], Some(vec![1])), (vec![0; 8], Some(vec![0; 9])), value(7, u64::MAX)] {
        let undo = Commit { state: vec![(wrong.0.clone(), None)], ..Commit::default() };
        pruned.commit(&Commit { state: vec![wrong], ..Commit::default() });
        let error = pruned.kept_from();
        is("values that are no state", &error, matches!(error, Some(StoredError::Values)));
        pruned.commit(&undo);
        pruned.commit(&Commit { state: vec![value(0, 9)], ..Commit::default() });
    }
    5
}

/// A base whose state cannot be computed from the one before is not pruned up to.
pub fn what_cannot_be_executed_is_not_pruned() -> u64 {
    let prune = |chain: &Chain| {
        chain.commit(&chain.whole(chain.row()));
        let base = Some(BlockRef { root: chain.row().root.into(), height: 1 });
        let mut stored = chain.stored();
        let error = stored.commit(&engine::Commit { base, ..engine::Commit::default() }).err();
        (error, stored.store().base())
    };
    let broke = chain(|_, body| {
        // One transfer is far fewer than a block may have.
        let _ = body.transactions.push(Transfer { from: 5, to: 0, amount: 1 }.to_transaction());
    });
    let (error, base) = prune(&broke);
    is(
        "a transfer out of nothing",
        &error,
        matches!(error, Some(StoredError::Replay { height: 1, .. })) && base == 0,
    );
    let unlike = chain(|header, _| header.state_root = Hash256::repeat_byte(7));
    let (error, base) = prune(&unlike);
    is(
        "another state root",
        &error,
        matches!(error, Some(StoredError::State { height: 1, .. })) && base == 0,
    );
    let (error, base) = prune(&chain(|_, _| ()));
    is("a sound base", &error, error.is_none() && base == 1);
    entered()
}

/// A block that has entered is stored in every byte.
fn entered() -> u64 {
    let sound = chain(|header, _| header.slot = 3);
    let mut stored = sound.stored();
    let block = Arc::new(sound.first.clone());
    let entered = Some(engine::Entered { root: block.signed_block.block.root(), block });
    let commit = engine::Commit { entered, ..engine::Commit::default() };
    expect("a block", stored.commit(&commit));
    let row = expect("a read", stored.store().block(&sound.row().root));
    check_eq("CH-8", "the block as it is stored", &Some(sound.row()), &row);
    let genesis = engine::genesis_header(&sound.run.config.clock, sound.run.genesis.root());
    let expected = StoredBlock {
        root: genesis.root().0,
        parent: [0; 32],
        height: 0,
        slot: 0,
        state_root: sound.run.genesis.root().0,
        bytes: Vec::new(),
    };
    let row = expect("genesis", stored.store().block_at(0));
    check_eq("CH-8", "genesis as it is stored", &Some(expected), &row);
    4
}

/// The values are those of the state at the base: balances that change are written anew, and accounts that have nothing
/// left have no row.
pub fn the_values_are_those_at_the_base() -> u64 {
    let (run, disk) = (Run::quiet(NonZeroU64::MIN), MemoryDisk::new());
    let stored = expect("a new store", stored(&disk, &run));
    let mut node = Node::new(run.engine(), stored);
    let moves = |from, to, amount| {
        let mut body = BlockBody::default();
        // One transfer is far fewer than a block may have.
        let _ = body.transactions.push(Transfer { from, to, amount }.to_transaction());
        Event::Propose(body)
    };
    let events = [moves(0, 2, 4), moves(1, 0, 5), moves(2, 1, 1)];
    for (event, now) in events.into_iter().zip(1..) {
        expect("a block", node.handle(event, now, drop));
    }
    let row =
        |(account, balance): (u64, u64)| (account.to_be_bytes().to_vec(), balance.to_be_bytes().to_vec());
    for (height, balances) in [(1, vec![(0, 5), (1, 5), (2, 4)]), (2, vec![(0, 10), (2, 4)])] {
        expect("pruning", node.handle(Event::Prune { height }, 4, drop));
        let values = expect("values", node.durable().store().values());
        let values: Vec<_> = values.map(|value| expect("a value", value)).collect();
        let expected: Vec<_> = balances.into_iter().map(row).collect();
        check_eq("CH-8", &format!("the state at height {height}"), &expected, &values);
    }
    2
}

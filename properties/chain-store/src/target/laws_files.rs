//! Laws of files: what is made, what is opened, what is refused, and what is left of it.

use std::io;

use alys_engines::violation::{check_eq, violated};
use alys_models::chain_store::{Block, Commit as Plan, Held, Transition};
use redb::{Builder, Database, TableDefinition};

use super::{
    adapter::{config, stored},
    alys::{
        checkpoint::{CheckpointFault, Interval, IntervalError},
        pow::{Anchor, AnchorRefused},
        store::{
            ChainStore as _, CheckpointDamage, Commit, Disk, MemoryDisk, OpenError, Opening, RedbStore, Root,
            StoreConfig, StoreError, StoredBlock, VERSION,
        },
    },
    disk::Raw,
    mined::{CHAIN_ID, Recipe, required},
};
use crate::oracle::{self, Harm, NAME, Sealed};

/// A chain of so many blocks without forks, the first `finalised` of them final.
#[must_use]
pub fn chain(interval: u64, blocks: u32, finalised: u32) -> (Held, Commit) {
    let line = (1..=blocks).map(|id| Block { id, parent: id - 1, height: u64::from(id) });
    let plan = Plan {
        blocks: line.clone().collect(),
        head: Some(blocks),
        finalised: Some(finalised),
        values: vec![(1, Some(1))],
    };
    let mut model = alys_models::chain_store::ChainStoreModel::new(interval);
    model.apply(&Transition::Commit(plan));
    let commit = Commit {
        blocks: line.map(|block| stored(&block)).collect(),
        head: Some(oracle::root(blocks)),
        finalised: Some(oracle::root(finalised)),
        state: vec![(vec![1], Some(vec![1]))],
    };
    (model.durable, commit)
}

pub(super) fn expect<T, E: std::fmt::Display>(what: &str, result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| violated("CH-8", format!("{what}: {error}")))
}

/// A closed store with some blocks and checkpoints.
pub(super) fn closed(disk: &MemoryDisk, blocks: u32) -> Held {
    let (held, commit) = chain(2, blocks, blocks - 1);
    let mut store = expect("a new store", RedbStore::open(disk, &config(2)));
    expect("a commit", store.commit(&commit));
    expect("closing", store.close());
    held
}

/// Opens what must be refused, and holds the file to its bytes.
fn refused(what: &str, disk: &MemoryDisk, config: &StoreConfig, right: impl Fn(&OpenError) -> bool) {
    let before = expect("the file", disk.bytes(NAME));
    match RedbStore::open(disk, config) {
        Err(error) if right(&error) => {}
        other => violated("CH-8", format!("{what}: {other:?}")),
    }
    let after = expect("the file", disk.bytes(NAME));
    check_eq("CH-8", &format!("{what}: whether the file is left as it was"), &true, &(before == after));
}

/// A file that is no database, is empty, or is one of something else is refused and left as it was.
pub fn a_foreign_file_is_left_alone() -> u64 {
    let foreign = |error: &OpenError| matches!(error, OpenError::Foreign { .. });
    let disk = MemoryDisk::new();
    for bytes in [Vec::new(), b"not a database".to_vec(), vec![0; 100_000], vec![0xff; 5_000]] {
        disk.put(NAME, bytes);
        refused("a file of something else", &disk, &config(2), foreign);
    }
    disk.put(NAME, Vec::new());
    let file = Raw(expect("a file", disk.open(NAME)));
    let other = expect("another database", Builder::new().create_with_backend(file));
    let transaction = expect("it", other.begin_write());
    let table: TableDefinition<'_, u64, u64> = TableDefinition::new("something else");
    expect("it", transaction.open_table(table).map(drop));
    expect("it", transaction.commit());
    expect("it", other.close());
    refused("another database", &disk, &config(2), foreign);
    5
}

/// A file of another schema version, of another chain or with another interval is refused and left as it was.
pub fn another_version_or_chain_is_left_alone() -> u64 {
    let disk = MemoryDisk::new();
    closed(&disk, 9);
    let whole = expect("the file", disk.bytes(NAME));
    for found in [VERSION + 1, u32::MAX, 0] {
        disk.put(NAME, whole.clone());
        edited(&disk, |database| {
            let transaction = database.begin_write()?;
            let table: TableDefinition<'_, &str, u32> = TableDefinition::new("schema");
            transaction.open_table(table)?.insert("version", found)?;
            Ok(transaction.commit()?)
        });
        refused(
            "another version",
            &disk,
            &config(2),
            |error| matches!(error, OpenError::Newer { found: is, supported: VERSION, .. } if *is == found),
        );
    }
    disk.put(NAME, whole);
    refused("another interval", &disk, &config(3), |error| {
        matches!(error, OpenError::OtherInterval { found: 2, wanted: 3, .. })
    });
    let other = StoreConfig { genesis: StoredBlock { root: [8; 32], ..config(2).genesis }, ..config(2) };
    refused(
        "another chain",
        &disk,
        &other,
        |error| matches!(error, OpenError::OtherChain { genesis, .. } if *genesis == oracle::root(0)),
    );
    let store = expect("the file itself", RedbStore::open(&disk, &config(2)));
    check_eq("CH-8", "its head", &9, &store.head().height);
    check_eq("CH-6", "an interval of 0", &Err(IntervalError::Zero), &Interval::new(0));
    6
}

pub(super) fn edited(disk: &MemoryDisk, work: impl FnOnce(&Database) -> Result<(), redb::Error>) {
    let file = Raw(expect("a file", disk.open(NAME)));
    let database = expect("the database", Builder::new().create_with_backend(file));
    expect("an edit", work(&database));
    expect("closing", database.close());
}

/// A file that is cut anywhere is refused with an error, or is whole all the same; it is never overwritten.
pub fn a_truncated_file_is_left_alone() -> u64 {
    let disk = MemoryDisk::new();
    let held = closed(&disk, 9);
    let whole = expect("the file", disk.bytes(NAME));
    let mut tried = 0;
    let mut len = 0;
    while len < whole.len() {
        disk.put(NAME, whole[..len].to_vec());
        match RedbStore::open(&disk, &config(2)) {
            Ok(store) => serves_the_truth(&store, &held),
            Err(_) => {
                let left = expect("the file", disk.bytes(NAME));
                check_eq("CH-8", "whether a cut file is left as it was", &true, &(left == whole[..len]));
            }
        }
        tried += 1;
        len += 1 + len / 12;
    }
    tried
}

/// Whatever bit of the file flips: it is refused and left as it was, or what is served is right.
///
/// Each so many bytes one bit is flipped.
pub fn rot_is_never_served(stride: usize) -> u64 {
    let disk = MemoryDisk::new();
    let held = closed(&disk, 9);
    let whole = expect("the file", disk.bytes(NAME));
    let mut tried = 0;
    for at in (0..whole.len()).filter(|at| whole[*at] != 0 || at.is_multiple_of(4_096)).step_by(stride) {
        let mut rotten = whole.clone();
        rotten[at] ^= 1 << (at % 8);
        disk.put(NAME, rotten.clone());
        match RedbStore::open(&disk, &config(2)) {
            Ok(store) => serves_the_truth(&store, &held),
            Err(_) => {
                let left = expect("the file", disk.bytes(NAME));
                check_eq(
                    "CH-7",
                    &format!("whether a file with byte {at} flipped is left"),
                    &true,
                    &(left == rotten),
                );
            }
        }
        tried += 1;
    }
    tried
}

/// Every answer is the right one, nothing, or an error.
fn serves_the_truth(store: &RedbStore, held: &Held) {
    for block in held.blocks.values() {
        for found in [store.block(&oracle::root(block.id)), store.block_at(block.height)] {
            if let Ok(Some(found)) = found {
                check_eq("CH-7", "a served block", &true, &(found == stored(block)));
            }
        }
    }
    let known: Vec<Root> = held.blocks.keys().map(|id| oracle::root(*id)).collect();
    for found in store.tree(0).into_iter().flatten().chain(store.blocks(0).into_iter().flatten()).flatten() {
        let right = held.blocks.values().any(|block| found == stored(block));
        check_eq("CH-7", "a streamed block", &(true, true), &(right, known.contains(&found.root)));
    }
    for (height, bytes, _) in oracle::checkpoints(held) {
        if let Ok(Some(found)) = store.checkpoint(height) {
            check_eq("CH-7", "a served checkpoint", &bytes.as_slice(), &found.to_bytes().as_slice());
        }
    }
    let at_a_height_without = store.checkpoint(3).is_ok_and(|found| found.is_none());
    check_eq("CH-6", "a height without a checkpoint", &true, &at_a_height_without);
    if let Ok(Some(value)) = store.state(&[1]) {
        check_eq("CH-7", "a served value", &vec![1_u8], &value);
    }
    let tips = (store.head().height, store.finalised().height, store.voted_slot());
    check_eq(
        "CH-8",
        "head, finalised block and votes",
        &(held.head_height(), held.finalised_height(), 0),
        &tips,
    );
}

/// A file half made by another attempt is made anew, and does not stay; a name is never taken by something unfinished.
pub fn an_unfinished_file_is_made_anew() -> u64 {
    let disk = MemoryDisk::new();
    let unfinished = format!("{NAME}.new");
    disk.put(&unfinished, b"half".to_vec());
    let store = expect("a new store", RedbStore::open(&disk, &config(2)));
    let created = Opening { created: true, ..Opening::default() };
    check_eq("CH-8", "what opening did", &created, store.opening());
    check_eq("CH-8", "whether the other name is gone", &true, &disk.bytes(&unfinished).is_err());
    drop(store);
    let store = expect("the store again", RedbStore::open(&disk, &config(2)));
    check_eq("CH-8", "what opening again did", &Opening::default(), store.opening());
    drop(store);
    let disk = MemoryDisk::new();
    closed(&disk, 9);
    for checked in [4, 0] {
        let store = expect("the store", RedbStore::open(&disk, &config(2)));
        let verified = Opening { checked, ..Opening::default() };
        check_eq("CH-7", "what opening verified", &verified, store.opening());
    }
    4
}

/// A row at a height where no checkpoint is due is found by a verification, never served, and taken away when asked.
pub fn a_stray_checkpoint_is_found() -> u64 {
    for (stray, kept) in [(3, 4), (12, 8)] {
        let disk = MemoryDisk::new();
        let held = closed(&disk, 9);
        edited(&disk, |database| oracle::stray_checkpoint(database, 4, stray));
        let mut store = expect("the store", RedbStore::open(&disk, &config(2)));
        let found = expect("verify", store.verify());
        let damaged = found.damaged.map(|damage| (damage.height, damage.fault, damage.last_valid));
        check_eq(
            "CH-7",
            "what verify finds",
            &(4, Some((stray, CheckpointFault::Stray, 8))),
            &(found.checked, damaged),
        );
        check_eq("CH-6", "what is served", &None, &expect("a read", store.checkpoint(stray)));
        check_eq("CH-7", "what is rebuilt", &Vec::<u64>::new(), &expect("rebuild", store.rebuild()));
        check_eq("CH-7", "what verify finds then", &None, &expect("verify", store.verify()).damaged);
        check_eq("CH-6", "what is kept", &true, &expect("a read", store.checkpoint(kept)).is_some());
        serves_the_truth(&store, &held);
    }
    2
}

/// An anchor whose proof proves nothing is refused by the store, leaves no trace, and does not use up its parent.
pub fn an_anchor_is_stored_with_its_proof_alone() -> u64 {
    let disk = MemoryDisk::new();
    closed(&disk, 9);
    let mut store = expect("the store", RedbStore::open(&disk, &config(2)));
    let commitment = Anchor::commitment(CHAIN_ID, 1, 4, oracle::root(4));
    let good = Anchor { first: 1, last: 4, root: oracle::root(4), proof: Recipe::of(commitment).mine() };
    let mut bad = good.clone();
    bad.proof.chain_branch.hashes[0][0] ^= 1;
    let refused = matches!(store.anchor(&bad, required()), Err(StoreError::Anchor(AnchorRefused::Proof(_))));
    check_eq("CH-10", "whether a bad proof is refused", &(true, 0), &(refused, store.anchored().anchored));
    expect("a good one with the same parent", store.anchor(&good, required()));
    let twice = store.anchor(&good, required());
    let overlap = matches!(twice, Err(StoreError::Anchor(AnchorRefused::Overlap { first: 1, expected: 5 })));
    check_eq("CH-10", "whether the same one again is refused", &true, &overlap);
    expect("closing", store.close());
    let store = expect("the store", RedbStore::open(&disk, &config(2)));
    let kept: Vec<_> =
        expect("anchors", store.anchors(0)).map(|anchor| expect("an anchor", anchor)).collect();
    check_eq("CH-10", "what is kept", &vec![good], &kept);
    check_eq("CH-10", "anchors behind the last", &0, &expect("anchors", store.anchors(5)).count());
    5
}

/// A second store on an open file of the system is refused, and one behind it is not.
///
/// # Panics
///
/// When the folder cannot be used.
pub fn a_directory_keeps_a_store(folder: &std::path::Path) -> u64 {
    drop(std::fs::remove_dir_all(folder));
    let disk = expect("a directory", super::alys::store::Directory::new(folder));
    let (held, commit) = chain(2, 9, 8);
    let mut store = expect("a store", RedbStore::open(&disk, &config(2)));
    expect("a commit", store.commit(&commit));
    match RedbStore::open(&disk, &config(2)) {
        Err(OpenError::Disk { error, .. }) if error.kind() == io::ErrorKind::ResourceBusy => {}
        other => violated("CH-8", format!("a second store on one file: {other:?}")),
    }
    drop(store);
    let store = expect("the store again", RedbStore::open(&disk, &config(2)));
    serves_the_truth(&store, &held);
    check_eq("CH-8", "the head", &9, &store.head().height);
    let unfinished = expect("the directory", disk.exists(&format!("{NAME}.new")));
    check_eq("CH-8", "whether something unfinished stays", &false, &unfinished);
    drop(store);
    expect("another name", disk.rename(NAME, "other"));
    check_eq(
        "CH-8",
        "the old name and the new one",
        &(false, true),
        &(disk.exists(NAME).is_ok_and(|is| is), disk.exists("other").is_ok_and(|is| is)),
    );
    expect("a removal", disk.remove("other"));
    check_eq("CH-8", "a file that is gone", &true, &disk.open("other").is_err());
    drop(std::fs::remove_dir_all(folder));
    4
}

/// What opening has found and done is told: what was rebuilt, and the first that cannot be.
pub fn what_opening_did_is_told() -> u64 {
    let disk = MemoryDisk::new();
    let held = closed(&disk, 9);
    edited(&disk, |database| {
        oracle::harm_checkpoint(database, 2, Harm::Lost)?;
        oracle::harm_checkpoint(database, 6, Harm::Lost)?;
        oracle::rot_block(database, &held.blocks[&6], 5)
    });
    let mut store = expect("the store", RedbStore::open(&disk, &config(2)));
    let damage = CheckpointDamage { height: 6, fault: CheckpointFault::Block, last_valid: 4 };
    let expected = Opening { created: false, checked: 2, rebuilt: vec![2], damaged: Some(damage) };
    check_eq("CH-7", "what opening did", &expected, store.opening());
    check_eq("CH-7", "the mark", &0, &store.verified_up_to());
    let refused = matches!(store.rebuild(), Err(StoreError::Checkpoint(found)) if found == damage);
    check_eq("CH-7", "whether a rebuild says so too", &true, &refused);
    let disk = MemoryDisk::new();
    let odd = StoreConfig { genesis: StoredBlock { height: 5, ..config(2).genesis }, ..config(2) };
    let store = expect("a new store", RedbStore::open(&disk, &odd));
    let genesis = expect("a read", store.block_at(0)).map(|block| block.height);
    check_eq("CH-8", "the height of the genesis", &Some(0), &genesis);
    2
}

/// Every bit of every sealed row: the row is not served, and where nothing works without it, the file is refused.
pub fn every_row_is_sealed() -> u64 {
    let disk = MemoryDisk::new();
    closed(&disk, 9);
    let mut store = expect("the store", RedbStore::open(&disk, &config(2)));
    let commitment = Anchor::commitment(CHAIN_ID, 1, 4, oracle::root(4));
    let anchor = Anchor { first: 1, last: 4, root: oracle::root(4), proof: Recipe::of(commitment).mine() };
    expect("an anchor", store.anchor(&anchor, required()));
    expect("closing", store.close());
    let whole = expect("the file", disk.bytes(NAME));
    let mut tried = 0;
    for (row, stride) in [(Sealed::Chain, 3), (Sealed::Value(1), 1), (Sealed::Anchor(4), 23)] {
        let (mut bit, mut bits) = (0, 1);
        while bit < bits {
            disk.put(NAME, whole.clone());
            edited(&disk, |database| {
                bits = oracle::rot_sealed(database, row, bit as u32)?;
                Ok(())
            });
            if row == Sealed::Chain {
                refused("a rotten row of the chain", &disk, &config(2), |error| {
                    matches!(error, OpenError::Corrupt { .. })
                });
            } else {
                let store = expect("the store", RedbStore::open(&disk, &config(2)));
                let told = match row {
                    Sealed::Value(key) => store.state(&[key]).map(drop),
                    _ => expect("anchors", store.anchors(0)).next().transpose().map(drop),
                };
                check_eq(
                    "CH-7",
                    &format!("whether bit {bit} of {row:?} is told"),
                    &true,
                    &matches!(told, Err(StoreError::Damaged(_))),
                );
            }
            tried += 1;
            bit += stride;
        }
    }
    tried
}

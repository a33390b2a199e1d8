//! The law of the file's layout: what is written is what version 2 says, byte for byte, so that a file of today is one of tomorrow.

use alys_engines::violation::check_eq;
use alys_models::chain_store::Block;
use redb::Database;

use super::{
    adapter::config,
    alys::{
        pow::Anchor,
        store::{ChainStore as _, MemoryDisk, RedbStore, VERSION},
    },
    laws_files::{chain, edited, expect},
    mined::{CHAIN_ID, Recipe, required},
};
use crate::{
    oracle,
    oracle_rows::{Rows, Table, rows, sealed},
};

const BLOCKS: u32 = 9;
const FINAL: u32 = 8;
const INTERVAL: u64 = 2;
const VOTED: u64 = 3;
const PROPOSED: u64 = 5;
const ANCHORED: u64 = 4;

/// Every row of every table is the one that the version says.
pub fn rows_are_what_the_version_says() -> u64 {
    check_eq("CH-8", "the version", &2, &VERSION);
    let disk = MemoryDisk::new();
    let (held, commit) = chain(INTERVAL, BLOCKS, FINAL);
    let mut store = expect("a new store", RedbStore::open(&disk, &config(INTERVAL)));
    expect("a commit", store.commit(&commit));
    expect("a vote", store.vote(VOTED));
    expect("a proposal", store.propose(PROPOSED));
    let commitment = Anchor::commitment(CHAIN_ID, 1, ANCHORED, oracle::root(4));
    let proof = Recipe::of(commitment).mine();
    let anchor = Anchor { first: 1, last: ANCHORED, root: oracle::root(4), proof };
    expect("an anchor", store.anchor(&anchor, required()));
    expect("closing", store.close());
    let checkpoints = oracle::checkpoints(&held).into_iter();
    let checkpoints = checkpoints.map(|(height, row, id)| (number(height), [row, id.to_vec()].concat()));
    let expected: [(&str, Rows); 9] = [
        ("schema", one(b"version", 2_u32.to_le_bytes().to_vec())),
        ("chain", one(b"chain", sealed(Table::Chain, b"chain", &the_chain()))),
        ("blocks", all().map(|block| placed(&block)).collect()),
        ("heights", all().map(|block| (root(block.id), number(block.height))).collect()),
        ("canonical", all().map(|block| (number(block.height), root(block.id))).collect()),
        ("checkpoints", checkpoints.collect()),
        ("state", one(&[1], sealed(Table::State, &[1], &[1]))),
        ("anchors", one(&number(ANCHORED), anchored(&anchor))),
        ("parents", one(&bitcoin::hashes::Hash::to_byte_array(anchor.parent()), number(ANCHORED))),
    ];
    let mut tried = 0;
    edited(&disk, |database| {
        for (name, expected) in &expected {
            check_eq("CH-8", &format!("the rows of `{name}`"), expected, &found(database, name)?);
            tried += expected.len() as u64;
        }
        Ok(())
    });
    tried
}

/// The rows of a table, by the types of its keys and values.
fn found(database: &Database, name: &str) -> Result<Rows, redb::Error> {
    match name {
        "schema" => rows::<&str, u32>(database, name),
        "chain" => rows::<&str, &[u8]>(database, name),
        "blocks" => rows::<&[u8; 40], &[u8]>(database, name),
        "heights" | "parents" => rows::<&[u8; 32], u64>(database, name),
        "canonical" => rows::<u64, &[u8; 32]>(database, name),
        "state" => rows::<&[u8], &[u8]>(database, name),
        _ => rows::<u64, &[u8]>(database, name),
    }
}

fn one(key: &[u8], row: Vec<u8>) -> Rows {
    Rows::from([(key.to_vec(), row)])
}

fn number(number: u64) -> Vec<u8> {
    number.to_le_bytes().to_vec()
}

fn root(id: u32) -> Vec<u8> {
    oracle::root(id).to_vec()
}

/// The genesis, which is its own parent here, and the chain.
fn all() -> impl Iterator<Item = Block> {
    (0..=BLOCKS).map(|id| Block { id, parent: id.saturating_sub(1), height: u64::from(id) })
}

/// Genesis, interval, tip, finalised block; the heights of base and mark; the slots; the last anchored height.
fn the_chain() -> Vec<u8> {
    let tip = |id: u32| [number(u64::from(id)), root(id)].concat();
    let marks = [0, 0, VOTED, PROPOSED, ANCHORED].map(number).concat();
    [root(0), number(INTERVAL), tip(BLOCKS), tip(FINAL), marks].concat()
}

/// By height, the highest byte first, and root: parent, slot, root of the state, bytes.
fn placed(block: &Block) -> (Vec<u8>, Vec<u8>) {
    let key = [&block.height.to_be_bytes()[..], &oracle::root(block.id)].concat();
    let state = oracle::state_root(block.id).to_vec();
    let row = [root(block.parent), number(oracle::slot(block)), state, oracle::bytes(block.id)].concat();
    let row = sealed(Table::Blocks, &key, &row);
    (key, row)
}

/// The first height, the root of the last block, and the proof in its one form.
fn anchored(anchor: &Anchor) -> Vec<u8> {
    let row = [number(anchor.first), anchor.root.to_vec(), anchor.proof.encode()].concat();
    sealed(Table::Anchors, &number(anchor.last), &row)
}

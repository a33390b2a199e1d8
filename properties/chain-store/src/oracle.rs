//! What must be stored, said without the component: blocks by number, ids of checkpoints, damage of rows.

use alys_engines::draw::SplitMix;
use alys_models::chain_store::{Block, Field, Held};
use bitcoin::hashes::{Hash as _, HashEngine as _, sha256};
use redb::{Database, ReadableDatabase as _, TableDefinition};

/// The file of every store in these suites.
pub const NAME: &str = "chain.redb";

/// 32 bytes that follow from a number and what they are for.
fn spread(id: u32, what: u64) -> [u8; 32] {
    let mut mix = SplitMix(u64::from(id) << 8 | what);
    let words: [u64; 4] = std::array::from_fn(|_| mix.next());
    let mut bytes = [0; 32];
    for (word, into) in words.iter().zip(bytes.chunks_exact_mut(8)) {
        into.copy_from_slice(&word.to_le_bytes());
    }
    bytes
}

/// The root of a block.
#[must_use]
pub fn root(id: u32) -> [u8; 32] {
    spread(id, 1)
}

/// The state root behind a block.
#[must_use]
pub fn state_root(id: u32) -> [u8; 32] {
    spread(id, 2)
}

/// The slot of a block.
#[must_use]
pub fn slot(block: &Block) -> u64 {
    block.height * 3 + u64::from(block.id % 3)
}

/// The bytes of a block: some have none, and some lie in more than one page.
#[must_use]
pub fn bytes(id: u32) -> Vec<u8> {
    let len = match id % 5 {
        0 => 0,
        4 => 5_000,
        other => 40 * other as usize,
    };
    let mut mix = SplitMix(u64::from(id) << 8 | 3);
    (0..len).map(|_| mix.next() as u8).collect()
}

/// The key of a block: its height, the highest byte first, and its root.
#[must_use]
pub fn block_key(height: u64, root: &[u8; 32]) -> [u8; 40] {
    let mut key = [0; 40];
    key[..8].copy_from_slice(&height.to_be_bytes());
    key[8..].copy_from_slice(root);
    key
}

fn hash(domain: &[u8], bytes: &[u8]) -> [u8; 32] {
    let mut engine = sha256::Hash::engine();
    engine.input(domain);
    engine.input(bytes);
    sha256::Hash::from_engine(engine).to_byte_array()
}

/// A checkpoint as its bytes: predecessor, height, block, state, interval.
#[must_use]
pub fn checkpoint(previous: [u8; 32], height: u64, block: u32, interval: u64) -> Vec<u8> {
    [&previous[..], &height.to_le_bytes(), &root(block), &state_root(block), &interval.to_le_bytes()].concat()
}

/// The id of a checkpoint.
#[must_use]
pub fn id(checkpoint: &[u8]) -> [u8; 32] {
    hash(b"alys-checkpoint-v1", checkpoint)
}

/// All checkpoints of a chain, by definition: height, bytes and id.
#[must_use]
pub fn checkpoints(held: &Held) -> Vec<(u64, Vec<u8>, [u8; 32])> {
    let mut previous = hash(b"alys-checkpoint-genesis-v1", &root(0));
    let row = |height: u64| {
        let bytes = checkpoint(previous, height, held.canonical[&height], held.interval);
        previous = id(&bytes);
        (height, bytes, previous)
    };
    held.due().into_iter().map(row).collect()
}

/// How a row of a checkpoint is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Harm {
    /// It is taken away.
    Lost,
    /// A bit of it flips; which one, of as many as there are.
    Rotten(u32),
    /// A field is changed, and the id made anew.
    Forged(Field),
}

fn flip(row: &mut [u8], bit: u32) {
    let bit = bit as usize % (row.len() * 8);
    row[bit / 8] ^= 1 << (bit % 8);
}

fn forge(row: &mut [u8], field: Field) {
    let at = match field {
        Field::Previous => 5,
        Field::Height => 32,
        Field::BlockRoot => 45,
        Field::StateRoot => 100,
        Field::Interval => 104,
    };
    row[at] ^= 1;
    let id = id(&row[..112]);
    row[112..].copy_from_slice(&id);
}

const CHECKPOINTS: TableDefinition<'static, u64, &[u8]> = TableDefinition::new("checkpoints");
const BLOCKS: TableDefinition<'static, &[u8; 40], &[u8]> = TableDefinition::new("blocks");

/// Damages the row of a checkpoint in a database; nothing happens where there is none.
///
/// # Errors
///
/// What the database says.
pub fn harm_checkpoint(database: &Database, height: u64, harm: Harm) -> Result<(), redb::Error> {
    let row = database.begin_read()?.open_table(CHECKPOINTS)?.get(height)?.map(|row| row.value().to_vec());
    let Some(mut row) = row else { return Ok(()) };
    let transaction = database.begin_write()?;
    {
        let mut table = transaction.open_table(CHECKPOINTS)?;
        match harm {
            Harm::Lost => drop(table.remove(height)?),
            Harm::Rotten(bit) => {
                flip(&mut row, bit);
                table.insert(height, row.as_slice())?;
            }
            Harm::Forged(field) => {
                forge(&mut row, field);
                table.insert(height, row.as_slice())?;
            }
        }
    }
    Ok(transaction.commit()?)
}

/// Puts the row of a checkpoint at another height as well.
///
/// # Errors
///
/// What the database says.
pub fn stray_checkpoint(database: &Database, of: u64, at: u64) -> Result<(), redb::Error> {
    let row = database.begin_read()?.open_table(CHECKPOINTS)?.get(of)?.map(|row| row.value().to_vec());
    let transaction = database.begin_write()?;
    transaction.open_table(CHECKPOINTS)?.insert(at, row.unwrap_or_default().as_slice())?;
    Ok(transaction.commit()?)
}

/// A row that is sealed, and is neither a block nor a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealed {
    /// The row of head, finalised block and marks.
    Chain,
    /// A value of the state, by its key.
    Value(u8),
    /// An anchor, by its last height.
    Anchor(u64),
}

/// Flips a bit in a sealed row, and says how many it has.
///
/// # Errors
///
/// What the database says.
pub fn rot_sealed(database: &Database, row: Sealed, bit: u32) -> Result<usize, redb::Error> {
    const CHAIN: TableDefinition<'static, &str, &[u8]> = TableDefinition::new("chain");
    const STATE: TableDefinition<'static, &[u8], &[u8]> = TableDefinition::new("state");
    const ANCHORS: TableDefinition<'static, u64, &[u8]> = TableDefinition::new("anchors");
    let snapshot = database.begin_read()?;
    let found = match row {
        Sealed::Chain => snapshot.open_table(CHAIN)?.get("chain")?.map(|row| row.value().to_vec()),
        Sealed::Value(key) => {
            snapshot.open_table(STATE)?.get([key].as_slice())?.map(|row| row.value().to_vec())
        }
        Sealed::Anchor(last) => snapshot.open_table(ANCHORS)?.get(last)?.map(|row| row.value().to_vec()),
    };
    let mut bytes = found.unwrap_or_default();
    flip(&mut bytes, bit);
    let transaction = database.begin_write()?;
    match row {
        Sealed::Chain => drop(transaction.open_table(CHAIN)?.insert("chain", bytes.as_slice())?),
        Sealed::Value(key) => {
            drop(transaction.open_table(STATE)?.insert([key].as_slice(), bytes.as_slice())?)
        }
        Sealed::Anchor(last) => drop(transaction.open_table(ANCHORS)?.insert(last, bytes.as_slice())?),
    }
    transaction.commit()?;
    Ok(bytes.len() * 8)
}

/// Flips a bit in the row of a block; nothing happens where there is none.
///
/// # Errors
///
/// What the database says.
pub fn rot_block(database: &Database, block: &Block, bit: u32) -> Result<(), redb::Error> {
    let key = block_key(block.height, &root(block.id));
    let row = database.begin_read()?.open_table(BLOCKS)?.get(&key)?.map(|row| row.value().to_vec());
    let Some(mut row) = row else { return Ok(()) };
    flip(&mut row, bit);
    let transaction = database.begin_write()?;
    transaction.open_table(BLOCKS)?.insert(&key, row.as_slice())?;
    Ok(transaction.commit()?)
}

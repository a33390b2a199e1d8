//! The tables of the file.
//!
//! Blocks lie by height, so that a chain that grows is written at the end of its table. What a row says is sealed
//! together with its key ([`sealed`](super::sealed)), except where the row is a key of another one: there the other one
//! is missed.

use redb::{
    ReadOnlyTable, ReadTransaction, ReadableTable, Table, TableDefinition, TableError, WriteTransaction,
};

use super::{Root, StoreError, kept::Kept};

/// The version of this layout. A file with a higher one is refused.
pub const VERSION: u32 = 1;

/// A height, the highest byte first, and a root.
pub(super) type BlockKey = [u8; 40];

type Of<K, V> = TableDefinition<'static, K, V>;

pub(super) const SCHEMA: Of<&str, u32> = TableDefinition::new("schema");
pub(super) const CHAIN: Of<&str, &[u8]> = TableDefinition::new("chain");
pub(super) const BLOCKS: Of<&BlockKey, &[u8]> = TableDefinition::new("blocks");
pub(super) const HEIGHTS: Of<&Root, u64> = TableDefinition::new("heights");
pub(super) const CANONICAL: Of<u64, &Root> = TableDefinition::new("canonical");
pub(super) const CHECKPOINTS: Of<u64, &[u8]> = TableDefinition::new("checkpoints");
pub(super) const STATE: Of<&[u8], &[u8]> = TableDefinition::new("state");
pub(super) const ANCHORS: Of<u64, &[u8]> = TableDefinition::new("anchors");
pub(super) const PARENTS: Of<&Root, u64> = TableDefinition::new("parents");

/// The only row of [`SCHEMA`].
pub(super) const VERSION_KEY: &str = "version";
/// The only row of [`CHAIN`].
pub(super) const CHAIN_KEY: &str = "chain";

/// The key of a block.
pub(super) fn block_key(height: u64, root: &Root) -> BlockKey {
    let mut key = [0; 40];
    key[..8].copy_from_slice(&height.to_be_bytes());
    key[8..].copy_from_slice(root);
    key
}

/// The height and the root in a key.
pub(super) fn of_key(key: &BlockKey) -> (u64, Root) {
    let (mut height, mut root) = ([0; 8], [0; 32]);
    height.copy_from_slice(&key[..8]);
    root.copy_from_slice(&key[8..]);
    (u64::from_be_bytes(height), root)
}

/// The tables that blocks and checkpoints are in, for reading or for writing.
#[derive(Debug)]
pub(super) struct Tables<B, H, C, K> {
    pub(super) blocks: Kept<B>,
    pub(super) heights: Kept<H>,
    pub(super) canonical: Kept<C>,
    pub(super) checkpoints: Kept<K>,
}

/// The tables of a snapshot.
pub(super) type Reading = Tables<
    ReadOnlyTable<&'static BlockKey, &'static [u8]>,
    ReadOnlyTable<&'static Root, u64>,
    ReadOnlyTable<u64, &'static Root>,
    ReadOnlyTable<u64, &'static [u8]>,
>;

/// The tables of a transaction that writes.
pub(super) type Writing<'t> = Tables<
    Table<'t, &'static BlockKey, &'static [u8]>,
    Table<'t, &'static Root, u64>,
    Table<'t, u64, &'static Root>,
    Table<'t, u64, &'static [u8]>,
>;

/// What can be read of blocks.
pub(super) trait BlockRows: ReadableTable<&'static BlockKey, &'static [u8]> {}
impl<T: ReadableTable<&'static BlockKey, &'static [u8]>> BlockRows for T {}

/// What can be read of heights.
pub(super) trait HeightRows: ReadableTable<&'static Root, u64> {}
impl<T: ReadableTable<&'static Root, u64>> HeightRows for T {}

/// What can be read of canonical heights.
pub(super) trait CanonicalRows: ReadableTable<u64, &'static Root> {}
impl<T: ReadableTable<u64, &'static Root>> CanonicalRows for T {}

/// What can be read of checkpoints.
pub(super) trait CheckpointRows: ReadableTable<u64, &'static [u8]> {}
impl<T: ReadableTable<u64, &'static [u8]>> CheckpointRows for T {}

pub(super) fn reading(transaction: &ReadTransaction) -> Result<Reading, StoreError> {
    Ok(Tables {
        blocks: Kept::new(transaction.open_table(BLOCKS)?),
        heights: Kept::new(transaction.open_table(HEIGHTS)?),
        canonical: Kept::new(transaction.open_table(CANONICAL)?),
        checkpoints: Kept::new(transaction.open_table(CHECKPOINTS)?),
    })
}

pub(super) fn writing(transaction: &WriteTransaction) -> Result<Writing<'_>, StoreError> {
    Ok(Tables {
        blocks: Kept::new(transaction.open_table(BLOCKS)?),
        heights: Kept::new(transaction.open_table(HEIGHTS)?),
        canonical: Kept::new(transaction.open_table(CANONICAL)?),
        checkpoints: Kept::new(transaction.open_table(CHECKPOINTS)?),
    })
}

/// Makes every table, so that a snapshot of a new store has them.
pub(super) fn create(transaction: &WriteTransaction) -> Result<(), TableError> {
    transaction.open_table(SCHEMA)?.insert(VERSION_KEY, VERSION)?;
    transaction.open_table(CHAIN)?;
    transaction.open_table(BLOCKS)?;
    transaction.open_table(HEIGHTS)?;
    transaction.open_table(CANONICAL)?;
    transaction.open_table(CHECKPOINTS)?;
    transaction.open_table(STATE)?;
    transaction.open_table(ANCHORS)?;
    transaction.open_table(PARENTS)?;
    Ok(())
}

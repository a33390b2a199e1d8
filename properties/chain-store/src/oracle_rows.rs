//! The rows of a file of version 2, said without the component.

use std::collections::BTreeMap;

use redb::{Database, Key, ReadableDatabase as _, ReadableTable as _, TableDefinition, Value};
use xxhash_rust::xxh3::xxh3_128;

/// Which table a sealed row is of.
#[derive(Clone, Copy, Debug)]
pub enum Table {
    /// The one row of head, finalised block and marks.
    Chain = 1,
    /// Blocks.
    Blocks = 2,
    /// The state.
    State = 3,
    /// Anchors.
    Anchors = 4,
}

/// A row with its seal: XXH3 of 128 bits, the lowest byte first, over the number of the table, the length of the key as
/// eight bytes, the lowest first, the key, and the row.
#[must_use]
pub fn sealed(table: Table, key: &[u8], row: &[u8]) -> Vec<u8> {
    let said = [&[table as u8][..], &(key.len() as u64).to_le_bytes(), key, row].concat();
    [row, &xxh3_128(&said).to_le_bytes()].concat()
}

/// The rows of a table, as they lie in the file.
pub type Rows = BTreeMap<Vec<u8>, Vec<u8>>;

/// All rows of a table, with keys and values as the bytes that they are stored as.
///
/// # Errors
///
/// What the database says; among others that there is no such table.
pub fn rows<K: Key + 'static, V: Value + 'static>(
    database: &Database,
    name: &str,
) -> Result<Rows, redb::Error> {
    let table = database.begin_read()?.open_table(TableDefinition::<K, V>::new(name))?;
    let mut rows = Rows::new();
    for row in table.iter()? {
        let (key, value) = row?;
        let (key, value) = (key.value(), value.value());
        rows.insert(K::as_bytes(&key).as_ref().to_vec(), V::as_bytes(&value).as_ref().to_vec());
    }
    Ok(rows)
}

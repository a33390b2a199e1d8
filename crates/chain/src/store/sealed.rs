//! Rows that know whether they are what was written.
//!
//! The seal is a checksum of 128 bits over the table, the key and the row. It is against rot, not against an adversary:
//! who can write the file can write seals too.

use xxhash_rust::xxh3::Xxh3;

const SEAL_LEN: usize = 16;

/// Which table a row belongs to: the same bytes under the same key are another row elsewhere.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Chain = 1,
    Block = 2,
    State = 3,
    Anchor = 4,
}

fn checksum(kind: Kind, key: &[u8], row: &[u8]) -> [u8; SEAL_LEN] {
    let mut hasher = Xxh3::new();
    hasher.update(&[kind as u8]);
    // Without the length of the key, a byte could move from it to the row.
    hasher.update(&(key.len() as u64).to_le_bytes());
    hasher.update(key);
    hasher.update(row);
    hasher.digest128().to_le_bytes()
}

/// Appends the seal to a row.
pub(super) fn seal(kind: Kind, key: &[u8], row: &mut Vec<u8>) {
    let checksum = checksum(kind, key, row);
    row.extend(checksum);
}

/// The row without its seal, if it is what was written under this key.
pub(super) fn unsealed<'r>(kind: Kind, key: &[u8], row: &'r [u8]) -> Option<&'r [u8]> {
    let (row, seal) = row.split_last_chunk::<SEAL_LEN>()?;
    (checksum(kind, key, row) == *seal).then_some(row)
}

/// Takes fields of fixed width from the front of a row.
#[derive(Debug)]
pub(super) struct Fields<'r>(pub(super) &'r [u8]);

impl Fields<'_> {
    pub(super) fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (field, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*field)
    }

    pub(super) fn number(&mut self) -> Option<u64> {
        self.bytes().map(u64::from_le_bytes)
    }
}

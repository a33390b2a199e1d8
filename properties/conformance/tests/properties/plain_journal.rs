//! The journal of the plain chain store: entries of one length, each with a checksum.

use alys_conformance::chain::{ChainBlock, Root};

/// What is written to the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    Block(ChainBlock),
    Head(Root),
    Final(Root),
    Vote(u64),
}

/// The bytes of every entry: a kind, a root, a parent or zeros, two numbers, and a checksum.
pub(super) const ENTRY: usize = 1 + 32 + 32 + 8 + 8 + 8;

/// A checksum (FNV-1a).
pub(super) fn sum(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

impl Entry {
    /// The bytes of an entry.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let (kind, root, parent, one, other) = match *self {
            Entry::Block(ChainBlock { root, parent, height, slot }) => (1, root, parent, height, slot),
            Entry::Head(root) => (2, root, [0; 32], 0, 0),
            Entry::Final(root) => (3, root, [0; 32], 0, 0),
            Entry::Vote(slot) => (4, [0; 32], [0; 32], slot, 0),
        };
        let mut bytes = [&[kind][..], &root, &parent, &one.to_le_bytes(), &other.to_le_bytes()].concat();
        bytes.extend(sum(&bytes).to_le_bytes());
        bytes
    }

    /// Reads an entry; with `half`, one whose checksum is wrong as well.
    pub(super) fn read(bytes: &[u8], half: bool) -> Option<Entry> {
        let root = |at: usize| <Root>::try_from(&bytes[at..at + 32]).ok();
        let number = |at: usize| <[u8; 8]>::try_from(&bytes[at..at + 8]).ok().map(u64::from_le_bytes);
        let whole = number(ENTRY - 8)? == sum(&bytes[..ENTRY - 8]);
        let (first, parent, height, slot) = (root(1)?, root(33)?, number(65)?, number(73)?);
        (whole || half).then_some(())?;
        match bytes[0] {
            1 => Some(Entry::Block(ChainBlock { root: first, parent, height, slot })),
            2 => Some(Entry::Head(first)),
            3 => Some(Entry::Final(first)),
            4 => Some(Entry::Vote(height)),
            _ => None,
        }
    }
}

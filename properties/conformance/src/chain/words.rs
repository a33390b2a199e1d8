//! The words that the kit and a chain store share.

use alys_properties::draw::SplitMix;

/// The root of a block.
pub type Root = [u8; 32];

/// A block, as far as a store must know of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainBlock {
    /// Its root.
    pub root: Root,
    /// The root of its parent.
    pub parent: Root,
    /// Its height.
    pub height: u64,
    /// Its slot.
    pub slot: u64,
}

/// A block by height and root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainTip {
    /// Its height.
    pub height: u64,
    /// Its root.
    pub root: Root,
}

/// What a store answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChainAnswer {
    /// It is done, and durable where the store lies on a disk.
    Done,
    /// It is refused, and nothing has changed.
    Refused,
    /// It could not be done: the disk, or what lies on it, has failed.
    Failed(String),
}

/// A checkpoint that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenCheckpoint {
    /// The height that it says.
    pub height: u64,
    /// The block that it binds.
    pub root: Root,
    /// What the checkpoint behind it must name: its id, or all its bytes.
    pub id: Vec<u8>,
    /// What it names as the one before it; empty where it names none.
    pub previous: Vec<u8>,
}

/// What a reader of a checkpoint is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadCheckpoint {
    /// There is none at this height.
    Absent,
    /// It is good.
    Valid(SeenCheckpoint),
    /// There should be one, and it is not what was written.
    Damaged,
}

/// A root that follows from a number alone, so that the order of roots is not the order in which blocks come.
#[must_use]
pub fn root_of(number: u8) -> Root {
    let mut mix = SplitMix(u64::from(number));
    let mut root = [0; 32];
    root.chunks_exact_mut(8).for_each(|word| word.copy_from_slice(&mix.next().to_le_bytes()));
    root
}

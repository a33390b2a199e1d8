//! A checkpoint, its bytes and its id.

use bitcoin::hashes::{Hash as _, HashEngine as _, sha256};
use thiserror::Error;

use super::Interval;

/// What sets the ids of checkpoints apart from other hashes.
const DOMAIN: &[u8] = b"alys-checkpoint-v1";

/// What sets the id before the first checkpoint apart from that of a checkpoint.
const DOMAIN_GENESIS: &[u8] = b"alys-checkpoint-genesis-v1";

/// How many bytes a checkpoint has.
const LEN: usize = 112;

/// How many bytes a stored checkpoint has: itself, and its id.
pub const ROW_LEN: usize = LEN + 32;

/// What a checkpoint is named by: the hash of its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CheckpointId(pub [u8; 32]);

impl CheckpointId {
    /// What the first checkpoint of a chain names as its predecessor.
    #[must_use]
    pub fn of_genesis(genesis_root: [u8; 32]) -> Self {
        let mut engine = sha256::Hash::engine();
        engine.input(DOMAIN_GENESIS);
        engine.input(&genesis_root);
        CheckpointId(sha256::Hash::from_engine(engine).to_byte_array())
    }
}

/// A finalised height, bound to all checkpoints before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The id of the checkpoint before it, or what the genesis stands for.
    pub previous: CheckpointId,
    /// The height: a multiple of the interval.
    pub height: u64,
    /// The root of the canonical block there.
    pub block_root: [u8; 32],
    /// The root of the state behind that block.
    pub state_root: [u8; 32],
    /// The interval of all checkpoints of this chain.
    pub interval: u64,
}

/// What is wrong with a checkpoint that is stored, or not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CheckpointFault {
    /// It is not there, and its height is final.
    #[error("it is missing")]
    Missing,
    /// It has another length than a checkpoint.
    #[error("it has {len} bytes: {ROW_LEN} are needed")]
    Length {
        /// How many bytes there are.
        len: usize,
    },
    /// Its bytes are not those that its id was made of.
    #[error("its bytes do not match its id")]
    Id,
    /// It is one of another height.
    #[error("it is the one of height {found}")]
    Height {
        /// The height that it says.
        found: u64,
    },
    /// It was made with another interval.
    #[error("it was made with the interval {found}")]
    Interval {
        /// The interval that it says.
        found: u64,
    },
    /// It names another predecessor.
    #[error("it does not follow the checkpoint before it")]
    Unlinked,
    /// It names another block.
    #[error("its block root is not the one of the canonical block")]
    BlockRoot,
    /// It names another state.
    #[error("its state root is not the one of the canonical block")]
    StateRoot,
    /// The block that it is about is damaged, so nothing can be said of it.
    #[error("the canonical block at its height is damaged or missing")]
    Block,
    /// Its height is not one at which a checkpoint is due.
    #[error("no checkpoint is due at its height")]
    Stray,
}

impl Checkpoint {
    /// The id: SHA-256 of a domain and the bytes.
    #[must_use]
    pub fn id(&self) -> CheckpointId {
        id_of(&self.to_bytes())
    }

    /// The bytes: the fields in their order, numbers little-endian. They are those of an SSZ container.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; LEN] {
        let mut bytes = [0; LEN];
        bytes[..32].copy_from_slice(&self.previous.0);
        bytes[32..40].copy_from_slice(&self.height.to_le_bytes());
        bytes[40..72].copy_from_slice(&self.block_root);
        bytes[72..104].copy_from_slice(&self.state_root);
        bytes[104..].copy_from_slice(&self.interval.to_le_bytes());
        bytes
    }

    /// The bytes and the id, as they are stored.
    #[must_use]
    pub fn to_row(&self) -> [u8; ROW_LEN] {
        let bytes = self.to_bytes();
        let mut row = [0; ROW_LEN];
        row[..LEN].copy_from_slice(&bytes);
        row[LEN..].copy_from_slice(&id_of(&bytes).0);
        row
    }

    /// Reads what is stored.
    ///
    /// # Errors
    ///
    /// [`CheckpointFault::Length`] and [`CheckpointFault::Id`]: the row is not what was written.
    pub fn from_row(row: &[u8]) -> Result<Self, CheckpointFault> {
        let row: &[u8; ROW_LEN] = row.try_into().map_err(|_| CheckpointFault::Length { len: row.len() })?;
        let (bytes, id) = row.split_first_chunk::<LEN>().ok_or(CheckpointFault::Id)?;
        if id_of(bytes).0 != *id {
            return Err(CheckpointFault::Id);
        }
        let number = |at: usize| u64::from_le_bytes(array(bytes, at));
        Ok(Checkpoint {
            previous: CheckpointId(array(bytes, 0)),
            height: number(32),
            block_root: array(bytes, 40),
            state_root: array(bytes, 72),
            interval: number(104),
        })
    }
}

/// What the checkpoint of a height must say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The id of the checkpoint before it.
    pub previous: CheckpointId,
    /// Its height.
    pub height: u64,
    /// The root of the canonical block.
    pub block_root: [u8; 32],
    /// The state root that this block commits to.
    pub state_root: [u8; 32],
    /// The interval of the chain.
    pub interval: Interval,
}

impl Expected {
    /// The one checkpoint that says this.
    #[must_use]
    pub fn checkpoint(&self) -> Checkpoint {
        let Expected { previous, height, block_root, state_root, interval } = *self;
        Checkpoint { previous, height, block_root, state_root, interval: interval.get() }
    }

    /// Compares a checkpoint with it.
    ///
    /// # Errors
    ///
    /// The [`CheckpointFault`] of the first field that differs: height, interval, block root, state root, predecessor.
    pub fn check(&self, found: &Checkpoint) -> Result<(), CheckpointFault> {
        if found.height != self.height {
            return Err(CheckpointFault::Height { found: found.height });
        }
        if found.interval != self.interval.get() {
            return Err(CheckpointFault::Interval { found: found.interval });
        }
        if found.block_root != self.block_root {
            return Err(CheckpointFault::BlockRoot);
        }
        if found.state_root != self.state_root {
            return Err(CheckpointFault::StateRoot);
        }
        if found.previous != self.previous {
            return Err(CheckpointFault::Unlinked);
        }
        Ok(())
    }
}

fn id_of(bytes: &[u8; LEN]) -> CheckpointId {
    let mut engine = sha256::Hash::engine();
    engine.input(DOMAIN);
    engine.input(bytes);
    CheckpointId(sha256::Hash::from_engine(engine).to_byte_array())
}

/// Some bytes of a checkpoint; where they lie is a constant of the layout.
fn array<const N: usize>(bytes: &[u8; LEN], at: usize) -> [u8; N] {
    let mut field = [0; N];
    field.copy_from_slice(&bytes[at..at + N]);
    field
}

//! What a node asks of a store.

use super::{Anchors, Blocks, CheckpointDamage, StoreError, Tree};
use crate::checkpoint::{Checkpoint, Interval};
use crate::pow::{Anchor, Anchored, WorkRequired};

/// The root of a block or of a state.
pub type Root = [u8; 32];

/// A block as it is stored.
///
/// What the store must know of it stands beside its bytes, which it does not read. That they belong together is for
/// whoever validated the block; that they are the same as when they were stored is for the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredBlock {
    /// The root of its header.
    pub root: Root,
    /// The root of its parent.
    pub parent: Root,
    /// Its height.
    pub height: u64,
    /// Its slot.
    pub slot: u64,
    /// The root of the state behind it.
    pub state_root: Root,
    /// The block, with its certificate, as it is sent.
    pub bytes: Vec<u8>,
}

/// A block by height and root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tip {
    /// Its height.
    pub height: u64,
    /// Its root.
    pub root: Root,
}

/// A value of the finalised state that changes: its key, and the value or nothing.
pub type StateChange = (Vec<u8>, Option<Vec<u8>>);

/// What becomes durable together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commit {
    /// New blocks, parents before children. One that is stored already is left as it is.
    pub blocks: Vec<StoredBlock>,
    /// The new tip, if it changes.
    pub head: Option<Root>,
    /// The new finalised block, if it changes; it must lie on the way to the tip.
    pub finalised: Option<Root>,
    /// Changes of the state of the finalised block.
    pub state: Vec<StateChange>,
}

/// What opening a store has found and done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// Whether the file was made just now.
    pub created: bool,
    /// How many checkpoints were not verified yet.
    pub checked: u64,
    /// The heights of those that were rebuilt from intact blocks.
    pub rebuilt: Vec<u64>,
    /// The first one that can be neither verified nor rebuilt. No checkpoint is made behind it.
    pub damaged: Option<CheckpointDamage>,
}

/// What a verification of checkpoints has found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// How many are good, from the first one on.
    pub checked: u64,
    /// The first one that is not.
    pub damaged: Option<CheckpointDamage>,
}

/// What is durable of a chain.
///
/// Every method that changes something returns when the change is durable, or fails and has changed nothing. After an
/// error of the disk or the database everything else is refused too, until the store is opened again: what is durable
/// is known again only then.
pub trait ChainStore {
    /// Makes blocks, indices, head, finalised block, due checkpoints and state durable in one step.
    ///
    /// # Errors
    ///
    /// - [`StoreError::Refused`] when the commit does not fit what is stored.
    /// - [`StoreError::Checkpoint`] when a checkpoint is due and the one before it is damaged beyond repair.
    /// - [`StoreError::Damaged`] when a row that is needed is not what was written.
    /// - [`StoreError::Disk`], [`StoreError::Database`] or [`StoreError::Failed`].
    fn commit(&mut self, commit: &Commit) -> Result<(), StoreError>;

    /// The tip of the canonical chain.
    fn head(&self) -> Tip;

    /// The last finalised block.
    fn finalised(&self) -> Tip;

    /// The height below which blocks were pruned; 0 when none were.
    fn base(&self) -> u64;

    /// Reads a block, of any fork.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] when it is not what was written.
    fn block(&self, root: &Root) -> Result<Option<StoredBlock>, StoreError>;

    /// Reads the canonical block of a height; `None` above the head and where it was pruned.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] when it is not what was written, or not there.
    fn block_at(&self, height: u64) -> Result<Option<StoredBlock>, StoreError>;

    /// Streams the canonical blocks from a height on to the head; those that were pruned are left out.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    fn blocks(&self, from: u64) -> Result<Blocks, StoreError>;

    /// Streams the blocks of all forks from a height on, by height and root.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    fn tree(&self, from: u64) -> Result<Tree, StoreError>;

    /// Reads a value of the state of the finalised block.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] when it is not what was written.
    fn state(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// At which heights checkpoints are due.
    fn interval(&self) -> Interval;

    /// Reads and verifies the checkpoint of a height; `None` where none is due yet.
    ///
    /// # Errors
    ///
    /// [`StoreError::Checkpoint`] when it or its link is damaged or missing.
    fn checkpoint(&self, height: u64) -> Result<Option<Checkpoint>, StoreError>;

    /// Up to which height checkpoints have been verified by reading them again.
    fn verified_up_to(&self) -> u64;

    /// Verifies all checkpoints against blocks and each other, from the first one on, and changes nothing.
    ///
    /// # Errors
    ///
    /// When the database cannot be read. Damage is no error here: it is what is found.
    fn verify(&self) -> Result<Verification, StoreError>;

    /// Rebuilds every checkpoint that is damaged or missing from intact blocks, and returns their heights.
    ///
    /// # Errors
    ///
    /// [`StoreError::Checkpoint`] when a block that is needed is damaged too; nothing is changed then.
    fn rebuild(&mut self) -> Result<Vec<u64>, StoreError>;

    /// Forgets what lies below a checkpoint, and what forks from there; canonical blocks at heights of checkpoints stay,
    /// so that checkpoints can still be verified and rebuilt.
    ///
    /// # Errors
    ///
    /// [`StoreError::Prune`] when there is no checkpoint at this height, and [`StoreError::Checkpoint`] when it is
    /// damaged.
    fn prune(&mut self, below: u64) -> Result<(), StoreError>;

    /// The last slot in which this node has voted; 0 when it never has.
    fn voted_slot(&self) -> u64;

    /// Makes a slot durable as one in which this node votes. The vote may leave when this has returned, not before.
    ///
    /// # Errors
    ///
    /// [`StoreError::Vote`] when the slot is not above every earlier one.
    fn vote(&mut self, slot: u64) -> Result<(), StoreError>;

    /// How far blocks are anchored and final.
    fn anchored(&self) -> Anchored;

    /// Judges an anchor by all its rules, and makes it durable.
    ///
    /// # Errors
    ///
    /// [`StoreError::Anchor`] says which rule is broken.
    fn anchor(&mut self, anchor: &Anchor, required: WorkRequired) -> Result<(), StoreError>;

    /// Streams the anchors of heights from this one on, in their order.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    fn anchors(&self, from: u64) -> Result<Anchors, StoreError>;
}

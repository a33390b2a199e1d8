//! What an adapter of a chain store implements.

use alys_properties::crash::Disk;

use super::{
    capabilities::ChainCapabilities,
    steps::Harm,
    words::{ChainAnswer, ChainBlock, ChainTip, ReadCheckpoint, Root, root_of},
};

/// What a store is opened with.
#[derive(Clone, Debug)]
pub struct ChainParameters {
    /// The genesis block: height 0, slot 0, final from the beginning.
    pub genesis: ChainBlock,
    /// How many heights lie between two checkpoints.
    pub interval: u64,
    /// Where to store; of no meaning without the capability.
    pub disk: Disk,
}

/// What is called without a capability, which never happens.
fn uncalled() -> ChainAnswer {
    ChainAnswer::Failed("it is not able to do this".to_owned())
}

/// A chain store that is held to the rules.
///
/// Reads give an error where a store cannot tell, which is a difference. What the capabilities leave out is not called.
#[allow(unused_variables, reason = "the names of the arguments are part of the documentation")]
pub trait ChainStoreUnderTest {
    /// What it is called in reports.
    fn name() -> String
    where
        Self: Sized;

    /// What it can do.
    fn capabilities() -> ChainCapabilities
    where
        Self: Sized;

    /// How many cases are run for each clause: fewer than the default where each opens files.
    #[must_use]
    fn cases() -> u32
    where
        Self: Sized,
    {
        600
    }

    /// The root of a block of which everything else is given; `number` tells blocks of one place apart, 0 is the genesis.
    ///
    /// Only for a store that computes roots itself: by default they follow from the number.
    #[must_use]
    fn root(number: u8, parent: &Root, height: u64, slot: u64) -> Root
    where
        Self: Sized,
    {
        root_of(number)
    }

    /// Opens a store: makes a new one with the genesis where there is none, else recovers what is there.
    ///
    /// # Errors
    ///
    /// Why it cannot be opened, as a sentence.
    fn open(parameters: &ChainParameters) -> Result<Self, String>
    where
        Self: Sized;

    /// The tip.
    ///
    /// # Errors
    ///
    /// When the store cannot tell.
    fn head(&self) -> Result<ChainTip, String>;

    /// The last final block.
    ///
    /// # Errors
    ///
    /// When the store cannot tell.
    fn finalised(&self) -> Result<ChainTip, String> {
        Err("it does not tell".to_owned())
    }

    /// Takes in a block. One that it has already may be refused or not.
    fn insert(&mut self, block: &ChainBlock) -> ChainAnswer {
        uncalled()
    }

    /// Makes the last of these blocks the tip: they are the way to it, from the genesis on, as far as it is known.
    fn move_to(&mut self, way: &[ChainBlock]) -> ChainAnswer {
        uncalled()
    }

    /// Makes a block of the way to the tip final, with all before it.
    fn finalise(&mut self, root: &Root) -> ChainAnswer {
        uncalled()
    }

    /// Reads a block, of any fork.
    ///
    /// # Errors
    ///
    /// When the store cannot tell.
    fn block(&self, root: &Root) -> Result<Option<ChainBlock>, String> {
        Err("it does not tell".to_owned())
    }

    /// Reads the root of the block of a height on the way to the tip.
    ///
    /// # Errors
    ///
    /// When the store cannot tell.
    fn at(&self, height: u64) -> Result<Option<Root>, String> {
        Err("it does not tell".to_owned())
    }

    /// Reads the checkpoint of a height.
    fn checkpoint(&self, height: u64) -> ReadCheckpoint {
        ReadCheckpoint::Absent
    }

    /// Verifies all checkpoints, changes nothing, and gives the height of the first one that is damaged.
    ///
    /// # Errors
    ///
    /// When the store cannot tell.
    fn verify(&self) -> Result<Option<u64>, String> {
        Err("it does not tell".to_owned())
    }

    /// Rebuilds what is damaged of the checkpoints.
    fn rebuild(&mut self) -> ChainAnswer {
        uncalled()
    }

    /// Damages the stored checkpoint of a height behind the store's back; the store may be opened again for that.
    ///
    /// # Errors
    ///
    /// When that fails.
    fn harm(&mut self, height: u64, harm: Harm) -> Result<(), String> {
        Err("it cannot be damaged".to_owned())
    }

    /// Makes durable that a slot is voted in.
    fn vote(&mut self, slot: u64) -> ChainAnswer {
        uncalled()
    }

    /// The last slot with a vote; 0 for none.
    ///
    /// # Errors
    ///
    /// When the store cannot tell.
    fn voted(&self) -> Result<u64, String> {
        Err("it does not tell".to_owned())
    }

    /// Closes the store and opens it again, on the same disk.
    ///
    /// # Errors
    ///
    /// Why it cannot be opened.
    fn reopen(&mut self) -> Result<(), String> {
        Err("it cannot be opened again".to_owned())
    }
}

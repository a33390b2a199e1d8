//! What a chain store can do, as data: it decides which clauses apply and what is generated.

/// Where the tip comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TipRule {
    /// The store is told by [`move_to`](super::ChainStoreUnderTest::move_to).
    Told,
    /// The store chooses one among the blocks it has.
    Chosen,
}

/// Where the final block comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FinalityRule {
    /// Only the genesis is final.
    Genesis,
    /// The store is told by [`finalise`](super::ChainStoreUnderTest::finalise).
    Told,
    /// The store decides by slots (CH-5); its tip must be one that it chooses.
    Slots,
}

/// What a chain store can do.
///
/// Whatever is left out of [`ChainCapabilities::NONE`] is neither called nor judged, and a clause that needs it does not
/// apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each capability is there or not, whatever the others are")]
pub struct ChainCapabilities {
    /// Where its tip comes from; `None`: it has none.
    pub tip: Option<TipRule>,
    /// Where its final block comes from.
    pub finality: FinalityRule,
    /// Whether it takes in blocks beside the way to the tip. Without it blocks come with the tip.
    pub forks: bool,
    /// Whether it gives any block that it has.
    pub blocks: bool,
    /// Whether it gives the block of a height on the way to the tip.
    pub index: bool,
    /// Whether it makes checkpoints of final blocks at an interval.
    pub checkpoints: bool,
    /// Whether all checkpoints can be verified.
    pub verify: bool,
    /// Whether damaged checkpoints can be rebuilt.
    pub rebuild: bool,
    /// Whether the adapter can damage a stored checkpoint.
    pub harm: bool,
    /// Whether it keeps the last slot with a vote.
    pub votes: bool,
    /// Whether it can be closed and opened again.
    pub reopen: bool,
    /// Whether all that it stores lies on the disk that the kit gives it, so that the power can go.
    pub disk: bool,
}

impl ChainCapabilities {
    /// Nothing at all: name what there is, and take the rest from here.
    pub const NONE: ChainCapabilities = ChainCapabilities {
        tip: None,
        finality: FinalityRule::Genesis,
        forks: false,
        blocks: false,
        index: false,
        checkpoints: false,
        verify: false,
        rebuild: false,
        harm: false,
        votes: false,
        reopen: false,
        disk: false,
    };

    /// Whether blocks are given to it one by one.
    #[must_use]
    pub fn inserts(&self) -> bool {
        self.forks || self.chooses()
    }

    /// Whether it chooses its tip.
    #[must_use]
    pub fn chooses(&self) -> bool {
        self.tip == Some(TipRule::Chosen)
    }

    /// Whether it has checkpoints that can be damaged.
    #[must_use]
    pub fn harms(&self) -> bool {
        self.checkpoints && self.harm
    }
}

//! The parameters of the parent chain.

use bitcoin::{
    block::Header,
    constants::genesis_block,
    params::{MAINNET, Params, REGTEST},
};
use ruint::aliases::U256;

use super::Bits;

/// The parent chain that is configured.
///
/// Note that regtest never retargets: every header has the bits of the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Network {
    /// Bitcoin itself.
    Mainnet,
    /// A private chain whose blocks are mined at once.
    Regtest,
}

impl Network {
    fn params(self) -> &'static Params {
        match self {
            Network::Mainnet => &MAINNET,
            Network::Regtest => &REGTEST,
        }
    }

    /// The first header of the chain.
    #[must_use]
    pub fn genesis(self) -> Header {
        genesis_block(self.params()).header
    }

    /// The easiest target that a header may have.
    #[must_use]
    pub fn limit(self) -> Bits {
        Bits::rounded_down(U256::from_be_bytes(self.params().max_attainable_target.to_be_bytes()))
    }

    /// How many headers share one target: 2016.
    #[must_use]
    pub fn retarget_interval(self) -> u64 {
        self.params().difficulty_adjustment_interval()
    }

    /// How long they should take, in seconds: two weeks.
    #[must_use]
    pub fn retarget_seconds(self) -> u64 {
        self.params().pow_target_timespan
    }

    /// Whether the target ever changes.
    #[must_use]
    pub fn retargets(self) -> bool {
        !self.params().no_pow_retargeting
    }
}

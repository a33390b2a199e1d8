//! The parameters of the parent chain.

use std::num::NonZeroU64;

use bitcoin::{
    block::Header,
    constants::genesis_block,
    params::{MAINNET, Params, REGTEST},
};
use ruint::aliases::U256;

use super::{Bits, retarget};

/// A chain with the rules of Bitcoin and numbers of its own; it begins with the genesis of regtest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrivateNetwork {
    /// The easiest target.
    pub limit: Bits,
    /// How many headers share one target.
    pub retarget_interval: NonZeroU64,
    /// How long they should take, in seconds.
    pub retarget_seconds: NonZeroU64,
}

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
    /// A private chain that retargets.
    Private(PrivateNetwork),
}

impl Network {
    fn params(self) -> &'static Params {
        match self {
            Network::Mainnet => &MAINNET,
            Network::Regtest | Network::Private(_) => &REGTEST,
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
        if let Network::Private(private) = self {
            return private.limit;
        }
        Bits::rounded_down(U256::from_be_bytes(self.params().max_attainable_target.to_be_bytes()))
    }

    /// How many headers share one target: 2016 in Bitcoin.
    #[must_use]
    pub fn retarget_interval(self) -> u64 {
        match self {
            Network::Private(private) => private.retarget_interval.get(),
            _ => self.params().difficulty_adjustment_interval(),
        }
    }

    /// How long they should take, in seconds: two weeks in Bitcoin.
    #[must_use]
    pub fn retarget_seconds(self) -> u64 {
        match self {
            Network::Private(private) => private.retarget_seconds.get(),
            _ => self.params().pow_target_timespan,
        }
    }

    /// The bits that follow an interval with these bits, which took so many seconds from its first to its last header.
    ///
    /// Seconds are clamped to a quarter of what they should be and to four times that, so a clock that ran backwards
    /// counts as the quarter. This is `CalculateNextWorkRequired` of Bitcoin Core.
    #[must_use]
    pub fn next_bits(self, bits: Bits, seconds: i64) -> Bits {
        match self {
            Network::Regtest => bits,
            _ => retarget::of_bitcoin(self, bits, seconds),
        }
    }
}

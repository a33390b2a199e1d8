//! Which tests of a run are run here.

use std::{fmt, str::FromStr};

use thiserror::Error;

/// A share of the tests, by a hash of their names: number `k` of `n`, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    number: u64,
    of: u64,
}

/// This is no share.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("shard `{given}`; allowed is K/N with 1 <= K <= N")]
pub struct ShardError {
    given: String,
}

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(given: &str) -> Result<Self, ShardError> {
        let parsed =
            given.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match parsed {
            Some((number, of)) if 1 <= number && number <= of => Ok(Self { number, of }),
            _ => Err(ShardError { given: given.to_owned() }),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

/// Which tests are run: those whose name contains the filter, and of them the share.
///
/// # Examples
///
/// ```
/// use alys_test_framework::Selection;
///
/// let halves = ["1/2", "2/2"].map(|shard| Selection { shard: Some(shard.parse().unwrap()), ..Selection::default() });
/// assert!(halves[0].has("test_fifo_message_ordering") != halves[1].has("test_fifo_message_ordering"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// What their names contain.
    pub filter: Option<String>,
    /// Which share of them.
    pub shard: Option<Shard>,
}

impl Selection {
    /// Says whether what is not shared belongs to this share: the first one has it.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.shard.is_none_or(|shard| shard.number == 1)
    }

    /// Says whether every test is selected.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.filter.is_none() && self.shard.is_none()
    }

    /// Says whether a test is selected.
    #[must_use]
    pub fn has(&self, test: &str) -> bool {
        let named = self.filter.as_ref().is_none_or(|filter| test.contains(filter.as_str()));
        named && self.shard.is_none_or(|shard| mixed(0, test) % shard.of == shard.number - 1)
    }
}

/// Mixes a name into a seed (FNV-1a, then the finaliser of SplitMix64, so that neighbouring seeds differ everywhere).
pub(crate) fn mixed(seed: u64, name: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let mut hash = name.bytes().fold(0xcbf2_9ce4_8422_2325 ^ seed, step);
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

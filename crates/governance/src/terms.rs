//! What a proposal asks for: its payload, how much must approve, how much must vote, and when.

use alloy_primitives::B256;
use sha2::{Digest, Sha256};

/// Separates the hash of a proposal's content from all others.
const DOMAIN: &[u8] = b"alys/gov/content";

/// A share of a weight, at least 0 and below 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Share {
    // invariant: the first is below the second
    numerator: u64,
    denominator: u64,
}

/// Why numbers are no share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the share {numerator}/{denominator} is not allowed, allowed are 0 up to but not 1")]
pub struct ShareError {
    /// The number above.
    pub numerator: u64,
    /// The number below.
    pub denominator: u64,
}

impl Share {
    /// What binding proposals ask for: with fewer than a third of the weight Byzantine, no two opposite certificates.
    pub const TWO_THIRDS: Share = Share { numerator: 2, denominator: 3 };

    /// A share; of 1 there is no weight that is more.
    ///
    /// # Errors
    ///
    /// [`ShareError`] when it is 1 or more, or divided by 0.
    pub fn new(numerator: u64, denominator: u64) -> Result<Self, ShareError> {
        match numerator < denominator {
            true => Ok(Share { numerator, denominator }),
            false => Err(ShareError { numerator, denominator }),
        }
    }

    /// The least weight that is more than this share of a total: `floor(t W) + 1` (GV-6).
    ///
    /// ```
    /// use alys_governance::terms::Share;
    ///
    /// assert_eq!(Share::TWO_THIRDS.passing(3), 3);
    /// assert_eq!(Share::TWO_THIRDS.passing(4), 3);
    /// assert_eq!(Share::new(1, 2).unwrap().passing(4), 3);
    /// ```
    #[must_use]
    pub fn passing(&self, total: u64) -> u64 {
        let share = u128::from(total) * u128::from(self.numerator) / u128::from(self.denominator);
        // Below the total, so it fits; and of no total there is nothing that passes.
        share as u64 + 1
    }
}

/// A proposal as somebody drafts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// What is to be done.
    pub payload: Vec<u8>,
    /// Of which share of the total weight more must approve.
    pub threshold: Share,
    /// The weight that must vote at least, abstentions included.
    pub quorum: u64,
    /// From when on votes count.
    pub opens: u64,
    /// From when on they no longer do.
    pub closes: u64,
}

/// What there is at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes in a payload.
    pub payload: usize,
    /// Votes in a batch.
    pub batch: usize,
    /// Proposals that are not decided.
    pub undecided: usize,
}

impl Default for Limits {
    /// 65,536 bytes, 4,096 votes, 256 proposals.
    fn default() -> Self {
        Limits { payload: 65_536, batch: 4_096, undecided: 256 }
    }
}

/// Why a draft does not become a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DraftRefusal {
    /// Nobody could vote.
    #[error("there is no member who could vote")]
    NoMembers,
    /// The payload is too long.
    #[error("the payload has {len} bytes, allowed are {allowed}")]
    Payload {
        /// How long it is.
        len: usize,
        /// How long it may be.
        allowed: usize,
    },
    /// The quorum is more than there is.
    #[error("the quorum is a weight of {quorum}, allowed are {total}, the weight of all members")]
    Quorum {
        /// The quorum.
        quorum: u64,
        /// The weight of all members.
        total: u64,
    },
    /// Voting would be over before it begins.
    #[error("voting would open at {opens} and close at {closes}, allowed is only a later time")]
    Window {
        /// When it would open.
        opens: u64,
        /// When it would close.
        closes: u64,
    },
    /// Voting would be over already.
    #[error("voting would close at {closes}, and it is {now}")]
    Over {
        /// When it would close.
        closes: u64,
        /// The time.
        now: u64,
    },
    /// As many proposals as are allowed are not decided.
    #[error("{undecided} proposals are not decided, and more are not allowed")]
    Crowded {
        /// How many that is.
        undecided: usize,
    },
}

impl Draft {
    /// A binding proposal: more than two thirds of all weight must approve.
    #[must_use]
    pub fn binding(payload: Vec<u8>, quorum: u64, opens: u64, closes: u64) -> Self {
        Draft { payload, threshold: Share::TWO_THIRDS, quorum, opens, closes }
    }

    /// Holds the draft to the limits, the weight of all members and the time.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong with it.
    pub fn check(&self, limits: &Limits, total: u64, now: u64) -> Result<(), DraftRefusal> {
        let Draft { quorum, opens, closes, .. } = *self;
        let (len, allowed) = (self.payload.len(), limits.payload);
        if total == 0 {
            Err(DraftRefusal::NoMembers)
        } else if len > allowed {
            Err(DraftRefusal::Payload { len, allowed })
        } else if quorum > total {
            Err(DraftRefusal::Quorum { quorum, total })
        } else if opens >= closes {
            Err(DraftRefusal::Window { opens, closes })
        } else if closes <= now {
            Err(DraftRefusal::Over { closes, now })
        } else {
            Ok(())
        }
    }

    /// The hash of the domain, the root of the registry whose members vote, the terms and the payload.
    #[must_use]
    pub fn content(&self, registry: B256) -> B256 {
        let Share { numerator, denominator } = self.threshold;
        let mut hash = Sha256::new_with_prefix(DOMAIN);
        hash.update(registry);
        for number in [numerator, denominator, self.quorum, self.opens, self.closes] {
            hash.update(number.to_le_bytes());
        }
        hash.update(&self.payload);
        B256::from_slice(&hash.finalize())
    }
}

//! What a simulated peer does when it is asked.

use serde::{Deserialize, Serialize};

/// What a peer does. Nobody can forge a certificate: a liar has the certified blocks of the truth, and what it makes up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Behaviour {
    /// Answers what it is asked, from the whole truth.
    #[default]
    Honest,
    /// Answers as an honest peer does, later.
    Slow {
        /// By how much: 0 to 600,000.
        by_ms: u64,
    },
    /// Begins to answer, and neither goes on nor ends.
    Stalls {
        /// After how many responses.
        after: u32,
    },
    /// Takes requests, and says nothing.
    NeverAnswers,
    /// Refuses every request that has a code for it.
    Refuses,
    /// Proves its tip, and answers ranges with nothing.
    Empty,
    /// Proves its tip, and answers ranges with less than it has.
    Short {
        /// How many blocks at most: 1 and more.
        blocks: u64,
    },
    /// Stays behind: it knows the truth but for the last blocks.
    Stale {
        /// How many blocks it withholds.
        by: u64,
    },
    /// One of a crowd that proves the same old tip, whatever has come since.
    Sybil {
        /// The height of that tip.
        height: u64,
    },
    /// Proves its tip, and answers ranges with certified blocks of a fork, where there is one.
    WrongFork,
    /// Spoils certificates.
    InvalidCertificate {
        /// Of every how many blocks: 1 and more. A tip is proved all the same unless it is 1.
        every: u64,
    },
    /// Leaves a block out of every range, and goes on behind it.
    Unlinked,
    /// Answers with more than was asked for.
    Oversized,
    /// Says that it has a tip that is not there.
    ClaimsTooHigh {
        /// By how many slots it is ahead.
        by: u64,
    },
    /// Makes a block on the tip that too few have certified, says that this is the tip, and shows it.
    ForgedTip,
    /// Shows the end of a certified fork as its tip, where there is one.
    NothingAtStake,
    /// Shows the certified branch that begins below what is final, where there is one.
    LongRangeFork,
    /// Answers with bytes that are no frames.
    Garbage,
    /// Answers as an honest peer does, and leaves and comes back all the time.
    Flaps {
        /// How long it stays: 1 to 3,600,000.
        every_ms: u64,
    },
    /// Answers as an honest peer does, and sends requests that are no frames, or ask for too much.
    Pesters {
        /// The time between two of them: 1 to 3,600,000.
        every_ms: u64,
    },
}

impl Behaviour {
    /// Whether it answers every request in the end, with all of the truth.
    #[must_use]
    pub fn is_honest(&self) -> bool {
        matches!(self, Self::Honest | Self::Slow { .. })
    }
}

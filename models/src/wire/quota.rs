//! How often a peer may ask: a bucket that leaks evenly.

/// A bucket for `tokens` that leaks empty in `period` nanoseconds, both more than nothing.
///
/// ```
/// use alys_models::wire::quota::{Answer, Bucket};
///
/// let mut bucket = Bucket::new(2, 10);
/// assert_eq!(bucket.take(2, 0), Answer::Taken);
/// assert_eq!(bucket.take(1, 3), Answer::Wait(2));
/// assert_eq!(bucket.take(1, 5), Answer::Taken);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    tokens: u128,
    period: u128,
    /// What is in the bucket, each token counting as `period`; so `tokens` leak out in a nanosecond.
    level: u128,
    /// When that was so.
    at: u128,
}

/// What a bucket answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It had room.
    Taken,
    /// It has room after so many nanoseconds more.
    Wait(u128),
    /// It never has so much room.
    Never,
}

impl Bucket {
    /// Makes an empty bucket.
    #[must_use]
    pub fn new(tokens: u32, period: u64) -> Self {
        Self { tokens: tokens.into(), period: period.into(), level: 0, at: 0 }
    }

    /// Puts tokens in, if they fit. An instant before an earlier one finds the bucket as full as it must have been.
    pub fn take(&mut self, tokens: u64, now: u64) -> Answer {
        let (now, wanted, room) =
            (u128::from(now), u128::from(tokens) * self.period, self.tokens * self.period);
        let level = (self.level + self.at * self.tokens).saturating_sub(now * self.tokens);
        if wanted > room {
            return Answer::Never;
        }
        if level + wanted > room {
            return Answer::Wait((level + wanted - room).div_ceil(self.tokens));
        }
        (self.level, self.at) = (level + wanted, now);
        Answer::Taken
    }
}

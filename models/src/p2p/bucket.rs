//! A bucket of tokens.

/// So many tokens in so many milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// How many tokens the bucket holds.
    pub tokens: u64,
    /// In what time an empty one is full again.
    pub period_ms: u64,
}

/// A bucket that fills steadily. Everything is counted in tokens times the period, so nothing is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    quota: Quota,
    level: u128,
    looked_at: u64,
}

impl Bucket {
    /// A full bucket.
    #[must_use]
    pub fn full(quota: Quota, now: u64) -> Self {
        Bucket { quota, level: u128::from(quota.tokens) * u128::from(quota.period_ms), looked_at: now }
    }

    /// Takes tokens, if they are there.
    pub fn take(&mut self, tokens: u64, now: u64) -> bool {
        let full = u128::from(self.quota.tokens) * u128::from(self.quota.period_ms);
        let gained = u128::from(now - self.looked_at) * u128::from(self.quota.tokens);
        self.level = full.min(self.level + gained);
        self.looked_at = now;
        let cost = u128::from(tokens) * u128::from(self.quota.period_ms);
        let is_there = cost <= self.level;
        if is_there {
            self.level -= cost;
        }
        is_there
    }
}

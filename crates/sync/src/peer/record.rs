//! What is remembered of a peer, connected or not.

use super::{Breaker, Offence};
use crate::config::Settings;

/// The highest score.
pub const SCORE_MAX: u64 = 1000;

/// The score of a peer that nothing is known of, and up to which time makes up for anything.
pub const SCORE_START: u64 = 500;

/// How long it takes to recover one point, in milliseconds.
const RECOVERY: u64 = 1000;

/// What a batch of good blocks adds to the score.
const REWARD: u64 = 20;

/// What a peer has done, and when it may be asked again.
///
/// Times are those of one clock that never goes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    // invariant: at most SCORE_MAX
    score: u64,
    scored_at: u64,
    lies: u64,
    banned_until: u64,
    failures: u32,
    backoff_until: u64,
    breaker: Breaker,
    /// When the peer was last connected.
    pub(crate) seen: u64,
}

impl Record {
    /// The record of a peer that has done nothing.
    #[must_use]
    pub fn new(now: u64) -> Self {
        Record {
            score: SCORE_START,
            scored_at: now,
            lies: 0,
            banned_until: 0,
            failures: 0,
            backoff_until: 0,
            breaker: Breaker::default(),
            seen: now,
        }
    }

    /// The score at a time, from 0 to [`SCORE_MAX`]: one point more a second, up to [`SCORE_START`].
    #[must_use]
    pub fn score(&self, now: u64) -> u64 {
        let recovered = self.score + now.saturating_sub(self.scored_at) / RECOVERY;
        if self.score >= SCORE_START { self.score } else { recovered.min(SCORE_START) }
    }

    /// When the peer may be asked; `None` while its breaker waits for one answer.
    #[must_use]
    pub fn available_at(&self) -> Option<u64> {
        self.breaker.available_at().map(|at| at.max(self.backoff_until))
    }

    /// Whether the peer may be asked at a time.
    #[must_use]
    pub fn may_ask(&self, now: u64) -> bool {
        self.available_at().is_some_and(|at| at <= now)
    }

    /// Whether the peer has failed so lately that it is left alone.
    #[must_use]
    pub fn is_backing_off(&self, now: u64) -> bool {
        now < self.backoff_until
    }

    /// Whether the peer is banned at a time.
    #[must_use]
    pub fn is_banned(&self, now: u64) -> bool {
        now < self.banned_until
    }

    /// The circuit breaker.
    #[must_use]
    pub fn breaker(&self) -> &Breaker {
        &self.breaker
    }

    /// A request is sent.
    pub(crate) fn asked(&mut self) {
        self.breaker.asked();
    }

    /// A request was answered as it should be.
    pub(crate) fn succeeded(&mut self) {
        self.failures = 0;
        self.backoff_until = 0;
        self.breaker.succeeded();
    }

    /// Blocks of the peer have entered the chain.
    pub(crate) fn rewarded(&mut self, now: u64) {
        self.score_to((self.score(now) + REWARD).min(SCORE_MAX), now);
    }

    /// The peer has done something wrong. Tells until when that bans it, if it does.
    pub(crate) fn offended(&mut self, offence: Offence, settings: &Settings, now: u64) -> Option<u64> {
        self.score_to(self.score(now).saturating_sub(offence.cost()), now);
        self.backoff_until = now.saturating_add(backoff(settings, self.failures));
        self.failures = self.failures.saturating_add(1);
        match offence.counts_as_failure() {
            true => self.breaker.failed(settings, now),
            false => self.breaker.undecided(now),
        }
        if offence.counts_towards_ban() { self.lied(settings, now) } else { None }
    }

    /// A request was given up, by nobody's fault.
    pub(crate) fn undecided(&mut self, now: u64) {
        self.breaker.undecided(now);
    }

    /// The peer has left.
    pub(crate) fn left(&mut self, now: u64) {
        self.breaker.undecided(now);
        self.seen = now;
    }

    fn lied(&mut self, settings: &Settings, now: u64) -> Option<u64> {
        self.lies += 1;
        if self.lies < settings.ban_after {
            return None;
        }
        self.lies = 0;
        self.banned_until = now.saturating_add(settings.ban_time);
        Some(self.banned_until)
    }

    fn score_to(&mut self, score: u64, now: u64) {
        self.score = score;
        self.scored_at = now;
    }
}

/// How long a peer is left alone after so many failures before this one.
fn backoff(settings: &Settings, failures: u32) -> u64 {
    let factor = 1_u64.checked_shl(failures).unwrap_or(u64::MAX);
    settings.backoff_min.saturating_mul(factor).min(settings.backoff_max)
}

#[cfg(test)]
mod properties {
    use super::*;

    /// SY-7.
    ///
    /// Engine: law
    #[test]
    fn backoff_doubles_to_its_bound() {
        let settings = Settings::default();
        let waits = [0, 1, 2, 3, 4, 5, 6, 63, 64, 65].map(|failures| backoff(&settings, failures));
        assert_eq!(waits, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000, 30_000]);
    }

    /// SY-7.
    ///
    /// Engine: law
    #[test]
    fn scores_recover_to_where_they_began() {
        let mut record = Record::new(0);
        assert_eq!(record.offended(Offence::Lie, &Settings::default(), 1_000), None);
        assert_eq!(
            [1_000, 1_999, 2_000, 250_999, 251_000, 900_000].map(|now| record.score(now)),
            [250, 250, 251, 499, 500, 500]
        );
        for _ in 0..200 {
            record.rewarded(900_000);
        }
        assert_eq!(record.score(2_000_000), 1_000);
    }

    /// SY-7.
    ///
    /// Engine: law
    #[test]
    fn a_breaker_opens_after_three_failures_in_a_minute_and_lets_one_probe_through() {
        let (settings, mut record) = (Settings::default(), Record::new(0));
        for at in [0, 59_999, 60_000] {
            let _ = record.offended(Offence::Timeout, &settings, at);
            assert!(matches!(record.breaker(), Breaker::Closed { .. }), "the first one is a minute old");
        }
        let _ = record.offended(Offence::Timeout, &settings, 60_001);
        assert_eq!(record.available_at(), Some(120_001));
        assert!(!record.may_ask(120_000) && record.may_ask(120_001));
        record.asked();
        assert!(!record.may_ask(500_000), "one probe");
        record.succeeded();
        assert!(record.may_ask(120_001));
    }

    /// SY-7: a probe that decides nothing is followed by another one, and the breaker never stays half open.
    ///
    /// Engine: law
    #[test]
    fn a_probe_that_decides_nothing_is_followed_by_another() {
        let settings = Settings::default();
        let half_open = || {
            let mut record = Record::new(0);
            for at in 0..3 {
                let _ = record.offended(Offence::Timeout, &settings, at);
            }
            record.asked();
            assert_eq!(record.available_at(), None);
            record
        };
        let mut record = half_open();
        record.undecided(70_000);
        assert_eq!(record.available_at(), Some(70_000));
        let mut record = half_open();
        record.left(80_000);
        assert_eq!(record.available_at(), Some(80_000));
        let mut record = half_open();
        let _ = record.offended(Offence::RateLimited, &settings, 90_000);
        assert_eq!(record.available_at(), Some(98_000), "the backoff");
        record.asked();
        let _ = record.offended(Offence::Timeout, &settings, 100_000);
        assert_eq!(record.available_at(), Some(160_000));
    }
}

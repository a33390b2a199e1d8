//! What the plain sync engine remembers of a peer: backoff, breaker, lies, ban and score.

use alys_conformance::sync::SyncParameters;

use super::plain_sync_faults::{
    BACKOFF_ONE_SHORT, BACKOFF_STAYS, BANS_ONE_LATE, BANS_TOO_SHORT, BREAKER_ONE_MORE, BREAKER_ONE_SHORT,
    NEVER_BANS, NEVER_HALF_OPENS, NO_BACKOFF, NO_BREAKER, PROBES_AT_WILL, SCORES_BELOW_ZERO,
};

/// A peer, connected or not.
#[derive(Clone, Debug)]
pub(super) struct Record<const FAULT: usize> {
    failures: u32,
    rests_until: u64,
    /// When it has failed while its breaker was closed.
    recent: Vec<u64>,
    open_until: Option<u64>,
    probing: bool,
    lies: u64,
    pub(super) banned_until: Option<u64>,
    pub(super) score: i64,
}

impl<const FAULT: usize> Default for Record<FAULT> {
    fn default() -> Self {
        Record {
            failures: 0,
            rests_until: 0,
            recent: Vec::new(),
            open_until: None,
            probing: false,
            lies: 0,
            banned_until: None,
            score: 500,
        }
    }
}

impl<const FAULT: usize> Record<FAULT> {
    /// When it may be asked; `None` while its probe is under way.
    pub(super) fn may_be_asked_at(&self) -> Option<u64> {
        let rests = if FAULT == NO_BACKOFF { 0 } else { self.rests_until };
        match self.open_until {
            Some(_) if self.probing || FAULT == NEVER_HALF_OPENS => None,
            until => Some(rests.max(until.unwrap_or(0))),
        }
    }

    pub(super) fn asked(&mut self) {
        self.probing = self.open_until.is_some() && FAULT != PROBES_AT_WILL;
    }

    pub(super) fn succeeded(&mut self) {
        (self.failures, self.rests_until) = (0, 0);
        if self.probing || FAULT == PROBES_AT_WILL {
            (self.open_until, self.probing) = (None, false);
        }
    }

    pub(super) fn failed(&mut self, parameters: &SyncParameters, now: u64, cost: i64) {
        let doubled = if FAULT == BACKOFF_STAYS { 0 } else { self.failures.min(20) };
        let rests = (parameters.backoff_min << doubled).min(parameters.backoff_max);
        self.rests_until = now + rests - u64::from(FAULT == BACKOFF_ONE_SHORT);
        self.failures += 1;
        self.score -= cost;
        if FAULT != SCORES_BELOW_ZERO {
            self.score = self.score.max(0);
        }
        if self.open_until.is_none() {
            self.recent.retain(|at| now < at + parameters.breaker_window);
            self.recent.push(now);
        }
        let allowed = parameters.breaker_failures + u64::from(FAULT == BREAKER_ONE_MORE);
        let many = self.recent.len() as u64 >= allowed && FAULT != NO_BREAKER;
        if self.probing || many {
            self.open_until = Some(now + parameters.breaker_open - u64::from(FAULT == BREAKER_ONE_SHORT));
            self.probing = false;
            self.recent.clear();
        }
    }

    /// It has lied. Until when that bans it, if it does.
    pub(super) fn lied(&mut self, parameters: &SyncParameters, now: u64) -> Option<u64> {
        self.lies += 1;
        let allowed = parameters.ban_after + u64::from(FAULT == BANS_ONE_LATE);
        if self.lies < allowed || FAULT == NEVER_BANS {
            return None;
        }
        self.lies = 0;
        let time = if FAULT == BANS_TOO_SHORT { parameters.ban_time / 2 } else { parameters.ban_time };
        self.banned_until = Some(now + time);
        self.banned_until
    }

    pub(super) fn left(&mut self, now: u64) {
        if self.probing {
            (self.probing, self.open_until) = (false, Some(now));
        }
    }
}

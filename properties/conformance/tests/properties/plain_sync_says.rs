//! What the plain sync engine says: whether it is synced, and its gate, as SY-4 and SY-5 have it.

use std::cmp::Reverse;

use alys_conformance::sync::SyncTip;

use super::{
    plain_sync::PlainSync,
    plain_sync_faults::{
        ABSOLUTE_ALONE, BELIEVES_ANY_TARGET, BELIEVES_CLAIMS, COUNTS_WHO_HAS_SHOWN, FRESH_ONE_LESS,
        FRESHNESS_ALONE, GENESIS_NEVER, HALF_IS_A_MAJORITY, LAG_ONE_LESS, MAJORITY_OF_ALL, ONE_AT_GENESIS,
        RELATIVE_ALONE, RELATIVE_BELOW, SAMPLE_ONE_LESS, SAYS_WITHOUT_A_SAMPLE,
    },
};

impl<const FAULT: usize> PlainSync<FAULT> {
    /// The best tip that counts.
    fn believed(&self) -> Option<SyncTip> {
        let claims = self.peers.values().filter_map(|peer| peer.claim);
        let best = claims.max_by_key(|tip| (tip.height, Reverse(tip.root)));
        if Self::is(BELIEVES_CLAIMS) { best } else { self.best() }
    }

    /// Whether a tip is fresh, or that of a majority.
    fn is_settled(&self, tip: &SyncTip) -> bool {
        let away = (self.now / self.parameters.slot).abs_diff(tip.slot) + u64::from(Self::is(FRESH_ONE_LESS));
        let fresh = away <= self.parameters.freshness_slots;
        let sampled =
            self.peers.values().filter(|peer| peer.shown.is_some() || !Self::is(COUNTS_WHO_HAS_SHOWN));
        let sample = sampled.count() as u64;
        let agreeing =
            self.peers.values().filter(|peer| peer.shown.is_some_and(|shown| shown.root == tip.root));
        let agreeing = 2 * agreeing.count() as u64 + u64::from(Self::is(HALF_IS_A_MAJORITY));
        let enough = self.parameters.sample - u64::from(Self::is(SAMPLE_ONE_LESS));
        let most = if Self::is(MAJORITY_OF_ALL) { agreeing == 2 * sample } else { agreeing > sample };
        let majority = sample >= enough && most;
        fresh || (majority && !Self::is(FRESHNESS_ALONE))
    }

    pub(super) fn is_synced(&self) -> bool {
        let rank = |tip: &SyncTip| (tip.height, Reverse(tip.root));
        let head = self.head.tip();
        let reached = self.believed().is_some_and(|best| rank(&best) <= rank(&head));
        reached && (self.is_settled(&head) || Self::is(SAYS_WITHOUT_A_SAMPLE)) || self.ended
    }

    pub(super) fn is_open(&self) -> bool {
        let bootstrap = self.parameters.bootstrap;
        let believes = |best: &SyncTip| bootstrap || self.is_settled(best) || Self::is(BELIEVES_ANY_TARGET);
        let target = match self.believed() {
            Some(best) if believes(&best) => best.height,
            None if bootstrap => 0,
            _ => return false,
        };
        if target == 0 {
            let at_genesis = |shown: SyncTip| shown.height == 0;
            let there = self.peers.values().filter(|peer| peer.shown.is_some_and(at_genesis)).count() as u64;
            let needed = if Self::is(ONE_AT_GENESIS) { 1 } else { self.parameters.sample };
            return bootstrap || there >= needed && !Self::is(GENESIS_NEVER);
        }
        let lag = target.saturating_sub(self.head.height);
        let relative =
            1000 * lag + u64::from(Self::is(RELATIVE_BELOW)) <= 5 * target || Self::is(ABSOLUTE_ALONE);
        let lag = lag + u64::from(Self::is(LAG_ONE_LESS));
        relative && (lag <= self.parameters.max_lag_blocks || Self::is(RELATIVE_ALONE))
    }
}

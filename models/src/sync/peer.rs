//! What a peer got wrong, and what follows from it (SY-7).

/// The limits of rule SY-7.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerSetting {
    /// How long a peer is left alone after its first failure, in milliseconds.
    pub backoff_ms_min: u64,
    /// The longest it is left alone.
    pub backoff_ms_max: u64,
    /// How many failures open the breaker.
    pub breaker_failures: usize,
    /// Within which time.
    pub breaker_window_ms: u64,
    /// How long it stays open before a probe may go.
    pub breaker_open_ms: u64,
    /// How many proved lies are a ban.
    pub lies_to_ban: usize,
    /// How long a ban lasts.
    pub ban_ms: u64,
}

/// A peer by what happened to it: lists of times, which every answer is counted from.
///
/// ```
/// use alys_models::sync::{ModelPeer, PeerSetting};
///
/// let setting = PeerSetting {
///     backoff_ms_min: 1_000, backoff_ms_max: 30_000,
///     breaker_failures: 3, breaker_window_ms: 60_000, breaker_open_ms: 60_000,
///     lies_to_ban: 2, ban_ms: 600_000,
/// };
/// let mut peer = ModelPeer::default();
/// peer.failed(&setting, 5_000);
/// assert_eq!(peer.rests_until(&setting), Some(6_000));
/// assert!(!peer.may_be_asked(&setting, 5_999) && peer.may_be_asked(&setting, 6_000));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelPeer {
    /// When it failed since its last success.
    failures: Vec<u64>,
    /// When it failed while its breaker was closed, successes or not.
    counted: Vec<u64>,
    /// When its breaker opened, while it is not closed.
    opened: Option<u64>,
    /// Whether the probe of a half-open breaker is on its way.
    probing: bool,
    /// When it told a lie that is proved, since its last ban.
    lies: Vec<u64>,
    /// When it was banned last.
    banned: Option<u64>,
}

impl ModelPeer {
    /// A request to it failed: no answer in time, an empty, unusable or malformed one. Three failures within the window open a
    /// closed breaker, and one opens a half-open one anew.
    pub fn failed(&mut self, setting: &PeerSetting, now: u64) {
        self.failures.push(now);
        if self.opened.is_none() {
            self.counted.push(now);
        }
        let recent = self.counted.iter().filter(|at| **at + setting.breaker_window_ms > now).count();
        if self.probing || (self.opened.is_none() && recent >= setting.breaker_failures) {
            self.opened = Some(now);
            self.probing = false;
            self.counted.clear();
        }
    }

    /// It says that it was asked too often: it is left alone for as long as after a failure, and is not ill.
    pub fn put_off(&mut self, now: u64) {
        self.failures.push(now);
    }

    /// It gave what it was asked for: the backoff begins anew, and a half-open breaker closes.
    pub fn succeeded(&mut self) {
        self.failures.clear();
        if self.probing {
            self.opened = None;
            self.probing = false;
        }
    }

    /// Something that it said is proved to be false; whether that is a ban.
    pub fn lied(&mut self, setting: &PeerSetting, now: u64) -> bool {
        self.lies.push(now);
        let banned = self.lies.len() >= setting.lies_to_ban;
        if banned {
            self.lies.clear();
            self.banned = Some(now);
        }
        banned
    }

    /// A request goes to it.
    pub fn asked(&mut self) {
        self.probing = self.opened.is_some();
    }

    /// It has left, and will not answer: another probe may go when it is back.
    pub fn left(&mut self, setting: &PeerSetting, now: u64) {
        if self.probing {
            self.probing = false;
            self.opened = Some(now.saturating_sub(setting.breaker_open_ms));
        }
    }

    /// Until when it is left alone, if it failed since its last success.
    #[must_use]
    pub fn rests_until(&self, setting: &PeerSetting) -> Option<u64> {
        let last = self.failures.last()?;
        let mut delay = setting.backoff_ms_min;
        for _ in 1..self.failures.len() {
            delay = (delay * 2).min(setting.backoff_ms_max);
        }
        Some(last + delay.min(setting.backoff_ms_max))
    }

    /// Whether a request may go to it now: it does not rest, and its breaker is closed, or half-open without a probe under way.
    #[must_use]
    pub fn may_be_asked(&self, setting: &PeerSetting, now: u64) -> bool {
        let rests = self.rests_until(setting).is_some_and(|until| now < until);
        let shut = self.opened.is_some_and(|at| self.probing || now < at + setting.breaker_open_ms);
        !rests && !shut
    }

    /// Whether it is banned now: bans end by themselves.
    #[must_use]
    pub fn is_banned(&self, setting: &PeerSetting, now: u64) -> bool {
        self.banned.is_some_and(|at| now < at + setting.ban_ms)
    }
}

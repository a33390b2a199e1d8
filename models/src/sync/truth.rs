//! What is true of the chain, and what a node may therefore say (SY-4, SY-5).

use std::collections::BTreeMap;

/// A certified block that a peer has as its tip, and has proved to have.
///
/// Of two, the higher is the better one; at one height the one with the smaller root, as in the fork choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ProvedTip {
    /// Its height.
    pub height: u64,
    /// Its slot.
    pub slot: u64,
    /// Its root.
    pub root: [u8; 32],
}

impl ProvedTip {
    /// Whether the fork choice prefers it to another.
    #[must_use]
    pub fn beats(&self, other: &ProvedTip) -> bool {
        self.height > other.height || (self.height == other.height && self.root < other.root)
    }
}

/// The limits of rules SY-4 and SY-5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TruthSetting {
    /// How many slots a tip may be behind the clock and still be fresh.
    pub freshness_slots: u64,
    /// The least number of sampled peers of which a majority counts: m.
    pub sample_min: usize,
    /// The longest lag in blocks with which a node may produce.
    pub max_lag_blocks: u64,
    /// Whether the operator says that there is nobody to learn a target from.
    pub bootstrap: bool,
}

/// What the production gate must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelGate {
    /// The node may produce.
    Open,
    /// It may not.
    Closed,
}

/// What is true: the clock, the node's own tip, and what each connected peer has proved last.
///
/// Genesis is the tip of height 0. It needs no proof, so a peer that says it is there has proved it.
///
/// ```
/// use alys_models::sync::{ModelGate, ProvedTip, SyncTruth, TruthSetting};
///
/// let setting = TruthSetting { freshness_slots: 2, sample_min: 3, max_lag_blocks: 4, bootstrap: false };
/// let tip = |height| ProvedTip { height, slot: height, root: [height as u8; 32] };
/// let mut truth = SyncTruth::new(setting, tip(995));
/// truth.slot = 1_001;
/// truth.joined(1);
/// assert_eq!(truth.gate(), ModelGate::Closed, "no target is known");
/// truth.proved(1, tip(999));
/// assert_eq!((truth.gate(), truth.is_synced()), (ModelGate::Open, false), "a fresh target, 4 blocks ahead");
/// truth.own = tip(999);
/// assert!(truth.is_synced());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncTruth {
    setting: TruthSetting,
    /// The slot that the clock shows.
    pub slot: u64,
    /// The tip of the node's own chain.
    pub own: ProvedTip,
    /// The connected peers, silent ones included, each with the tip that it has proved last.
    peers: BTreeMap<u64, Option<ProvedTip>>,
}

impl SyncTruth {
    /// A node without peers.
    #[must_use]
    pub fn new(setting: TruthSetting, own: ProvedTip) -> Self {
        SyncTruth { setting, slot: 0, own, peers: BTreeMap::new() }
    }

    /// The limits that it was made with.
    #[must_use]
    pub fn setting(&self) -> TruthSetting {
        self.setting
    }

    /// A peer is connected: it is in the sample from now on.
    pub fn joined(&mut self, peer: u64) {
        self.peers.insert(peer, None);
    }

    /// A peer is gone, and what it has proved with it.
    pub fn left(&mut self, peer: u64) {
        self.peers.remove(&peer);
    }

    /// A peer has shown a certified block as its tip.
    pub fn proved(&mut self, peer: u64, tip: ProvedTip) {
        if let Some(known) = self.peers.get_mut(&peer) {
            *known = Some(tip);
        }
    }

    /// What a peer has proved last.
    #[must_use]
    pub fn tip_of(&self, peer: u64) -> Option<ProvedTip> {
        self.peers.get(&peer).copied().flatten()
    }

    /// The highest tip that any connected peer has proved.
    #[must_use]
    pub fn highest(&self) -> Option<ProvedTip> {
        let tips = self.peers.values().filter_map(|tip| *tip);
        tips.reduce(|best, tip| if tip.beats(&best) { tip } else { best })
    }

    /// Whether the second condition of SY-4 holds of a tip: it is fresh, or more than half of a large enough sample have it.
    #[must_use]
    pub fn is_believed(&self, tip: &ProvedTip) -> bool {
        let agreeing = self.peers.values().filter(|proved| **proved == Some(*tip)).count();
        let fresh = self.slot.abs_diff(tip.slot) <= self.setting.freshness_slots;
        fresh || (self.peers.len() >= self.setting.sample_min && 2 * agreeing > self.peers.len())
    }

    /// The height that the node is to reach, when it is known: by SY-4's second condition, or because the operator says so.
    #[must_use]
    pub fn target(&self) -> Option<u64> {
        let bootstrap = self.setting.bootstrap;
        match self.highest() {
            Some(tip) => (bootstrap || self.is_believed(&tip)).then_some(tip.height),
            None => bootstrap.then_some(0),
        }
    }

    /// SY-4: whether the node may, and then must, say that it is synced: nobody has proved anything better than its own tip, somebody
    /// has proved something, and the tip is believed.
    #[must_use]
    pub fn is_synced(&self) -> bool {
        self.highest().is_some_and(|tip| !tip.beats(&self.own)) && self.is_believed(&self.own)
    }

    /// SY-5, to the letter.
    #[must_use]
    pub fn gate(&self) -> ModelGate {
        let open = match self.target() {
            None => false,
            Some(0) => self.setting.bootstrap || self.at_genesis() >= self.setting.sample_min,
            Some(target) => {
                let lag = target.saturating_sub(self.own.height);
                1000 * u128::from(lag) <= 5 * u128::from(target) && lag <= self.setting.max_lag_blocks
            }
        };
        if open { ModelGate::Open } else { ModelGate::Closed }
    }

    /// How many connected peers have genesis as their tip.
    #[must_use]
    pub fn at_genesis(&self) -> usize {
        self.peers.values().filter(|tip| tip.is_some_and(|tip| tip.height == 0)).count()
    }
}

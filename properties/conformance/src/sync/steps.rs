//! The steps of a case about a sync engine, as they are written in Rust.

use super::capabilities::SyncCapabilities;

/// What a peer does. Whatever it is, it answers out of one chain where nothing else is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Behaviour {
    /// It has the honest chain, and answers as it should.
    Honest,
    /// It has the lower half of the honest chain.
    Stale,
    /// It sends no blocks of a range.
    Empty,
    /// It sends the first half of a range.
    Short,
    /// It sends the blocks of a lower fork that was certified too, where it has some.
    WrongFork,
    /// It has that fork, and says so.
    OnFork,
    /// The certificate of a block of every range is bad.
    BadCertificate,
    /// The blocks of a range are not linked.
    Unlinked,
    /// It sends more blocks than it was asked for.
    Oversized,
    /// It claims a tip far above, which nobody can show.
    ClaimsTooHigh,
    /// It claims a tip above the honest one, and shows it with a bad certificate.
    ForgedTip,
    /// It answers nothing.
    Silent,
    /// It answers everything but ranges.
    Withholds,
    /// It answers ranges after their deadlines.
    Late,
    /// What it sends for ranges cannot be decoded.
    Garbles,
    /// It refuses ranges.
    Refuses,
}

impl Behaviour {
    /// Every behaviour, the plainest first.
    pub const ALL: [Self; 16] = [
        Self::Honest,
        Self::Stale,
        Self::Empty,
        Self::Short,
        Self::WrongFork,
        Self::OnFork,
        Self::BadCertificate,
        Self::Unlinked,
        Self::Oversized,
        Self::ClaimsTooHigh,
        Self::ForgedTip,
        Self::Silent,
        Self::Withholds,
        Self::Late,
        Self::Garbles,
        Self::Refuses,
    ];

    /// Whether blocks of another chain than the honest one come by it.
    pub(super) fn forks(self) -> bool {
        matches!(self, Self::WrongFork | Self::OnFork)
    }
}

/// What a case begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyncStart {
    /// The height of the honest tip.
    pub height: u16,
    /// How many of these blocks the engine has from the beginning.
    pub held: u16,
    /// How many slots ago the tip was made.
    pub age: u16,
    /// How many honest peers are connected.
    pub peers: u8,
    /// How many peers are a sample.
    pub sample: u8,
    /// How many blocks the tip may be behind while the gate is open.
    pub max_lag: u8,
    /// How many requests for blocks may be open at once.
    pub workers: u8,
    /// Whether the operator says that this is the beginning of a chain.
    pub bootstrap: bool,
}

/// A fresh honest tip at height 12, nobody connected yet, one peer a sample, four requests at once.
pub const PLAIN_START: SyncStart = SyncStart {
    height: 12,
    held: 0,
    age: 0,
    peers: 0,
    sample: 1,
    max_lag: 100,
    workers: 4,
    bootstrap: false,
};

/// One step of a case. Peers are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncStep {
    /// A peer is connected, and stays so until it leaves or is disconnected; then it comes back after a while.
    Join(u8, Behaviour),
    /// A peer leaves.
    Leave(u8),
    /// A peer behaves in another way from now on.
    Become(u8, Behaviour),
    /// So many milliseconds pass.
    Pass(u32),
    /// Honest peers make so many blocks, while time passes.
    Grow(u8),
    /// Honest peers leave so many of their last blocks for one more of another branch.
    Reorg(u8),
    /// A peer sends what cannot be decoded and is no answer.
    Noise(u8),
    /// The engine is ended, and made again of what is durable.
    Restart,
    /// An honest peer is connected, if there is none, and the honest tip must be reached. Then honest peers produce.
    Settle,
}

/// Whether an engine is able to take part in a step.
pub(super) fn is_possible(able: &SyncCapabilities, step: SyncStep) -> bool {
    able.syncs && (step != SyncStep::Restart || able.restarts)
}

/// Steps that are simpler than this one, the simplest first.
pub(super) fn simpler(step: SyncStep) -> Vec<SyncStep> {
    let plainer = |of: Behaviour| Behaviour::ALL.into_iter().filter(move |other| *other < of).take(3);
    match step {
        SyncStep::Join(peer, of) => {
            let named = (0..peer.min(2)).map(|peer| SyncStep::Join(peer, of));
            named.chain(plainer(of).map(|of| SyncStep::Join(peer, of))).collect()
        }
        SyncStep::Leave(peer) => (0..peer.min(2)).map(SyncStep::Leave).collect(),
        SyncStep::Become(peer, of) => {
            let named = (0..peer.min(2)).map(|peer| SyncStep::Become(peer, of));
            named.chain(plainer(of).map(|of| SyncStep::Become(peer, of))).collect()
        }
        SyncStep::Pass(time) => {
            PASSES.into_iter().filter(|less| *less < time).take(3).map(SyncStep::Pass).collect()
        }
        SyncStep::Grow(blocks) => (1..blocks).map(SyncStep::Grow).collect(),
        SyncStep::Reorg(blocks) => (1..blocks).map(SyncStep::Reorg).collect(),
        SyncStep::Noise(peer) => (0..peer.min(2)).map(SyncStep::Noise).collect(),
        SyncStep::Restart | SyncStep::Settle => Vec::new(),
    }
}

/// How much time passes at once, in milliseconds.
pub(super) const PASSES: [u32; 7] = [100, 300, 1_000, 6_000, 12_000, 70_000, 130_000];

/// The beginnings that are simpler than this one, the simplest first.
pub(super) fn simpler_starts(start: &SyncStart) -> Vec<SyncStart> {
    let heights = [2, 12].into_iter().filter(|height| *height < start.height && start.held == 0);
    let lower = heights.map(|height| SyncStart { height, ..*start });
    let fewer = (0..start.peers).map(|peers| SyncStart { peers, ..*start });
    let plain = [
        PLAIN_START,
        SyncStart { age: 0, ..*start },
        SyncStart { sample: 1, ..*start },
        SyncStart { workers: 4, ..*start },
        SyncStart { max_lag: 100, ..*start },
        SyncStart { bootstrap: false, ..*start },
    ];
    plain.into_iter().chain(fewer).chain(lower).filter(|other| other != start).collect()
}

/// The steps that are tried where all sequences are.
pub(super) fn alphabet() -> Vec<SyncStep> {
    let joins = Behaviour::ALL.map(|behaviour| SyncStep::Join(0, behaviour));
    let others = [
        SyncStep::Join(1, Behaviour::Honest),
        SyncStep::Pass(1_000),
        SyncStep::Pass(12_000),
        SyncStep::Pass(70_000),
        SyncStep::Noise(0),
        SyncStep::Restart,
        SyncStep::Settle,
    ];
    joins.into_iter().chain(others).collect()
}

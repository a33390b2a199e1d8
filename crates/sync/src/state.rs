//! The states of sync, and which follows which.

/// What sync is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SyncState {
    /// No peer is connected.
    Idle,
    /// It is not known yet where the tip is, or whether it is ours.
    Discovering,
    /// Blocks are asked for.
    Downloading,
    /// Blocks are there and enter the chain.
    Processing,
    /// The tip is the one that SY-4 asks for.
    Synced,
    /// There is more to download, and nobody who may be asked now.
    Recovering,
    /// The chain cannot be made durable any more. The node must be restored from what is.
    Failed,
}

impl SyncState {
    /// Every state.
    pub const ALL: [Self; 7] = [
        Self::Idle,
        Self::Discovering,
        Self::Downloading,
        Self::Processing,
        Self::Synced,
        Self::Recovering,
        Self::Failed,
    ];

    /// The states that can be said next.
    ///
    /// A first peer makes nothing known yet, so [`Idle`](Self::Idle) ends in [`Discovering`](Self::Discovering). Nothing
    /// follows [`Failed`](Self::Failed). All others may follow one another: a peer that leaves, a tip that is proved and a
    /// block that comes by gossip can each change everything at once.
    #[must_use]
    pub const fn next(self) -> &'static [Self] {
        use SyncState::{Discovering, Downloading, Failed, Idle, Processing, Recovering, Synced};
        match self {
            Idle => &[Discovering, Failed],
            Discovering => &[Idle, Downloading, Processing, Synced, Recovering, Failed],
            Downloading => &[Idle, Discovering, Processing, Synced, Recovering, Failed],
            Processing => &[Idle, Discovering, Downloading, Synced, Recovering, Failed],
            Synced => &[Idle, Discovering, Downloading, Processing, Recovering, Failed],
            Recovering => &[Idle, Discovering, Downloading, Processing, Synced, Failed],
            Failed => &[],
        }
    }
}

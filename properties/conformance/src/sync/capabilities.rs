//! What a sync engine can do, as data: it decides which clauses apply and what is generated.

/// What a sync engine can do.
///
/// Whatever is left out of [`SyncCapabilities::NONE`] is neither called nor judged, and a clause that needs it does not
/// apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each capability is there or not, whatever the others are")]
pub struct SyncCapabilities {
    /// Whether it asks peers and takes blocks in, up to the best tip that one of them has shown.
    pub syncs: bool,
    /// Whether it tells which blocks have entered its chain, in order.
    pub entered: bool,
    /// Whether it says when it is synced.
    pub says: bool,
    /// Whether it has a production gate.
    pub gate: bool,
    /// Whether an operator can say that this is the beginning of a chain.
    pub bootstrap: bool,
    /// Whether it can begin with blocks.
    pub held: bool,
    /// Whether it gives requests up that are not answered in time.
    pub deadlines: bool,
    /// Whether it leaves a peer alone that has failed, the longer the more often.
    pub backs_off: bool,
    /// Whether it has a circuit breaker for each peer.
    pub breaker: bool,
    /// Whether it disconnects whoever sends what cannot be decoded.
    pub disconnects: bool,
    /// Whether it bans whoever lies.
    pub bans: bool,
    /// Whether it keeps scores.
    pub scores: bool,
    /// Whether it spreads what it asks for over its peers.
    pub spreads: bool,
    /// Whether it can be ended and made again of what is durable.
    pub restarts: bool,
}

impl SyncCapabilities {
    /// Nothing at all: name what there is, and take the rest from here.
    pub const NONE: SyncCapabilities = SyncCapabilities {
        syncs: false,
        entered: false,
        says: false,
        gate: false,
        bootstrap: false,
        held: false,
        deadlines: false,
        backs_off: false,
        breaker: false,
        disconnects: false,
        bans: false,
        scores: false,
        spreads: false,
        restarts: false,
    };

    /// Everything.
    pub const ALL: SyncCapabilities = SyncCapabilities {
        syncs: true,
        entered: true,
        says: true,
        gate: true,
        bootstrap: true,
        held: true,
        deadlines: true,
        backs_off: true,
        breaker: true,
        disconnects: true,
        bans: true,
        scores: true,
        spreads: true,
        restarts: true,
    };
}

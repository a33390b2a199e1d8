//! The engine: events and the time in, actions out.

mod event;

use alys_chain::slots::SlotClock;
use alys_chain::tree::BlockRef;
use alys_wire::containers::Hash256;

pub use event::{Action, Answer, Event, Local, RequestId, Stop, Ticket};

use crate::config::SyncConfig;
use crate::gate::{Closed, Gate};
use crate::metrics::Metrics;
use crate::peer::PeerId;
use crate::state::SyncState;

/// Sync as one node sees it.
#[derive(Clone, Debug)]
pub struct SyncEngine {
    config: SyncConfig,
    clock: SlotClock,
    genesis: Hash256,
    local: Local,
    metrics: Metrics,
}

/// The tip of a chain that a peer has proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tip {
    /// The block.
    pub block: BlockRef,
    /// Its slot.
    pub slot: u64,
}

impl SyncEngine {
    /// The engine of a node that has this chain and no peers.
    #[must_use]
    pub fn new(config: SyncConfig, clock: SlotClock, genesis: Hash256, local: Local) -> Self {
        SyncEngine { config, clock, genesis, local, metrics: Metrics::default() }
    }

    /// Takes an event at a time, in milliseconds since the Unix epoch; tells what must be done, in order.
    pub fn handle(&mut self, event: Event, now: u64) -> Vec<Action> {
        let _ = (event, now, &self.config, &self.clock, &self.genesis);
        Vec::new()
    }

    /// When the engine wants an [`Event::Tick`], if nothing else happens before; `None` for never.
    #[must_use]
    pub fn next_wakeup(&self) -> Option<u64> {
        None
    }

    /// The state, as it was last said; at first [`SyncState::Idle`].
    #[must_use]
    pub fn state(&self) -> SyncState {
        SyncState::Idle
    }

    /// The production gate, as it was last told; at first closed, for nothing is known.
    #[must_use]
    pub fn gate(&self) -> Gate {
        Gate::Closed(Closed::Unknown)
    }

    /// Our chain, as the engine was told.
    #[must_use]
    pub fn local(&self) -> Local {
        self.local
    }

    /// The highest tip that a connected peer has proved.
    #[must_use]
    pub fn best(&self) -> Option<Tip> {
        None
    }

    /// The connected peers.
    pub fn peers(&self) -> impl Iterator<Item = PeerId> + '_ {
        std::iter::empty()
    }

    /// The tip that a connected peer has proved last.
    #[must_use]
    pub fn proved(&self, peer: PeerId) -> Option<Tip> {
        let _ = peer;
        None
    }

    /// A peer's score at the time of the last event, from 0 to 1000; `None` for one that is not remembered.
    #[must_use]
    pub fn score(&self, peer: PeerId) -> Option<u64> {
        let _ = peer;
        None
    }

    /// How many blocks are asked for, waited for or not processed yet (SY-10).
    #[must_use]
    pub fn blocks_in_flight(&self) -> u64 {
        0
    }

    /// What was measured.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }
}

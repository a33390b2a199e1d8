//! What an adapter of a sync engine implements.

use super::{
    capabilities::SyncCapabilities,
    words::{SyncBlock, SyncCommand, SyncEvent, SyncTip, root_behind},
};
use crate::chain::Root;

/// What an engine is made with. Times are in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncParameters {
    /// The genesis block: height 0, slot 0.
    pub genesis: SyncBlock,
    /// What it has from the beginning, in the order of heights; empty without the capability.
    pub held: Vec<SyncBlock>,
    /// How long a slot is; slot 0 begins at time 0.
    pub slot: u64,
    /// How many requests for blocks may be open at once.
    pub workers: u64,
    /// How many blocks a request may ask for.
    pub batch_max: u64,
    /// How many blocks may be asked for, or wait to enter the chain (SY-10).
    pub blocks_in_flight: u64,
    /// How long a request is waited for (SY-10).
    pub request_timeout: u64,
    /// How often a peer is asked where it is.
    pub status_interval: u64,
    /// The first backoff of a peer; it doubles (SY-7).
    pub backoff_min: u64,
    /// The longest backoff of a peer (SY-7).
    pub backoff_max: u64,
    /// How many failures open a peer's breaker (SY-7).
    pub breaker_failures: u64,
    /// Within what time they do (SY-7).
    pub breaker_window: u64,
    /// How long a breaker stays open (SY-7).
    pub breaker_open: u64,
    /// How many provable lies ban a peer (SY-7).
    pub ban_after: u64,
    /// How long a ban lasts (SY-7).
    pub ban_time: u64,
    /// How far from the clock a tip's slot may be to be fresh (SY-4).
    pub freshness_slots: u64,
    /// How many peers are needed for a majority to count, or for genesis to be the tip (SY-4, SY-5).
    pub sample: u64,
    /// How many blocks the tip may be behind while the gate is open (SY-5).
    pub max_lag_blocks: u64,
    /// Whether the operator says that this is the beginning of a chain (SY-5).
    pub bootstrap: bool,
}

/// A sync engine that is held to the rules, with its chain.
///
/// It is driven in virtual time: it is told what happens and how late it is, and has no clock. What the capabilities leave
/// out is not called.
#[allow(unused_variables, reason = "the names of the arguments are part of the documentation")]
pub trait SyncUnderTest {
    /// What it is called in reports.
    fn name() -> String
    where
        Self: Sized;

    /// What it can do.
    fn capabilities() -> SyncCapabilities
    where
        Self: Sized;

    /// How many cases are run for each clause.
    #[must_use]
    fn cases() -> u32
    where
        Self: Sized,
    {
        200
    }

    /// The root of a block of which everything else is given. The genesis has height 0.
    ///
    /// Only for an engine that computes roots itself.
    #[must_use]
    fn root(salt: u8, parent: &Root, height: u64, slot: u64) -> Root
    where
        Self: Sized,
    {
        root_behind(salt, parent, height, slot)
    }

    /// Makes an engine without peers, on a new chain.
    ///
    /// # Errors
    ///
    /// Why there is none, as a sentence.
    fn make(parameters: &SyncParameters) -> Result<Self, String>
    where
        Self: Sized;

    /// Takes an event at a time in milliseconds, does to its chain what it will, and says what the network must do.
    fn handle(&mut self, event: &SyncEvent, now: u64) -> Vec<SyncCommand>;

    /// When it wants a [`SyncEvent::Tick`], if nothing else happens before; `None` for never.
    fn next_wakeup(&self) -> Option<u64>;

    /// The tip of its chain.
    fn head(&self) -> SyncTip;

    /// The roots of the blocks that have entered its chain since this was asked last, in their order.
    fn entered(&mut self) -> Vec<Root> {
        Vec::new()
    }

    /// Whether it says that it is synced.
    fn says_synced(&self) -> bool {
        false
    }

    /// Whether blocks may be produced.
    fn gate_is_open(&self) -> bool {
        false
    }

    /// The score of a peer, from 0 to 1000, at the time of the last event; `None` of one that it does not know.
    fn score(&self, peer: u64) -> Option<i64> {
        None
    }

    /// Ends, and is made again of what is durable: without peers, and without anything that only memory had.
    ///
    /// # Errors
    ///
    /// Why there is none.
    fn restart(&mut self) -> Result<(), String> {
        Err("it cannot be made again".to_owned())
    }
}

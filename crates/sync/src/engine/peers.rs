//! Connected peers.

use std::cmp::Reverse;
use std::sync::Arc;
use std::time::Duration;

use alys_chain::tree::BlockRef;
use alys_wire::containers::{CertifiedBlock, Hash256};
use alys_wire::protocol::Protocol;
use alys_wire::quota::{RateLimited, RateLimiter};

use super::Ticket;
use crate::config::Settings;

/// The tip of a chain that a peer has proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tip {
    /// The block.
    pub block: BlockRef,
    /// Its slot.
    pub slot: u64,
}

impl Tip {
    /// What tips are compared by: the higher one is better, and of two as high the one with the smaller root.
    #[must_use]
    pub fn rank(&self) -> (u64, Reverse<Hash256>) {
        rank(&self.block)
    }
}

/// What blocks are compared by, as the fork choice does.
pub(super) fn rank(block: &BlockRef) -> (u64, Reverse<Hash256>) {
    (block.height, Reverse(block.root))
}

/// A tip, and the certified block that proves it; genesis has none, and needs none.
#[derive(Clone, Debug)]
pub(super) struct Proved {
    pub(super) tip: Tip,
    pub(super) block: Option<Arc<CertifiedBlock>>,
}

/// How far a peer has come in saying and proving where it is.
#[derive(Clone, Debug)]
pub(super) enum Probe {
    /// It is asked again at a time.
    Resting { until: u64 },
    /// It was asked where it is, or for the block that proves it.
    Asked,
    /// The certificate of this block is verified.
    Verifying { ticket: Ticket, proved: Proved },
}

/// A connected peer.
#[derive(Clone, Debug)]
pub(super) struct Peer {
    pub(super) probe: Probe,
    pub(super) proved: Option<Proved>,
    /// How often it may be asked by its own quotas, as far as they are ours.
    pub(super) limiter: RateLimiter,
    /// How many blocks it was asked for in all.
    pub(super) load: u64,
    /// How often it has failed at batches since the last good one.
    pub(super) fruitless: u64,
    /// How many blocks it is asked for at once.
    pub(super) batch: u64,
}

impl Peer {
    /// A peer that is to be asked where it is, at once.
    pub(super) fn new(settings: &Settings, now: u64) -> Self {
        Peer {
            probe: Probe::Resting { until: now },
            proved: None,
            limiter: RateLimiter::new(settings.quotas),
            load: 0,
            fruitless: 0,
            batch: settings.batch_min,
        }
    }

    /// How long it must not be asked for so many blocks yet, in milliseconds.
    pub(super) fn pace(&self, blocks: u64, now: u64) -> u64 {
        match self.limiter.clone().take(Protocol::BlocksByRange, blocks, Duration::from_millis(now)) {
            Err(RateLimited::TooSoon { wait }) => {
                u64::try_from(wait.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX)
            }
            // The configuration allows no batch that is always too much.
            Ok(()) | Err(RateLimited::TooMuch { .. }) => 0,
        }
    }

    /// It is asked for so many blocks.
    pub(super) fn asked(&mut self, blocks: u64, now: u64) {
        self.load += blocks;
        // It was looked at before that they are there.
        let _ = self.limiter.take(Protocol::BlocksByRange, blocks, Duration::from_millis(now));
    }

    /// The tip that it has proved.
    pub(super) fn tip(&self) -> Option<Tip> {
        self.proved.as_ref().map(|proved| proved.tip)
    }

    /// Whether it has proved a tip at this height or above.
    pub(super) fn reaches(&self, height: u64) -> bool {
        self.tip().is_some_and(|tip| height <= tip.block.height)
    }

    /// Whether it has proved this very tip.
    pub(super) fn has_proved(&self, root: Hash256) -> bool {
        self.tip().is_some_and(|tip| tip.block.root == root)
    }
}

//! What sync has measured.

use std::collections::BTreeMap;

use crate::peer::PeerId;

/// Counters of one engine, from its beginning on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    /// How many downloaded blocks the chain has taken.
    pub blocks: u64,
    /// How many of them each peer has sent.
    pub blocks_by_peer: BTreeMap<PeerId, u64>,
    /// When the first of them was taken, in milliseconds since the Unix epoch.
    pub first_block_at: Option<u64>,
    /// When the last of them was taken.
    pub last_block_at: Option<u64>,
    /// How many requests were sent.
    pub requests: u64,
    /// How many batches were asked for again.
    pub retries: u64,
    /// How many requests were not answered in time.
    pub timeouts: u64,
    /// How many malformed messages came.
    pub malformed: u64,
    /// How many answers were provably false.
    pub lies: u64,
    /// How many times downloaded blocks did not link to ours.
    pub conflicts: u64,
    /// How many peers were banned.
    pub bans: u64,
    /// How many times another state was said.
    pub state_changes: u64,
    /// The most blocks that were ever in flight (SY-10).
    pub most_in_flight: u64,
}

impl Metrics {
    /// How many peers have sent blocks that the chain has taken.
    #[must_use]
    pub fn peers_used(&self) -> usize {
        self.blocks_by_peer.len()
    }

    /// The mean load of the peers used by the highest one, in per mille; 1000 for none.
    #[must_use]
    pub fn balance(&self) -> u64 {
        let (used, most) = (self.blocks_by_peer.len() as u64, self.blocks_by_peer.values().max());
        match most {
            Some(most) if *most > 0 => self.blocks_by_peer.values().sum::<u64>() * 1000 / (used * most),
            _ => 1000,
        }
    }

    /// Blocks a second, between the first block that was taken and the last; `None` when no time has passed.
    #[must_use]
    pub fn blocks_per_second(&self) -> Option<u64> {
        let elapsed = self.last_block_at?.checked_sub(self.first_block_at?)?;
        (self.blocks * 1000).checked_div(elapsed)
    }
}

#[cfg(test)]
mod properties {
    use super::*;

    fn by_peer(blocks: &[u64]) -> Metrics {
        let blocks_by_peer = (0..).map(PeerId).zip(blocks.iter().copied()).collect();
        Metrics { blocks: blocks.iter().sum(), blocks_by_peer, ..Metrics::default() }
    }

    /// SY-8: balance is mean load by highest load, of the peers that were used.
    ///
    /// Engine: law
    #[test]
    fn balance_is_mean_load_by_highest_load() {
        let cases: [(&[u64], u64, usize); 5] = [
            (&[], 1000, 0),
            (&[7], 1000, 1),
            (&[100, 50], 750, 2),
            (&[10, 10, 10, 1], 775, 4),
            (&[3, 2, 2], 777, 3),
        ];
        for (blocks, balance, used) in cases {
            assert_eq!(
                (by_peer(blocks).balance(), by_peer(blocks).peers_used()),
                (balance, used),
                "{blocks:?}"
            );
        }
    }

    /// SY-8: blocks a second are those between the first block and the last.
    ///
    /// Engine: law
    #[test]
    fn blocks_a_second_are_those_between_the_first_and_the_last() {
        let between = |first_block_at, last_block_at| {
            Metrics { first_block_at, last_block_at, ..by_peer(&[100, 200]) }.blocks_per_second()
        };
        assert_eq!(between(Some(1_000), Some(3_000)), Some(150));
        assert_eq!(between(Some(1_000), Some(1_007)), Some(42_857));
        assert_eq!(between(Some(1_000), Some(1_000)), None, "no time has passed");
        assert_eq!(between(Some(1_000), Some(999)), None, "the clock was set back");
        assert_eq!((between(None, Some(1)), between(Some(1), None)), (None, None));
    }
}

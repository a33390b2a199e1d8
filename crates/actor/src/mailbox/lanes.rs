//! The queued messages: one first-in first-out queue a lane, and the choice of the next lane.

use std::collections::VecDeque;

use super::{config::Fairness, lane::Lane};

/// Six queues and what their fairness needs to know; a plain data structure without capacity, clock or wakers.
///
/// # Invariants
///
/// - bit `r` of `occupied` is set exactly when queue `r` is not empty; `len` is the sum of the queues' lengths.
/// - under `Aging {every}` no count exceeds `every` (MB-11), and an empty lane's count is 0.
#[derive(Debug)]
pub(super) struct Lanes<T> {
    queues: [VecDeque<T>; Lane::COUNT],
    counts: [u64; Lane::COUNT],
    occupied: u8,
    len: usize,
    fairness: Fairness,
}

impl<T> Lanes<T> {
    pub(super) fn new(fairness: Fairness) -> Self {
        Lanes {
            queues: std::array::from_fn(|_| VecDeque::new()),
            counts: [0; Lane::COUNT],
            occupied: 0,
            len: 0,
            fairness,
        }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn lane_len(&self, lane: Lane) -> usize {
        self.queues[lane.rank()].len()
    }

    #[inline]
    pub(super) fn push(&mut self, lane: Lane, item: T) {
        self.queues[lane.rank()].push_back(item);
        self.occupied |= 1 << lane.rank();
        self.len += 1;
    }

    /// The lane whose turn it is (MB-2): the lowest that is due under aging, else the highest non-empty one.
    #[inline]
    pub(super) fn next_lane(&self) -> Option<Lane> {
        if let Fairness::Aging { every } = self.fairness {
            let due = (0..Lane::COUNT).find(|&rank| self.counts[rank] >= every);
            if let Some(rank) = due {
                return Lane::from_rank(rank);
            }
        }
        Lane::from_rank(self.occupied.checked_ilog2()? as usize)
    }

    /// The lowest non-empty lane.
    pub(super) fn lowest_lane(&self) -> Option<Lane> {
        Lane::from_rank(self.occupied.trailing_zeros() as usize)
    }

    #[inline]
    pub(super) fn pop_oldest(&mut self, lane: Lane) -> Option<T> {
        let item = self.queues[lane.rank()].pop_front()?;
        self.note_removal(lane);
        Some(item)
    }

    pub(super) fn pop_newest(&mut self, lane: Lane) -> Option<T> {
        let item = self.queues[lane.rank()].pop_back()?;
        self.note_removal(lane);
        Some(item)
    }

    #[inline]
    fn note_removal(&mut self, lane: Lane) {
        let rank = lane.rank();
        self.len -= 1;
        if self.queues[rank].is_empty() {
            self.occupied &= !(1 << rank);
            self.counts[rank] = 0;
        }
    }

    /// Counts a delivery from `lane`, whose message is already out: every non-empty lane below ages by one.
    #[inline]
    pub(super) fn note_delivery(&mut self, lane: Lane) {
        let Fairness::Aging { every } = self.fairness else { return };
        self.counts[lane.rank()] = 0;
        for rank in 0..lane.rank() {
            if self.occupied & (1 << rank) != 0 {
                self.counts[rank] += 1;
                debug_assert!(self.counts[rank] <= every, "MB-11: a lane's count passed {every}");
            }
        }
    }
}

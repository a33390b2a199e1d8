//! The senders that wait for room: a slab of slots, linked into one queue a lane.

use std::task::Waker;

use super::lane::Lane;

/// Names a slot; only the future that entered it holds its key, and it leaves exactly once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SlotKey(usize);

const NONE: usize = usize::MAX;

#[derive(Debug)]
enum Slot<T> {
    /// Holds the message until there is room for it; `before` and `after` are its neighbours in the lane's queue.
    Waiting { item: T, lane: Lane, waker: Waker, before: usize, after: usize },
    /// The message was moved into the mailbox; the sender has still to take note.
    Admitted,
    /// The mailbox was closed; the sender has still to take its message back.
    Refused(T),
    /// Nobody's: the next free slot.
    Free { next: usize },
}

/// What a waiting sender finds when it looks at its slot.
///
/// Wakers come out with the answers, here and in [`Left`]: dropping one may run anybody's code, which must not happen
/// under the mailbox's lock.
#[derive(Debug)]
#[allow(dead_code, reason = "the retired waker is there only to be dropped outside the lock")]
pub(super) enum Turn<T> {
    /// Nothing yet; here is the waker that was replaced by a new one.
    Waiting(Option<Waker>),
    Admitted,
    Refused(T),
}

/// What became of a slot whose sender gave up.
#[derive(Debug)]
#[allow(dead_code, reason = "what comes back is there only to be dropped outside the lock")]
pub(super) enum Left<T> {
    /// It was still waiting: here are its message and its waker.
    Waiting(T, Waker),
    /// It had been admitted: the message stays in the mailbox.
    Admitted,
    /// It had been refused: here is its message.
    Refused(T),
}

/// All slots. Entering, leaving, admitting and refusing take constant time, and a slot is reused as soon as its
/// sender has left, so senders that give up for ever leave nothing behind.
#[derive(Debug)]
pub(super) struct Waiters<T> {
    slots: Vec<Slot<T>>,
    first: [usize; Lane::COUNT],
    last: [usize; Lane::COUNT],
    occupied: u8,
    waiting: usize,
    free: usize,
}

impl<T> Waiters<T> {
    pub(super) fn new() -> Self {
        Waiters {
            slots: Vec::new(),
            first: [NONE; Lane::COUNT],
            last: [NONE; Lane::COUNT],
            occupied: 0,
            waiting: 0,
            free: NONE,
        }
    }

    /// How many senders wait for room.
    #[inline]
    pub(super) fn waiting(&self) -> usize {
        self.waiting
    }

    /// Puts a message at the end of its lane's queue.
    pub(super) fn enter(&mut self, lane: Lane, item: T, waker: Waker) -> SlotKey {
        let rank = lane.rank();
        let before = self.last[rank];
        let slot = Slot::Waiting { item, lane, waker, before, after: NONE };
        let index = self.allocate(slot);
        self.set_after(before, rank, index);
        self.last[rank] = index;
        self.occupied |= 1 << rank;
        self.waiting += 1;
        SlotKey(index)
    }

    /// Takes the message whose turn it is, highest lane first, then first come first served (MB-8).
    #[inline]
    pub(super) fn admit(&mut self) -> Option<(Lane, T, Waker)> {
        let rank = self.occupied.checked_ilog2()? as usize;
        self.unlink(self.first[rank], Slot::Admitted)
    }

    /// Refuses every waiting sender and returns whom to wake, in the order of their turns.
    pub(super) fn refuse_all(&mut self) -> Vec<Waker> {
        let mut wakers = Vec::with_capacity(self.waiting);
        while let Some(rank) = self.occupied.checked_ilog2() {
            let index = self.first[rank as usize];
            let Some((_, item, waker)) = self.unlink(index, Slot::Admitted) else { break };
            self.slots[index] = Slot::Refused(item);
            wakers.push(waker);
        }
        wakers
    }

    /// Looks at a slot for its sender: a waiting one is told of its new waker, any other is freed.
    pub(super) fn look(&mut self, key: SlotKey, waker: &Waker) -> Turn<T> {
        if let Slot::Waiting { waker: stored, .. } = &mut self.slots[key.0] {
            let renewed = !stored.will_wake(waker);
            return Turn::Waiting(renewed.then(|| std::mem::replace(stored, waker.clone())));
        }
        match self.release(key.0) {
            Slot::Refused(item) => Turn::Refused(item),
            _ => Turn::Admitted,
        }
    }

    /// Frees the slot of a sender that gives up.
    pub(super) fn leave(&mut self, key: SlotKey) -> Left<T> {
        if matches!(self.slots[key.0], Slot::Waiting { .. })
            && let Some((_, item, waker)) = self.unlink(key.0, Slot::Admitted)
        {
            self.release(key.0);
            return Left::Waiting(item, waker);
        }
        match self.release(key.0) {
            Slot::Refused(item) => Left::Refused(item),
            _ => Left::Admitted,
        }
    }

    /// Takes a waiting slot out of its lane's queue and leaves `then` in its place.
    fn unlink(&mut self, index: usize, then: Slot<T>) -> Option<(Lane, T, Waker)> {
        let slot = std::mem::replace(&mut self.slots[index], then);
        let Slot::Waiting { item, lane, waker, before, after } = slot else {
            debug_assert!(false, "only waiting slots are linked");
            return None;
        };
        let rank = lane.rank();
        self.set_after(before, rank, after);
        self.set_before(after, rank, before);
        if self.first[rank] == NONE {
            self.occupied &= !(1 << rank);
        }
        self.waiting -= 1;
        Some((lane, item, waker))
    }

    fn set_after(&mut self, index: usize, rank: usize, value: usize) {
        if index == NONE {
            self.first[rank] = value;
        } else if let Slot::Waiting { after, .. } = &mut self.slots[index] {
            *after = value;
        }
    }

    fn set_before(&mut self, index: usize, rank: usize, value: usize) {
        if index == NONE {
            self.last[rank] = value;
        } else if let Slot::Waiting { before, .. } = &mut self.slots[index] {
            *before = value;
        }
    }

    fn allocate(&mut self, slot: Slot<T>) -> usize {
        if self.free == NONE {
            self.slots.push(slot);
            return self.slots.len() - 1;
        }
        let index = self.free;
        if let Slot::Free { next } = self.slots[index] {
            self.free = next;
        }
        self.slots[index] = slot;
        index
    }

    fn release(&mut self, index: usize) -> Slot<T> {
        let slot = std::mem::replace(&mut self.slots[index], Slot::Free { next: self.free });
        self.free = index;
        slot
    }
}

#[cfg(test)]
mod properties {
    use super::*;

    /// MB-7: senders that give up in whatever state leave no slot behind; only the slab itself can be looked at for it.
    #[test]
    fn slots_are_reused_whatever_became_of_their_senders() {
        let mut waiters = Waiters::new();
        for round in 0..1000 {
            let lane = Lane::ALL[round % Lane::COUNT];
            let keys: Vec<_> = (0..4).map(|n| waiters.enter(lane, n, Waker::noop().clone())).collect();
            // The first is admitted; every third round the others are refused; one looks, and all leave.
            assert!(waiters.admit().is_some());
            if round % 3 == 0 {
                assert_eq!(waiters.refuse_all().len(), 3);
            }
            for (place, key) in keys.into_iter().enumerate() {
                let looks = place == round % 4 && (place == 0 || round % 3 == 0);
                if looks {
                    assert!(!matches!(waiters.look(key, Waker::noop()), Turn::Waiting(_)));
                } else {
                    drop(waiters.leave(key));
                }
            }
            assert_eq!(waiters.waiting(), 0);
        }
        assert_eq!(waiters.slots.len(), 4, "slots were left behind");
    }

    /// MB-8: whoever leaves a lane's queue, first, last or in the middle, the others keep their order.
    #[test]
    fn a_queue_keeps_its_order_whoever_leaves() {
        for leaving in 0..16_u32 {
            let mut waiters = Waiters::new();
            let keys: Vec<_> = (0..4).map(|n| waiters.enter(Lane::Low, n, Waker::noop().clone())).collect();
            let stays = |n: &u32| leaving & (1 << n) == 0;
            for (n, key) in (0..4).zip(keys) {
                if !stays(&n) {
                    assert!(matches!(waiters.leave(key), Left::Waiting(left, _) if left == n));
                }
            }
            let admitted: Vec<_> = std::iter::from_fn(|| waiters.admit().map(|(_, n, _)| n)).collect();
            assert_eq!(admitted, (0..4).filter(stays).collect::<Vec<_>>());
        }
    }
}

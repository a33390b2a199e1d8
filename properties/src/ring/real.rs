//! The ring under test: a fixed array, the place of the oldest item, and a length.

use alys_models::ring::{RingOutcome, RingTransition};

use super::{CAPACITY_MAX, RingFault};

/// A ring buffer, right or with a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ring {
    /// invariant: places that hold nothing are 0, so that two rings in the same state are equal.
    slots: [u8; CAPACITY_MAX],
    capacity: usize,
    head: usize,
    len: usize,
    generation: u32,
    fault: Option<RingFault>,
    /// What the fault counts; 0 where there is none.
    pub(super) tally: u8,
}

impl Ring {
    /// An empty ring of at most [`CAPACITY_MAX`] places, with a fault or without one.
    ///
    /// # Panics
    ///
    /// When the capacity is 0 or above the limit.
    #[must_use]
    pub fn new(capacity: usize, fault: Option<RingFault>) -> Self {
        assert!((1..=CAPACITY_MAX).contains(&capacity), "{capacity} places, allowed are 1 to {CAPACITY_MAX}");
        Ring { slots: [0; CAPACITY_MAX], capacity, head: 0, len: 0, generation: 0, fault, tally: 0 }
    }

    /// How many items it can hold.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// How many clears found something.
    #[must_use]
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// What it holds, the oldest first.
    pub fn items(&self) -> impl ExactSizeIterator<Item = u8> {
        (0..self.len).map(|index| self.slots[self.place(index)])
    }

    /// Makes one call.
    pub fn call(&mut self, transition: RingTransition) -> RingOutcome {
        let outcome = match transition {
            RingTransition::Push(item) => self.push(item),
            RingTransition::Pop => RingOutcome::Item(self.pop()),
            RingTransition::Peek(index) => RingOutcome::Item(self.peek(usize::from(index))),
            RingTransition::Clear => self.clear(),
            RingTransition::Resize(capacity) => self.resize(usize::from(capacity)),
        };
        if let Some(fault) = self.fault {
            fault.count(self, transition, outcome);
        }
        outcome
    }

    fn has(&self, fault: RingFault) -> bool {
        self.fault == Some(fault)
    }

    /// Where the item is that comes after so many others.
    fn place(&self, index: usize) -> usize {
        let place = self.head + index;
        if place < self.capacity { place } else { place - self.capacity }
    }

    /// Whether the items go on at the first place after the last one.
    fn is_wrapped(&self) -> bool {
        self.head + self.len > self.capacity
    }

    fn push(&mut self, item: u8) -> RingOutcome {
        let early = usize::from(self.has(RingFault::FullTooEarly) && self.capacity > 1);
        if self.len + early >= self.capacity {
            if self.has(RingFault::TwentiethRefusal) && self.tally >= 19 {
                self.slots[self.head] = item;
            }
            return RingOutcome::Full;
        }
        if self.has(RingFault::NinthLap) && self.tally >= 9 {
            return RingOutcome::Accepted;
        }
        let mut place = self.place(self.len);
        if self.has(RingFault::WrapsBeyondTheFirst) && self.head + self.len >= self.capacity {
            place = (place + 1) % self.capacity;
        }
        self.slots[place] = item;
        self.len += 1;
        if self.has(RingFault::EmptiedTenTimes) && self.tally >= 10 && self.len > 1 {
            let before = self.place(self.len - 2);
            self.slots.swap(before, place);
        }
        RingOutcome::Accepted
    }

    fn pop(&mut self) -> Option<u8> {
        if self.len == 0 || (self.has(RingFault::TwentiethPeek) && self.tally >= 20) {
            return None;
        }
        if self.has(RingFault::PopsNewest) {
            let newest = self.place(self.len - 1);
            self.len -= 1;
            return Some(std::mem::take(&mut self.slots[newest]));
        }
        let item = std::mem::take(&mut self.slots[self.head]);
        self.head = self.place(1);
        self.len -= 1;
        let balanced = self.has(RingFault::BalancedTraffic) && self.tally >= 12 && self.len == 0;
        (!balanced).then_some(item)
    }

    fn peek(&self, index: usize) -> Option<u8> {
        (index < self.len).then(|| self.slots[self.place(index)])
    }

    fn clear(&mut self) -> RingOutcome {
        let found = self.len;
        if self.has(RingFault::ClearSparesTheWrapped) && self.is_wrapped() {
            let last = self.slots[self.place(self.len - 1)];
            (self.slots, self.head, self.len) = ([0; CAPACITY_MAX], 0, 1);
            self.slots[0] = last;
        } else {
            (self.slots, self.head, self.len) = ([0; CAPACITY_MAX], 0, 0);
        }
        if found > 0 {
            self.generation += 1;
        }
        if self.has(RingFault::GenerationInFourBits) {
            self.generation %= 16;
        }
        RingOutcome::Cleared(found)
    }

    fn resize(&mut self, capacity: usize) -> RingOutcome {
        if capacity < self.len {
            return RingOutcome::TooSmall;
        }
        let mut slots = [0; CAPACITY_MAX];
        if self.has(RingFault::ResizedWhileWrapped) {
            slots[..self.len].copy_from_slice(&self.slots[..self.len]);
        } else {
            slots.iter_mut().zip(self.items()).for_each(|(slot, item)| *slot = item);
        }
        (self.slots, self.head, self.capacity) = (slots, 0, capacity);
        RingOutcome::Resized
    }

    /// Whether the last pop, if it was one, has taken the oldest item from the last place.
    pub(super) fn is_at_first_place(&self) -> bool {
        self.head == 0
    }

    /// Whether it holds nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }
}

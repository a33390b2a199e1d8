//! What a mailbox must do with a plan, told by plain lists: nothing here is taken from the mailbox itself.

use alys_actor::mailbox::{Lane, Overflow};

/// The lanes, the most urgent first, as `docs/rules.md` has them.
pub(super) const URGENCY: [Lane; 6] =
    [Lane::Emergency, Lane::Critical, Lane::High, Lane::Normal, Lane::Low, Lane::Background];

/// How many lanes are more urgent.
pub(super) fn place(lane: Lane) -> usize {
    URGENCY.iter().take_while(|other| **other != lane).count()
}

/// A message of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Posted {
    pub(super) lane: Lane,
    pub(super) number: u64,
}

impl Posted {
    /// So many messages, numbered from 0, each in a lane by lot.
    pub(super) fn drawn(rng: &mut fastrand::Rng, messages: u64) -> Vec<Self> {
        (0..messages).map(|number| Posted { lane: URGENCY[rng.usize(..URGENCY.len())], number }).collect()
    }
}

/// Puts messages into the order in which a mailbox hands them over that holds all of them (MB-2, MB-3).
pub(super) fn by_turn(posts: &mut [Posted]) {
    posts.sort_by_key(|post| place(post.lane));
}

/// A mailbox of lists.
#[derive(Clone, Debug)]
pub(super) struct Expected {
    capacity: usize,
    overflow: Overflow,
    queue: Vec<Posted>,
    waiting: Vec<Posted>,
    /// What was accepted, in that order.
    pub(super) accepted: Vec<Posted>,
    /// What was evicted, in that order.
    pub(super) evicted: Vec<Posted>,
    /// What was refused, in that order.
    pub(super) refused: Vec<Posted>,
    /// What was handed over, in that order.
    pub(super) taken: Vec<Posted>,
}

impl Expected {
    pub(super) fn new(capacity: usize, overflow: Overflow) -> Self {
        let (queue, waiting, accepted, evicted) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (refused, taken) = (Vec::new(), Vec::new());
        Self { capacity, overflow, queue, waiting, accepted, evicted, refused, taken }
    }

    /// Offers a message (MB-4); its sender waits where the policy has it so.
    pub(super) fn offer(&mut self, post: Posted) {
        if self.queue.len() < self.capacity {
            return self.accept(post);
        }
        if self.overflow == Overflow::Backpressure {
            return self.waiting.push(post);
        }
        match self.victim(post.lane) {
            Some(at) => {
                self.evicted.push(self.queue.remove(at));
                self.accept(post);
            }
            None => self.refused.push(post),
        }
    }

    /// Hands a message over (MB-2), and lets the sender in whose turn it is (MB-7, MB-8).
    pub(super) fn take(&mut self) -> Option<Posted> {
        let post = next_of(&mut self.queue)?;
        self.taken.push(post);
        if let Some(admitted) = next_of(&mut self.waiting) {
            self.accept(admitted);
        }
        Some(post)
    }

    /// Hands over what is left.
    pub(super) fn take_all(&mut self) {
        while self.take().is_some() {}
    }

    fn accept(&mut self, post: Posted) {
        self.queue.push(post);
        self.accepted.push(post);
    }

    /// Where the message lies that makes room for one of this lane.
    fn victim(&self, incoming: Lane) -> Option<usize> {
        let lowest = self.queue.iter().map(|post| place(post.lane)).max()?;
        let mut of_it = (0..self.queue.len()).filter(|at| place(self.queue[*at].lane) == lowest);
        match self.overflow {
            Overflow::DropOldest if lowest >= place(incoming) => of_it.next(),
            Overflow::DropLowest if lowest > place(incoming) => of_it.next_back(),
            _ => None,
        }
    }
}

/// The oldest of the most urgent.
fn next_of(posts: &mut Vec<Posted>) -> Option<Posted> {
    let at = (0..posts.len()).min_by_key(|at| (place(posts[*at].lane), *at))?;
    Some(posts.remove(at))
}

//! What a step of the core leaves to be done outside the lock.

use std::task::Waker;

use smallvec::SmallVec;

use super::{
    dead::{DeadLetter, DeadLetters, DeadReason},
    envelope::Envelope,
};

/// Tasks to wake and messages that died, in the order in which the step produced them.
#[derive(Debug)]
pub(super) struct Effects<M, R> {
    wakers: SmallVec<[Waker; 2]>,
    /// A waker that was replaced: kept to be dropped outside the lock, since that may run anybody's code.
    retired: Option<Waker>,
    dead: Vec<(Envelope<M, R>, DeadReason)>,
}

impl<M, R> Effects<M, R> {
    pub(super) fn new() -> Self {
        Effects { wakers: SmallVec::new(), retired: None, dead: Vec::new() }
    }

    pub(super) fn wake(&mut self, wakers: impl IntoIterator<Item = Waker>) {
        self.wakers.extend(wakers);
    }

    pub(super) fn retire(&mut self, waker: Option<Waker>) {
        self.retired = waker;
    }

    pub(super) fn bury(&mut self, envelope: Envelope<M, R>, reason: DeadReason) {
        self.dead.push((envelope, reason));
    }

    /// Wakes everybody who is to be woken.
    pub(super) fn wake_all(&mut self) {
        for waker in self.wakers.drain(..) {
            waker.wake();
        }
    }

    /// Hands the dead letters over.
    pub(super) fn carry_out_deaths(&mut self, sink: Option<&DeadLetters<M>>) {
        for (envelope, reason) in self.dead.drain(..) {
            if let Some(sink) = sink {
                sink(DeadLetter { message: envelope.message, lane: envelope.lane, reason });
            }
        }
    }
}

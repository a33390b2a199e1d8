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
    /// Wakers that were replaced: kept to be dropped outside the lock, since that may run anybody's code.
    retired: SmallVec<[Waker; 1]>,
    dead: Vec<(Envelope<M, R>, DeadReason)>,
}

impl<M, R> Effects<M, R> {
    #[inline]
    pub(super) fn new() -> Self {
        Effects { wakers: SmallVec::new(), retired: SmallVec::new(), dead: Vec::new() }
    }

    /// Whether some message died.
    #[inline]
    pub(super) fn has_deaths(&self) -> bool {
        !self.dead.is_empty()
    }

    /// Whether nothing is to be done, and nothing to be dropped.
    #[inline]
    fn is_idle(&self) -> bool {
        self.wakers.is_empty() && self.retired.is_empty() && self.dead.is_empty()
    }

    #[inline]
    pub(super) fn wake(&mut self, wakers: impl IntoIterator<Item = Waker>) {
        // One by one, since most often there is none: reserving for none costs more than this.
        for waker in wakers {
            self.wakers.push(waker);
        }
    }

    /// Does everything: the wake-ups first, so that whatever a dead letter's owner does, nobody stays asleep.
    #[inline]
    pub(super) fn carry_out(mut self, sink: Option<&DeadLetters<M>>) {
        if self.is_idle() {
            // Nothing is in it that owns anything: its destructor need not look again.
            std::mem::forget(self);
        } else {
            self.wake_all();
            self.carry_out_deaths(sink);
        }
    }

    pub(super) fn retire(&mut self, waker: Option<Waker>) {
        self.retired.extend(waker);
    }

    #[inline]
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
    #[inline]
    pub(super) fn carry_out_deaths(&mut self, sink: Option<&DeadLetters<M>>) {
        if !self.dead.is_empty() {
            self.bury_all(sink);
        }
    }

    #[cold]
    fn bury_all(&mut self, sink: Option<&DeadLetters<M>>) {
        for (envelope, reason) in self.dead.drain(..) {
            if let Some(sink) = sink {
                sink(DeadLetter { message: Some(envelope.message), lane: envelope.lane, reason });
            }
        }
    }
}

//! The handlers that have not ended: one place for all of them, in the order of delivery.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    task::Waker,
};

use super::HandlerFailed;
use crate::mailbox::{Interrupter, Lane, Responder};

/// Names a handler that has not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key(u64);

/// The duties to settle the messages of all handlers that have not ended.
///
/// A drain and the futures of its handlers share it. What is left in it when the last of them is gone is interrupted:
/// the incarnation of the actor has ended, whichever of them was dropped first.
pub(super) struct Unfinished<M, R> {
    interrupter: Interrupter<M, R>,
    kept: RefCell<BTreeMap<Key, (Lane, Responder<'static, R>)>>,
    /// How many were ever kept. Handlers begin one after the other, so this is the order of delivery.
    counted: Cell<u64>,
    /// The drain that waits for the last of them.
    drain: Cell<Option<Waker>>,
}

impl<M, R> Unfinished<M, R> {
    pub(super) fn new(interrupter: Interrupter<M, R>) -> Self {
        let kept = RefCell::default();
        Unfinished { interrupter, kept, counted: Cell::new(0), drain: Cell::new(None) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.kept.borrow().is_empty()
    }

    /// Has the drain woken whenever a handler ends.
    pub(super) fn wake_drain(&self, drain: Waker) {
        self.drain.set(Some(drain));
    }

    /// Keeps the duty to settle the message delivered last.
    fn keep(&self, lane: Lane, responder: Responder<'static, R>) -> Key {
        let key = Key(self.counted.get());
        self.counted.set(key.0 + 1);
        self.kept.borrow_mut().insert(key, (lane, responder));
        key
    }

    /// Settles the message of a handler that has ended.
    pub(super) fn settle(&self, key: Key, answer: Result<R, HandlerFailed>) {
        let ended = self.kept.borrow_mut().remove(&key);
        // Nothing is there where the drain ended in a panic, and the actor went on.
        if let Some((_, responder)) = ended {
            match answer {
                Ok(reply) => responder.answer(reply),
                Err(HandlerFailed) => responder.fail(),
            }
        }
        if let Some(drain) = self.drain.take() {
            drain.wake();
        }
    }

    /// Interrupts every handler that has not ended, in the order of delivery.
    pub(super) fn interrupt_all(&self) {
        // One by one: an asker or the owner of a dead letter may do anything, and nothing is borrowed meanwhile.
        while let Some((lane, responder)) = self.take_first() {
            self.interrupter.interrupt(lane, responder);
        }
    }

    fn take_first(&self) -> Option<(Lane, Responder<'static, R>)> {
        self.kept.borrow_mut().pop_first().map(|(_, duty)| duty)
    }
}

impl<M, R> Drop for Unfinished<M, R> {
    fn drop(&mut self) {
        self.interrupt_all();
    }
}

/// The message that the actor handles right now, and the duty to settle it.
pub(super) struct InHand<'a, M, R> {
    unfinished: &'a Unfinished<M, R>,
    lane: Lane,
    responder: Responder<'a, R>,
}

impl<'a, M, R> InHand<'a, M, R> {
    #[inline]
    pub(super) fn new(unfinished: &'a Unfinished<M, R>, lane: Lane, responder: Responder<'a, R>) -> Self {
        InHand { unfinished, lane, responder }
    }

    #[inline]
    pub(super) fn answer(mut self, reply: R) {
        if self.responder.answer_in_place(reply) {
            std::mem::forget(self);
        }
    }

    /// The handler failed by its own account: that is no interruption.
    pub(super) fn fail(self) {
        self.responder.fail();
    }

    /// The handler takes a while: its message is settled under this key.
    pub(super) fn keep(self) -> Key {
        self.unfinished.keep(self.lane, self.responder.detach())
    }

    /// The handler panicked: its message joins the others, to be interrupted after them.
    #[cold]
    pub(super) fn abandon(self) {
        self.keep();
    }
}

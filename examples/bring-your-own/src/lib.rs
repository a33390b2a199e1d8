//! A small bounded mailbox that is wrong in five places, each marked as a fault; [`headers`] has a chain with three.

use std::{
    collections::VecDeque,
    task::{Context, Poll, Waker},
};

pub mod headers;

/// A queue for messages with deadlines, one lane, refusing when full.
#[derive(Debug)]
pub struct Mailbox<M> {
    capacity: usize,
    queue: VecDeque<(M, Option<u64>)>,
    now: u64,
    closed: bool,
    receiver: Option<Waker>,
}

/// Why a message was refused.
#[derive(Debug)]
pub enum Refused<M> {
    /// There is no room.
    Full(M),
    /// The mailbox is closed.
    Closed,
}

/// What a receive gave.
#[derive(Debug)]
pub enum Next<M> {
    /// The next message.
    Message(M),
    /// Nothing now.
    Empty,
    /// Nothing ever again.
    End,
}

impl<M> Mailbox<M> {
    /// Makes an empty mailbox; there is none without a place.
    #[must_use]
    pub fn new(capacity: usize) -> Option<Self> {
        let empty = Mailbox { capacity, queue: VecDeque::new(), now: 0, closed: false, receiver: None };
        (capacity > 0).then_some(empty)
    }

    /// Offers a message.
    ///
    /// # Errors
    ///
    /// When there is no room, or the mailbox is closed.
    pub fn try_send(&mut self, message: M, deadline: Option<u64>) -> Result<(), Refused<M>> {
        if self.closed {
            // Fault in MB-9: the message is not given back.
            return Err(Refused::Closed);
        }
        // Fault in MB-1: one more than there are places.
        if self.queue.len() > self.capacity {
            return Err(Refused::Full(message));
        }
        self.queue.push_back((message, deadline));
        self.receiver.take().into_iter().for_each(Waker::wake);
        Ok(())
    }

    /// Takes the next message.
    pub fn try_receive(&mut self) -> Next<M> {
        // Fault in MB-3, and so in MB-2: the newest message comes first.
        while let Some((message, deadline)) = self.queue.pop_back() {
            // Fault in MB-10: one tick too late.
            if deadline.is_none_or(|deadline| self.now <= deadline) {
                return Next::Message(message);
            }
        }
        if self.closed { Next::End } else { Next::Empty }
    }

    /// Takes the next message, or waits for one.
    pub fn poll_receive(&mut self, context: &Context<'_>) -> Poll<Next<M>> {
        match self.try_receive() {
            Next::Empty => {
                self.receiver = Some(context.waker().clone());
                Poll::Pending
            }
            next => Poll::Ready(next),
        }
    }

    /// Closes the mailbox: what is queued is still delivered.
    pub fn close(&mut self) {
        // Fault in MB-7: a receiver that waits is not told.
        self.closed = true;
    }

    /// Sets the time.
    pub fn set_time(&mut self, now: u64) {
        self.now = now;
    }
}

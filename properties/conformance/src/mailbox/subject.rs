//! What an adapter implements, and the words it speaks.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Weak},
};

use alys_models::mailbox::{Death, MessageId, Policy, Rank, Ticks};

use crate::capabilities::Capabilities;

/// What the kit sends: its name, its lane, its deadline, and a token that tells whether it still exists.
#[derive(Debug)]
pub struct Message {
    /// Its name: messages are numbered in the order in which they are made.
    pub id: MessageId,
    /// Its lane by rank: 0 is the lowest.
    pub lane: Rank,
    /// The time at which it expires, if it does.
    pub deadline: Option<Ticks>,
    _token: Arc<()>,
}

impl Message {
    /// Makes a message, and a way to find out whether it still exists.
    pub(crate) fn new(id: MessageId, lane: Rank, deadline: Option<Ticks>) -> (Self, Weak<()>) {
        let token = Arc::new(());
        let watch = Arc::downgrade(&token);
        (Message { id, lane, deadline, _token: token }, watch)
    }
}

/// How an offer ended.
#[derive(Debug)]
pub enum Answer {
    /// The message was taken in.
    Accepted,
    /// It was refused for want of room; with the message, if it was given back.
    Full(Option<Message>),
    /// It was refused because the mailbox is closed; with the message, if it was given back.
    Closed(Option<Message>),
}

/// What became of the wish for a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It is kept: behind those that are kept already.
    Kept,
    /// There is none.
    Full,
    /// The mailbox is closed.
    Closed,
}

/// What a receive gave.
#[derive(Debug)]
pub enum Received {
    /// A message.
    Message(Message),
    /// Nothing now.
    Empty,
    /// Nothing ever again.
    End,
}

/// A future that the kit polls by hand, with wakers that count.
pub type Pending<T> = Pin<Box<dyn Future<Output = T>>>;

/// What a mailbox is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameters {
    /// Places in the mailbox; of no meaning where the capabilities name no policy.
    pub capacity: usize,
    /// What happens when they are taken.
    pub policy: Policy,
    /// After how many deliveries from above a lane is due, where lanes age.
    pub aging: Option<u64>,
    /// The thresholds of the states Warning and Critical, per mille of the capacity.
    pub thresholds: (u16, u16),
    /// Whether woken senders are polled at once, or only by a step of the case.
    pub eager: bool,
}

/// What a mailbox says of itself; `None` where it says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Messages that are queued.
    pub len: Option<usize>,
    /// Whether it is closed.
    pub closed: Option<bool>,
    /// How many places are free.
    pub room: Option<usize>,
    /// How many places there are.
    pub capacity: Option<usize>,
    /// 0 Normal, 1 Warning, 2 Critical, 3 Blocked.
    pub backpressure: Option<u8>,
    /// What it has counted.
    pub counted: Option<Counted>,
}

/// What a mailbox may count (MB-5, MB-13).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of the rules MB-5 and MB-13, word for word")]
pub struct Counted {
    pub accepted: u64,
    pub rejected: u64,
    pub delivered: u64,
    pub evicted: u64,
    pub expired: u64,
    pub drained: u64,
    pub high_water: usize,
}

/// A mailbox that is held to the rules.
///
/// An adapter owns both ends of one mailbox. Senders are named by their position: one at the beginning, a clone goes to
/// the end, and a dropped one is taken out, so that those behind it move up (`Vec::push` and `Vec::remove`). What the
/// [`Capabilities`] leave out is never called.
#[allow(unused_variables, reason = "the names of the arguments are part of the documentation")]
pub trait MailboxUnderTest {
    /// What it is called in reports.
    fn name() -> String
    where
        Self: Sized;

    /// What it can do.
    fn capabilities() -> Capabilities
    where
        Self: Sized;

    /// Makes an empty mailbox with one sender, or `None` when it refuses the parameters. A panic is a refusal too.
    fn make(parameters: &Parameters) -> Option<Self>
    where
        Self: Sized;

    /// Offers a message without waiting; `way` is a position in [`Capabilities::try_sends`].
    fn try_send(&mut self, from: usize, way: usize, message: Message) -> Answer;

    /// Takes a message without waiting.
    fn try_receive(&mut self) -> Received;

    /// Makes the future of a send, which keeps what it needs of its sender; `way` is a position in
    /// [`Capabilities::waiting_sends`].
    fn send(&mut self, from: usize, way: usize, message: Message) -> Pending<Answer> {
        unsupported("send")
    }

    /// Makes the future of a receive. There is one at a time, and no other call to the receiver meanwhile.
    fn receive(&mut self) -> Pending<Received> {
        unsupported("receive")
    }

    /// Makes the future of a receive of `limit` messages at most, in order; none is the end. It is polled once.
    fn receive_many(&mut self, limit: usize) -> Pending<Vec<Message>> {
        unsupported("receive_many")
    }

    /// Takes a place without waiting and keeps it, with what it needs of its sender.
    fn keep_place(&mut self, from: usize) -> Place {
        unsupported("keep_place")
    }

    /// Sends by a place that is kept, named by its position; those behind it move up. There is a receiver.
    fn send_kept(&mut self, place: usize, message: Message) -> Answer {
        unsupported("send_kept")
    }

    /// Gives a place back that is kept, named by its position; those behind it move up.
    fn give_place_back(&mut self, place: usize) {
        unsupported("give_place_back")
    }

    /// Makes the future that ends when the receiver has closed or is gone, which keeps a sender.
    fn watch_closed(&mut self, from: usize) -> Pending<()> {
        unsupported("watch_closed")
    }

    /// Clones a sender.
    fn clone_sender(&mut self, from: usize) {
        unsupported("clone_sender")
    }

    /// Drops a sender.
    fn drop_sender(&mut self, from: usize) {
        unsupported("drop_sender")
    }

    /// Closes the mailbox from a sender's side.
    fn close_by_sender(&mut self, from: usize) {
        unsupported("close_by_sender")
    }

    /// Closes the mailbox from the receiver's side.
    fn close_by_receiver(&mut self) {
        unsupported("close_by_receiver")
    }

    /// Drops the receiver.
    fn drop_receiver(&mut self) {
        unsupported("drop_receiver")
    }

    /// Drains what is queued.
    fn clear(&mut self) {
        unsupported("clear")
    }

    /// Sets the time, which never goes back.
    fn set_time(&mut self, now: Ticks) {
        unsupported("set_time")
    }

    /// What it says of itself. Called after every step, also when all senders or the receiver are gone.
    fn seen(&self) -> Seen {
        Seen::default()
    }

    /// Takes the letters of messages that died since the last call, if it writes such letters.
    fn dead_letters(&mut self) -> Option<Vec<(MessageId, Death)>> {
        None
    }
}

/// Ends a call that the capabilities leave out.
fn unsupported(operation: &str) -> ! {
    panic!("the capabilities name something that needs `{operation}`, and the adapter does not implement it")
}

/// An implementation without its type: how it is called, what it can do, and how it is made.
#[derive(Clone, Debug)]
pub struct Subject {
    /// What it is called.
    pub name: String,
    /// What it can do.
    pub capabilities: Capabilities,
    pub(crate) make: fn(&Parameters) -> Option<Box<dyn MailboxUnderTest>>,
}

impl Subject {
    /// The subject that an adapter stands for.
    #[must_use]
    pub fn of<M: MailboxUnderTest + 'static>() -> Self {
        let make = |parameters: &Parameters| M::make(parameters).map(|made| Box::new(made) as Box<_>);
        Subject { name: M::name(), capabilities: M::capabilities(), make }
    }
}

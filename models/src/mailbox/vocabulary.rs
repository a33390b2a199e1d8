//! The words of the mailbox model: parameters, transitions and what they are answered with. Plain data.

/// A number of ticks of virtual time.
pub type Ticks = u64;

/// A message's name: messages are numbered in the order in which transitions make them.
pub type MessageId = u32;

/// A lane by rank: 0 is Background, 5 is Emergency.
pub type Rank = u8;

/// What a full mailbox does (MB-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum Policy {
    /// Gives the message back.
    Reject,
    /// Lets senders wait.
    Backpressure,
    /// Evicts the oldest message of the lowest lane not above the incoming one.
    DropOldest,
    /// Evicts the newest message of the lowest lane strictly below the incoming one.
    DropLowest,
}

/// Who takes the messages out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum Consumer {
    /// Receive transitions, one by one; pending futures move only when they are polled.
    Hand,
    /// An actor, as soon as it may; every future is polled as soon as it is woken.
    Actor,
}

/// The parameters of one case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct Parameters {
    /// Places in the mailbox; at least 1.
    pub capacity: usize,
    /// What happens when they are taken.
    pub policy: Policy,
    /// `None` is strict priority, `Some(n)` makes a lane due after n deliveries from above; n is at least 1.
    pub aging: Option<u64>,
    /// The warning threshold, 1 to `critical`.
    pub warning: u16,
    /// The critical threshold, at most 1000.
    pub critical: u16,
    /// Who takes the messages out.
    pub consumer: Consumer,
}

/// What an actor's handler makes of a message; of no interest where messages are taken by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum Handling {
    /// Answers at once.
    Answer,
    /// Fails at once.
    Fail,
    /// Answers at once, and stops the actor: what is queued behind it is drained.
    Stop,
    /// Answers when told to, taking other messages meanwhile.
    Later,
    /// Answers when told to, taking no other message meanwhile.
    Exclusive,
}

/// What a sender posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct Post {
    /// The lane.
    pub lane: Rank,
    /// Ticks from the making of the post to its deadline, if it has one.
    pub ttl: Option<Ticks>,
    /// What the handler will make of it.
    pub handling: Handling,
}

/// What becomes of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum Ending {
    /// A reply.
    Answer,
    /// A refusal to reply.
    Fail,
    /// The responder is dropped.
    Forget,
}

/// One step of a case.
///
/// A slot is a place for one pending future of a sender; a transition on a slot, responder or receiver that is not
/// there is refused by [`Mailbox::allows`](super::Mailbox::allows).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum Transition {
    /// Offers a message without waiting.
    TrySend(Post),
    /// Makes the future of a send, and polls it unless `unpolled`.
    Send {
        /// Where the future is kept.
        slot: u8,
        /// The message.
        post: Post,
        /// Leaves it for a later [`Transition::Poll`].
        unpolled: bool,
    },
    /// Makes the future of an ask, and polls it unless `unpolled`.
    Ask {
        /// Where the future is kept.
        slot: u8,
        /// The message.
        post: Post,
        /// Ticks from the first poll until the asker gives up.
        timeout: Option<Ticks>,
        /// Leaves it for a later [`Transition::Poll`].
        unpolled: bool,
    },
    /// Polls a pending future of a sender.
    Poll {
        /// Which.
        slot: u8,
        /// With another waker than last time.
        fresh: bool,
    },
    /// Drops a pending future of a sender.
    Cancel {
        /// Which.
        slot: u8,
    },
    /// Takes a message without waiting.
    TryRecv,
    /// Takes a message without waiting and settles it in one go.
    TryAcknowledge,
    /// Makes the future of a receive and polls it.
    Recv,
    /// Polls the pending receive.
    PollRecv {
        /// With another waker than last time.
        fresh: bool,
    },
    /// Drops the pending receive.
    CancelRecv,
    /// Takes up to so many messages in one turn.
    Turn {
        /// How many at most.
        receives: u8,
    },
    /// Settles a delivered message.
    Settle {
        /// Which: an index into the messages in handlers, oldest delivery first.
        index: u8,
        /// How.
        ending: Ending,
    },
    /// Closes the mailbox.
    Close {
        /// From the receiving end.
        by_receiver: bool,
    },
    /// Drains every queued message.
    Clear,
    /// Makes one handle more.
    CloneSender,
    /// Drops a handle.
    DropSender,
    /// Drops the receiver, or stops the actor that has it.
    DropReceiver,
    /// Lets time pass.
    Advance {
        /// How many ticks.
        ticks: Ticks,
    },
}

/// Why an accepted message died.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Death {
    /// Thrown out for another.
    Evicted,
    /// Past its deadline when its turn came.
    Expired,
    /// Cleared away, or left behind.
    Drained,
    /// Delivered, and its handler did not end before its actor did; its letter has no message.
    Interrupted,
}

/// How a send, `try_send` or ask ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Answer {
    /// Accepted (not for asks).
    Accepted,
    /// Refused for want of room, with the message.
    Full(MessageId),
    /// Refused because closed, with the message.
    Closed(MessageId),
    /// The reply to this message (asks only).
    Reply(MessageId),
    /// No reply in time.
    Timeout,
    /// Accepted, and died.
    Dropped(Death),
    /// Delivered, and not answered.
    Failed,
}

/// What one receive gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Received {
    /// A message: its name, its lane, and whether somebody asked.
    Message(MessageId, Rank, bool),
    /// Nothing now.
    Empty,
    /// Nothing ever again.
    End,
}

/// The answer to one transition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Outcome {
    /// There is nothing to answer.
    Done,
    /// The future is not ready.
    Pending,
    /// A send, `try_send` or ask ended.
    Sent(Answer),
    /// What receives gave, in order.
    Received(Vec<Received>),
    /// So many messages were drained.
    Cleared(usize),
}

/// Everything about a mailbox that can be seen from outside, after each transition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the fields are those of the rules MB-5, MB-6 and MB-13, word for word")]
pub struct Observation {
    pub offered: u64,
    pub accepted: u64,
    pub rejected: u64,
    pub waiting: u64,
    pub cancelled: u64,
    pub delivered: u64,
    pub evicted: u64,
    pub expired: u64,
    pub drained: u64,
    pub answered: u64,
    pub failed: u64,
    pub in_handler: u64,
    pub len: usize,
    pub lanes: [usize; 6],
    pub high_water: usize,
    /// 0 Normal, 1 Warning, 2 Critical, 3 Blocked.
    pub backpressure: u8,
    pub closed: bool,
}

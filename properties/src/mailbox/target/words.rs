//! A mailbox in the model's words, and the model's words at a mailbox.

use std::sync::Arc;

use alys_models::mailbox::{
    Answer, Death, Handling, MessageId, Observation, Parameters, Policy, Post as ModelPost, Rank, Received,
};

use super::alys::mailbox::{
    AskError, Backpressure, DeadReason, Delivery, Fairness, Lane, MailboxConfig, MailboxStats, Overflow,
    Post, Responder, SendError, TryRecvError,
};

/// A message that knows its name, and of which nobody can make two or lose one unnoticed.
#[derive(Debug)]
pub struct Message {
    /// Its name in the model.
    pub id: MessageId,
    /// What the actor is to make of it.
    pub handling: Handling,
    /// Shared by every message of a case, so that they can be counted.
    pub(super) _token: Option<Arc<()>>,
}

/// A reply that knows which message it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply(pub MessageId);

/// The lane of a rank of the model.
#[must_use]
pub fn lane(rank: Rank) -> Lane {
    match rank {
        0 => Lane::Background,
        1 => Lane::Low,
        2 => Lane::Normal,
        3 => Lane::High,
        4 => Lane::Critical,
        _ => Lane::Emergency,
    }
}

/// The rank in the model of a lane.
#[must_use]
pub fn rank(lane: Lane) -> Rank {
    match lane {
        Lane::Background => 0,
        Lane::Low => 1,
        Lane::Normal => 2,
        Lane::High => 3,
        Lane::Critical => 4,
        Lane::Emergency => 5,
    }
}

/// A reason of death in the model's words.
///
/// # Panics
///
/// On a reason that the model does not have.
#[must_use]
pub fn death(reason: DeadReason) -> Death {
    match reason {
        DeadReason::Evicted => Death::Evicted,
        DeadReason::Expired => Death::Expired,
        DeadReason::Drained => Death::Drained,
        DeadReason::Interrupted => Death::Interrupted,
        #[allow(unreachable_patterns, reason = "the twin of this source sees the enumeration whole")]
        other => panic!("the model has no death by {other}"),
    }
}

/// The configuration of a case.
#[must_use]
pub fn config(parameters: &Parameters) -> MailboxConfig {
    MailboxConfig {
        capacity: parameters.capacity,
        overflow: match parameters.policy {
            Policy::Reject => Overflow::Reject,
            Policy::Backpressure => Overflow::Backpressure,
            Policy::DropOldest => Overflow::DropOldest,
            Policy::DropLowest => Overflow::DropLowest,
        },
        fairness: parameters.aging.map_or(Fairness::Strict, |every| Fairness::Aging { every }),
        warning_permille: parameters.warning,
        critical_permille: parameters.critical,
    }
}

/// How a send ended, in the model's words.
#[must_use]
pub fn sent(result: Result<(), SendError<Message>>) -> Answer {
    match result {
        Ok(()) => Answer::Accepted,
        Err(SendError::Full(message)) => Answer::Full(message.id),
        Err(SendError::Closed(message)) => Answer::Closed(message.id),
    }
}

/// How an ask ended, in the model's words.
///
/// # Panics
///
/// On an ending that the model does not have.
#[must_use]
pub fn asked(result: Result<Reply, AskError<Message>>) -> Answer {
    match result {
        Ok(Reply(id)) => Answer::Reply(id),
        Err(AskError::Full(message)) => Answer::Full(message.id),
        Err(AskError::Closed(message)) => Answer::Closed(message.id),
        Err(AskError::Timeout) => Answer::Timeout,
        Err(AskError::Dropped(reason)) => Answer::Dropped(death(reason)),
        Err(AskError::Failed) => Answer::Failed,
        #[allow(unreachable_patterns, reason = "the twin of this source sees the enumeration whole")]
        Err(other) => panic!("the model has no ask that ended with {other}"),
    }
}

/// What a mailbox counts, in the model's words.
#[must_use]
pub fn observation(stats: &MailboxStats) -> Observation {
    Observation {
        offered: stats.offered,
        accepted: stats.accepted,
        rejected: stats.rejected,
        waiting: stats.waiting,
        cancelled: stats.cancelled,
        delivered: stats.delivered,
        evicted: stats.evicted,
        expired: stats.expired,
        drained: stats.drained,
        answered: stats.answered,
        failed: stats.failed,
        in_handler: stats.in_handler,
        len: stats.len,
        lanes: [0, 1, 2, 3, 4, 5].map(|of| stats.lane_len(lane(of))),
        high_water: stats.high_water,
        backpressure: match stats.backpressure {
            Backpressure::Normal => 0,
            Backpressure::Warning => 1,
            Backpressure::Critical => 2,
            Backpressure::Blocked => 3,
        },
        closed: stats.closed,
    }
}

/// The message that the model calls `id`, without a deadline.
#[must_use]
pub fn post(id: MessageId, post: ModelPost) -> Post<Message> {
    Post::new(lane(post.lane), Message { id, handling: post.handling, _token: None })
}

/// A delivery in the model's words, and the duty to settle it.
pub fn taken(delivery: Delivery<'_, Message, Reply>) -> (Received, MessageId, Responder<'static, Reply>) {
    let (lane, asked) = (rank(delivery.lane()), delivery.is_ask());
    let (message, responder) = delivery.into_parts();
    (Received::Message(message.id, lane, asked), message.id, responder.detach())
}

/// Why nothing was received, in the model's words.
#[must_use]
pub fn nothing(error: TryRecvError) -> Received {
    match error {
        TryRecvError::Empty => Received::Empty,
        TryRecvError::Closed => Received::End,
    }
}

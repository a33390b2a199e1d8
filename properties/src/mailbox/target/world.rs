//! What the adapters put around a mailbox: a clock of their own, messages that count themselves, translations.

use std::{
    future::Future,
    pin::Pin,
    rc::Rc,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Waker},
};

use alys_models::mailbox::{
    Answer, Death, Handling, MessageId, Observation, Parameters, Policy, Post as ModelPost, Rank, Ticks,
};

use super::alys::mailbox::{
    AskError, Backpressure, Clock, DeadLetter, DeadReason, Environment, Fairness, Lane, MailboxConfig,
    MailboxStats, Overflow, Post, SendError, Sleep, Time,
};

/// Virtual time: it stands still until it is advanced.
#[derive(Clone, Debug, Default)]
pub struct ManualClock(Arc<Mutex<Instant>>);

#[derive(Debug, Default)]
struct Instant {
    now: Ticks,
    timers: Vec<(Ticks, Waker)>,
}

impl ManualClock {
    fn with<T>(&self, action: impl FnOnce(&mut Instant) -> T) -> T {
        action(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets time pass and wakes whoever waited for it, the earliest first.
    pub fn advance(&self, ticks: Ticks) {
        let due = self.with(|instant| {
            instant.now += ticks;
            let now = instant.now;
            let mut due: Vec<_> = instant.timers.extract_if(.., |(at, _)| *at <= now).collect();
            due.sort_by_key(|(at, _)| *at);
            due
        });
        for (_, waker) in due {
            waker.wake();
        }
    }
}

struct Timer {
    clock: ManualClock,
    at: Ticks,
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.clock.with(|instant| {
            if instant.now >= self.at {
                return Poll::Ready(());
            }
            instant.timers.push((self.at, cx.waker().clone()));
            Poll::Pending
        })
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Time {
        Time::from_nanos(self.with(|instant| instant.now))
    }

    fn sleep_until(&self, at: Time) -> Sleep {
        Box::pin(Timer { clock: self.clone(), at: at.as_nanos() })
    }
}

/// A message that knows its name, and of which nobody can make two or lose one unnoticed.
#[derive(Debug)]
pub struct Message {
    /// Its name in the model.
    pub id: MessageId,
    /// What the actor is to make of it.
    pub handling: Handling,
    _token: Rc<()>,
}

/// A reply that knows which message it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply(pub MessageId);

/// A dead letter in the model's words.
pub type Dead = (MessageId, Rank, Death);

/// The surroundings of one mailbox under test.
#[derive(Debug)]
pub struct World {
    dead: Arc<Mutex<Vec<Dead>>>,
    token: Rc<()>,
}

impl World {
    /// Fresh surroundings.
    #[must_use]
    pub fn new() -> Self {
        World { dead: Arc::default(), token: Rc::new(()) }
    }

    /// What the mailbox is told of them.
    #[must_use]
    pub fn environment(&self, clock: Arc<dyn Clock>) -> Environment<Message> {
        let dead = Arc::clone(&self.dead);
        Environment::new(clock).with_dead_letters(Arc::new(move |letter: DeadLetter<Message>| {
            let buried = (letter.message.id, rank(letter.lane), death(letter.reason));
            dead.lock().unwrap_or_else(PoisonError::into_inner).push(buried);
        }))
    }

    /// Runs a check on the dead letters since the last call.
    pub fn dead_letters(&self, check: impl FnOnce(&[Dead])) {
        let mut dead = self.dead.lock().unwrap_or_else(PoisonError::into_inner);
        check(&dead);
        dead.clear();
    }

    /// How many messages exist that were made here.
    #[must_use]
    pub fn messages_alive(&self) -> usize {
        Rc::strong_count(&self.token) - 1
    }

    /// Makes the message that the model calls `id`.
    #[must_use]
    pub fn post(&self, id: MessageId, post: ModelPost, deadline: Option<Time>) -> Post<Message> {
        let message = Message { id, handling: post.handling, _token: Rc::clone(&self.token) };
        let sent = Post::new(lane(post.lane), message);
        match deadline {
            Some(deadline) => sent.expires_at(deadline),
            None => sent,
        }
    }
}

impl Default for World {
    fn default() -> Self {
        World::new()
    }
}

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

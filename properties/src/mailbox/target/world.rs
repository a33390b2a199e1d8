//! What the adapters put around a mailbox: a clock of their own, dead letters, messages that are counted.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Waker},
};

use alys_models::mailbox::{MessageId, Post as ModelPost, Ticks};

use super::{
    alys::mailbox::{Clock, DeadLetter, Environment, Post, Sleep, Time},
    words::{Message, death, lane, rank},
};
use crate::mailbox::compare::Letter;

/// Virtual time: it stands still until it is advanced.
#[derive(Clone, Debug, Default)]
pub struct ManualClock(Arc<Mutex<Instant>>);

#[derive(Debug, Default)]
struct Instant {
    now: Ticks,
    /// When each waiting timer is due, its name, and whom it wakes.
    timers: Vec<(Ticks, u64, Waker)>,
    named: u64,
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
            let mut due: Vec<_> = instant.timers.extract_if(.., |(at, ..)| *at <= now).collect();
            due.sort_by_key(|(at, name, _)| (*at, *name));
            due
        });
        for (.., waker) in due {
            waker.wake();
        }
    }
}

struct Timer {
    clock: ManualClock,
    at: Ticks,
    name: u64,
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.clock.with(|instant| instant.timers.retain(|(_, name, _)| *name != self.name));
    }
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.clock.with(|instant| {
            if instant.now >= self.at {
                return Poll::Ready(());
            }
            instant.timers.retain(|(_, name, _)| *name != self.name);
            instant.timers.push((self.at, self.name, cx.waker().clone()));
            Poll::Pending
        })
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Time {
        Time::from_nanos(self.with(|instant| instant.now))
    }

    fn sleep_until(&self, at: Time) -> Sleep {
        let name = self.with(|instant| {
            instant.named += 1;
            instant.named
        });
        Box::pin(Timer { clock: self.clone(), at: at.as_nanos(), name })
    }
}

/// The surroundings of one mailbox under test.
#[derive(Debug)]
pub struct World {
    dead: Arc<Mutex<Vec<Letter>>>,
    token: Arc<()>,
}

impl World {
    /// Fresh surroundings.
    #[must_use]
    pub fn new() -> Self {
        World { dead: Arc::default(), token: Arc::new(()) }
    }

    /// What the mailbox is told of them.
    #[must_use]
    pub fn environment(&self, clock: Arc<dyn Clock>) -> Environment<Message> {
        let dead = Arc::clone(&self.dead);
        Environment::new(clock).with_dead_letters(Arc::new(move |letter: DeadLetter<Message>| {
            let id = letter.message.map(|message| message.id);
            let buried = (id, rank(letter.lane), death(letter.reason));
            dead.lock().unwrap_or_else(PoisonError::into_inner).push(buried);
        }))
    }

    /// Runs a check on the dead letters since the last call.
    pub fn dead_letters(&self, check: impl FnOnce(&[Letter])) {
        let mut dead = self.dead.lock().unwrap_or_else(PoisonError::into_inner);
        check(&dead);
        dead.clear();
    }

    /// How many messages exist that were made here.
    #[must_use]
    pub fn messages_alive(&self) -> usize {
        Arc::strong_count(&self.token) - 1
    }

    /// Makes the message that the model calls `id`.
    #[must_use]
    pub fn post(&self, id: MessageId, post: ModelPost, deadline: Option<Time>) -> Post<Message> {
        let message = Message { id, handling: post.handling, _token: Some(Arc::clone(&self.token)) };
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

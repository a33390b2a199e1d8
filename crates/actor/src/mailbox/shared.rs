//! What the two ends of a mailbox share: the core behind its lock, and the shell that carries out its effects.

use std::{fmt, sync::Arc as StdArc};

use super::{
    core::Core,
    dead::{DeadLetter, DeadLetters, DeadReason},
    effects::Effects,
    lane::Lane,
    reply::Ledger,
    stats::MailboxStats,
    sync::{Arc, AtomicUsize, Mutex},
    time::{Clock, Time},
};

/// The world as a mailbox sees it: a clock, and where dead letters go.
///
/// # Examples
///
/// ```
/// use std::sync::{Arc, Mutex};
///
/// use alys_actor::{TokioClock, mailbox::{Environment, Lane, MailboxConfig, mailbox}};
///
/// let dead = Arc::new(Mutex::new(Vec::new()));
/// let log = Arc::clone(&dead);
/// let environment = Environment::new(Arc::new(TokioClock::new()))
///     .with_dead_letters(Arc::new(move |letter| log.lock().unwrap().push(letter)));
/// let (sender, receiver) = mailbox::<u32, ()>(MailboxConfig::with_capacity(4), environment)?;
/// sender.try_send((Lane::Low, 7)).unwrap();
/// drop(receiver);
/// assert_eq!(dead.lock().unwrap()[0].message, Some(7));
/// # Ok::<(), alys_actor::mailbox::MailboxConfigError>(())
/// ```
pub struct Environment<M> {
    clock: StdArc<dyn Clock>,
    dead_letters: Option<DeadLetters<M>>,
}

impl<M> Environment<M> {
    /// An environment whose dead letters are counted and then dropped.
    ///
    /// # Examples
    ///
    /// See [`Environment`].
    #[must_use]
    pub fn new(clock: StdArc<dyn Clock>) -> Self {
        Environment { clock, dead_letters: None }
    }

    /// The same environment with a place for dead letters.
    ///
    /// # Examples
    ///
    /// See [`Environment`].
    #[must_use]
    pub fn with_dead_letters(self, dead_letters: DeadLetters<M>) -> Self {
        Environment { dead_letters: Some(dead_letters), ..self }
    }
}

impl<M> Clone for Environment<M> {
    fn clone(&self) -> Self {
        Environment { clock: StdArc::clone(&self.clock), dead_letters: self.dead_letters.clone() }
    }
}

impl<M> fmt::Debug for Environment<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("dead_letters", &self.dead_letters.is_some())
            .finish_non_exhaustive()
    }
}

pub(super) struct Shared<M, R> {
    core: Mutex<Core<M, R>>,
    environment: Environment<M>,
    pub(super) ledger: Arc<Ledger>,
    pub(super) senders: AtomicUsize,
}

impl<M, R> Shared<M, R> {
    pub(super) fn new(core: Core<M, R>, environment: Environment<M>) -> Self {
        Shared {
            core: Mutex::new(core),
            environment,
            ledger: Arc::new(Ledger::new()),
            senders: AtomicUsize::new(1),
        }
    }

    /// Runs one step of the core under the lock, then carries out its effects outside of it.
    #[inline]
    pub(super) fn step<T>(&self, step: impl FnOnce(&mut Core<M, R>, &mut Effects<M, R>) -> T) -> T {
        let mut effects = Effects::new();
        let answer = self.step_into(&mut effects, step);
        effects.carry_out(self.environment.dead_letters.as_ref());
        answer
    }

    /// Runs one step of the core under the lock and leaves its effects to the caller.
    #[inline]
    pub(super) fn step_into<T>(
        &self,
        effects: &mut Effects<M, R>,
        step: impl FnOnce(&mut Core<M, R>, &mut Effects<M, R>) -> T,
    ) -> T {
        step(&mut self.core.lock(), effects)
    }

    /// Hands over the dead letters of a step whose wake-ups wait for the end of a turn.
    #[inline]
    pub(super) fn carry_out_deaths(&self, effects: &mut Effects<M, R>) {
        effects.carry_out_deaths(self.environment.dead_letters.as_ref());
    }

    /// Hands over the dead letter of a message whose handler was interrupted, and which went with the handler.
    pub(super) fn bury_interrupted(&self, lane: Lane) {
        if let Some(sink) = &self.environment.dead_letters {
            sink(DeadLetter { message: None, lane, reason: DeadReason::Interrupted });
        }
    }

    pub(super) fn now(&self) -> Time {
        self.environment.clock.now()
    }

    pub(super) fn clock(&self) -> &dyn Clock {
        &*self.environment.clock
    }

    /// One consistent look at every counter.
    pub(super) fn stats(&self) -> MailboxStats {
        let core = self.core.lock();
        let counters = core.counters();
        // Nothing is delivered while the lock is held, so what is delivered and not settled is in a handler.
        let (answered, failed) = self.ledger.settled();
        let lanes = core.lanes();
        MailboxStats {
            offered: counters.offered,
            accepted: counters.accepted,
            rejected: counters.rejected,
            waiting: core.waiting() as u64,
            cancelled: counters.cancelled,
            delivered: counters.delivered,
            evicted: counters.evicted,
            expired: counters.expired,
            drained: counters.drained,
            answered,
            failed,
            in_handler: counters.delivered - answered - failed,
            len: lanes.len(),
            lanes: std::array::from_fn(|rank| Lane::from_rank(rank).map_or(0, |lane| lanes.lane_len(lane))),
            high_water: counters.high_water,
            backpressure: core.config().backpressure(lanes.len()),
            closed: core.is_closed(),
        }
    }
}

impl<M, R> fmt::Debug for Shared<M, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailbox").field("stats", &self.stats()).finish_non_exhaustive()
    }
}

//! The tracker itself: names in, answers out.

use std::fmt;

use super::actor::Actor;
use super::config::{TrackerConfig, TrackerConfigError};
use super::error::{ExpectedOrderingError, UnknownActor};
use super::handle::OrderingHandle;
use super::index::{Index, hash_of};
use super::message::{TrackedMessage, Verdict};
use super::report::OrderingReport;
use super::sync::Arc;

/// Judges the order of messages between any number of senders and actors, from any number of threads.
///
/// Share it in an `Arc`. Every method is linearizable for each actor: it takes effect at one moment between its
/// call and its return. An actor is *known* once it has a record or an expected order; making a handle
/// changes no answer.
///
/// # Examples
///
/// ```
/// use alys_actor::tracker::{OrderingTracker, Verdict};
///
/// let tracker = OrderingTracker::default();
/// std::thread::scope(|scope| {
///     for sender in ["network", "peer"] {
///         let tracker = &tracker;
///         scope.spawn(move || {
///             for sequence in 0..100 {
///                 assert_eq!(tracker.record("chain", sender, sequence), Verdict::InOrder);
///             }
///         });
///     }
/// });
/// assert_eq!(tracker.message_count("chain"), 200);
/// assert!(tracker.verify_ordering("chain"));
/// ```
pub struct OrderingTracker {
    config: TrackerConfig,
    actors: Index<Arc<Actor>>,
    keys: Index<OrderingHandle>,
}

impl OrderingTracker {
    /// Builds a tracker without any record.
    ///
    /// # Errors
    ///
    /// * [`TrackerConfigError::Shards`] unless `shards` is a power of two in 1..=65536.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::tracker::{OrderingTracker, TrackerConfig};
    ///
    /// assert!(OrderingTracker::new(TrackerConfig { shards: 128, ..TrackerConfig::default() }).is_ok());
    /// assert!(OrderingTracker::new(TrackerConfig { shards: 100, ..TrackerConfig::default() }).is_err());
    /// ```
    pub fn new(config: TrackerConfig) -> Result<Self, TrackerConfigError> {
        config.validate()?;
        Ok(Self::with_valid(config))
    }

    fn with_valid(config: TrackerConfig) -> Self {
        Self { config, actors: Index::new(config.shards), keys: Index::new(config.shards) }
    }

    /// Records that `actor` received number `sequence` of `sender`, and judges it (OT-1).
    ///
    /// The first number expected is 0, and each sender of each actor counts on its own. A number in order waits at
    /// most for the shard of its key. It waits for the actor as well, as any other number does, where its key is new,
    /// an expected order is set, a question about the actor is being answered, or the number is above 2^63 - 1.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::tracker::{OrderingTracker, Verdict};
    ///
    /// let tracker = OrderingTracker::default();
    /// assert_eq!(tracker.record("chain", "network", 0), Verdict::InOrder);
    /// assert_eq!(tracker.record("chain", "peer", 2), Verdict::Gap { expected: 0, got: 2 });
    /// assert_eq!(tracker.record("chain", "peer", 1), Verdict::Reordered);
    /// assert_eq!(tracker.record("chain", "peer", 2), Verdict::Duplicate);
    /// ```
    pub fn record(&self, actor: &str, sender: &str, sequence: u64) -> Verdict {
        let hash = hash_of([actor, sender]);
        // Outside the shard only: behind the mutex of one actor there may be a long report, and other actors' keys
        // share the shard.
        let slow = match self.keys.visit(hash, |key| key.is(actor, sender), |key| try_record(key, sequence)) {
            Some(Ok(())) => return Verdict::InOrder,
            Some(Err(handle)) => handle,
            None => self.handle_at(hash, actor, sender),
        };
        slow.record(sequence)
    }

    /// Records a message that `actor_id` received, and judges it as [`OrderingTracker::record`] does.
    ///
    /// Call it where the message is handled, not where it is sent: the order observed is that of reception.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::tracker::{OrderingTracker, TrackedMessage, Verdict};
    ///
    /// let tracker = OrderingTracker::default();
    /// let verdict = tracker.track_message("chain", TrackedMessage::new("network", 1));
    /// assert_eq!(verdict, Verdict::Gap { expected: 0, got: 1 });
    /// ```
    pub fn track_message(&self, actor_id: &str, message: TrackedMessage) -> Verdict {
        self.record(actor_id, &message.sender, message.sequence)
    }

    /// Resolves one actor and sender, for many records without a look-up.
    ///
    /// No answer changes by it: the actor becomes known, and the sender appears in reports, with its first record.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::tracker::OrderingTracker;
    ///
    /// let tracker = OrderingTracker::default();
    /// let handle = tracker.handle("chain", "network");
    /// assert_eq!(tracker.message_count("chain"), 0);
    /// assert!(tracker.report("chain").is_err());
    /// handle.record(0);
    /// assert_eq!(tracker.message_count("chain"), 1);
    /// ```
    pub fn handle(&self, actor: &str, sender: &str) -> OrderingHandle {
        self.handle_at(hash_of([actor, sender]), actor, sender)
    }

    /// Gives the order that the records of an actor must have, over all its senders (OT-3).
    ///
    /// It is compared with the numbers in the order of their records. Before the first record a second call
    /// replaces the order of the first.
    ///
    /// Note that the actor's records take turns from then on: one order leaves nothing to do at the same time.
    ///
    /// # Errors
    ///
    /// * [`ExpectedOrderingError::TooLong`] when the order is longer than `expected_max` allows, whatever the actor.
    /// * [`ExpectedOrderingError::Late`] when the actor has a record already.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::tracker::OrderingTracker;
    ///
    /// let tracker = OrderingTracker::default();
    /// tracker.set_expected_ordering("chain", vec![0, 0, 1])?;
    /// tracker.record("chain", "network", 0);
    /// tracker.record("chain", "peer", 0);
    /// assert!(!tracker.verify_ordering("chain"));
    /// tracker.record("chain", "network", 1);
    /// assert!(tracker.verify_ordering("chain"));
    /// # Ok::<(), alys_actor::tracker::ExpectedOrderingError>(())
    /// ```
    pub fn set_expected_ordering(
        &self,
        actor_id: &str,
        ordering: Vec<u64>,
    ) -> Result<(), ExpectedOrderingError> {
        let (len, max) = (ordering.len(), self.config.expected_max);
        if len > max {
            return Err(ExpectedOrderingError::TooLong { actor: actor_id.to_owned(), len, max });
        }
        self.actor(actor_id).set_expected(ordering)
    }

    /// Tells whether the records of an actor are in order (OT-3).
    ///
    /// With an expected order: whether they are that order, neither less nor more. Without one: whether no sender
    /// ever had a gap, a duplicate or a reordering; a gap that was filled counts. True for an unknown actor.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::tracker::OrderingTracker;
    ///
    /// let tracker = OrderingTracker::default();
    /// assert!(tracker.verify_ordering("chain"));
    /// tracker.record("chain", "network", 1);
    /// tracker.record("chain", "network", 0);
    /// assert!(!tracker.verify_ordering("chain"));
    /// ```
    pub fn verify_ordering(&self, actor_id: &str) -> bool {
        self.known_actor(actor_id).is_none_or(|actor| actor.is_ordered())
    }

    /// Counts the records of an actor, whatever their verdicts (OT-2). Zero for an unknown actor.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::tracker::OrderingTracker;
    ///
    /// let tracker = OrderingTracker::default();
    /// tracker.record("chain", "network", u64::MAX);
    /// tracker.record("chain", "network", u64::MAX);
    /// assert_eq!(tracker.message_count("chain"), 2);
    /// assert_eq!(tracker.message_count("nobody"), 0);
    /// ```
    pub fn message_count(&self, actor_id: &str) -> usize {
        self.known_actor(actor_id).map_or(0, |actor| actor.message_count())
    }

    /// Describes each sender of an actor: its open gaps, duplicates and reorderings (OT-2, OT-3).
    ///
    /// # Errors
    ///
    /// * [`UnknownActor`] when the actor has neither a record nor an expected order.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::tracker::OrderingTracker;
    ///
    /// let tracker = OrderingTracker::default();
    /// for sequence in (0..=15).filter(|sequence| ![3, 4, 7, 8, 11, 12].contains(sequence)) {
    ///     tracker.record("chain", "network", sequence);
    /// }
    /// let report = tracker.report("chain")?;
    /// let gaps: Vec<_> = report.senders[0].gaps.iter().map(ToString::to_string).collect();
    /// assert_eq!(gaps, ["3-4", "7-8", "11-12"]);
    /// # Ok::<(), alys_actor::tracker::UnknownActor>(())
    /// ```
    pub fn report(&self, actor_id: &str) -> Result<OrderingReport, UnknownActor> {
        let unknown = || Err(UnknownActor { actor: actor_id.to_owned() });
        self.known_actor(actor_id).map_or_else(unknown, |actor| actor.report())
    }

    /// Finds or makes a key. Its shard is held while the actor takes it in, never the other way round.
    fn handle_at(&self, hash: u64, actor: &str, sender: &str) -> OrderingHandle {
        let receiver = self.actor(actor);
        self.keys.get_or_make(hash, |key| key.is(actor, sender), || OrderingHandle::new(receiver, sender))
    }

    fn actor(&self, name: &str) -> Arc<Actor> {
        let make = || Arc::new(Actor::new(name, self.config));
        self.actors.get_or_make(hash_of([name]), |actor| *actor.name == *name, make)
    }

    fn known_actor(&self, name: &str) -> Option<Arc<Actor>> {
        self.actors.visit(hash_of([name]), |actor| *actor.name == *name, Arc::clone)
    }
}

/// Records in order under the lock of the shard, or hands out what the caller needs to do it slowly.
fn try_record(key: &OrderingHandle, sequence: u64) -> Result<(), OrderingHandle> {
    if key.record_in_order(sequence) { Ok(()) } else { Err(key.clone()) }
}

impl Default for OrderingTracker {
    /// Builds a tracker with the default [`TrackerConfig`].
    fn default() -> Self {
        Self::with_valid(TrackerConfig::default())
    }
}

impl fmt::Debug for OrderingTracker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrderingTracker").field("config", &self.config).finish_non_exhaustive()
    }
}

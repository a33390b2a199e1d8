//! Topics.

use std::{collections::BTreeMap, fmt};

use super::{
    account::Account,
    mailbox::{Post, SendError, Sender},
    sync::{Arc, Mutex},
};

/// Publishes messages to whoever has subscribed to their topic (CM-8, CM-9).
///
/// Publishing never waits. A subscriber whose mailbox turns out to be closed is reported once, in the account of that
/// message, and is then no subscriber any more.
///
/// # Examples
///
/// ```
/// # use std::sync::Arc;
/// # use alys_actor::{TokioClock, mailbox::{Environment, Lane, MailboxConfig, SendError, mailbox}};
/// use alys_actor::comm::Bus;
///
/// # let open = || mailbox::<u32, ()>(MailboxConfig::with_capacity(4), Environment::new(Arc::new(TokioClock::new()))).unwrap();
/// let ((one, mut receiver), (other, closed)) = (open(), open());
/// let bus = Bus::default();
/// let first = bus.subscribe("blocks", one);
/// let second = bus.subscribe("blocks", other);
/// drop(closed);
/// let account = bus.publish("blocks", (Lane::High, 7));
/// assert_eq!(account.outcomes, [(first, Ok(())), (second, Err(SendError::Closed(7)))]);
/// assert_eq!(bus.publish("blocks", (Lane::High, 8)).offered(), 1);
/// assert!(bus.unsubscribe(first).is_some());
/// assert_eq!(bus.publish("blocks", (Lane::High, 9)).offered(), 0);
/// assert_eq!(receiver.try_recv().unwrap().acknowledge(), 7);
/// ```
pub struct Bus<M, R = ()> {
    topics: Mutex<Topics<M, R>>,
}

/// Names one subscription of a bus; it never comes again there.
///
/// # Examples
///
/// See [`Bus`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SubscriptionId(u64);

/// Where a subscription has its sender until it ends. Locked while a message is offered, so an unsubscribe waits for
/// that; the lock of the topics is not held then, since a mailbox may call others: wakers, a sink for dead letters.
type Slot<M, R> = Arc<Mutex<Option<Sender<M, R>>>>;

struct Topics<M, R> {
    subscribed: u64,
    slots: BTreeMap<String, BTreeMap<SubscriptionId, Slot<M, R>>>,
}

impl<M, R> Bus<M, R> {
    /// Has a sender get what is published under a topic from now on; one that subscribes twice gets it twice.
    ///
    /// # Examples
    ///
    /// See [`Bus`].
    pub fn subscribe(&self, topic: &str, sender: Sender<M, R>) -> SubscriptionId {
        let mut topics = self.topics.lock();
        topics.subscribed += 1;
        let id = SubscriptionId(topics.subscribed);
        let slot = Arc::new(Mutex::new(Some(sender)));
        topics.slots.entry(topic.to_owned()).or_default().insert(id, slot);
        id
    }

    /// Ends a subscription and gives its sender back, if it has not ended already. Nothing is offered to it after this
    /// has returned.
    ///
    /// # Examples
    ///
    /// See [`Bus`].
    pub fn unsubscribe(&self, id: SubscriptionId) -> Option<Sender<M, R>> {
        let slot = self.take_out(id)?;
        slot.lock().take()
    }

    /// Offers a message to every subscriber of a topic, in the order of subscription, and accounts for each.
    ///
    /// # Examples
    ///
    /// See [`Bus`].
    pub fn publish(&self, topic: &str, post: impl Into<Post<M>>) -> Account<SubscriptionId, M>
    where
        M: Clone,
    {
        let post = post.into();
        let mut outcomes = Vec::new();
        for (id, slot) in self.subscribers(topic) {
            let offered = slot.lock().as_ref().map(|sender| sender.try_send(post.clone()));
            // Nothing where the subscription has ended since.
            let Some(outcome) = offered else { continue };
            if matches!(outcome, Err(SendError::Closed(_))) {
                drop(self.unsubscribe(id));
            }
            outcomes.push((id, outcome));
        }
        Account { outcomes }
    }

    fn subscribers(&self, topic: &str) -> Vec<(SubscriptionId, Slot<M, R>)> {
        let topics = self.topics.lock();
        let slots = topics.slots.get(topic).into_iter().flatten();
        slots.map(|(id, slot)| (*id, Arc::clone(slot))).collect()
    }

    fn take_out(&self, id: SubscriptionId) -> Option<Slot<M, R>> {
        let mut topics = self.topics.lock();
        let slot = topics.slots.values_mut().find_map(|slots| slots.remove(&id));
        topics.slots.retain(|_, slots| !slots.is_empty());
        slot
    }
}

impl<M, R> Default for Bus<M, R> {
    /// A bus without subscribers.
    fn default() -> Self {
        Bus { topics: Mutex::new(Topics { subscribed: 0, slots: BTreeMap::new() }) }
    }
}

impl<M, R> fmt::Debug for Bus<M, R> {
    /// Shows the topics and the number of their subscribers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let topics = self.topics.lock();
        f.debug_map().entries(topics.slots.iter().map(|(topic, slots)| (topic, slots.len()))).finish()
    }
}

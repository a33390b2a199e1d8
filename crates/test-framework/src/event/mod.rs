//! Events: what a test saw, in the order in which it saw it (FW-2, FW-3).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::judge::Quantity;

/// What kind of thing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TestEventType {
    /// An incarnation of an actor began.
    ActorCreated,
    /// An incarnation of an actor is gone.
    ActorStopped,
    /// A message was taken in by a mailbox.
    MessageSent,
    /// A message was refused, and given back.
    MessageRefused,
    /// A handler got a message.
    MessageReceived,
    /// A message that was taken in became a dead letter.
    MessageDropped,
    /// An asker got its answer, or the reason why there is none.
    ReplyReceived,
    /// An actor went from one state to another.
    StateTransition,
    /// Something was made to go wrong.
    FailureInjected,
    /// What went wrong works again.
    RecoveryCompleted,
    /// Something on a network.
    NetworkEvent,
    /// Something was looked at, and this was seen.
    Observed,
    /// The test could not go on.
    DriverFailed,
}

/// Who saw or did it: an actor, or the test.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventSource(pub String);

/// What else there is to say of an event, by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventMetadata(pub BTreeMap<String, Quantity>);

/// One thing that happened in a test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestEvent {
    /// The running number within its test, from 0.
    pub event_id: u64,
    /// The virtual time since the beginning of the test, in nanoseconds; absent where time is real.
    pub timestamp: Option<u64>,
    /// What kind of thing happened.
    pub event_type: TestEventType,
    /// Who saw or did it.
    pub source: EventSource,
    /// What else there is to say.
    pub metadata: EventMetadata,
}

impl TestEvent {
    /// Returns an entry of the metadata.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Quantity> {
        self.metadata.0.get(key)
    }

    /// Returns an entry of the metadata as a count; `None` where it is none.
    #[must_use]
    pub fn count(&self, key: &str) -> Option<u64> {
        self.get(key).and_then(Quantity::count)
    }

    /// Returns an entry of the metadata as words; empty where it is none.
    #[must_use]
    pub fn words(&self, key: &str) -> &str {
        if let Some(Quantity::Words(words)) = self.get(key) { words } else { "" }
    }
}

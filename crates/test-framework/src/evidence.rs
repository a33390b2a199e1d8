//! What the events of a test say, for its judge.

use crate::event::{TestEvent, TestEventType};

/// The events of one test, and questions to them.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    events: &'a [TestEvent],
}

impl<'a> Evidence<'a> {
    /// The evidence of these events.
    #[must_use]
    pub fn new(events: &'a [TestEvent]) -> Self {
        Self { events }
    }

    /// Returns all events, in their order.
    pub fn all(self) -> impl Iterator<Item = &'a TestEvent> {
        self.events.iter()
    }

    /// Returns the events of one kind, in their order.
    pub fn of(self, kind: TestEventType) -> impl Iterator<Item = &'a TestEvent> {
        self.events.iter().filter(move |event| event.event_type == kind)
    }

    /// Returns the events of one kind that one source saw, in their order.
    pub fn from(self, kind: TestEventType, source: &str) -> impl Iterator<Item = &'a TestEvent> {
        self.of(kind).filter(move |event| event.source.0 == source)
    }

    /// Counts the events of one kind.
    #[must_use]
    pub fn count(self, kind: TestEventType) -> usize {
        self.of(kind).count()
    }

    /// Counts the events of one kind that one source saw.
    #[must_use]
    pub fn count_from(self, kind: TestEventType, source: &str) -> usize {
        self.from(kind, source).count()
    }

    /// Returns what one source saw of one kind, as the counts under a key, each with the number of its event.
    #[must_use]
    pub fn counts(self, kind: TestEventType, source: &str, key: &str) -> Vec<(u64, u64)> {
        self.from(kind, source).filter_map(|event| Some((event.event_id, event.count(key)?))).collect()
    }

    /// Returns what one source saw of one kind, as the words under a key, each with the number of its event.
    #[must_use]
    pub fn words(self, kind: TestEventType, source: &str, key: &str) -> Vec<(u64, &'a str)> {
        self.from(kind, source).map(|event| (event.event_id, event.words(key))).collect()
    }

    /// Returns what was observed under a name, the last time that it was.
    #[must_use]
    pub fn observed(self, source: &str, key: &str) -> Option<&'a crate::judge::Quantity> {
        self.from(TestEventType::Observed, source).filter_map(|event| event.get(key)).last()
    }
}

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

    /// Returns who saw what under a key in events of one kind, as words, each with the number of its event.
    #[must_use]
    pub fn told(self, kind: TestEventType, key: &str) -> Vec<(u64, (&'a str, &'a str))> {
        let with_it = self.of(kind).filter(|event| event.get(key).is_some());
        with_it.map(|event| (event.event_id, (&*event.source.0, event.words(key)))).collect()
    }

    /// Returns the virtual instants, in milliseconds, at which one source saw one kind, each with the number of its event.
    ///
    /// Where time is real there is none: not a number, which equals nothing.
    #[must_use]
    pub fn instants_ms(self, kind: TestEventType, source: &str) -> Vec<(u64, f64)> {
        let in_ms = |nanos: u64| nanos as f64 / 1e6;
        let at = |event: &TestEvent| event.timestamp.map_or(f64::NAN, in_ms);
        self.from(kind, source).map(|event| (event.event_id, at(event))).collect()
    }

    /// Returns what was observed under a name, the last time that it was.
    #[must_use]
    pub fn observed(self, source: &str, key: &str) -> Option<&'a crate::judge::Quantity> {
        self.from(TestEventType::Observed, source).filter_map(|event| event.get(key)).last()
    }
}

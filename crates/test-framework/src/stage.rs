//! What a test is given: configuration, seed, clock, and somewhere to write down what it sees.

use std::{sync::Arc, time::Duration};

use alys_actor::{TokioClock, mailbox::Clock};
use parking_lot::Mutex;
use thiserror::Error;

use crate::{
    config::TestConfig,
    event::{EventMetadata, EventSource, TestEvent, TestEventType},
    judge::Quantity,
    measurement::Measurement,
};

/// Why a test could not go on: words of the component that refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct DriveError(pub String);

impl DriveError {
    /// Says what was being done, and what came of it.
    pub fn new(doing: &str, error: impl std::fmt::Display) -> Self {
        Self(format!("{doing}: {error}"))
    }
}

/// What driving a test comes to; its verdict is in its events.
pub type Driven = Result<(), DriveError>;

/// The stage of one test; clones are the same stage.
#[derive(Clone)]
pub struct Stage {
    inner: Arc<Inner>,
}

struct Inner {
    config: Arc<TestConfig>,
    seed: u64,
    clock: Arc<TokioClock>,
    time_is_virtual: bool,
    events: Mutex<Vec<TestEvent>>,
    measured: Mutex<Measurement>,
}

impl Stage {
    /// A stage whose time begins now.
    pub(crate) fn new(config: Arc<TestConfig>, seed: u64, time_is_virtual: bool) -> Self {
        let clock = Arc::new(TokioClock::new());
        let (events, measured) = (Mutex::default(), Mutex::default());
        Self { inner: Arc::new(Inner { config, seed, clock, time_is_virtual, events, measured }) }
    }

    /// Returns the configuration of the run.
    #[must_use]
    pub fn config(&self) -> &TestConfig {
        &self.inner.config
    }

    /// Returns a generator of random numbers: a function of the run's seed and of the test's name.
    #[must_use]
    pub fn rng(&self) -> fastrand::Rng {
        fastrand::Rng::with_seed(self.inner.seed)
    }

    /// Returns the seed of this test.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.inner.seed
    }

    /// Returns the clock of the test, for the components that it makes.
    #[must_use]
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.inner.clock) as Arc<dyn Clock>
    }

    /// Lets so much of the test's time go by.
    pub async fn pass(&self, time: Duration) {
        let clock = &self.inner.clock;
        clock.sleep_until(clock.now().saturating_add(time)).await;
    }

    /// Writes down that something happened.
    pub fn record<const N: usize>(
        &self,
        event_type: TestEventType,
        source: &str,
        metadata: [(&str, Quantity); N],
    ) {
        let metadata = metadata.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        let timestamp = self.inner.time_is_virtual.then(|| self.inner.clock.now().as_nanos());
        let mut events = self.inner.events.lock();
        let event_id = events.len() as u64;
        let (source, metadata) = (EventSource(source.to_owned()), EventMetadata(metadata));
        events.push(TestEvent { event_id, timestamp, event_type, source, metadata });
    }

    /// Writes down a value that was measured, beside the events: it may differ from run to run.
    pub fn measured(&self, name: &str, value: f64) {
        self.inner.measured.lock().values.insert(name.to_owned(), value);
    }

    /// Writes down samples that were measured, in nanoseconds.
    pub fn sampled(&self, name: &str, samples: Vec<u64>) {
        self.inner.measured.lock().samples.insert(name.to_owned(), samples);
    }

    /// Returns how many events there are so far.
    #[must_use]
    pub fn events_so_far(&self) -> usize {
        self.inner.events.lock().len()
    }

    /// Takes what was written down so far; what comes later belongs to no test.
    pub(crate) fn take(&self) -> (Vec<TestEvent>, Measurement) {
        (std::mem::take(&mut self.inner.events.lock()), std::mem::take(&mut self.inner.measured.lock()))
    }
}

impl std::fmt::Debug for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stage").field("seed", &self.inner.seed).finish_non_exhaustive()
    }
}

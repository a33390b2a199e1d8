//! One receiving actor: all its keys, and the mutex that its slow records and its questions share.

use super::config::TrackerConfig;
use super::error::{ExpectedOrderingError, UnknownActor};
use super::expected::Expected;
use super::key::Key;
use super::message::Verdict;
use super::report::OrderingReport;
use super::sync::{Arc, Mutex};
use super::track::Track;

/// An actor by name. The mutex is the last one taken: its holder waits for nothing.
pub(super) struct Actor {
    pub(super) name: Box<str>,
    config: TrackerConfig,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    // invariant: the sender at place `i` has a key with index `i`; senders are only added.
    senders: Vec<Sender>,
    // invariant: the keys of an actor with an expected order are busy for good.
    expected: Option<Expected>,
}

/// A key with what is known of it. A panic that leaves the key busy costs speed, not truth: the state below stays
/// the true one until the next thaw.
struct Sender {
    key: Arc<Key>,
    track: Track,
}

impl Sender {
    fn freeze(&mut self) {
        if let Some(expected) = self.key.freeze() {
            self.track.catch_up(expected);
        }
    }

    fn thaw(&self) {
        self.key.thaw(self.track.expected());
    }
}

impl State {
    fn recorded(&self) -> usize {
        let recorded = self.senders.iter().map(|sender| sender.track.recorded()).sum::<u64>();
        usize::try_from(recorded).unwrap_or(usize::MAX)
    }

    fn is_known(&self) -> bool {
        self.expected.is_some() || self.recorded() > 0
    }

    fn is_ordered(&self) -> bool {
        match &self.expected {
            Some(expected) => expected.is_met(),
            None => self.senders.iter().all(|sender| sender.track.is_clean()),
        }
    }
}

impl Actor {
    pub(super) fn new(name: &str, config: TrackerConfig) -> Self {
        Self { name: name.into(), config, state: Mutex::new(State::default()) }
    }

    /// Adds a sender. The caller holds the shard of the key, so that no sender is added twice.
    pub(super) fn add_sender(&self, sender: &str) -> Arc<Key> {
        let mut state = self.state.lock();
        let key = Arc::new(Key::new(sender, state.senders.len(), state.expected.is_none()));
        state.senders.push(Sender { key: Arc::clone(&key), track: Track::default() });
        key
    }

    /// Records what the word of the key cannot.
    pub(super) fn record(&self, key: &Key, sequence: u64) -> Verdict {
        let mut state = self.state.lock();
        let State { senders, expected } = &mut *state;
        let sender = &mut senders[key.index];
        sender.freeze();
        let verdict = sender.track.record(sequence, &self.config);
        match expected {
            Some(expected) => expected.observe(sequence),
            None => sender.thaw(),
        }
        verdict
    }

    pub(super) fn message_count(&self) -> usize {
        self.frozen(|state| state.recorded())
    }

    /// Needs no frozen moment: what passes the mutex is in order, and passes it only without an expected order.
    pub(super) fn is_ordered(&self) -> bool {
        self.state.lock().is_ordered()
    }

    pub(super) fn set_expected(&self, ordering: Vec<u64>) -> Result<(), ExpectedOrderingError> {
        self.frozen(|state| match state.recorded() {
            0 => {
                state.expected = Some(Expected::new(ordering));
                Ok(())
            }
            recorded => Err(ExpectedOrderingError::Late { actor: self.name.to_string(), recorded }),
        })
    }

    pub(super) fn report(&self) -> Result<OrderingReport, UnknownActor> {
        let report = self.frozen(|state| {
            let heard = state.senders.iter().filter(|sender| sender.track.recorded() > 0);
            state.is_known().then(|| OrderingReport {
                actor: self.name.to_string(),
                recorded: state.recorded(),
                senders: heard.map(|sender| sender.track.report(&sender.key.sender)).collect(),
            })
        });
        let mut report = report.ok_or_else(|| UnknownActor { actor: self.name.to_string() })?;
        report.senders.sort_unstable_by(|left, right| left.sender.cmp(&right.sender));
        Ok(report)
    }

    /// Visits the state of one moment: every key is busy before the first is read, and no record passes meanwhile.
    fn frozen<R>(&self, visit: impl FnOnce(&mut State) -> R) -> R {
        let mut state = self.state.lock();
        state.senders.iter_mut().for_each(Sender::freeze);
        let answer = visit(&mut state);
        if state.expected.is_none() {
            state.senders.iter().for_each(Sender::thaw);
        }
        answer
    }
}

//! What is right: a list of records, and how many of them are durable.

use std::fmt;

use proptest::prelude::*;
use proptest_state_machine::ReferenceStateMachine;

use crate::{crash::Durable, sequential::Suite, small::Small};

/// The suite of the log.
pub const SUITE: Suite = Suite {
    name: "crash_wal",
    test_path: "properties::house_crash::a_log_survives_every_crash",
    cases: 150,
    transitions: 1..=8,
};

/// A length that lies in more than one sector.
const LONG: usize = 700;

/// A record, by its payload: one value again and again.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// The value.
    pub value: u8,
    /// How often.
    pub len: usize,
    /// Whether it is that value everywhere.
    pub whole: bool,
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}{}", self.value, self.len, if self.whole { "" } else { " torn" })
    }
}

impl Record {
    /// What a payload is.
    pub(super) fn of(payload: &[u8]) -> Self {
        let value = payload.first().copied().unwrap_or(0);
        Record { value, len: payload.len(), whole: payload.iter().all(|byte| *byte == value) }
    }
}

/// What is done to a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogTransition {
    /// A record is appended.
    Append {
        /// Its value.
        value: u8,
        /// Whether it is longer than a sector.
        long: bool,
    },
    /// All records are made durable.
    Sync,
    /// They are made durable in a file of their own, and the log is emptied.
    Checkpoint,
}

impl LogTransition {
    /// The record that is appended, if one is.
    pub(super) fn record(&self) -> Option<Record> {
        match *self {
            LogTransition::Append { value, long } => {
                Some(Record { value, len: if long { LONG } else { 1 }, whole: true })
            }
            LogTransition::Sync | LogTransition::Checkpoint => None,
        }
    }
}

/// The records, and how many of them are durable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogState {
    records: Vec<Record>,
    durable: usize,
}

/// The reference state machine.
#[derive(Clone, Copy, Debug)]
pub struct LogReference;

impl ReferenceStateMachine for LogReference {
    type State = LogState;
    type Transition = LogTransition;

    fn init_state() -> BoxedStrategy<LogState> {
        Just(LogState::default()).boxed()
    }

    fn transitions(_: &LogState) -> BoxedStrategy<LogTransition> {
        let append = (1..4_u8, any::<bool>()).prop_map(|(value, long)| LogTransition::Append { value, long });
        prop_oneof![5 => append, 2 => Just(LogTransition::Sync), 2 => Just(LogTransition::Checkpoint)].boxed()
    }

    fn apply(mut state: LogState, transition: &LogTransition) -> LogState {
        match transition.record() {
            Some(record) => state.records.push(record),
            None => state.durable = state.records.len(),
        }
        state
    }
}

impl Small for LogReference {
    /// A candidate is crashed everywhere.
    const SEARCHED_MAX: usize = 400;

    fn simpler(transition: &LogTransition) -> Vec<LogTransition> {
        match transition {
            LogTransition::Append { value, long: true } => {
                vec![LogTransition::Append { value: *value, long: false }]
            }
            LogTransition::Append { value: 2.., long } => {
                vec![LogTransition::Append { value: 1, long: *long }]
            }
            LogTransition::Append { .. } | LogTransition::Sync => Vec::new(),
            LogTransition::Checkpoint => vec![LogTransition::Sync],
        }
    }

    fn starts() -> Vec<LogState> {
        vec![LogState::default()]
    }

    fn alphabet(_: &LogState) -> Vec<LogTransition> {
        let append = |value, long| LogTransition::Append { value, long };
        vec![append(1, false), append(2, true), LogTransition::Sync, LogTransition::Checkpoint]
    }
}

impl Durable for LogReference {
    type Found = Vec<Record>;

    fn shown(state: &LogState) -> Vec<Record> {
        state.records.clone()
    }

    fn possible(state: &LogState) -> Vec<Vec<Record>> {
        (state.durable..=state.records.len()).map(|len| state.records[..len].to_vec()).collect()
    }

    fn resumed(_: &LogState, found: &Vec<Record>) -> LogState {
        LogState { records: found.clone(), durable: found.len() }
    }
}

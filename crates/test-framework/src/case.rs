//! A test: how it is driven, and how it is judged.

use std::{future::Future, pin::Pin};

use crate::{
    config::TestConfig,
    evidence::Evidence,
    judge::Judge,
    measurement::Measurement,
    phase::MigrationPhase,
    stage::{Driven, Stage},
};

/// A test on its way.
pub(crate) type Driving = Pin<Box<dyn Future<Output = Driven>>>;

/// Whose time a test runs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// One thread, and a clock that jumps to the next timer whenever nothing else is to do: the same events each time.
    Virtual,
    /// The wall's; runs alone, and writes down only what no schedule changes.
    Real,
}

/// A suite of state machines that holds the same component to its model: it finds the shortest way to a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// The mailbox.
    Mailbox,
    /// The supervision tree with real actors.
    Supervision,
    /// The lifecycle monitor.
    Lifecycle,
    /// The ordering tracker.
    Tracker,
}

/// A test of a harness.
#[derive(Clone, Copy, Debug)]
pub struct TestCase {
    /// Its name: that of the harness's method.
    pub name: &'static str,
    /// The phase that it belongs to.
    pub phase: MigrationPhase,
    /// The category within the harness.
    pub category: &'static str,
    /// One sentence: what it shows.
    pub summary: &'static str,
    /// Whose time it runs in.
    pub pace: Pace,
    /// Where a shorter way to the same failure is looked for.
    pub suite: Option<Suite>,
    /// Drives the real thing, and writes down what happens.
    pub drive: fn(Stage) -> Driving,
    /// Says from the events alone what holds.
    pub judge: fn(Evidence<'_>, &mut Judge),
    /// Says from the measurement what holds of speed and size; the limits are the configuration's.
    pub gates: fn(&Measurement, &TestConfig, &mut Judge),
}

/// The gates of a test that has none.
pub(crate) fn no_gates(_: &Measurement, _: &TestConfig, _: &mut Judge) {}

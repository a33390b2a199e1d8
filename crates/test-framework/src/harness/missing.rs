//! Harnesses that this program does not have: each of their tests says why, and none counts as passed (FW-1).

use std::marker::PhantomData;

use async_trait::async_trait;
use serde_json::Value;

use super::{Counted, Listed, TestHarness, not_run};
use crate::{
    error::Result,
    phase::MigrationPhase,
    result::{Skip, TestResult},
    run::Context,
};

/// Category, name and summary of a test to come.
pub(crate) type Planned = (&'static str, &'static str, &'static str);

/// A subsystem without a harness.
pub trait Subsystem: std::fmt::Debug + Send + Sync + 'static {
    /// The name of its harness.
    const HARNESS: &'static str;
    /// The phase of its tests.
    const PHASE: MigrationPhase;
    /// What is missing, and what to do about it.
    const REASON: &'static str;
    /// Its tests.
    const TESTS: &'static [Planned];
}

/// The network between nodes, where the feature `p2p` is off.
#[derive(Debug)]
pub struct Network;

impl Subsystem for Network {
    const HARNESS: &'static str = "NetworkTestHarness";
    const PHASE: MigrationPhase = MigrationPhase::SyncImprovement;
    const REASON: &'static str = "the network (crates/p2p) is not in this program; it is in that of \
                                   `cargo run --release -p alys-test-framework --features p2p -- run`";
    const TESTS: &'static [Planned] = &[
        ("p2p", "test_peer_discovery", "Peers find each other."),
        ("p2p", "test_message_propagation", "Messages reach every peer."),
        ("resilience", "test_network_resilience", "The network outlives partitions and churn."),
    ];
}

/// Tests of the network.
pub type NetworkTestHarness = Absent<Network>;

/// The harness that a subsystem does not have here: a run that wanted its tests does not count as passed.
#[derive(Debug)]
pub struct Absent<S> {
    context: Context,
    counted: Counted,
    subsystem: PhantomData<S>,
}

impl<S: Subsystem> Absent<S> {
    /// Makes it for a run.
    #[must_use]
    pub fn new(context: Context) -> Self {
        Self { context, counted: Counted::default(), subsystem: PhantomData }
    }

    fn skipped(&self, name: &str) -> TestResult {
        let skip = Skip { required: true, reason: S::REASON.to_owned() };
        let result = not_run(name, S::PHASE, skip, &self.context.config);
        self.context.ended(&result);
        result
    }
}

fn listed<S: Subsystem>() -> impl Iterator<Item = Listed> {
    let listed = |&(category, name, summary): &Planned| Listed { name, phase: S::PHASE, category, summary };
    S::TESTS.iter().map(listed)
}

/// Returns the tests of all harnesses that are not there, in the order in which they run.
pub(super) fn tests() -> impl Iterator<Item = Listed> {
    listed::<Network>()
}

#[async_trait]
impl<S: Subsystem> TestHarness for Absent<S> {
    fn name(&self) -> &str {
        S::HARNESS
    }

    fn tests(&self) -> Vec<Listed> {
        listed::<S>().collect()
    }

    /// What is not there does not answer.
    async fn health_check(&self) -> bool {
        false
    }

    async fn initialize(&mut self) -> Result<()> {
        Ok(())
    }

    async fn run_all_tests(&self) -> Vec<TestResult> {
        let selected = S::TESTS.iter().filter(|(_, name, _)| self.context.selection.has(name));
        let results: Vec<_> = selected.map(|(_, name, _)| self.skipped(name)).collect();
        self.counted.count(&results);
        results
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn get_metrics(&self) -> Value {
        self.counted.shown()
    }
}

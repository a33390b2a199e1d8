//! Harnesses that the project does not have yet: each of their tests says so, and none counts as passed (FW-1).

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
    /// What is missing, and for what.
    const WHAT: &'static str;
    /// Its tests.
    const TESTS: &'static [Planned];
}

/// The consensus layer.
#[derive(Debug)]
pub struct Lighthouse;

impl Subsystem for Lighthouse {
    const HARNESS: &'static str = "LighthouseCompatHarness";
    const PHASE: MigrationPhase = MigrationPhase::LighthouseMigration;
    const WHAT: &'static str = "a harness for the consensus layer (crates/consensus)";
    const TESTS: &'static [Planned] = &[
        ("api_compatibility", "test_api_compatibility", "A beacon node's API is understood."),
        ("consensus_integration", "test_consensus_integration", "Blocks are proposed and followed."),
    ];
}

/// The network between nodes.
#[derive(Debug)]
pub struct Network;

impl Subsystem for Network {
    const HARNESS: &'static str = "NetworkTestHarness";
    const PHASE: MigrationPhase = MigrationPhase::SyncImprovement;
    const WHAT: &'static str = "a harness for the network (crates/p2p)";
    const TESTS: &'static [Planned] = &[
        ("p2p", "test_peer_discovery", "Peers find each other."),
        ("p2p", "test_message_propagation", "Messages reach every peer."),
        ("resilience", "test_network_resilience", "The network outlives partitions and churn."),
    ];
}

/// Tests of the consensus layer against real clients.
pub type LighthouseCompatHarness = Absent<Lighthouse>;
/// Tests of the network.
pub type NetworkTestHarness = Absent<Network>;

/// The harness that a subsystem does not have yet: a run that wanted its tests does not count as passed.
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
        let reason = format!("{} is not in the project yet", S::WHAT);
        let result = not_run(name, S::PHASE, Skip { required: true, reason }, &self.context.config);
        self.context.ended(&result);
        result
    }
}

fn listed<S: Subsystem>() -> impl Iterator<Item = Listed> {
    let listed = |&(category, name, summary): &Planned| Listed { name, phase: S::PHASE, category, summary };
    S::TESTS.iter().map(listed)
}

/// Returns the tests of all harnesses that are not there yet, in the order in which they run.
pub(super) fn tests() -> impl Iterator<Item = Listed> {
    listed::<Network>().chain(listed::<Lighthouse>())
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

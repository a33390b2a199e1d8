//! Harnesses: one for each part of the node, each with its tests.

mod actor;
mod foundation;
mod governance;
mod lighthouse;
#[cfg(not(feature = "p2p"))]
mod missing;
#[cfg(feature = "p2p")]
mod network;
mod sync;

use async_trait::async_trait;
use serde_json::Value;

pub use actor::ActorTestHarness;
pub(crate) use actor::chaos;
pub use foundation::FoundationHarness;
pub use governance::GovernanceIntegrationHarness;
pub(crate) use lighthouse::HAS_CLIENTS;
pub use lighthouse::LighthouseCompatHarness;
#[cfg(not(feature = "p2p"))]
pub use missing::NetworkTestHarness;
#[cfg(feature = "p2p")]
pub use network::NetworkTestHarness;
pub use sync::{
    ConcurrentSyncResult, LoadBalancingResult, ParallelFailureResult, ParallelPerformanceResult,
    RaceConditionResult, ResilienceTestResult, SyncTestHarness,
};

use crate::{
    case::TestCase,
    config::TestConfig,
    error::Result,
    measurement::Measurement,
    phase::MigrationPhase,
    result::{Outcome, Skip, TestResult},
    run::{Context, mixed, replay_command},
};

/// Returns the feature that a test must be built with, and the flag that it must be run with.
pub(crate) fn asked_for(name: &str) -> (Option<&'static str>, Option<&'static str>) {
    #[cfg(feature = "p2p")]
    let of_network = network::ALL.iter().any(|case| case.name == name);
    #[cfg(not(feature = "p2p"))]
    let of_network = missing::tests().any(|test| test.name == name);
    if of_network { (Some("p2p"), None) } else { lighthouse::asked_for(name) }
}

/// One of a harness's tests, as a list shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub name: &'static str,
    /// Its phase.
    pub phase: MigrationPhase,
    /// Its category.
    pub category: &'static str,
    /// One sentence: what it shows.
    pub summary: &'static str,
}

fn listed(cases: &[TestCase]) -> Vec<Listed> {
    let listed = |case: &TestCase| {
        let TestCase { name, phase, category, summary, .. } = *case;
        Listed { name, phase, category, summary }
    };
    cases.iter().map(listed).collect()
}

/// The tests of one part of the node.
#[async_trait]
pub trait TestHarness: Send + Sync {
    /// Returns its name.
    fn name(&self) -> &str;

    /// Returns the tests that it has, selected or not.
    fn tests(&self) -> Vec<Listed>;

    /// Says whether its subsystem is there and answers.
    async fn health_check(&self) -> bool;

    /// Makes it ready.
    ///
    /// # Errors
    ///
    /// What keeps it from running at all.
    async fn initialize(&mut self) -> Result<()>;

    /// Runs its selected tests and returns their results in the order of [`TestHarness::tests`].
    async fn run_all_tests(&self) -> Vec<TestResult>;

    /// Gives back what it holds.
    ///
    /// # Errors
    ///
    /// What could not be given back.
    async fn shutdown(&self) -> Result<()>;

    /// Returns what it has counted since it was made.
    async fn get_metrics(&self) -> Value;
}

/// Every harness of a run.
#[derive(Debug)]
pub struct TestHarnesses {
    /// The framework itself.
    pub foundation: FoundationHarness,
    /// The actor system.
    pub actor: ActorTestHarness,
    /// The sync engine.
    pub sync: SyncTestHarness,
    /// The consensus layer.
    pub lighthouse: LighthouseCompatHarness,
    /// Governance.
    pub governance: GovernanceIntegrationHarness,
    /// The network.
    pub network: NetworkTestHarness,
}

impl TestHarnesses {
    /// Makes them.
    #[must_use]
    pub fn new(context: &Context) -> Self {
        Self {
            foundation: FoundationHarness::new(context.clone()),
            actor: ActorTestHarness::new(context.clone()),
            sync: SyncTestHarness::new(context.clone()),
            lighthouse: LighthouseCompatHarness::new(context.clone()),
            governance: GovernanceIntegrationHarness::new(context.clone()),
            network: NetworkTestHarness::new(context.clone()),
        }
    }

    /// Returns those of a phase, in the order in which they run.
    #[must_use]
    pub fn of(&self, phase: MigrationPhase) -> Vec<&dyn TestHarness> {
        match phase {
            MigrationPhase::Foundation => vec![&self.foundation],
            MigrationPhase::ActorCore => vec![&self.actor],
            MigrationPhase::SyncImprovement => vec![&self.sync, &self.network],
            MigrationPhase::LighthouseMigration => vec![&self.lighthouse],
            MigrationPhase::GovernanceIntegration => vec![&self.governance],
        }
    }

    /// Returns all of them.
    #[must_use]
    pub fn all(&self) -> Vec<&dyn TestHarness> {
        MigrationPhase::ALL.into_iter().flat_map(|phase| self.of(phase)).collect()
    }

    /// Makes all of them ready.
    ///
    /// # Errors
    ///
    /// The first that cannot run.
    pub async fn initialize(&mut self) -> Result<()> {
        let Self { foundation, actor, sync, lighthouse, governance, network } = self;
        let all: [&mut dyn TestHarness; 6] = [foundation, actor, sync, lighthouse, governance, network];
        for harness in all {
            harness.initialize().await?;
        }
        Ok(())
    }
}

/// Returns a test of this version by its name.
pub(crate) fn case(name: &str) -> Option<&'static TestCase> {
    let all = foundation::ALL.iter().chain(actor::ALL).chain(sync::ALL).chain(governance::ALL);
    #[cfg(feature = "p2p")]
    let all = all.chain(network::ALL);
    all.into_iter().find(|case| case.name == name).or_else(|| lighthouse::case(name))
}

/// Returns every test of this version, in the order in which they run.
#[must_use]
pub fn tests() -> Vec<Listed> {
    let mut tests = listed(foundation::ALL);
    tests.extend(listed(actor::ALL));
    tests.extend(listed(sync::ALL));
    #[cfg(feature = "p2p")]
    tests.extend(listed(network::ALL));
    #[cfg(not(feature = "p2p"))]
    tests.extend(missing::tests());
    tests.extend(lighthouse::tests());
    tests.extend(listed(governance::ALL));
    tests
}

/// The result of a test that did not run.
pub(crate) fn not_run(name: &str, phase: MigrationPhase, skip: Skip, config: &TestConfig) -> TestResult {
    let known = tests().into_iter().find(|test| test.name == name);
    let (category, summary) = known.map_or(("unknown", ""), |test| (test.category, test.summary));
    TestResult {
        test_name: name.to_owned(),
        phase,
        category: category.to_owned(),
        summary: summary.to_owned(),
        outcome: Outcome::Skipped,
        skip: Some(skip),
        seed: mixed(config.seed, name),
        checks: Vec::new(),
        gates: Vec::new(),
        events: Vec::new(),
        measurement: Measurement::default(),
        shortest: None,
        replay: replay_command(config, name),
    }
}

/// What a harness has counted of its tests.
#[derive(Debug, Default)]
struct Counted(parking_lot::Mutex<[u64; 4]>);

impl Counted {
    fn count(&self, results: &[TestResult]) {
        let mut counted = self.0.lock();
        for result in results {
            counted[result.outcome as usize] += 1;
        }
    }

    fn shown(&self) -> Value {
        let counted = *self.0.lock();
        let of = |outcome: Outcome| counted[outcome as usize];
        serde_json::json!({
            "passed": of(Outcome::Passed),
            "failed": of(Outcome::Failed),
            "timed_out": of(Outcome::TimedOut),
            "skipped": of(Outcome::Skipped),
        })
    }
}

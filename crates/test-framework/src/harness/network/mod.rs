//! Tests of the network: what is played is played twice, by the same real nodes, on simulated lines and on libp2p (NW-4).
//!
//! A [`Scenario`](scenario::Scenario) is a value. One body plays it ([`play`]) on whatever is a [`Ground`](ground::Ground): the
//! lines of the simulation that sync runs on, or real sockets, each behind a front that delays, breaks and refuses what goes to it.

mod clock;
mod fronts;
mod ground;
mod judge;
mod libp2p;
mod play;
mod record;
mod scenario;
mod seen;
mod simulated;

use async_trait::async_trait;
use serde_json::Value;

use super::{Counted, Listed, TestHarness, listed};
use crate::{
    case::{Pace, TestCase, no_gates},
    error::Result,
    phase::MigrationPhase::SyncImprovement,
    result::TestResult,
    run::Context,
};

/// The tests that run, in the order in which they are listed and reported.
pub(crate) static ALL: &[TestCase] = &[DISCOVERY, PROPAGATION, RESILIENCE];

const DISCOVERY: TestCase = TestCase {
    name: "test_peer_discovery",
    phase: SyncImprovement,
    category: "p2p",
    summary: "Nodes find each other through bootstrap nodes, early or late, miss whoever has left, and find it again.",
    pace: Pace::Real,
    suite: None,
    drive: |stage| Box::pin(record::all(stage, &scenario::DISCOVERY)),
    judge: |seen, judge| judge::all(seen, judge, &scenario::DISCOVERY),
    gates: no_gates,
};

const PROPAGATION: TestCase = TestCase {
    name: "test_message_propagation",
    phase: SyncImprovement,
    category: "p2p",
    summary: "What a node publishes comes to all others once: in a mesh, along a line, and over links that lose it.",
    pace: Pace::Real,
    suite: None,
    drive: |stage| Box::pin(record::all(stage, &scenario::PROPAGATION)),
    judge: |seen, judge| judge::all(seen, judge, &scenario::PROPAGATION),
    gates: no_gates,
};

const RESILIENCE: TestCase = TestCase {
    name: "test_network_resilience",
    phase: SyncImprovement,
    category: "resilience",
    summary: "The network outlives a partition, nodes that come and go, and slow links, and ends on one tip.",
    pace: Pace::Real,
    suite: None,
    drive: |stage| Box::pin(record::all(stage, &scenario::RESILIENCE)),
    judge: |seen, judge| judge::all(seen, judge, &scenario::RESILIENCE),
    gates: no_gates,
};

/// Tests of the network.
#[derive(Debug)]
pub struct NetworkTestHarness {
    context: Context,
    counted: Counted,
}

impl NetworkTestHarness {
    /// Makes it for a run.
    #[must_use]
    pub fn new(context: Context) -> Self {
        Self { context, counted: Counted::default() }
    }

    /// Runs one test, whatever is selected.
    async fn run(&self, case: &'static TestCase) -> TestResult {
        let result = self.context.run(case).await;
        self.counted.count(std::slice::from_ref(&result));
        result
    }

    /// Nodes find each other through bootstrap nodes, early or late, miss whoever has left, and find it again.
    pub async fn test_peer_discovery(&self) -> TestResult {
        self.run(&DISCOVERY).await
    }

    /// What a node publishes comes to all others once: in a mesh, along a line, and over links that lose it.
    pub async fn test_message_propagation(&self) -> TestResult {
        self.run(&PROPAGATION).await
    }

    /// The network outlives a partition, nodes that come and go, and slow links, and ends on one tip.
    pub async fn test_network_resilience(&self) -> TestResult {
        self.run(&RESILIENCE).await
    }
}

#[async_trait]
impl TestHarness for NetworkTestHarness {
    fn name(&self) -> &str {
        "NetworkTestHarness"
    }

    fn tests(&self) -> Vec<Listed> {
        listed(ALL)
    }

    /// A real network can be configured as tests need it.
    async fn health_check(&self) -> bool {
        alys_p2p::config::Config::default().check().is_ok()
    }

    async fn initialize(&mut self) -> Result<()> {
        Ok(())
    }

    async fn run_all_tests(&self) -> Vec<TestResult> {
        let results = self.context.run_all(ALL).await;
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

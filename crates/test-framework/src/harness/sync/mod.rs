//! Tests of sync: those whose components are there run, and those that need the sync engine say that it is not.

mod checkpoints;
mod corruption;

use async_trait::async_trait;
use serde_json::Value;

pub(super) use checkpoints::harm;

use super::{
    Counted, Listed, TestHarness, listed,
    missing::{Absent, SyncEngine},
};
use crate::{case::TestCase, error::Result, result::TestResult, run::Context};

/// The tests that run, in the order in which they are listed and reported.
pub(crate) static ALL: &[TestCase] = &[
    corruption::HANDLING,
    checkpoints::CREATION_CONSISTENCY,
    checkpoints::CONFIGURABLE_INTERVALS,
    checkpoints::RECOVERY_SCENARIOS,
    checkpoints::CHAIN_VALIDATION,
    checkpoints::CORRUPTION_HANDLING,
];

/// Tests of sync.
#[derive(Debug)]
pub struct SyncTestHarness {
    context: Context,
    counted: Counted,
    engine: Absent<SyncEngine>,
}

impl SyncTestHarness {
    /// Makes it for a run.
    #[must_use]
    pub fn new(context: Context) -> Self {
        let engine = Absent::new(context.clone());
        Self { context, counted: Counted::default(), engine }
    }

    /// Runs one test, whatever is selected.
    async fn run(&self, case: &'static TestCase) -> TestResult {
        let result = self.context.run(case).await;
        self.counted.count(std::slice::from_ref(&result));
        result
    }

    /// Corrupted frames of every kind are refused as the model says, and other streams go on.
    pub async fn test_message_corruption_handling(&self) -> TestResult {
        self.run(&corruption::HANDLING).await
    }

    /// Checkpoints are a function of the chain: nodes that import it otherwise have the same, byte for byte.
    pub async fn test_checkpoint_creation_consistency(&self) -> TestResult {
        self.run(&checkpoints::CREATION_CONSISTENCY).await
    }

    /// At every configured interval there are exactly the checkpoints that are due, and a store keeps its interval.
    pub async fn test_configurable_checkpoint_intervals(&self) -> TestResult {
        self.run(&checkpoints::CONFIGURABLE_INTERVALS).await
    }

    /// A node recovers from crashes between and within commits, and from lost checkpoints, to what it had acknowledged.
    pub async fn test_checkpoint_recovery_scenarios(&self) -> TestResult {
        self.run(&checkpoints::RECOVERY_SCENARIOS).await
    }

    /// The chain of checkpoints is verified end to end: every forged field, link and stray one is found and mended.
    pub async fn test_checkpoint_chain_validation(&self) -> TestResult {
        self.run(&checkpoints::CHAIN_VALIDATION).await
    }

    /// A checkpoint of which any bit flips is never served, and is rebuilt from intact blocks, or reported.
    pub async fn test_checkpoint_corruption_handling(&self) -> TestResult {
        self.run(&checkpoints::CORRUPTION_HANDLING).await
    }
}

#[async_trait]
impl TestHarness for SyncTestHarness {
    fn name(&self) -> &str {
        "SyncTestHarness"
    }

    fn tests(&self) -> Vec<Listed> {
        listed(ALL).into_iter().chain(self.engine.tests()).collect()
    }

    /// The engine is not there, so it does not answer.
    async fn health_check(&self) -> bool {
        self.engine.health_check().await
    }

    async fn initialize(&mut self) -> Result<()> {
        self.engine.initialize().await
    }

    async fn run_all_tests(&self) -> Vec<TestResult> {
        let mut results = self.context.run_all(ALL).await;
        results.extend(self.engine.run_all_tests().await);
        self.counted.count(&results);
        results
    }

    async fn shutdown(&self) -> Result<()> {
        self.engine.shutdown().await
    }

    async fn get_metrics(&self) -> Value {
        self.counted.shown()
    }
}

//! Tests of sync: those whose components are there run, and those that need the sync engine say that it is not.

mod corruption;

use async_trait::async_trait;
use serde_json::Value;

use super::{
    Counted, Listed, TestHarness, listed,
    missing::{Absent, SyncEngine},
};
use crate::{case::TestCase, error::Result, result::TestResult, run::Context};

/// The tests that run, in the order in which they are listed and reported.
pub(crate) static ALL: &[TestCase] = &[corruption::HANDLING];

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

//! The framework's own tests: what every other phase rests on.

mod cases;

pub(crate) use cases::ALL;

use async_trait::async_trait;
use serde_json::Value;

use super::{Counted, Listed, TestHarness, listed};
use crate::{error::Result, result::TestResult, run::Context};

/// Tests of the framework itself.
#[derive(Debug)]
pub struct FoundationHarness {
    context: Context,
    counted: Counted,
}

impl FoundationHarness {
    /// Makes it for a run.
    #[must_use]
    pub fn new(context: Context) -> Self {
        Self { context, counted: Counted::default() }
    }
}

#[async_trait]
impl TestHarness for FoundationHarness {
    fn name(&self) -> &str {
        "FoundationHarness"
    }

    fn tests(&self) -> Vec<Listed> {
        listed(ALL)
    }

    /// The framework answers when a task on its runtime comes to its end.
    async fn health_check(&self) -> bool {
        self.context.handle.spawn(async {}).await.is_ok()
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

//! Tests of the actor system, each with real actors behind real mailboxes under a real supervision tree.

mod cast;
pub(crate) mod chaos;
mod lifecycle;
mod troupe;

use async_trait::async_trait;
use serde_json::Value;

use super::{Counted, Listed, TestHarness, listed};
use crate::{case::TestCase, error::Result, result::TestResult, run::Context};

/// The tests, in the order in which they are listed and reported.
pub(crate) static ALL: &[TestCase] = &[lifecycle::CREATION];

/// Tests of the actor system.
#[derive(Debug)]
pub struct ActorTestHarness {
    context: Context,
    counted: Counted,
}

impl ActorTestHarness {
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

    /// Actors are created, handle a message, and end; nothing of them is left.
    pub async fn test_actor_creation_lifecycle(&self) -> TestResult {
        self.run(&lifecycle::CREATION).await
    }
}

#[async_trait]
impl TestHarness for ActorTestHarness {
    fn name(&self) -> &str {
        "ActorTestHarness"
    }

    fn tests(&self) -> Vec<Listed> {
        listed(ALL)
    }

    /// The actor system answers when an actor of it does.
    async fn health_check(&self) -> bool {
        let result = self.context.run(&lifecycle::CREATION).await;
        result.success()
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

//! Tests of the actor system, each with real actors behind real mailboxes under a real supervision tree.

mod cast;
mod concurrency;
mod lifecycle;
mod recovery;
mod troupe;

use async_trait::async_trait;
use serde_json::Value;

use super::{Counted, Listed, TestHarness, listed};
use crate::{case::TestCase, error::Result, result::TestResult, run::Context};

/// The tests, in the order in which they are listed and reported.
static ALL: &[TestCase] = &[
    lifecycle::CREATION,
    lifecycle::SUPERVISION_TREE,
    lifecycle::STATE_TRANSITIONS,
    recovery::PANIC_INJECTION,
    recovery::SUPERVISOR_RESTART,
    recovery::CASCADE,
    concurrency::CONCURRENT_PROCESSING,
    concurrency::HIGH_THROUGHPUT,
    concurrency::LOAD_BALANCING,
    concurrency::ACTORS_AT_ONCE,
];

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

    /// Supervisors and children start and stop in their order; a failure takes along whom it should, and goes up its path.
    pub async fn test_actor_supervision_tree(&self) -> TestResult {
        self.run(&lifecycle::SUPERVISION_TREE).await
    }

    /// Actors take every transition of the table; every other one is refused.
    pub async fn test_actor_state_transitions(&self) -> TestResult {
        self.run(&lifecycle::STATE_TRANSITIONS).await
    }

    /// Panics and failures anywhere in a queue cost the message in hand, and nothing else.
    pub async fn test_panic_injection_recovery(&self) -> TestResult {
        self.run(&recovery::PANIC_INJECTION).await
    }

    /// Each strategy restarts at its instants; one restart too many is a failure of the supervisor.
    pub async fn test_supervisor_restart_validation(&self) -> TestResult {
        self.run(&recovery::SUPERVISOR_RESTART).await
    }

    /// Siblings of a child that fails again and again answer all along.
    pub async fn test_cascading_failure_prevention(&self) -> TestResult {
        self.run(&recovery::CASCADE).await
    }

    /// Threads send to one actor: each message is handled exactly once, in its sender's order.
    pub async fn test_concurrent_message_processing(&self) -> TestResult {
        self.run(&concurrency::CONCURRENT_PROCESSING).await
    }

    /// So many messages a second, each so long on its way.
    pub async fn test_high_throughput_messaging(&self) -> TestResult {
        self.run(&concurrency::HIGH_THROUGHPUT).await
    }

    /// Messages to a service go round its healthy instances in exact shares.
    pub async fn test_message_load_balancing(&self) -> TestResult {
        self.run(&concurrency::LOAD_BALANCING).await
    }

    /// A thousand actors and more are alive at once, and what they held is given back.
    pub async fn test_actors_at_once(&self) -> TestResult {
        self.run(&concurrency::ACTORS_AT_ONCE).await
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

//! Tests of the actor system, each with real actors behind real mailboxes under a real supervision tree.

mod backpressure;
mod books;
mod broadcast;
mod cascade;
mod cast;
pub(crate) mod chaos;
mod concurrency;
mod direct;
mod discovery;
mod dropping;
mod expected;
mod interleaving;
mod lifecycle;
mod ordering;
mod overflow;
mod plan;
mod recovery;
mod reports;
mod requests;
mod routing;
mod troupe;
mod workflows;

use async_trait::async_trait;
use serde_json::Value;

use super::{Counted, Listed, TestHarness, listed};
use crate::{case::TestCase, error::Result, result::TestResult, run::Context};

/// The tests, in the order in which they are listed and reported.
pub(crate) static ALL: &[TestCase] = &[
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
    ordering::FIFO,
    ordering::PRIORITY,
    interleaving::CONCURRENT,
    overflow::DETECTION,
    backpressure::MECHANISMS,
    overflow::RECOVERY,
    dropping::POLICY,
    dropping::UNDER_LOAD,
    cascade::CASCADE,
    direct::DIRECT,
    broadcast::BROADCAST,
    requests::REQUEST_RESPONSE,
    routing::CHAINS,
    workflows::WORKFLOWS,
    discovery::DISCOVERY,
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

    /// What one sender sends, tries and asks in one lane arrives in that order, across a restart.
    pub async fn test_fifo_message_ordering(&self) -> TestResult {
        self.run(&ordering::FIFO).await
    }

    /// Messages of all six lanes arrive by urgency, those of one lane in the order of sending.
    pub async fn test_priority_message_ordering(&self) -> TestResult {
        self.run(&ordering::PRIORITY).await
    }

    /// Senders that interleave keep their order, each its own; numbers that are held back show as that gap.
    pub async fn test_concurrent_ordering_verification(&self) -> TestResult {
        self.run(&interleaving::CONCURRENT).await
    }

    /// Of a burst a mailbox accepts exactly its capacity, and gives every other message back.
    pub async fn test_mailbox_overflow_detection(&self) -> TestResult {
        self.run(&overflow::DETECTION).await
    }

    /// Senders wait for room, are let in by lane and then by turn, and each level begins at its exact fill.
    pub async fn test_backpressure_mechanisms(&self) -> TestResult {
        self.run(&backpressure::MECHANISMS).await
    }

    /// After each overflow all that was accepted is handled, and the mailbox accepts as before.
    pub async fn test_overflow_recovery(&self) -> TestResult {
        self.run(&overflow::RECOVERY).await
    }

    /// DropOldest, DropLowest and Reject throw out or give back exactly the messages that they must.
    pub async fn test_message_dropping_policies(&self) -> TestResult {
        self.run(&dropping::POLICY).await
    }

    /// Under thrice the load that an actor can handle nothing is lost uncounted.
    pub async fn test_overflow_under_load(&self) -> TestResult {
        self.run(&dropping::UNDER_LOAD).await
    }

    /// The pressure of a slow actor at the end of a chain reaches the first, and nothing is lost.
    pub async fn test_cascading_overflow_prevention(&self) -> TestResult {
        self.run(&cascade::CASCADE).await
    }

    /// Two actors exchange ten messages and answers; a third one gets nothing.
    pub async fn test_direct_actor_messaging(&self) -> TestResult {
        self.run(&direct::DIRECT).await
    }

    /// Broadcasts reach each of one to five receivers once; one that is full or closed hides nobody.
    pub async fn test_broadcast_messaging(&self) -> TestResult {
        self.run(&broadcast::BROADCAST).await
    }

    /// Each request gets its own answer, or times out at its very instant; a batch keeps to one deadline.
    pub async fn test_request_response_patterns(&self) -> TestResult {
        self.run(&requests::REQUEST_RESPONSE).await
    }

    /// Five messages go through four actors, each with what the one before it answered; a failure ends the way.
    pub async fn test_message_routing_chains(&self) -> TestResult {
        self.run(&routing::CHAINS).await
    }

    /// Five actors work in sequence, side by side, with a fan-in, and by condition.
    pub async fn test_multi_actor_workflows(&self) -> TestResult {
        self.run(&workflows::WORKFLOWS).await
    }

    /// Actors are registered, looked up, bound, left out while they are unwell, and picked in turn.
    pub async fn test_actor_discovery_communication(&self) -> TestResult {
        self.run(&discovery::DISCOVERY).await
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

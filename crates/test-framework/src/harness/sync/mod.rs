//! Tests of sync: real nodes over a simulated network, frames on the line, and checkpoints on the real store.

mod checkpoints;
mod corruption;
mod full;
mod parallel;
mod played;
mod resilience;
mod results;
mod storm;

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;

pub(super) use checkpoints::harm;
pub(super) use storm::stormed;

pub use results::{
    ConcurrentSyncResult, LoadBalancingResult, ParallelFailureResult, ParallelPerformanceResult,
    RaceConditionResult, ResilienceTestResult,
};

use super::{Counted, Listed, TestHarness, listed};
use crate::{
    case::TestCase, config::TestConfig, error::Result, result::TestResult, run::Context,
    simulated::MockP2PNetwork,
};

/// The tests that run, in the order in which they are listed and reported.
pub(crate) static ALL: &[TestCase] = &[
    full::GENESIS_TO_TIP,
    full::LARGE_CHAIN,
    corruption::HANDLING,
    resilience::CASCADING_DISCONNECTIONS,
    resilience::PARTITION_TOLERANCE,
    resilience::SLOW_PEERS,
    resilience::COMPREHENSIVE_FAILURES,
    checkpoints::CREATION_CONSISTENCY,
    checkpoints::CONFIGURABLE_INTERVALS,
    checkpoints::RECOVERY_SCENARIOS,
    checkpoints::CHAIN_VALIDATION,
    checkpoints::CORRUPTION_HANDLING,
    parallel::CONCURRENT_SESSIONS,
    parallel::COORDINATION,
    parallel::LOAD_BALANCING,
    parallel::RACE_CONDITIONS,
    parallel::WITH_FAILURES,
    parallel::PERFORMANCE,
];

/// Tests of sync.
#[derive(Debug)]
pub struct SyncTestHarness {
    context: Context,
    counted: Counted,
}

impl SyncTestHarness {
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

    /// A node syncs from genesis to the tip of a chain that grows and forks meanwhile.
    pub async fn test_genesis_to_tip_sync(&self) -> TestResult {
        self.run(&full::GENESIS_TO_TIP).await
    }

    /// A node syncs a chain of so many blocks, at 100 blocks a second or more.
    pub async fn test_full_sync_large_chain(&self, block_count: u64) -> TestResult {
        let mut config = TestConfig::clone(&self.context.config);
        config.sync.blocks = block_count;
        let context = Context { config: Arc::new(config), ..self.context.clone() };
        let result = context.run(&full::LARGE_CHAIN).await;
        self.counted.count(std::slice::from_ref(&result));
        result
    }

    /// A sync outlives peers that leave one after another, until none is left, and come back.
    pub async fn test_cascading_peer_disconnections(&self) -> TestResult {
        self.run(&resilience::CASCADING_DISCONNECTIONS).await
    }

    /// No message crosses a partition, and all nodes converge after it heals.
    pub async fn test_network_partition_tolerance(&self) -> TestResult {
        self.run(&resilience::PARTITION_TOLERANCE).await
    }

    /// A sync goes on with one fast peer, whoever else is slow, stalls or never answers.
    pub async fn test_slow_peer_handling(&self) -> TestResult {
        self.run(&resilience::SLOW_PEERS).await
    }

    /// A sync reaches the tip through everything that can go wrong, at once.
    pub async fn test_sync_with_comprehensive_failures(&self) -> TestResult {
        self.run(&resilience::COMPREHENSIVE_FAILURES).await
    }

    /// Sessions that sync side by side come to the chain and the checkpoints of one alone.
    pub async fn test_concurrent_sync_sessions(&self) -> TestResult {
        self.run(&parallel::CONCURRENT_SESSIONS).await
    }

    /// Workers of one session share a download without doing any of it twice.
    pub async fn test_sync_coordination(&self) -> TestResult {
        self.run(&parallel::COORDINATION).await
    }

    /// The load of a sync is spread over eight peers.
    pub async fn test_multi_peer_load_balancing(&self) -> TestResult {
        self.run(&parallel::LOAD_BALANCING).await
    }

    /// Sessions that race end in one chain.
    pub async fn test_race_condition_handling(&self) -> TestResult {
        self.run(&parallel::RACE_CONDITIONS).await
    }

    /// Six sessions come to the tip while they crash and 15 % of all messages are lost.
    pub async fn test_parallel_sync_with_failures(&self) -> TestResult {
        self.run(&parallel::WITH_FAILURES).await
    }

    /// Six workers are faster than one.
    pub async fn test_parallel_sync_performance(&self) -> TestResult {
        self.run(&parallel::PERFORMANCE).await
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
        listed(ALL)
    }

    /// The network of the configuration can be made, and its plan run.
    async fn health_check(&self) -> bool {
        let network = MockP2PNetwork::of(&self.context.config.network, self.context.config.seed);
        network.is_ok_and(|network| network.plan().validate().is_ok())
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

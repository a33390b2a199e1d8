//! Tests of governance, on the real actor with BLS signatures, judged by the model.

mod byzantine;
mod council;
mod signatures;
mod workflows;

use async_trait::async_trait;
use serde_json::Value;

pub(super) use byzantine::attacked;

use super::{Counted, Listed, TestHarness, listed};
use crate::{case::TestCase, error::Result, result::TestResult, run::Context};

/// The tests, in the order in which they are listed and reported.
pub(crate) static ALL: &[TestCase] = &[
    workflows::LIFE_CYCLE,
    workflows::EXPIRY,
    workflows::EXECUTION,
    workflows::CONCURRENT,
    signatures::SINGLE,
    signatures::MULTIPLE,
    signatures::AGGREGATE,
    signatures::EQUIVOCATION,
    byzantine::THIRDS,
    signatures::REPLAY,
];

/// Tests of governance.
#[derive(Debug)]
pub struct GovernanceIntegrationHarness {
    context: Context,
    counted: Counted,
}

impl GovernanceIntegrationHarness {
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

    /// A proposal lives from its submission to its execution.
    pub async fn test_governance_workflow(&self) -> TestResult {
        self.run(&workflows::LIFE_CYCLE).await
    }

    /// Proposals without a quorum expire to the millisecond, and nothing that comes later revives them.
    pub async fn test_proposal_expiry(&self) -> TestResult {
        self.run(&workflows::EXPIRY).await
    }

    /// Only what was approved is executed, once, and with the payload that was voted on.
    pub async fn test_proposal_execution(&self) -> TestResult {
        self.run(&workflows::EXECUTION).await
    }

    /// Proposals side by side do not touch each other, while members come and go.
    pub async fn test_concurrent_proposals(&self) -> TestResult {
        self.run(&workflows::CONCURRENT).await
    }

    /// Forged, flipped and empty signatures are refused, one by one.
    pub async fn test_signature_validation(&self) -> TestResult {
        self.run(&signatures::SINGLE).await
    }

    /// In batches exactly the wrong votes are refused, also two that add up.
    pub async fn test_multi_signature_validation(&self) -> TestResult {
        self.run(&signatures::MULTIPLE).await
    }

    /// Certificates prove what was decided, and every change of one is refused.
    pub async fn test_aggregate_signature_validation(&self) -> TestResult {
        self.run(&signatures::AGGREGATE).await
    }

    /// Members who sign two choices count for neither, in any order, and the evidence proves itself.
    pub async fn test_equivocation_detection(&self) -> TestResult {
        self.run(&signatures::EQUIVOCATION).await
    }

    /// Up to and beyond one third, Byzantine members can do what their weight allows, and nothing else.
    pub async fn test_byzantine_thirds(&self) -> TestResult {
        self.run(&byzantine::THIRDS).await
    }

    /// A vote counts on no other proposal, registry or chain.
    pub async fn test_replay_protection(&self) -> TestResult {
        self.run(&signatures::REPLAY).await
    }
}

#[async_trait]
impl TestHarness for GovernanceIntegrationHarness {
    fn name(&self) -> &str {
        "GovernanceIntegrationHarness"
    }

    fn tests(&self) -> Vec<Listed> {
        listed(ALL)
    }

    /// Governance answers when a council of one decides alone.
    async fn health_check(&self) -> bool {
        self.context.run(&workflows::LIFE_CYCLE).await.success()
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

//! Tests of the consensus layer: our beacon node and our client of one, and the chain with an execution client that lives in
//! this process, dies and lies as a test wants it, or is a real one.
//!
//! They bring HTTP along, so only a program with the feature `interop` has them. Without it each of them says Skipped, and how
//! it is run (FW-1).

#[cfg(feature = "interop")]
mod cases;
#[cfg(not(feature = "interop"))]
#[path = "absent.rs"]
mod cases;
mod named;

use async_trait::async_trait;
use serde_json::Value;

pub(super) use cases::failed;

use super::{Counted, Listed, TestHarness, not_run};
use crate::{
    case::TestCase,
    error::Result,
    result::{Skip, TestResult},
    run::{Context, replay_command},
};

/// The feature that builds them in.
pub(super) const FEATURE: &str = "interop";

/// Whether there are execution clients that can fail.
pub(crate) const HAS_CLIENTS: bool = cfg!(feature = "interop");

/// Tests of the consensus layer.
#[derive(Debug)]
pub struct LighthouseCompatHarness {
    context: Context,
    counted: Counted,
}

/// Returns a test that is built in.
pub(super) fn case(name: &str) -> Option<&'static TestCase> {
    cases::IN_PROCESS.iter().chain(cases::REAL).find(|case| case.name == name)
}

/// Returns all tests, built in or not.
pub(super) fn tests() -> impl Iterator<Item = Listed> {
    named::ALL.into_iter()
}

/// Returns what a test must be built and run with; nothing for a test of another part.
pub(super) fn asked_for(name: &str) -> (Option<&'static str>, Option<&'static str>) {
    let is_ours = named::ALL.iter().any(|test| test.name == name);
    (is_ours.then_some(FEATURE), is_real(name).then_some("--interop"))
}

/// Says whether a test needs a real client.
fn is_real(name: &str) -> bool {
    [named::REAL.name, named::REAL_NODE.name].contains(&name)
}

impl LighthouseCompatHarness {
    /// Makes it for a run.
    #[must_use]
    pub fn new(context: Context) -> Self {
        Self { context, counted: Counted::default() }
    }

    /// Runs one test, whatever is selected.
    async fn run(&self, named: Listed) -> TestResult {
        let result = match (case(named.name), self.skip(named).await) {
            (Some(case), None) => self.context.run(case).await,
            (_, skip) => self.skipped(named, skip),
        };
        self.counted.count(std::slice::from_ref(&result));
        result
    }

    /// Says why a test does not run, if it does not.
    async fn skip(&self, named: Listed) -> Option<Skip> {
        if case(named.name).is_none() {
            let command = replay_command(&self.context.config, named.name);
            let reason = format!("this program is built without the consensus layer; run `{command}`");
            return Some(Skip { required: true, reason });
        }
        if !is_real(named.name) {
            return None;
        }
        if !self.context.config.interop {
            let reason = "no real client is asked for: `run --interop` starts it on loopback and stops it";
            return Some(Skip { required: false, reason: reason.to_owned() });
        }
        let installed = self.context.handle.spawn_blocking(|| cases::install(named.name)).await;
        let installed = installed
            .unwrap_or_else(|error| Err(Skip { required: false, reason: format!("installing: {error}") }));
        installed.err()
    }

    fn skipped(&self, named: Listed, skip: Option<Skip>) -> TestResult {
        let skip = skip.unwrap_or(Skip { required: true, reason: "there is no such test".to_owned() });
        let result = not_run(named.name, named.phase, skip, &self.context.config);
        self.context.ended(&result);
        result
    }

    /// Every answer of our beacon node is valid by the published document, and comes back from our client as it was.
    pub async fn test_api_compatibility(&self) -> TestResult {
        self.run(named::COMPATIBILITY).await
    }

    /// What our beacon node does not answer, it refuses with a status and a reason.
    pub async fn test_api_refusals(&self) -> TestResult {
        self.run(named::REFUSALS).await
    }

    /// Whoever watches our beacon node is told every head, and the last one after a gap.
    pub async fn test_head_events(&self) -> TestResult {
        self.run(named::HEADS).await
    }

    /// What a beacon node does wrong comes to a typed error, never to an answer.
    pub async fn test_lying_beacon_nodes(&self) -> TestResult {
        self.run(named::NODES).await
    }

    /// Lodestar answers every question of our client, and its heads are told while they come; Skipped unless it is asked for.
    pub async fn test_real_beacon_node(&self) -> TestResult {
        self.run(named::REAL_NODE).await
    }

    /// Blocks are proposed and followed by two nodes, each with its execution client, at every fork.
    pub async fn test_consensus_integration(&self) -> TestResult {
        self.run(named::INTEGRATION).await
    }

    /// Payloads are built on the tip, for the time, the randomness and the account that the chain asks for.
    pub async fn test_payload_building(&self) -> TestResult {
        self.run(named::BUILDING).await
    }

    /// The execution client is told the tip over every reorg.
    pub async fn test_fork_choice(&self) -> TestResult {
        self.run(named::FORK_CHOICE).await
    }

    /// A proposal is taken when its payload is called valid, and by nothing else; INVALID is not asked about again.
    pub async fn test_invalid_payload(&self) -> TestResult {
        self.run(named::INVALID).await
    }

    /// An execution client that dies midway costs no block, and is handed what it has lost when it is back.
    pub async fn test_execution_client_restart(&self) -> TestResult {
        self.run(named::RESTART).await
    }

    /// Every request has a token of its time; a clock that stands still is a typed error, and costs no block.
    pub async fn test_jwt_expiry(&self) -> TestResult {
        self.run(named::EXPIRY).await
    }

    /// EthereumJS builds and imports what the chain asks for, and is stopped and started midway; Skipped unless it is asked for.
    pub async fn test_real_execution_client(&self) -> TestResult {
        self.run(named::REAL).await
    }
}

#[async_trait]
impl TestHarness for LighthouseCompatHarness {
    fn name(&self) -> &str {
        "LighthouseCompatHarness"
    }

    fn tests(&self) -> Vec<Listed> {
        tests().collect()
    }

    /// The consensus layer answers when our own client reads our own node; where it is not built in, nobody does.
    async fn health_check(&self) -> bool {
        match case(named::COMPATIBILITY.name) {
            Some(case) => self.context.run(case).await.success(),
            None => false,
        }
    }

    async fn initialize(&mut self) -> Result<()> {
        Ok(())
    }

    async fn run_all_tests(&self) -> Vec<TestResult> {
        let mut results = self.context.run_all(cases::IN_PROCESS).await;
        self.counted.count(&results);
        for named in tests().filter(|test| self.context.selection.has(test.name)) {
            if !results.iter().any(|result| result.test_name == named.name) {
                results.push(self.run(named).await);
            }
        }
        results.sort_by_key(|result| named::ALL.iter().position(|named| named.name == result.test_name));
        results
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn get_metrics(&self) -> Value {
        self.counted.shown()
    }
}

//! The migration's test framework: five phases on the real implementations, and a report that says what was tested,
//! what failed, the shortest way to see it and how to see it again.
//!
//! A test *drives* real actors and records what happens as events; its verdict is a function of those events alone
//! ([`Judge`]), so that a log judged a second time must give the same verdict. Virtual time makes the log a function of
//! seed and configuration; what the wall clock says goes to a file beside it.
//!
//! ```
//! use alys_test_framework::{MigrationPhase, MigrationTestFramework, TestConfig};
//!
//! # fn main() -> alys_test_framework::Result<()> {
//! # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
//! # runtime.block_on(async {
//! let framework = MigrationTestFramework::new(TestConfig::development())?;
//! let result = framework.run_phase_validation(MigrationPhase::Foundation).await;
//! assert!(result.success);
//! framework.shutdown().await
//! # })
//! # }
//! ```

mod baseline;
mod case;
mod chaos;
mod config;
mod error;
mod event;
mod evidence;
mod framework;
mod harness;
mod headers;
mod judge;
mod log;
mod measurement;
mod metrics;
#[cfg(feature = "p2p")]
mod node;
mod phase;
mod replay;
mod report;
mod result;
mod run;
mod session;
mod shortest;
mod simulated;
mod stage;
mod validators;

#[cfg(feature = "p2p")]
pub use self::node::{
    BLOCKS_MAX, CheckpointReport, Lost, NodeChain, NodeEnd, NodeFailure, NodePlan, NodeReport, NodeRole,
    Position, run_node,
};
pub use self::{
    baseline::{Baseline, Compared},
    case::{Pace, Suite, TestCase},
    chaos::{
        ChaosPlan, ChaosReport, ChaosStep, ChaosTestFramework, ChaosTime, ClientFailure, ClientLie,
        DiskFailure, InjectionReport, PlanError, Strategy, chaos_child,
    },
    config::{
        ActorSystemConfig, ChaosConfig, ConfigError, NetworkConfig, PerformanceConfig, SyncConfig,
        TestConfig, VARIABLES,
    },
    error::{FrameworkError, Result},
    event::{EventMetadata, EventSource, TestEvent, TestEventType},
    evidence::Evidence,
    framework::MigrationTestFramework,
    harness::{
        ActorTestHarness, ConcurrentSyncResult, FoundationHarness, GovernanceIntegrationHarness,
        LighthouseCompatHarness, Listed, LoadBalancingResult, NetworkTestHarness, ParallelFailureResult,
        ParallelPerformanceResult, RaceConditionResult, ResilienceTestResult, SyncTestHarness, TestHarness,
        TestHarnesses, tests,
    },
    headers::{HeadersError, Wanted, write_headers},
    judge::{Check, Judge, Limit, Quantity},
    log::{Identity, LogError, LogLine, MeasuredLine, Recorded, RecordedTest, RunWriter, Shortest, read},
    measurement::Measurement,
    metrics::{
        ExecutionMetrics, Percentiles, PerformanceMetrics, PhaseMetrics, ResourceMetrics, ResourcePoint,
        ResourceUsage, ResourceWatch, TestMetrics, Transferred,
    },
    phase::MigrationPhase,
    replay::{Difference, Replayed, replay},
    report::{
        LineCoverage, MergeError, Met, PropertyCoverage, REPORT_SCHEMA, Report, SuiteLine, TrendPoint, html,
        junit, merge, trend,
    },
    result::{Outcome, Skip, TestResult, ValidationResult},
    run::{Context, Observer, Progress, Selection, Shard, ShardError},
    session::{Ended, run_recorded},
    simulated::{
        Branch, ChainPlan, ChainPlanError, ChainStats, CheckpointData, Fork, MockP2PNetwork, MockPeer,
        NetworkError, NetworkMessage, SimulatedBlock, SimulatedBlockchain, SimulatedNode,
    },
    stage::{DriveError, Driven, Stage},
    validators::{PhaseValidator, ResultValidator},
};

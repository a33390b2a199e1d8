//! Configurations to begin with.

use std::path::PathBuf;

use super::{ActorSystemConfig, ChaosConfig, NetworkConfig, PerformanceConfig, SyncConfig, TestConfig};

impl TestConfig {
    /// For the desk of a developer: everything that is quick, side by side, no chaos.
    #[must_use]
    pub fn development() -> Self {
        Self {
            seed: 2026,
            parallel_tests: true,
            continue_after_failure: false,
            chaos_enabled: false,
            performance_tracking: true,
            coverage_enabled: false,
            interop: false,
            docker_compose_file: "docker-compose.test.yml".to_owned(),
            test_data_dir: PathBuf::from("target/alys-test"),
            test_deadline_ms: 300_000,
            network: NetworkConfig { peers: 8, latency_ms: 20, failure_rate: 0.0 },
            actor_system: ActorSystemConfig {
                parallel_sessions: 4,
                actors: 1000,
                messages: 1000,
                burst: 1000,
                mailbox_capacity: 100,
            },
            sync: SyncConfig {
                blocks: 10_000,
                checkpoint_intervals: vec![10, 50, 100, 250],
                parallel_sessions: 5,
            },
            performance: PerformanceConfig {
                throughput_min: 1000.0,
                latency_mean_ms_max: 100.0,
                success_percent_min: 95.0,
                regression_percent_max: 15.0,
            },
            chaos: ChaosConfig { plan: None },
        }
    }

    /// For a build server: the same one by one, with more messages, and with chaos at the end.
    #[must_use]
    pub fn ci_cd() -> Self {
        let development = Self::development();
        Self {
            parallel_tests: false,
            chaos_enabled: true,
            actor_system: ActorSystemConfig { actors: 2000, messages: 10_000, ..development.actor_system },
            ..development
        }
    }
}

//! Tests of the framework itself.

use std::time::Duration;

use crate::{
    case::{Pace, TestCase, no_gates},
    config::TestConfig,
    event::TestEventType::Observed,
    judge::Quantity,
    phase::MigrationPhase::Foundation,
    run::Selection,
    stage::{DriveError, Driven, Stage},
};

/// All of them.
pub(super) static ALL: &[TestCase] = &[RUNTIME, CONFIGURATION, VIRTUAL_TIME, SELECTION];

const RUNTIME: TestCase = TestCase {
    name: "test_framework_initialization",
    phase: Foundation,
    category: "framework",
    summary: "A framework is made, has eight workers that all work at once, and is shut down, inside of another runtime.",
    pace: Pace::Real,
    suite: None,
    drive: |stage| Box::pin(runtime(stage)),
    judge: |seen, judge| {
        judge.equal("FW-1", "workers of the runtime", 8_u64, shown(seen.observed("framework", "workers")));
        judge.equal("FW-1", "tasks that met at one barrier", 8_u64, shown(seen.observed("framework", "met")));
    },
    gates: no_gates,
};

fn shown(observed: Option<&Quantity>) -> Quantity {
    observed.cloned().unwrap_or_else(|| "not observed".into())
}

/// Every worker must be at the barrier before any leaves: fewer workers than eight never do.
async fn runtime(stage: Stage) -> Driven {
    let config = TestConfig::clone(stage.config());
    let framework =
        crate::MigrationTestFramework::new(config).map_err(|error| DriveError::new("new", error))?;
    stage.record(Observed, "framework", [("workers", framework.workers().into())]);
    let barrier = std::sync::Arc::new(std::sync::Barrier::new(8));
    let tasks = (0..8).map(|_| {
        let barrier = std::sync::Arc::clone(&barrier);
        framework.handle().spawn(async move { barrier.wait() })
    });
    let tasks: Vec<_> = tasks.collect();
    let mut met = 0_u64;
    for task in tasks {
        task.await.map_err(|error| DriveError::new("a task at the barrier", error))?;
        met += 1;
    }
    stage.record(Observed, "framework", [("met", met.into())]);
    framework.shutdown().await.map_err(|error| DriveError::new("shutdown", error))
}

const CONFIGURATION: TestCase = TestCase {
    name: "test_configuration_validation",
    phase: Foundation,
    category: "configuration",
    summary: "Both presets are accepted; a value out of range is refused by the name of its field.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(configuration(stage)),
    judge: |seen, judge| {
        for preset in ["development", "ci_cd"] {
            judge.equal("FW-5", preset, "accepted", shown(seen.observed(preset, "said")));
        }
        for (field, _) in OUT_OF_RANGE {
            let said = seen.observed(field, "said").map_or_else(String::new, ToString::to_string);
            judge.equal(
                "FW-5",
                field,
                format!("`{field}` is"),
                said.split_inclusive(" is").next().unwrap_or_default(),
            );
        }
    },
    gates: no_gates,
};

/// Fields, each with a change that takes it out of its range.
const OUT_OF_RANGE: [(&str, fn(&mut TestConfig)); 6] = [
    ("test_deadline_ms", |config| config.test_deadline_ms = 0),
    ("network.failure_rate", |config| config.network.failure_rate = f64::NAN),
    ("actor_system.burst", |config| config.actor_system.burst = 999),
    ("sync.checkpoint_intervals", |config| config.sync.checkpoint_intervals = vec![10, 0]),
    ("performance.success_percent_min", |config| config.performance.success_percent_min = 100.5),
    ("test_data_dir", |config| config.test_data_dir = std::path::PathBuf::new()),
];

async fn configuration(stage: Stage) -> Driven {
    let say = |of: &str, config: &TestConfig| {
        let said = config.validate().map_or_else(|error| error.to_string(), |()| "accepted".to_owned());
        stage.record(Observed, of, [("said", said.into())]);
    };
    say("development", &TestConfig::development());
    say("ci_cd", &TestConfig::ci_cd());
    for (field, change) in OUT_OF_RANGE {
        let mut config = TestConfig::development();
        change(&mut config);
        say(field, &config);
    }
    Ok(())
}

const VIRTUAL_TIME: TestCase = TestCase {
    name: "test_virtual_time",
    phase: Foundation,
    category: "framework",
    summary: "A test in virtual time sees each timer at its very instant, however long it is.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(virtual_time(stage)),
    judge: |seen, judge| {
        let instants: Vec<_> =
            seen.from(Observed, "timer").map(|event| (event.event_id, event.timestamp)).collect();
        let expected = WAITS_MS.iter().scan(0, |now, wait| {
            *now += wait * 1_000_000;
            Some(Some(*now))
        });
        judge.same("FW-2", "instants of the timers", &expected.collect::<Vec<_>>(), &instants);
    },
    gates: no_gates,
};

const WAITS_MS: [u64; 3] = [1, 3_600_000, 7];

async fn virtual_time(stage: Stage) -> Driven {
    for wait in WAITS_MS {
        stage.pass(Duration::from_millis(wait)).await;
        stage.record(Observed, "timer", []);
    }
    Ok(())
}

const SELECTION: TestCase = TestCase {
    name: "test_shards_partition_the_tests",
    phase: Foundation,
    category: "framework",
    summary: "However many shards there are, each test is in exactly one.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(shards(stage)),
    judge: |seen, judge| {
        for of in SHARDS {
            let counts = seen.counts(Observed, &format!("{of} shards"), "of them in");
            judge.same("FW-1", &format!("shards that have a test, of {of}"), &[1; NAMES as usize], &counts);
        }
    },
    gates: no_gates,
};

const SHARDS: [u64; 4] = [1, 2, 3, 7];
const NAMES: u64 = 50;

async fn shards(stage: Stage) -> Driven {
    for of in SHARDS {
        let shards: Result<Vec<_>, _> = (1..=of).map(|number| format!("{number}/{of}").parse()).collect();
        let shards = shards.map_err(|error: crate::run::ShardError| DriveError::new("a shard", error))?;
        for name in 0..NAMES {
            let has = |shard| Selection { filter: None, shard: Some(shard) }.has(&format!("test {name}"));
            let holding = shards.iter().filter(|shard| has(**shard)).count();
            stage.record(Observed, &format!("{of} shards"), [("of them in", holding.into())]);
        }
    }
    Ok(())
}

//! A small harness for the twin: a few tests with the names of real ones, and the questions that the framework asks.

use std::time::Duration;

use crate::twin::{
    case::{Pace, TestCase, no_gates},
    config::TestConfig,
    error::Result,
    event::TestEventType::Observed,
    measurement::Measurement,
    phase::MigrationPhase::{self, ActorCore, Foundation, SyncImprovement},
    result::{Outcome, Skip, TestResult},
    run::{Context, mixed, replay_command},
    stage::{Driven, Stage},
};

/// What chaos asks of the actors: nothing here asks for chaos.
pub(crate) mod chaos {
    use std::{collections::BTreeMap, result::Result};

    use crate::twin::chaos::{ChaosPlan, Probed, Seen};

    const WHY: &str = "the harness of the twin has no actors";

    pub(crate) fn course(_: &ChaosPlan) -> (BTreeMap<usize, Seen>, Probed) {
        (BTreeMap::new(), Probed::default())
    }

    pub(crate) fn kill_an_arbiter(_: u64) -> Result<Seen, String> {
        Err(WHY.to_owned())
    }

    pub(crate) fn stress(_: u64, _: u32, _: u64, _: u64) -> Result<Seen, String> {
        Err(WHY.to_owned())
    }

    pub(crate) fn hoard(_: u64, _: u64, _: u32) -> Result<Seen, String> {
        Err(WHY.to_owned())
    }
}

/// No execution client can fail here.
pub(crate) const HAS_CLIENTS: bool = false;

/// No test needs to be built in, or to be asked for.
pub(crate) fn asked_for(_: &str) -> (Option<&'static str>, Option<&'static str>) {
    (None, None)
}

const CASE: TestCase = TestCase {
    name: "test_virtual_time",
    phase: Foundation,
    category: "framework",
    summary: "A test in virtual time sees each timer at its very instant.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(timers(stage)),
    judge: |seen, judge| {
        let instants: Vec<_> =
            seen.from(Observed, "timer").map(|event| (event.event_id, event.timestamp)).collect();
        judge.same("FW-2", "instants of the timers", &[Some(1_000_000), Some(2_000_000)], &instants);
    },
    gates: no_gates,
};

async fn timers(stage: Stage) -> Driven {
    for _ in 0..2 {
        stage.pass(Duration::from_millis(1)).await;
        stage.record(Observed, "timer", [("drawn", stage.rng().u64(..).into())]);
    }
    Ok(())
}

static TESTS: [TestCase; 4] = [
    CASE,
    TestCase { name: "test_shards_partition_the_tests", ..CASE },
    TestCase {
        name: "test_actors_at_once",
        phase: ActorCore,
        category: "concurrency",
        pace: Pace::Real,
        drive: |_| Box::pin(std::future::pending()),
        ..CASE
    },
    TestCase {
        name: "test_checkpoint_creation_consistency",
        phase: SyncImprovement,
        category: "checkpoints",
        ..CASE
    },
];

/// What a list says of a test.
#[derive(Clone, Copy, Debug)]
pub struct Listed {
    /// Its name.
    pub name: &'static str,
}

/// Returns every test, in the order in which they run.
pub(crate) fn tests() -> Vec<Listed> {
    TESTS.iter().map(|case| Listed { name: case.name }).collect()
}

/// Returns a test by its name.
pub(crate) fn case(name: &str) -> Option<&'static TestCase> {
    TESTS.iter().find(|case| case.name == name)
}

/// The result of a test that did not run.
pub(crate) fn not_run(name: &str, phase: MigrationPhase, skip: Skip, config: &TestConfig) -> TestResult {
    TestResult {
        test_name: name.to_owned(),
        phase,
        category: case(name).map_or("unknown", |case| case.category).to_owned(),
        summary: String::new(),
        outcome: Outcome::Skipped,
        skip: Some(skip),
        seed: mixed(config.seed, name),
        checks: Vec::new(),
        gates: Vec::new(),
        events: Vec::new(),
        measurement: Measurement::default(),
        shortest: None,
        replay: replay_command(config, name),
    }
}

/// The tests of one phase.
#[derive(Debug)]
pub struct Harness {
    phase: MigrationPhase,
    context: Context,
}

impl Harness {
    fn cases(&self) -> &'static [TestCase] {
        let end = TESTS.partition_point(|case| case.phase <= self.phase);
        let begin = TESTS.partition_point(|case| case.phase < self.phase);
        &TESTS[begin..end]
    }

    pub(crate) fn tests(&self) -> Vec<Listed> {
        self.cases().iter().map(|case| Listed { name: case.name }).collect()
    }

    pub(crate) async fn run_all_tests(&self) -> Vec<TestResult> {
        self.context.run_all(self.cases()).await
    }

    #[allow(clippy::unused_async, reason = "the framework awaits it")]
    pub(crate) async fn shutdown(&self) -> Result<()> {
        Ok(())
    }
}

/// One harness a phase.
#[derive(Debug)]
pub struct TestHarnesses(Vec<Harness>);

impl TestHarnesses {
    pub(crate) fn new(context: &Context) -> Self {
        let harness = |phase| Harness { phase, context: context.clone() };
        Self(MigrationPhase::ALL.into_iter().map(harness).collect())
    }

    pub(crate) fn of(&self, phase: MigrationPhase) -> Vec<&Harness> {
        self.0.iter().filter(|harness| harness.phase == phase).collect()
    }

    pub(crate) fn all(&self) -> Vec<&Harness> {
        self.0.iter().collect()
    }
}

//! The tests of the consensus layer: built in they pass, and their events follow from the seed; left out they say so. Execution clients
//! as chaos: what their failures and lies are seen to come to.

use std::sync::Arc;

use alys_properties::sequential::announce;
use alys_test_framework::{
    ChaosPlan, MigrationPhase, MigrationTestFramework, Outcome, Selection, TestConfig, TestResult,
};

use super::{
    chaos::step,
    support::{MEMORY, folder, program, said},
};

/// Its tests by category, as they are listed.
const TESTS: [(&str, &str); 12] = [
    ("api_compatibility", "test_api_compatibility"),
    ("api_compatibility", "test_api_refusals"),
    ("api_compatibility", "test_head_events"),
    ("api_compatibility", "test_lying_beacon_nodes"),
    ("api_compatibility", "test_real_beacon_node"),
    ("consensus_integration", "test_consensus_integration"),
    ("consensus_integration", "test_payload_building"),
    ("consensus_integration", "test_fork_choice"),
    ("consensus_integration", "test_invalid_payload"),
    ("consensus_integration", "test_execution_client_restart"),
    ("consensus_integration", "test_jwt_expiry"),
    ("consensus_integration", "test_real_execution_client"),
];

/// The tests that need real clients.
const REAL: [&str; 2] = ["test_real_beacon_node", "test_real_execution_client"];

/// Whether the consensus layer is built in.
const IS_THERE: bool = cfg!(feature = "interop");

/// Runs the phase with a seed.
fn phase(seed: u64) -> (Outcome, Vec<TestResult>) {
    let config = TestConfig { seed, performance_tracking: false, ..TestConfig::development() };
    let _alone = MEMORY.blocking_lock();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let framework = MigrationTestFramework::with(config, Selection::default(), Arc::new(|_| ()));
        let framework = framework.expect("a valid configuration");
        let result = framework.run_phase_validation(MigrationPhase::LighthouseMigration).await;
        (result.outcome, result.results)
    })
}

/// CL-1, CL-2, FW-1, FW-2: what is built in passes with several seeds, and one seed gives the same bytes twice; what is left out is
/// Skipped with the command that runs it, and keeps the phase from passing; a real client is left out unless it is asked for, and
/// keeps nothing from passing.
///
/// Engine: actor
#[test]
fn the_consensus_layer_is_tested_where_it_is_built_in() {
    let [(outcome, first), (_, again), (_, other)] = [1, 1, 2].map(phase);
    let named: Vec<_> = first.iter().map(|result| (&*result.category, &*result.test_name)).collect();
    assert_eq!(named, TESTS);
    assert_eq!(outcome, if IS_THERE { Outcome::Passed } else { Outcome::Skipped });
    for result in first.iter().chain(&other) {
        let violations: Vec<_> = result.violations().map(ToString::to_string).collect();
        assert_eq!(violations, [] as [String; 0], "{} with seed {}", result.test_name, result.seed);
        let skip =
            result.skip.as_ref().map(|skip| (skip.required, skip.reason.contains("--features interop")));
        let expected = match REAL.contains(&&*result.test_name) {
            _ if !IS_THERE => Some((true, true)),
            true => Some((false, false)),
            false => None,
        };
        assert_eq!(skip, expected, "{:?}", result.skip);
        assert_eq!(result.success(), expected.is_none(), "{}", result.test_name);
        assert!(result.replay.contains("--features interop -- run "), "{}", result.replay);
        assert_eq!(
            result.replay.contains("--interop "),
            REAL.contains(&&*result.test_name),
            "{}",
            result.replay
        );
    }
    let events = |result: &TestResult| serde_json::to_string(&result.events).expect("events are JSON");
    assert!(first.iter().zip(&again).all(|(first, again)| events(first) == events(again)));
    // The seed draws slots, and how often a head is told again.
    let differ = first.iter().zip(&other).filter(|(first, other)| events(first) != events(other)).count();
    assert!(!IS_THERE || differ >= 4, "{differ} tests differ with another seed");
}

/// FW-1: a program without the consensus layer ends with 2 when a real client is asked for, and says which one has it.
///
/// Engine: law
#[test]
fn a_real_client_is_not_asked_for_in_vain() {
    let folder = folder("a_real_client_is_not_asked_for_in_vain");
    let arguments = ["run", "--interop", "--filter", "no such test"];
    let output = program(&folder, &arguments);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert_eq!(said(&output).contains("--features interop"), !IS_THERE, "{}", said(&output));
}

/// What an execution client does, as a step of a plan.
const CLIENTS: [&str; 13] = [
    "client_failures = { failure = \"death\", count = 3 }",
    "client_failures = { failure = \"amnesia\", count = 3 }",
    "client_failures = { failure = \"silence\", count = 3 }",
    "client_failures = { failure = \"garbage\", count = 3 }",
    "client_failures = { failure = \"refused_tokens\", count = 3 }",
    "lying_clients = { lie = \"syncing\", count = 3 }",
    "lying_clients = { lie = \"accepted\", count = 3 }",
    "lying_clients = { lie = \"nothing_built\", count = 3 }",
    "lying_clients = { lie = \"other_parent\", count = 3 }",
    "lying_clients = { lie = \"other_time\", count = 3 }",
    "lying_clients = { lie = \"other_randomness\", count = 3 }",
    "lying_clients = { lie = \"own_invalid\", count = 3 }",
    "lying_clients = { lie = \"tip_invalid\", count = 3 }",
];

/// CL-2, FW-1, FW-2: each failure and each lie of an execution client is told by its own typed error, no block is proposed on it and
/// none is lost, and the node goes on right after it; one plan has one report. Where there is no client, nothing is believed.
///
/// Engine: actor
#[test]
fn failures_and_lies_of_execution_clients_are_told_and_outlived() {
    for strategy in CLIENTS {
        let report = step(strategy);
        let seen = &report.injections[0];
        announce(&format!(
            "{strategy}: {} of {} effective, {:?}",
            seen.effective, seen.attempted, seen.counts
        ));
        if !IS_THERE {
            assert_eq!((seen.effective, seen.recovered, report.holds()), (0, 0, false), "{seen:#?}");
            assert!(seen.note.as_ref().is_some_and(|note| note.contains("--features interop")), "{seen:#?}");
            continue;
        }
        assert_eq!((seen.attempted, seen.effective, seen.recovered), (3, 3, 3), "{seen:#?}");
        assert_eq!((seen.broken(), seen.recover_ns.len()), (0, 3), "{seen:#?}");
        // Two blocks before each, and one after it.
        assert_eq!(seen.counts["blocks that the node has in the end"], 9, "{seen:#?}");
        assert!(report.holds());
        assert_eq!(report, step(strategy));
        let mut report = report;
        let believed = "blocks that were proposed although the client failed or lied".to_owned();
        assert_eq!(report.injections[0].counts.insert(believed, 1), Some(0));
        assert!(!report.holds());
    }
}

/// FW-1, CL-2: what an execution client does is in the plan of everything exactly where there is one.
///
/// Engine: law
#[test]
fn the_plan_of_everything_has_clients_where_there_are_any() {
    let plan = ChaosPlan::default();
    let of = |name: &str| plan.steps.iter().filter(|step| step.strategy.name() == name).count();
    let expected = if IS_THERE { (5, 4) } else { (0, 0) };
    assert_eq!((of("client_failures"), of("lying_clients")), expected);
    assert!(plan.validate().is_ok());
}

/// FW-5: what a plan says of execution clients is refused by field where it is out of range, or unknown.
///
/// Engine: law
#[test]
fn clients_out_of_range_are_refused_by_field() {
    let refused = [
        ("client_failures = { failure = \"death\", count = 0 }", "count` is 0; allowed is 1 to 50"),
        ("client_failures = { failure = \"death\", count = 51 }", "count` is 51; allowed is 1 to 50"),
        ("client_failures = { failure = \"fire\", count = 1 }", "unknown variant `fire`"),
        ("client_failures = { count = 1 }", "missing field `failure`"),
        ("lying_clients = { lie = \"syncing\", count = 0 }", "count` is 0; allowed is 1 to 50"),
        ("lying_clients = { lie = \"syncing\", count = 51 }", "count` is 51; allowed is 1 to 50"),
        ("lying_clients = { lie = \"white\", count = 1 }", "unknown variant `white`"),
        ("lying_clients = { lie = \"syncing\" }", "missing field `count`"),
    ];
    for (strategy, words) in refused {
        let plan = format!("[[steps]]\nat_ms = 5\nstrategy.{strategy}");
        let said = ChaosPlan::from_toml(&plan).expect_err(strategy).to_string();
        assert!(said.contains(words), "{strategy}\n  said: {said}\n  expected: {words}");
    }
    for strategy in CLIENTS {
        let plan = format!("[[steps]]\nat_ms = 5\nstrategy.{}", strategy.replace("count = 3", "count = 50"));
        assert!(ChaosPlan::from_toml(&plan).is_ok(), "{strategy}");
    }
}

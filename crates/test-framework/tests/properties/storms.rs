//! Bad networks as chaos: what each of them is seen to do to a node that syncs, and what of a plan is refused.

use alys_properties::sequential::announce;
use alys_test_framework::{ChaosPlan, InjectionReport};

use super::chaos::step;

/// How often each step is run.
const RUNS: u64 = 3;

/// A bad network, and what must have been counted of it.
const STORMS: [(&str, &str); 8] = [
    ("random_disconnects = { per_minute = 60 }", "connections that were lost"),
    ("slow_network = { latency_ms = 5000 }", "requests that were not answered in time"),
    ("lossy_network = { permille = 200 }", "messages that were lost"),
    ("noisy_network = { permille = 100 }", "malformed messages that were refused"),
    ("congestion = { bytes_per_ms = 1 }", "milliseconds until the tip, in all runs"),
    ("network_partition = { percent = 50, for_ms = 20000 }", "messages that a partition kept"),
    ("network_partition = { percent = 100, for_ms = 60000 }", "messages that a partition kept"),
    ("byzantine_peers = { peers = 21, count = 7 }", "lies that were found out"),
];

/// The one injection of a step.
fn injection(strategy: &str) -> InjectionReport {
    step(strategy).injections.remove(0)
}

/// SY-1, SY-3, NW-5, FW-1, FW-2: a node that syncs through a bad network meets it, and is at the honest tip when it is over; one
/// plan has one report.
///
/// Engine: actor
#[test]
fn bad_networks_are_met_and_outlived() {
    for (strategy, what) in STORMS {
        let report = step(strategy);
        let storm = &report.injections[0];
        announce(&format!(
            "{strategy}: {} of {} effective, {:?}",
            storm.effective, storm.attempted, storm.counts
        ));
        assert_eq!((storm.attempted, storm.effective, storm.recovered), (RUNS, RUNS, RUNS), "{storm:#?}");
        assert_eq!((storm.broken(), storm.recover_ns.len() as u64), (0, RUNS), "{storm:#?}");
        assert!(storm.counts[what] > 0, "{storm:#?}");
        assert!(report.holds());
        assert_eq!(report, step(strategy));
    }
}

/// FW-1, NW-2: what is counted is what was done: nothing is lost, cut off, corrupted or lied about where that is not what the plan says,
/// and more of it does more.
///
/// Engine: actor
#[test]
fn each_bad_network_is_bad_in_its_own_way() {
    let kinds = [
        ("lossy_network = { permille = 200 }", "messages that were lost"),
        ("noisy_network = { permille = 100 }", "messages that were corrupted"),
        ("network_partition = { percent = 50, for_ms = 20000 }", "messages that a partition kept"),
        ("byzantine_peers = { peers = 21, count = 7 }", "lies that were found out"),
    ];
    for (strategy, own) in kinds {
        let storm = injection(strategy);
        for (_, other) in kinds.iter().filter(|(_, what)| *what != own) {
            assert_eq!(storm.counts[*other], 0, "{strategy}: {other}");
        }
    }
    let counted = |strategy: &str, what: &str| injection(strategy).counts[what];
    let lost = |permille: u16| {
        counted(&format!("lossy_network = {{ permille = {permille} }}"), "messages that were lost")
    };
    assert!(lost(200) > 3 * lost(20), "{} and {}", lost(200), lost(20));
    let away = |many: u32| {
        counted(&format!("random_disconnects = {{ per_minute = {many} }}"), "connections that were lost")
    };
    assert!(away(300) > 3 * away(30), "{} and {}", away(300), away(30));
    let time = |strategy: &str| counted(strategy, "milliseconds until the tip, in all runs");
    assert!(time("congestion = { bytes_per_ms = 1 }") > time("congestion = { bytes_per_ms = 4 }"));
    assert!(time("slow_network = { latency_ms = 5000 }") > time("slow_network = { latency_ms = 500 }"));
    let cut = |percent: u8| {
        let planned = format!("network_partition = {{ percent = {percent}, for_ms = 20000 }}");
        counted(&planned, "messages that a partition kept")
    };
    assert!(cut(100) > cut(1) && cut(1) > 0, "{} and {}", cut(100), cut(1));
}

/// FW-1: a network that is no worse than the quiet one is no harm, whatever the plan calls it; and a node that ended on no honest
/// chain is no success.
///
/// Engine: actor
#[test]
fn a_network_that_is_not_bad_has_no_effect() {
    for strategy in ["slow_network = { latency_ms = 1 }", "congestion = { bytes_per_ms = 1000 }"] {
        let report = step(strategy);
        let storm = &report.injections[0];
        assert_eq!((storm.attempted, storm.effective, storm.recovered), (RUNS, 0, 0), "{storm:#?}");
        assert!(!report.holds());
    }
    let mut report = step("lossy_network = { permille = 100 }");
    assert!(report.holds());
    let astray = "syncs that ended on no honest chain".to_owned();
    assert_eq!(report.injections[0].counts.insert(astray, 1), Some(0));
    assert!(!report.holds());
}

/// FW-5: a bad network out of range is refused before anything starts, with the field, the value and what is allowed.
///
/// Engine: law
#[test]
fn bad_networks_out_of_range_are_refused_by_field() {
    let refused = [
        ("random_disconnects = { per_minute = 0 }", "per_minute` is 0; allowed is 1 to 600"),
        ("random_disconnects = { per_minute = 601 }", "per_minute` is 601; allowed is 1 to 600"),
        ("slow_network = { latency_ms = 0 }", "latency_ms` is 0; allowed is 1 to 60000"),
        ("slow_network = { latency_ms = 60001 }", "latency_ms` is 60001; allowed"),
        ("lossy_network = { permille = 0 }", "permille` is 0; allowed is 1 to 200"),
        ("lossy_network = { permille = 201 }", "permille` is 201; allowed"),
        ("noisy_network = { permille = 0 }", "permille` is 0; allowed is 1 to 100"),
        ("noisy_network = { permille = 101 }", "permille` is 101; allowed"),
        ("congestion = { bytes_per_ms = 0 }", "bytes_per_ms` is 0; allowed is 1 to 1000"),
        ("congestion = { bytes_per_ms = 1001 }", "bytes_per_ms` is 1001; allowed"),
        ("network_partition = { percent = 0, for_ms = 1 }", "percent` is 0; allowed is 1 to 100"),
        ("network_partition = { percent = 101, for_ms = 1 }", "percent` is 101; allowed"),
        ("network_partition = { percent = 1, for_ms = 0 }", "for_ms` is 0; allowed is 1 to 60000"),
        ("network_partition = { percent = 1, for_ms = 60001 }", "for_ms` is 60001; allowed"),
        ("byzantine_peers = { peers = 2, count = 1 }", "peers` is 2; allowed is 3 to 64"),
        ("byzantine_peers = { peers = 65, count = 1 }", "peers` is 65; allowed"),
        ("byzantine_peers = { peers = 9, count = 0 }", "count` is 0; allowed is 1 to 3"),
        ("byzantine_peers = { peers = 11, count = 4 }", "count` is 4; allowed is 1 to 3"),
    ];
    for (strategy, words) in refused {
        let plan = format!("[[steps]]\nat_ms = 5\nstrategy.{strategy}");
        let said = ChaosPlan::from_toml(&plan).expect_err(strategy).to_string();
        assert!(said.contains(words), "{strategy}\n  said: {said}\n  expected: {words}");
    }
    let widest = [
        "random_disconnects = { per_minute = 600 }",
        "slow_network = { latency_ms = 60000 }",
        "lossy_network = { permille = 200 }",
        "noisy_network = { permille = 100 }",
        "congestion = { bytes_per_ms = 1000 }",
        "network_partition = { percent = 100, for_ms = 60000 }",
        "byzantine_peers = { peers = 64, count = 21 }",
    ];
    for strategy in widest {
        let plan = format!("[[steps]]\nat_ms = 5\nstrategy.{strategy}");
        assert!(ChaosPlan::from_toml(&plan).is_ok(), "{strategy}");
    }
}

//! Configurations: every field at its limits, every source heard, and what is wrong named.

use std::fs;

use super::super::{
    alys::{ConfigError, TestConfig},
    made::folder,
};

pub(super) fn all() {
    limits();
    files();
}

type Set = fn(&mut TestConfig, u64);

/// A field, how it is set, and the least and the most that it may be.
const WHOLE: [(&str, Set, u64, u64); 10] = [
    ("test_deadline_ms", |config, value| config.test_deadline_ms = value, 1, 3_600_000),
    ("network.peers", |config, value| config.network.peers = value as u32, 1, 1000),
    ("network.latency_ms", |config, value| config.network.latency_ms = value, 0, 60_000),
    (
        "actor_system.parallel_sessions",
        |config, value| config.actor_system.parallel_sessions = value as usize,
        1,
        64,
    ),
    ("actor_system.actors", |config, value| config.actor_system.actors = value as u32, 1000, 100_000),
    ("actor_system.messages", |config, value| config.actor_system.messages = value as u32, 1000, 1_000_000),
    ("actor_system.burst", |config, value| config.actor_system.burst = value as u32, 1000, 1_000_000),
    (
        "actor_system.mailbox_capacity",
        |config, value| config.actor_system.mailbox_capacity = value as usize,
        1,
        999,
    ),
    ("sync.blocks", |config, value| config.sync.blocks = value, 1, 1_000_000),
    ("sync.parallel_sessions", |config, value| config.sync.parallel_sessions = value as u32, 1, 64),
];

type SetReal = fn(&mut TestConfig, f64);

/// The same of numbers with a fraction.
const REAL: [(&str, SetReal, f64, f64); 5] = [
    ("network.failure_rate", |config, value| config.network.failure_rate = value, 0.0, 1.0),
    (
        "performance.throughput_min",
        |config, value| config.performance.throughput_min = value,
        f64::MIN_POSITIVE,
        1e12,
    ),
    (
        "performance.latency_mean_ms_max",
        |config, value| config.performance.latency_mean_ms_max = value,
        f64::MIN_POSITIVE,
        3_600_000.0,
    ),
    (
        "performance.success_percent_min",
        |config, value| config.performance.success_percent_min = value,
        0.0,
        100.0,
    ),
    (
        "performance.regression_percent_max",
        |config, value| config.performance.regression_percent_max = value,
        0.0,
        1000.0,
    ),
];

fn said(change: impl FnOnce(&mut TestConfig)) -> Option<(&'static str, String, String)> {
    let mut config = TestConfig::development();
    change(&mut config);
    match config.validate() {
        Ok(()) => None,
        Err(ConfigError::OutOfRange { field, value, allowed }) => Some((field, value, allowed)),
        Err(other) => panic!("{other}"),
    }
}

/// Each field is allowed from its least value to its most, and refused beyond by name, value and what is allowed.
fn limits() {
    for preset in [TestConfig::development(), TestConfig::ci_cd()] {
        preset.validate().expect("a preset");
    }
    for (field, set, least, most) in WHOLE {
        for value in [least, most] {
            assert_eq!(said(|config| set(config, value)), None, "{field} = {value}");
        }
        let beyond = least.checked_sub(1).into_iter().chain([most + 1]);
        for value in beyond {
            let expected = (field, value.to_string(), format!("{least} to {most}"));
            assert_eq!(said(|config| set(config, value)), Some(expected));
        }
    }
    for (field, set, least, most) in REAL {
        for value in [least, most] {
            assert_eq!(said(|config| set(config, value)), None, "{field} = {value}");
        }
        for value in [least - 1e-9, most * 1.000_001, f64::NAN] {
            let expected = (field, value.to_string(), format!("{least} to {most}"));
            assert_eq!(said(|config| set(config, value)), Some(expected));
        }
    }
    let intervals = |intervals: Vec<u64>| said(|config| config.sync.checkpoint_intervals = intervals);
    assert_eq!(intervals(vec![1, u64::MAX]), None);
    assert_eq!(intervals(vec![1; 100]), None);
    let many = "sync.checkpoint_intervals (how many)";
    assert_eq!(intervals(Vec::new()), Some((many, "0".to_owned(), "1 to 100".to_owned())));
    assert_eq!(intervals(vec![1; 101]), Some((many, "101".to_owned(), "1 to 100".to_owned())));
    let (field, value, _) = intervals(vec![10, 0]).expect("no checkpoint is every 0 blocks");
    assert_eq!((field, &*value), ("sync.checkpoint_intervals", "0"));
    let empty = |field| Some((field, "empty".to_owned(), "a path".to_owned()));
    assert_eq!(said(|config| config.docker_compose_file.clear()), empty("docker_compose_file"));
    assert_eq!(said(|config| config.test_data_dir.clear()), empty("test_data_dir"));
    let mut one_by_one = TestConfig { parallel_tests: false, ..TestConfig::development() };
    assert_eq!(one_by_one.at_once(), 1);
    one_by_one.parallel_tests = true;
    assert_eq!(one_by_one.at_once(), one_by_one.actor_system.parallel_sessions);
}

/// A file changes what it says and nothing else; what is wrong in it is refused by file, field, value and what is allowed.
fn files() {
    let path = folder("files").join("config.toml");
    let load = |text: &str| {
        fs::write(&path, text).expect("a file");
        TestConfig::load(TestConfig::development(), Some(&path))
    };
    let loaded = load("seed = 9\n[network]\npeers = 3").expect("a valid file");
    let mut expected = TestConfig { seed: 9, ..TestConfig::development() };
    expected.network.peers = 3;
    assert_eq!(loaded, expected);
    let preset = TestConfig { seed: 3, ..TestConfig::ci_cd() };
    assert_eq!(load(&preset.to_toml().expect("a preset")).expect("what was written"), preset);
    let wrong: [(&str, &[&str]); 6] = [
        ("seed = ", &["config.toml"]),
        ("sead = 1", &["config.toml", "sead"]),
        ("seed = \"one\"", &["config.toml", "`seed`", "one"]),
        ("[network]\npears = 1", &["config.toml", "pears"]),
        ("[network]\nfailure_rate = 1.5", &["`network.failure_rate` is 1.5", "0 to 1"]),
        ("[sync]\ncheckpoint_intervals = [10, 0]", &["`sync.checkpoint_intervals` is 0", "1 to"]),
    ];
    for (text, words) in wrong {
        let said = load(text).expect_err(text).to_string();
        assert!(words.iter().all(|word| said.contains(word)), "`{text}` is refused by `{said}`");
    }
    let missing = path.with_extension("missing");
    let refused = TestConfig::load(TestConfig::development(), Some(&missing)).expect_err("there is no file");
    assert!(matches!(refused, ConfigError::Unreadable { path, .. } if path == missing));
    let unwritable = TestConfig { seed: u64::MAX, ..TestConfig::development() };
    assert!(matches!(unwritable.to_toml(), Err(ConfigError::Unwritable(_))));
}

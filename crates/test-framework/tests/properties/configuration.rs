//! Configuration: every source is heard, and what is wrong is named.

use std::{fs, path::Path};

use alys_test_framework::TestConfig;

use super::support::folder;

fn refused(folder: &Path, text: &str) -> String {
    let path = folder.join("config.toml");
    fs::write(&path, text).expect("a folder of this test");
    TestConfig::load(TestConfig::development(), Some(&path)).expect_err(text).to_string()
}

/// FW-5: text that is no TOML, unknown keys, wrong types and values out of range are refused with the file, the field,
/// the value and what is allowed.
///
/// Engine: law
#[test]
fn what_is_wrong_with_a_configuration_is_named() {
    let folder = folder("what_is_wrong_with_a_configuration_is_named");
    let wrong: [(&str, &[&str]); 7] = [
        ("seed = ", &["config.toml"]),
        ("sead = 1", &["config.toml", "sead"]),
        ("seed = \"one\"", &["config.toml", "`seed`", "one"]),
        ("[network]\npears = 1", &["config.toml", "pears"]),
        ("[network]\nfailure_rate = 1.5", &["`network.failure_rate` is 1.5", "0 to 1"]),
        ("[actor_system]\nmessages = 10", &["`actor_system.messages` is 10", "1000 to 1000000"]),
        ("[sync]\ncheckpoint_intervals = [10, 0]", &["`sync.checkpoint_intervals` is 0", "1 to"]),
    ];
    for (text, words) in wrong {
        let said = refused(&folder, text);
        for word in words {
            assert!(said.contains(word), "`{text}` is refused by `{said}`, which lacks `{word}`");
        }
    }
}

/// FW-5: a configuration written as TOML reads back as it was, for both presets.
///
/// Engine: law
#[test]
fn a_configuration_written_reads_back() {
    let folder = folder("a_configuration_written_reads_back");
    for preset in [TestConfig::development(), TestConfig::ci_cd()] {
        let preset = TestConfig { seed: 3, parallel_tests: !preset.parallel_tests, ..preset };
        let path = folder.join("config.toml");
        fs::write(&path, preset.to_toml().expect("a preset")).expect("a folder of this test");
        let read = TestConfig::load(TestConfig::development(), Some(&path)).expect("a valid configuration");
        assert_eq!(read, preset);
    }
}

//! The house keeps its own rules: architecture, style, and tests that really run.
//!
//! Everything is read from the sources, so that a rule of the house cannot be forgotten in a list.

use std::env;
use std::process::Command;

use alys_properties::manifests::{dependencies, entries, manifests};
use alys_properties::rules::{self, PropertyEntry};
use alys_properties::sources::{self, SourceFile};
use alys_properties::{coverage, planted};

/// No file is longer.
const LINES_MAX: usize = 400;

/// The only file that may read the wall clock or wait by it.
const WALL_CLOCK: &str = "properties/engines/src/measure.rs";

/// How the modules of tests begin that check no rule of the catalogue but the house.
const HOUSE: &str = "properties::house";

/// Where the tests are.
const TESTS: &str = "properties/tests/properties";

/// Fails with every offence on a line of its own.
fn assert_none(what: &str, offences: &[String]) {
    assert!(offences.is_empty(), "{what}:\n{}", offences.join("\n"));
}

/// Collects what `offence` finds in the code lines of every file.
fn in_code(offence: impl Fn(&SourceFile, &str) -> bool) -> Vec<String> {
    let files = sources::rust_files();
    assert!(!files.is_empty(), "no sources found");
    let lines = files.iter().flat_map(|file| file.code().map(move |(number, line)| (file, number, line)));
    lines
        .filter(|(file, _, line)| offence(file, line))
        .map(|(file, number, line)| format!("{}:{number}: {}", file.path, line.trim()))
        .collect()
}

#[test]
fn models_depend_on_nothing_but_optional_serde_and_arbitrary() {
    let found = dependencies(&sources::read("models/Cargo.toml"));
    let allowed =
        |name: &str, value: &str| ["serde", "arbitrary"].contains(&name) && value.contains("optional = true");
    let offences: Vec<_> = found.iter().filter(|one| !allowed(&one.name, &one.value)).collect();
    assert!(offences.is_empty(), "{offences:?}");
}

#[test]
fn models_use_the_standard_library_alone() {
    let crates = ["alys", "actix", "tokio", "parking_lot", "proptest", "loom", "shuttle", "rand"];
    let offences = in_code(|file, line| {
        let foreign = line.trim_start().strip_prefix("use ").unwrap_or("");
        file.path.starts_with("models/src") && crates.iter().any(|name| foreign.starts_with(name))
    });
    assert_none("models use std, and serde or arbitrary behind a feature", &offences);
    assert_none("serde and arbitrary stand behind a feature", &unconditional_uses());
}

/// Uses of the optional crates in models without a `#[cfg(...)]` on the line before.
fn unconditional_uses() -> Vec<String> {
    let mut offences = Vec::new();
    for file in sources::files("models/src", ".rs") {
        let lines: Vec<_> = file.code().collect();
        for (index, (number, line)) in lines.iter().enumerate() {
            let optional =
                ["use serde", "use arbitrary"].iter().any(|word| line.trim_start().starts_with(word));
            let guarded = index > 0 && lines[index - 1].1.trim_start().starts_with("#[cfg(");
            if optional && !guarded {
                offences.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    offences
}

#[test]
fn no_component_knows_its_judges() {
    let judges = ["alys-models", "alys-properties"];
    let mut offences = Vec::new();
    for manifest in manifests().iter().filter(|file| file.path.starts_with("crates/")) {
        let knows = dependencies(&manifest.text).into_iter().filter(|one| {
            judges.iter().any(|judge| one.name == *judge || one.value.contains(&format!("\"{judge}\"")))
        });
        if !manifest.path.starts_with("crates/test-framework/") {
            offences.extend(knows.map(|one| format!("{} depends on {}", manifest.path, one.name)));
        }
    }
    assert_none("only adapters see both a model and a component", &offences);
}

#[test]
fn the_main_job_builds_the_lean_set() {
    let workspace = entries(&sources::read("Cargo.toml"));
    let value = |key: &str| {
        let found = workspace.iter().find(|entry| entry.section == "workspace" && entry.key == key);
        found.map(|entry| entry.value.clone()).unwrap_or_default()
    };
    let lean = value("default-members");
    assert!(lean.contains("\"properties\""), "default-members is {lean}");
    assert!(!lean.contains("bench") && !lean.contains("heavy"), "default-members is {lean}");
    assert!(!lean.contains("consensus"), "what drags in HTTP is no default member: {lean}");
    assert!(value("exclude").contains("\"fuzz\""), "exclude is {}", value("exclude"));
    assert!(!value("members").contains("\"fuzz\""), "members is {}", value("members"));
}

/// `.cargo/config.toml` lets the compiler take what is unstable, for the fuzzer's sake: nobody may use that. Whatever
/// attribute it stands in, `cfg_attr` included, a feature is asked for by this word.
#[test]
fn no_source_asks_for_unstable_features() {
    let word = concat!("feature", "(");
    assert_none("stable Rust only", &in_code(|_, line| line.contains(word)));
    let looked_at = sources::rust_files();
    for folder in ["crates/", "models/", "properties/", "fuzz/fuzz_targets/", "examples/"] {
        assert!(
            looked_at.iter().any(|file| file.path.starts_with(folder)),
            "no source under {folder} is looked at"
        );
    }
}

#[test]
fn no_file_is_too_long() {
    let long = sources::rust_files().into_iter().map(|file| (file.text.lines().count(), file.path));
    let offences: Vec<_> =
        long.filter(|(lines, _)| *lines > LINES_MAX).map(|one| format!("{one:?}")).collect();
    assert_none("split these files", &offences);
}

#[test]
fn only_the_measuring_module_reads_the_wall_clock() {
    let words = [
        concat!("Instant", "::now"),
        concat!("SystemTime", "::now"),
        concat!("thread", "::sleep"),
        concat!("time::", "sleep("),
        concat!("clippy::disallowed", "_methods"),
    ];
    let offences = in_code(|file, line| {
        let read = words.iter().any(|word| line.contains(word));
        read && file.path != WALL_CLOCK && !of_virtual_clock(file, line)
    });
    assert_none("take a clock as an argument", &offences);
    let measuring = sources::read(WALL_CLOCK);
    assert!(measuring.contains(words[0]), "the check looks for words that {WALL_CLOCK} no longer has");
}

/// Whether an `Instant` is tokio's, which follows the paused runtime.
fn of_virtual_clock(file: &SourceFile, line: &str) -> bool {
    let imported =
        |line: &str| line.trim_start().starts_with("use tokio::time::") && line.contains("Instant");
    let instant = line.contains(concat!("Instant", "::now"));
    let called_by_path = line.contains(concat!("tokio::time::Instant", "::now"));
    instant && (called_by_path || file.code().any(|(_, line)| imported(line)))
}

#[test]
fn every_property_states_its_rules_and_its_engine() {
    let properties = rules::properties("properties");
    let incomplete = |entry: &&PropertyEntry| entry.rules.is_empty() || entry.engine.is_empty();
    let stated = properties.iter().filter(|entry| !entry.path.starts_with(HOUSE));
    let offences: Vec<_> = stated.filter(incomplete).map(|entry| format!("{entry:?}")).collect();
    assert_none("a doc comment cites a rule and has a line `Engine: ...`", &offences);
    let catalogue = rules::rules();
    assert!(!catalogue.is_empty(), "docs/rules.md has no rules");
    let unknown: Vec<_> =
        rules::unknown_rules(&catalogue, &properties).iter().map(|one| format!("{one:?}")).collect();
    assert_none("rules that docs/rules.md does not have", &unknown);
}

#[test]
fn every_planted_fault_breaks_a_rule_of_the_catalogue() {
    let catalogue = rules::rules();
    let known = |id: &str| catalogue.iter().any(|rule| rule.id == id);
    let sound = |fault: &&planted::Fault| !fault.rules.is_empty() && fault.rules.iter().all(|id| known(id));
    let offences: Vec<_> =
        planted::catalogue::all().filter(|fault| !sound(fault)).map(|fault| fault.id.to_owned()).collect();
    assert_none("faults that break no rule, or an unknown one", &offences);
}

#[test]
fn no_planted_fault_is_stale() {
    let offences: Vec<_> = planted::CATALOGUE
        .stale
        .iter()
        .map(|(id, occurrences)| format!("{id}: its anchor occurs {occurrences} times, not once"))
        .collect();
    assert_none("these faults are not compiled in; adapt properties/faults/catalogue", &offences);
}

/// A filter that matches nothing exits with success, so what was selected is counted.
#[test]
fn every_test_that_is_written_is_selected() {
    let listed = list(&[]);
    let mut written: Vec<_> = rules::properties("properties").into_iter().map(|entry| entry.path).collect();
    written.sort_unstable();
    assert_eq!(listed, written, "left: the tests of this binary; right: the `#[test]` functions of {TESTS}");
    let files = sources::files(TESTS, ".rs");
    let attributes =
        files.iter().flat_map(SourceFile::code).filter(|(_, line)| line.trim() == "#[test]").count();
    assert_eq!(listed.len(), attributes, "tests of this binary against `#[test]` attributes in {TESTS}");
    let outside: Vec<_> = listed.iter().filter(|path| !path.contains("properties")).cloned().collect();
    assert_none("`cargo test properties` does not select these", &outside);
    if let Some(filters) = filters_for_everything() {
        assert_eq!(list(&filters), listed, "left: what {filters:?} selects; right: all tests");
    }
}

/// The filters this process was started with, unless somebody asked for a part on purpose.
fn filters_for_everything() -> Option<Vec<String>> {
    let with_value = ["--test-threads", "--color", "--format", "--logfile", "--shuffle-seed", "-Z"];
    let narrowing = ["--exact", "--skip", "--ignored"];
    let mut filters = Vec::new();
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if narrowing.iter().any(|flag| argument.starts_with(flag)) {
            return None;
        }
        if with_value.contains(&&*argument) {
            arguments.next();
        } else if !argument.starts_with('-') {
            filters.push(argument);
        }
    }
    filters.iter().all(|filter| filter == "properties").then_some(filters)
}

/// Asks this binary which tests the filters select.
fn list(filters: &[String]) -> Vec<String> {
    let binary = env::current_exe().expect("the path of this binary");
    let output = Command::new(binary).args(filters).args(["--list", "--format", "terse"]).output();
    let output = output.expect("this binary lists its tests");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout);
    let mut paths: Vec<_> =
        text.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect();
    paths.sort_unstable();
    paths
}

#[test]
fn artifacts_lie_under_the_target_directory() {
    let directory = coverage::artifacts();
    assert!(directory.is_dir() && directory.ends_with("properties"), "{}", directory.display());
}

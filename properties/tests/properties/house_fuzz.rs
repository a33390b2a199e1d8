//! Every fuzz target has all that it needs: a program, a body, a corpus, a dictionary, and its place in the configurations.

use alys_chain_properties::fuzz::CHAIN_TRANSITIONS;
use alys_chain_store_properties::fuzz as chain_store;
use alys_governance_properties::fuzz as governance;
use alys_properties::{fuzz, manifests, sources};
use alys_sync_properties::fuzz::NAME as SYNC_MESSAGES;
use alys_wire_properties::fuzz as wire;

/// A target adds nothing but the fuzzer's entry points.
const LINES_MAX: usize = 30;

/// The names of the programs in `fuzz/fuzz_targets`.
fn programs() -> Vec<String> {
    let files = sources::files("fuzz/fuzz_targets", ".rs");
    let name = |path: &str| {
        path.rsplit('/').next().and_then(|name| name.strip_suffix(".rs")).unwrap_or("").to_owned()
    };
    files.iter().map(|file| name(&file.path)).collect()
}

/// The names of the targets whose bodies the replay knows.
fn bodies() -> Vec<String> {
    let of_components = fuzz::TARGETS.iter().map(|target| target.name.to_owned());
    let of_the_wire = wire::TARGETS.iter().map(|target| target.name.to_owned());
    let of_the_chain = chain_store::TARGETS.iter().map(|target| target.name.to_owned());
    let of_nodes = [CHAIN_TRANSITIONS.name, SYNC_MESSAGES].map(str::to_owned);
    let of_governance = [governance::GOVERNANCE_TRANSITIONS.name, governance::VOTE_BYTES].map(str::to_owned);
    let mut names: Vec<_> =
        of_components.chain(of_the_wire).chain(of_the_chain).chain(of_nodes).chain(of_governance).collect();
    names.sort_unstable();
    names
}

#[test]
fn every_program_has_a_body_that_is_replayed() {
    assert_eq!(programs(), bodies(), "left: fuzz/fuzz_targets; right: the bodies that the replay knows");
    for file in sources::files("fuzz/fuzz_targets", ".rs") {
        let lines = file.text.lines().count();
        assert!(lines <= LINES_MAX, "{} has {lines} lines", file.path);
    }
}

#[test]
fn every_program_is_built() {
    let manifest = manifests::entries(&sources::read("fuzz/Cargo.toml"));
    let built = |name: &String| {
        let path = format!("\"fuzz_targets/{name}.rs\"");
        manifest.iter().any(|entry| entry.section == "bin" && entry.key == "path" && entry.value == path)
    };
    let missing: Vec<_> = programs().into_iter().filter(|name| !built(name)).collect();
    assert!(missing.is_empty(), "fuzz/Cargo.toml does not build {missing:?}");
}

#[test]
fn every_program_has_a_corpus_a_dictionary_and_options() {
    for name in programs() {
        let corpus = fuzz::inputs(&format!("fuzz/corpus/{name}")).unwrap();
        assert!(!corpus.is_empty(), "{name} has no corpus");
        let words = sources::read(&format!("fuzz/dictionaries/{name}.dict"));
        assert!(words.lines().any(|line| line.ends_with('"')), "the dictionary of {name} has no word");
        let options = sources::read(&format!("fuzz/options/{name}.options"));
        assert!(options.contains(&format!("dict = {name}.dict\n")), "{options}");
    }
}

#[test]
fn dictionaries_are_what_the_generators_make() {
    for target in fuzz::TARGETS.into_iter().chain([&CHAIN_TRANSITIONS, &governance::GOVERNANCE_TRANSITIONS]) {
        let path = format!("fuzz/dictionaries/{}.dict", target.name);
        let made = fuzz::dictionary(target);
        assert_eq!(sources::read(&path), made, "run `cargo run --release --example fuzz_seeds make`");
        let options = sources::read(&format!("fuzz/options/{}.options", target.name));
        assert!(options.contains(&format!("max_len = {}\n", target.len_max())), "{options}");
    }
}

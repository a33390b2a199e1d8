//! What fuzzers of governance have left, without a fuzzer: corpora and crashes, and what they are worth.

use std::{cell::Cell, fs};

use alys_engines::coverage;
use alys_engines::fuzz::{inputs, replay};
use alys_engines::sequential::announce;
use alys_engines::sources;
use alys_engines::violation::caught;
use alys_governance_properties::fuzz::{GOVERNANCE_TRANSITIONS, VOTE_BYTES, vote_bytes, vote_bytes_by_twin};
use alys_governance_properties::labels::GovernanceLabels;
use alys_governance_properties::planted::{CATALOGUE, Engine};

/// How many files lie in a folder, counted without the code that replays them.
fn listed(folder: &str, name: &str) -> usize {
    let folder = sources::root().join("fuzz").join(folder).join(name);
    fs::read_dir(folder).map_or(0, |entries| entries.filter(|entry| entry.is_ok()).count())
}

/// Replays everything of a target, and counts what ran.
fn replays(name: &str, body: impl Fn(&[u8])) {
    let ran = Cell::new(0);
    let replayed = replay(name, |bytes| {
        ran.set(ran.get() + 1);
        body(bytes);
    });
    let replayed = replayed.unwrap_or_else(|error| panic!("{error}"));
    announce(&format!("fuzzing: {name}: {replayed:?}"));
    let lies = ["corpus", "crashes", "artifacts"].map(|folder| listed(folder, name));
    assert_eq!([replayed.corpus, replayed.crashes, replayed.artifacts], lies, "{name}");
    assert_eq!(ran.get(), lies.iter().sum::<usize>(), "{name}");
    assert!(replayed.corpus > 0, "{name} has no corpus");
}

/// GV-1..GV-5, GV-7: nothing that a fuzzer has ever found breaks a rule, and the corpus meets every situation that the suite
/// must meet.
///
/// Engine: bytes
#[test]
fn corpora_of_governance_break_no_rule() {
    drop(coverage::take::<GovernanceLabels>());
    replays(GOVERNANCE_TRANSITIONS.name, |bytes| GOVERNANCE_TRANSITIONS.judge(bytes));
    let covered = coverage::take::<GovernanceLabels>();
    let (met, of) = covered.required_met();
    assert!(of > 0 && met == of, "{met} of {of} situations\n{}", covered.table());
    replays(VOTE_BYTES, vote_bytes);
}

/// GV-1, GV-3, GV-5, GV-7: the bodies are worth running: of the planted faults that show in transitions all but few die of the
/// corpora alone, without any fuzzing, and so do those of the bytes of votes. Where nothing is planted, nothing breaks the twin.
///
/// Engine: bytes
#[test]
fn corpora_of_governance_find_planted_faults() {
    let [transitions, votes] = [GOVERNANCE_TRANSITIONS.name, VOTE_BYTES]
        .map(|name| inputs(&format!("fuzz/corpus/{name}")).unwrap_or_else(|error| panic!("{error}")));
    let breaks = |bytes: &[u8]| GOVERNANCE_TRANSITIONS.breaks_the_twin(bytes).is_some();
    let breaks_votes = |bytes: &[u8]| caught(|| vote_bytes_by_twin(bytes)).is_err();
    assert!(
        !transitions.iter().any(|one| breaks(&one.bytes))
            && !votes.iter().any(|one| breaks_votes(&one.bytes))
    );
    let (mut faults, mut survivors, mut of_votes) = (0, Vec::new(), Vec::new());
    for fault in CATALOGUE.live() {
        let _planted = CATALOGUE.plant(fault.id);
        if votes.iter().any(|one| breaks_votes(&one.bytes)) {
            of_votes.push(fault.id);
        }
        if fault.engine == Engine::Machine {
            faults += 1;
            if !transitions.iter().any(|one| breaks(&one.bytes)) {
                survivors.push(fault.id);
            }
        }
    }
    announce(&format!(
        "fuzzing: of {faults} planted faults {survivors:?} survive; the bytes of votes find {of_votes:?}"
    ));
    assert!(survivors.len() * 10 <= faults, "{survivors:?}");
    for found in ["trailing", "lenient_choice", "member_as_proposal", "any_point"] {
        assert!(of_votes.contains(&found), "{found} lives: {of_votes:?}");
    }
}

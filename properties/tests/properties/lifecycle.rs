//! The actor lifecycle, held to its model.

use alys_properties::{
    coverage::artifacts,
    lifecycle::{LifecycleLabels, real, suites},
    scenarios::{Broken, Scenario, expect_pass},
    sequential::{announce, expect_covered},
    violation::caught,
};

/// LC-1, LC-2, LC-3, LC-5, LC-6: every answer, refusals with all they say, and after each transition the whole state:
/// census, every history, both orders.
///
/// Engine: sequential
#[test]
fn every_answer_and_the_whole_state_are_the_models() {
    expect_covered::<real::machine::Machine, LifecycleLabels>(&suites::LIFECYCLE);
}

/// LC-1, LC-2, LC-3: every state that three actors can be in together, searched breadth first on the real monitor; every
/// trigger, every report and every registration in each of them.
///
/// Engine: exhaustive
#[test]
fn all_states_of_three_actors_are_searched() {
    let test = "properties::lifecycle::all_states_of_three_actors_are_searched";
    let search = || {
        let broken = |message| Broken { tried: 0, message };
        let searched = caught(|| real::search::search(3)).map_err(broken)?;
        announce(&format!("lifecycle_search: {searched:?}"));
        // Each of three actors is in one of seven states; the farthest, Stopping and Recovering, are three steps away.
        assert_eq!((searched.states, searched.depth), (7 * 7 * 7, 3 * 3));
        // With the other two in any state: fifteen triggers, fourteen reports and one registration are accepted.
        assert_eq!(searched.accepted, 3 * 49 * (15 + 14 + 1));
        assert_eq!(searched.accepted + searched.refused, 343 * 3 * (11 + 49 + 1));
        Ok(searched.accepted + searched.refused)
    };
    expect_pass("lifecycle_search", test, "calls", vec![Scenario::new("three_actors", search)]);
}

/// LC-1: the outcome of every trigger in every state, refusals included, is the committed one; and both tables, the real
/// one and the model's, are the same for every trigger and for every pair of states.
///
/// Engine: law
#[test]
fn the_table_of_transitions_is_the_committed_one() {
    real::table::compare();
    let (committed, real) = (include_str!("lifecycle_table.txt"), real::table::text());
    assert_eq!(real.lines().count(), 7 * 11);
    let kept = artifacts().join("lifecycle_table.txt");
    let wrote = std::fs::write(&kept, &real);
    let differs = committed.lines().zip(real.lines()).find(|(committed, real)| committed != real);
    assert_eq!(
        differs,
        None,
        "left: the committed line and the real one, see {} ({wrote:?})",
        kept.display()
    );
    assert_eq!(committed.lines().count(), real.lines().count(), "see {}", kept.display());
}

//! What Byzantine members can do, and what they cannot.

use alys_engines::sequential::{announce, is_deep};
use alys_engines::sources;
use alys_engines::violation::caught;
use alys_governance_properties::real::{coalitions, game};
use alys_governance_properties::table::{MARKS, table};

/// GV-1, GV-3..GV-7: four members, the last of them Byzantine, with ideal signatures: all that they can sign, in every order,
/// closed at every moment; the outcome follows from the set of votes alone, and no two nodes ever hold certificates for
/// opposite choices.
///
/// Engine: exhaustive
#[test]
fn one_of_four_decides_nothing_alone() {
    let settings: &[([u64; 4], (u64, u64), u64)] = &[([1; 4], (2, 3), 3), ([2, 3, 4, 2], (2, 3), 6)];
    for (weights, threshold, quorum) in settings {
        let played = game::play(*weights, *threshold, *quorum).unwrap_or_else(|broken| panic!("{broken}"));
        announce(&format!("governance_game: {weights:?} at {threshold:?}: {played:?}"));
        assert_eq!(played.worlds, 64 * 8);
        assert_eq!(played.outcomes.len(), 3, "every outcome is met: {played:?}");
        assert!(played.certificates > 0 && played.equivocations > 0, "{played:?}");
    }
    // Where two of four pass, one that signs both makes two certificates of two that disagree.
    let attacked = game::play([1; 4], (1, 4), 3).expect_err("a threshold of a quarter is too low");
    assert_eq!(attacked.rule, "GV-6", "{attacked}");
}

/// GV-4: batches, cut anywhere, with any of their votes wrong, come to what their votes come to one by one.
///
/// Engine: exhaustive
#[test]
fn batches_come_to_what_single_votes_do() {
    let tried = game::batches().unwrap_or_else(|broken| panic!("{broken}"));
    assert_eq!(tried, 2 * 64 * 7);
}

/// GV-6, GV-7: passing alone, blocking alone and opposite certificates are possible exactly where the rule says, for every
/// coalition of small registries at thresholds over the whole range, and for drawn ones of up to 15 members; where they
/// are possible the attack is carried out.
///
/// Engine: exhaustive
#[test]
fn coalitions_can_do_exactly_what_their_weight_allows() {
    let drawn = if is_deep() { 100_000 } else { 4_000 };
    caught(|| coalitions::hold_all(drawn)).unwrap_or_else(|broken| panic!("{broken}"));
}

/// GV-6: the table in docs/governance.md is what comes of trying.
///
/// Engine: exhaustive
#[test]
fn the_table_of_the_docs_is_what_comes_of_trying() {
    let page = sources::read("docs/governance.md");
    let [begin, end] = MARKS;
    let table_of_page = page.split_once(begin).and_then(|(_, rest)| rest.split_once(end)).map(|(it, _)| it);
    let table = table();
    assert_eq!(table_of_page, Some(table.as_str()), "docs/governance.md wants this table:\n{table}");
}

//! The kit's lists are kept by hand: a clause that one of them leaves out would be judged by nobody.

use std::collections::BTreeSet;

use alys_conformance::{
    chain::chain_clauses,
    clause::{Clause, mailbox_clauses},
    supervisor::supervisor_clauses,
    sync::sync_clauses,
    tracker::tracker_clauses,
};
use alys_properties::sources;

const SRC: &str = "properties/conformance/src";

/// The names of clauses that stand in quotes in a text, in their order.
fn quoted(text: &str) -> Vec<&str> {
    let words = text.split('"').skip(1).step_by(2);
    words
        .filter(|word| {
            ["ch_", "mb_", "ot_", "sv_", "sy_", "wr_"].iter().any(|family| word.starts_with(family))
        })
        .collect()
}

/// The macro of this name and what it makes.
fn made_by<'a>(source: &'a str, name: &str) -> &'a str {
    let head = format!("macro_rules! {name} {{");
    let (_, rest) = source.split_once(&head).expect("a macro of this name");
    rest.split_once("\n}\n").expect("the end of the macro").0
}

fn names<'a>(clauses: impl IntoIterator<Item = &'static Clause>) -> Vec<&'a str> {
    clauses.into_iter().map(|clause| clause.name).collect()
}

/// MB-1 to MB-13, OT-1 to OT-4, SV-1 to SV-10, CH-1 to CH-8, SY-1 to SY-10, WR-5: each macro makes one test of each clause of its list, in the list's order, under
/// the clause's own name.
///
/// Engine: sequential
#[test]
fn the_macros_make_one_test_of_each_clause() {
    let source = ["macros.rs", "chain/macros.rs", "sync/macros.rs"]
        .map(|file| sources::read(&format!("{SRC}/{file}")))
        .concat();
    let lists = [
        ("mailbox_tests", names(mailbox_clauses().iter().map(|clause| clause.clause))),
        ("supervisor_tests", names(supervisor_clauses().iter().map(|clause| clause.clause))),
        ("tracker_tests", names(tracker_clauses())),
        ("chain_store_tests", names(chain_clauses().iter().map(|clause| clause.clause))),
        ("sync_tests", names(sync_clauses().iter().map(|clause| clause.clause))),
    ];
    for (name, listed) in lists {
        let made = made_by(&source, name);
        assert!(!listed.is_empty());
        assert_eq!(quoted(made), listed, "{name}");
        let functions = made.match_indices("fn ").map(|(at, _)| &made[at + 3..]);
        let functions: Vec<_> =
            functions.filter_map(|rest| rest.split_once("()")).map(|(name, _)| name).collect();
        assert_eq!(functions, [&["some_rule_applies"][..], &listed].concat(), "{name}");
    }
}

/// MB-1 to MB-13, OT-1 to OT-4, SV-1 to SV-10, CH-1 to CH-8, SY-1 to SY-10, WR-5: every clause that is written down is in the list of its family, once.
///
/// Engine: sequential
#[test]
fn every_clause_is_in_a_list() {
    let written = ["clause.rs", "supervisor/clauses.rs", "chain/clauses.rs", "sync/clauses.rs"];
    let written = written.map(|file| sources::read(&format!("{SRC}/{file}")));
    let written: Vec<_> = written.iter().flat_map(|text| quoted(text)).collect();
    let listed = [
        names(mailbox_clauses().iter().map(|clause| clause.clause)),
        names(supervisor_clauses().iter().map(|clause| clause.clause)),
        names(tracker_clauses()),
        names(chain_clauses().iter().map(|clause| clause.clause)),
        names(sync_clauses().iter().map(|clause| clause.clause)),
    ]
    .concat();
    let set = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(set(&written), set(&listed));
    assert_eq!(
        (written.len(), listed.len()),
        (set(&written).len(), set(&listed).len()),
        "one is there twice"
    );
}

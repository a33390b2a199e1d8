//! The parsers and the table, on samples.

use super::*;
use crate::sequential::Kill;
use crate::sources::SourceFile;

fn sample() -> Vec<PropertyEntry> {
    let text = "\
/// Keeps the bound: MB-1, and MB-5.
///
/// Engine: sequential.
#[test]
fn mailbox_keeps_its_bound() {
    let not_a_test = 1;
}

/// A helper of MB-9.
fn helper() {}

mod inner {
    #[test]
    /// OT-1..3 and `MB-12..MB-13`.
    fn all() {}
}

// #[test]
// fn commented() {}
#[test]
fn mb_2_by_name() {}
";
    let path = "properties/tests/properties/mailbox/laws.rs".to_owned();
    parse_properties(&SourceFile { path, text: text.to_owned() })
}

fn rule(id: &str) -> Rule {
    Rule { id: id.to_owned(), sentence: String::new() }
}

#[test]
fn rules_are_read_with_their_continuations() {
    let text =
        "## MB\n- MB-1 One\n  and more.\n- MB-2 Two.\n\n| x |\n- not a rule\n  nor this\n- WR-3 Three.\n";
    let rules = parse_rules(text);
    let pairs: Vec<_> = rules.iter().map(|rule| (&*rule.id, &*rule.sentence)).collect();
    assert_eq!(pairs, [("MB-1", "One and more."), ("MB-2", "Two."), ("WR-3", "Three.")]);
    assert_eq!(rules[2].family(), "WR");
}

#[test]
fn properties_are_read_with_their_rules_and_engine() {
    let found = sample();
    let paths: Vec<_> = found.iter().map(|entry| &*entry.path).collect();
    assert_eq!(
        paths,
        [
            "properties::mailbox::laws::mailbox_keeps_its_bound",
            "properties::mailbox::laws::inner::all",
            "properties::mailbox::laws::mb_2_by_name"
        ]
    );
    assert_eq!((found[0].rules.join(" "), &*found[0].engine), ("MB-1 MB-5".to_owned(), "sequential"));
    assert_eq!(found[1].rules.join(" "), "OT-1 OT-2 OT-3 MB-12 MB-13");
    assert_eq!((found[2].rules.join(" "), &*found[2].engine), ("MB-2".to_owned(), ""));
}

#[test]
fn an_unknown_rule_is_named_with_its_property() {
    let unknown = unknown_rules(&[rule("MB-1"), rule("MB-2")], &sample()[..1]);
    assert_eq!(
        unknown,
        [("properties::mailbox::laws::mailbox_keeps_its_bound".to_owned(), "MB-5".to_owned())]
    );
}

#[test]
fn only_rules_outside_of_the_scope_may_say_later() {
    let kill = Kill { cases: 4, message: "MB-1: x".to_owned(), steps: 2 };
    let kills = [("late", &["MB-1"][..], Some(kill)), ("lifo", &["MB-3"][..], None)];
    let rules = ["MB-1", "MB-3", "MB-4", "MB-5", "CH-1", "CH-2"].map(rule);
    let (text, empty) =
        table(Scope { package: "properties", rules: &["MB-1..3"] }, &rules, &sample()[..1], &kills);
    let expected = [
        "rule     | properties                             | engines    | faults (cases to find)",
        "MB-1     | mailbox::laws::mailbox_keeps_its_bound | sequential | late (4)",
        "MB-3     |                                        |            | lifo (survived)",
        "MB-5     | mailbox::laws::mailbox_keeps_its_bound | sequential | see properties",
        "MB-4, CH | later                                  | later      | later",
    ];
    assert_eq!(text.lines().collect::<Vec<_>>(), expected);
    let empty: Vec<_> = empty.iter().map(ToString::to_string).collect();
    assert_eq!(empty, ["MB-3 has no property", "MB-3 has no engine", "MB-3 has no fault that died"]);
}

#[test]
fn what_the_main_job_does_not_build_is_said_to_be_elsewhere() {
    let heavy =
        |entry: &PropertyEntry| PropertyEntry { package: "properties/p2p".to_owned(), ..entry.clone() };
    let entries: Vec<_> = sample()[..1].iter().map(heavy).collect();
    let scope = Scope { package: "properties", rules: &["MB-1"] };
    let (text, empty) = table(scope, &[rule("MB-5")], &entries, &[]);
    assert!(text.contains("see properties/p2p, in --workspace"), "{text}");
    assert!(empty.is_empty(), "{empty:?}");
}

#[test]
fn a_scope_has_families_rules_and_ranges() {
    let scope = Scope { package: "properties/any", rules: &["MB", "CL-3", "WR-1..4"] };
    let inside = ["MB-1", "MB-99", "CL-3", "WR-1", "WR-4"].map(rule);
    let outside = ["CL-1", "CL-33", "WR-5", "CH-1"].map(rule);
    assert!(inside.iter().all(|one| scope.has(one)) && !outside.iter().any(|one| scope.has(one)));
}

//! The patching of a small source.

use crate::{Fault, Kind, Overlap, patch, without_tests};

const SOURCE: &str =
    "fn push(&mut self) {\n    self.len += 1;\n    if self.len > self.cap { self.evict(); }\n}\n";

const fn fault(id: &'static str, kind: Kind, original: &'static str, faulty: &'static str) -> Fault<()> {
    let (rules, file, sentence) = (&["MB-1"], "mailbox/core.rs", "a sample");
    Fault { id, rules, file, kind, original, faulty, sentence, engine: () }
}

static LATE: Fault<()> = fault("late", Kind::Expression, "self.len > self.cap", "self.len > self.cap + 1");
static NEVER: Fault<()> = fault("never", Kind::Expression, "self.len > self.cap", "false");
static FORGETS: Fault<()> = fault("forgets", Kind::Statement, "self.len += 1;", "");
static INSIDE: Fault<()> = fault("inside", Kind::Expression, "self.cap", "0");
static OFTEN: Fault<()> = fault("often", Kind::Expression, "self.len", "0");
static GONE: Fault<()> = fault("gone", Kind::Statement, "self.pop();", "");

#[test]
fn faults_become_switches_and_share_an_anchor_as_a_chain() {
    let patched = patch(SOURCE, &[(3, &LATE), (7, &FORGETS), (9, &NEVER)]).unwrap();
    let expected = "fn push(&mut self) {
    if crate::planted::is(7 /* forgets */) {  } else { self.len += 1; }
    if (if crate::planted::is(3 /* late */) { self.len > self.cap + 1 } \
else if crate::planted::is(9 /* never */) { false } else { self.len > self.cap }) { self.evict(); }
}
";
    assert_eq!(patched.text, expected);
    assert!(patched.stale.is_empty());
}

#[test]
fn an_anchor_that_is_gone_or_ambiguous_is_left_out_and_listed() {
    let patched = patch(SOURCE, &[(0, &GONE), (1, &OFTEN)]).unwrap();
    assert_eq!((patched.text.as_str(), patched.stale), (SOURCE, vec![("gone", 0), ("often", 2)]));
}

#[test]
fn overlapping_anchors_are_refused_by_name() {
    let overlap = patch(SOURCE, &[(0, &LATE), (1, &INSIDE)]).unwrap_err();
    assert_eq!(overlap, Overlap("late", "inside"));
    assert!(overlap.to_string().contains("`late` and `inside`"), "{overlap}");
}

#[test]
fn the_twin_has_neither_unit_tests_nor_examples_but_every_line() {
    let source = "//! Head.\n/// Doc.\nfn f() {} // why\n//// no doc\n#[cfg(test)]\nmod tests;\n";
    let expected = "\n\nfn f() {} // why\n//// no doc\n#[cfg(any())]\nmod tests;\n";
    assert_eq!(without_tests(source), expected);
}

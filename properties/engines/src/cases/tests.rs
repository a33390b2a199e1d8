//! Files of cases: what is read is what was written, and what is no case says where.

use std::path::Path;

use super::*;

fn example() -> Case<(usize, String), Vec<u8>> {
    Case {
        form: FORM,
        versions: vec![("alys-engines".to_owned(), "0.1.0".to_owned())],
        suite: "toy".to_owned(),
        rule: Some("MB-1".to_owned()),
        message: "MB-1: too \"long\"".to_owned(),
        expected: Expected::BrokenBy("a_fault".to_owned()),
        witness: Some(Witness { step: 1, what: "len".to_owned(), model: "1".to_owned() }),
        parameters: (3, "here".to_owned()),
        transitions: vec![vec![1], vec![2, 3]],
        branches: Vec::new(),
        schedule: None,
    }
}

fn parsed(text: &str) -> Result<Case<(usize, String), Vec<u8>>, String> {
    parse(Path::new("cases/toy/one.ron"), text, "toy").map_err(|error| error.to_string())
}

#[test]
fn a_case_is_read_as_it_was_written() {
    let text = text(&example()).unwrap();
    assert!(text.contains("\n    transitions: [\n        [1],\n        [2, 3],\n    ],\n"), "{text}");
    assert_eq!(parsed(&text), Ok(example()));
}

#[test]
fn what_is_no_case_says_where_and_what_is_allowed() {
    let good = text(&example()).unwrap();
    let refused = |from: &str, to: &str| parsed(&good.replacen(from, to, 1)).unwrap_err();
    assert_eq!(refused("form: 2", "form: 1"), "cases/toy/one.ron: form 1, allowed is 2");
    assert_eq!(
        refused("\"toy\"", "\"tub\""),
        "cases/toy/one.ron: a case of suite `tub`, allowed here is `toy`"
    );
    let broken = refused("[1]", "[-1]");
    assert!(
        broken.starts_with("cases/toy/one.ron: ") && broken.contains("allowed is a case of this suite"),
        "{broken}"
    );
    assert!(refused("expected", "awaited").contains("awaited"));
}

#[test]
fn a_directory_that_is_not_there_has_no_cases() {
    assert!(read_all::<(usize, String), Vec<u8>>(Path::new("no/such/directory"), "toy").unwrap().is_empty());
}

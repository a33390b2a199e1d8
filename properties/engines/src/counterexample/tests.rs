//! What a counterexample tells, in text, as data and as a page.

use super::*;

fn seen(what: &str, model: &str, real: &str) -> Seen {
    Seen { what: what.to_owned(), model: model.to_owned(), real: real.to_owned(), detail: false }
}

fn step(by: &str, transition: &str, seen: Vec<Seen>) -> Step {
    Step { seen, ..Step::plain(by, None, transition.to_owned()) }
}

fn example() -> Counterexample {
    let mut last = step("bob", "Take", vec![seen("answer", "1", "2"), seen("len", "1", "0")]);
    last.failure = Some("MB-2: the answer differs: the model says 1, the real one 2".to_owned());
    Counterexample {
        suite: "toy".to_owned(),
        engine: "sequential".to_owned(),
        message: last.failure.clone().unwrap_or_default(),
        initial_state: Some("Empty <1>".to_owned()),
        steps: vec![
            step("", "the beginning", vec![seen("len", "0", "0")]),
            step("alice", "Put(1)", vec![seen("answer", "Done", "Done"), seen("len", "1", "1")]),
            step("alice", "Put(2)", vec![seen("answer", "Done", "Done"), seen("len", "2", "2")]),
            last,
        ],
        schedule: Vec::new(),
        concurrent: None,
        origin: Origin::Generated { cases: 7, seed: 5 },
        replay: "cargo test toy".to_owned(),
        stored: vec!["cases/toy.ron".to_owned()],
    }
}

const TEXT: &str = "\
from Empty <1>, shrunk to 3 transitions:
   0. the beginning
   1. Put(1)
      answer  model Done  real same
      len     model 1     real same
   2. Put(2)
      len  model 2  real same
   3. Take
   >> answer  model 1  real 2
      len     model 1  real 0
       alice    bob
   1.    ●───────│────▶ Put(1)
         ◀╌╌╌╌╌╌╌│╌╌╌╌  Done
   2.    ●───────│────▶ Put(2)
         ◀╌╌╌╌╌╌╌│╌╌╌╌  Done
   3.    │       ●────▶ Take
         │       ◀╌╌╌╌  2
replay: cargo test toy
stored: cases/toy.ron
";

#[test]
fn the_text_shows_both_sides_the_first_difference_and_who_did_it() {
    let text = example().to_string();
    let (head, rest) = text.split_at(text.find("from ").unwrap());
    assert!(
        head.starts_with(
            "suite `toy`: counterexample in generated case 7 of seed 5\nMB-2: the answer differs"
        ),
        "{head}"
    );
    assert!(head.contains("\nrule MB-2: Under `Strict` the next delivered message"), "{head}");
    assert_eq!(rest, TEXT);
}

#[test]
fn the_page_is_self_contained_and_marks_one_first_difference() {
    let page = example().page();
    assert_eq!(page.matches("<tr class=\"first\">").count(), 1, "{page}");
    assert_eq!(page.matches("data-panel=").count(), 4);
    assert!(page.contains("Empty &lt;1&gt;") && !page.contains("Empty <1>"));
    for outside in ["http://", "https://", "src=", "@import", "url(h"] {
        assert!(!page.contains(outside), "the page asks for {outside}");
    }
}

#[test]
fn a_history_shows_its_calls_and_where_no_order_goes_on() {
    let call =
        |thread, call: &str, invoked, returned| Call { thread, call: call.to_owned(), invoked, returned };
    let concurrent = Concurrent {
        calls: vec![
            call(0, "Write(1)", 0, Some((1, "()".to_owned()))),
            call(1, "Read", 2, Some((3, "0".to_owned()))),
        ],
        longest: vec![0],
        refused: vec!["1: Read was told 0".to_owned()],
    };
    let schedule = vec!["thread 0".to_owned()];
    let found = Counterexample { concurrent: Some(concurrent), schedule, ..example() };
    let text = found.to_string();
    assert!(
        text.contains("schedule    1: thread 0\nhistory:\n   0. thread 0 ├┤    Write(1) → ()\n"),
        "{text}"
    );
    assert!(text.contains("   1. thread 1   ├┤  Read → 0\n"), "{text}");
    assert!(
        text.contains("the longest order that the model follows: [0]\n  then not 1: Read was told 0\n"),
        "{text}"
    );
    assert!(found.page().contains("<rect") && found.page().contains("class=\"bar bad\""));
}

#[test]
fn the_files_are_a_page_and_data() {
    let directory = crate::coverage::artifacts().join("counterexamples-of-a-unit-test");
    let written = example().write_to(directory.clone()).unwrap();
    let json: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&written.json).unwrap()).unwrap();
    assert_eq!(json["rule"], "MB-2");
    assert_eq!(json["steps"][3]["seen"][0]["real"], "2");
    assert_eq!(std::fs::read_to_string(&written.page).unwrap(), example().page());
    std::fs::remove_dir_all(directory).unwrap();
}

#[test]
fn messages_between_participants_end_where_they_arrive() {
    let step = |by, to, what: &str| Step::plain(by, Some(to), what.to_owned());
    let steps = [step("a", "bb", "asks"), step("bb", "a", "answers"), step("a", "a", "rests")];
    let drawn =
        "        a   bb\n   0.   ●────▶    asks\n   1.   ◀────●    answers\n   2.   ●    │    rests\n";
    assert_eq!(diagram::of_steps(&steps), drawn);
    let page = drawing::of_steps(&steps, "toy");
    assert!(page.contains("x1=\"65\" y1=\"52\" x2=\"195\""), "{page}");
}

//! Counts, and the report made of them, on the labels of a door.

use super::*;
use crate::sequential::{RunReport, Suite};

#[derive(Debug)]
struct Door;

impl Labels for Door {
    const KINDS: &'static [&'static str] = &["open", "close"];
    const CLASSES: &'static [&'static str] = &["ajar", "shut"];
    const OUTCOMES: &'static [&'static str] = &["done", "refused"];
    const SITUATIONS: &'static [Situation] =
        &[Situation { name: "slammed", minimum: 2 }, Situation { name: "squeaked", minimum: 0 }];
}

const TABLE: [&str; 5] = [
    "              | ajar | shut",
    "open  done    |    0 |    2",
    "open  refused |    1 |    0",
    "slammed       |    1 of at least 2",
    "squeaked      |    0",
];

#[test]
fn counts_come_back_as_a_table() {
    drop(take::<Door>());
    record::<Door>(0, 1, 0);
    record::<Door>(0, 1, 0);
    record::<Door>(0, 0, 1);
    reached::<Door>(0);
    let report = take::<Door>();
    assert_eq!(report.count(0, 1, 0), 2);
    assert_eq!(report.table().lines().collect::<Vec<_>>(), TABLE);
    let missed = report.check().unwrap_err();
    assert_eq!(missed.to_string(), "situations not reached: slammed (1 of at least 2)");
    assert_eq!(take::<Door>().transitions(), 0, "taken means taken");
}

#[test]
fn reports_of_several_threads_add_up() {
    drop(take::<Door>());
    reached::<Door>(0);
    record::<Door>(1, 0, 0);
    let other = std::thread::spawn(|| {
        reached::<Door>(0);
        take::<Door>()
    });
    let mut report = take::<Door>();
    report.merge(&other.join().unwrap());
    assert_eq!(report.check(), Ok(()));
    assert_eq!(report.situation(0), 2);
}

#[test]
fn a_suite_that_recorded_nothing_is_vacuous() {
    drop(take::<Door>());
    assert_eq!(take::<Door>().check(), Err(Missed::Nothing));
}

#[test]
#[should_panic(expected = "no label for kind 0, class 2, outcome 0")]
fn an_unknown_label_is_refused() {
    record::<Door>(0, 2, 0);
}

const SUITE: Suite = Suite { name: "door", test_path: "none", cases: 3, transitions: 1..=9 };

/// What a run of the door came to: three transitions, one situation that was missed.
fn covered() -> SuiteCoverage {
    drop(take::<Door>());
    record::<Door>(0, 1, 0);
    record::<Door>(0, 1, 0);
    record::<Door>(0, 0, 1);
    reached::<Door>(0);
    let elapsed = crate::measure::Stopwatch::start().elapsed();
    let run =
        RunReport { suite: "door", cases: 2, replayed: 0, cases_held: 0, transitions: 3, seed: 5, elapsed };
    let sample = Sample { cases: 2, transitions: 3, lengths: vec![0, 1, 1], growth: vec![1, 2] };
    SuiteCoverage::new(&SUITE, &run, &take::<Door>(), sample)
}

#[test]
fn a_suite_is_written_down_and_read_again() {
    let covered = covered();
    let text = serde_json::to_string(&covered).unwrap();
    assert_eq!(serde_json::from_str::<SuiteCoverage>(&text).unwrap(), covered);
    assert_eq!((covered.transitions, covered.whole, covered.count("open", 1)), (3, false, 2));
    assert_eq!((covered.required(), covered.cells(), covered.sample.states()), ((0, 1), (2, 4), Some(2)));
    assert_eq!(covered.rows[1].counts, [1, 0]);
}

const SUMMARY: &str = "\
door | 2 cases, 3 transitions | situations 0 of 1 | cells 2 of 4, 2 states in the first 2 cases (earlier run)
  missed: slammed (1 of at least 2)
";

#[test]
fn the_summary_names_what_was_missed() {
    let entry = Entry { coverage: covered(), fresh: false };
    assert_eq!(summary(&[entry]), SUMMARY);
}

#[test]
fn the_page_shows_everything_and_needs_nothing() {
    let mut odd = covered();
    odd.suite = "a<b>".to_owned();
    let [one, other] = [covered(), odd].map(|coverage| Entry { coverage, fresh: true });
    let page = page(&[one, other]);
    for text in
        ["id=\"door\"", "a&lt;b&gt;", "slammed", "&#10007; missed", "squeaked", "counted", "0 of 2</b>"]
    {
        assert!(page.contains(text), "no `{text}`");
    }
    assert!(page.contains("title=\"open in 'shut': 2&#10;done: 2\">2</td>"), "no outcomes in {page}");
    for resource in ["http", "src=", "<script", "<b>>", "@import", "url("] {
        assert!(!page.contains(resource), "`{resource}` in the page");
    }
    assert_eq!(page.matches("<section").count(), 2);
    assert_eq!(page.matches("class=\"never\"").count(), 2 * 2);
}

#[test]
fn a_report_grows_by_every_suite_and_keeps_what_others_left() {
    let directory = artifacts().join(format!("coverage-of-a-unit-test-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let mut left = covered();
    left.suite = "left".to_owned();
    std::fs::write(directory.join("left-coverage.json"), serde_json::to_string(&left).unwrap()).unwrap();
    std::fs::write(directory.join("odd-coverage.json"), "{}").unwrap();
    let path = publish(covered(), &directory).unwrap();
    let page = std::fs::read_to_string(path).unwrap();
    assert!(page.contains("id=\"door\"") && page.contains("id=\"left\"") && !page.contains("odd"));
    let text = std::fs::read_to_string(directory.join("coverage.txt")).unwrap();
    assert!(text.contains("left | 2 cases") && text.matches("(earlier run)").count() == 1, "{text}");
    let json = std::fs::read_to_string(directory.join("coverage.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["suites"][0]["suite"], "door");
    assert_eq!(json["of_earlier_runs"][0]["situations"][0]["count"], 1);
    std::fs::remove_dir_all(directory).unwrap();
}

#[test]
fn neighbouring_lengths_share_a_bar() {
    let svg = chart::bars(&[0; 81].map(|none: u64| none + 1));
    assert!(svg.contains("<title>1 to 4 transitions: 5 cases</title>"), "{svg}");
    assert!(svg.contains("<title>77 to 80 transitions: 4 cases</title>"), "{svg}");
    assert_eq!((svg.matches("<rect").count(), chart::bars(&[]).matches("<rect").count()), (20, 0));
}

#[test]
fn numbers_are_readable() {
    let of = |number| (page::grouped(number), page::brief(number));
    let both = |one: &str, other: &str| (one.to_owned(), other.to_owned());
    assert_eq!(of(0), both("0", "0"));
    assert_eq!(of(999), both("999", "999"));
    assert_eq!(of(1_000), both("1,000", "1.0k"));
    assert_eq!(of(12_345), both("12,345", "12k"));
    assert_eq!(of(3_456_789), both("3,456,789", "3.4M"));
}

//! Reports: what a run comes to, its exit code, and what build servers and trends are told.

use super::super::{
    alys::{
        LineCoverage,
        MigrationPhase::{ActorCore, Foundation},
        Outcome::{self, Failed, Passed, Skipped, TimedOut},
        Recorded, Report, RunWriter, TestMetrics, junit, trend,
    },
    made::{check, config, figures, folder, identity, phase, recorded, result},
};

pub(super) fn all() {
    let recorded = recorded("reports");
    worst(&recorded);
    exit_codes(&recorded);
    xml(&recorded);
    trends();
}

fn report(recorded: &Recorded, change: impl FnOnce(&mut Recorded)) -> Report {
    let mut changed = recorded.clone();
    change(&mut changed);
    Report::of(&changed)
}

/// A run comes to the worst of its phases; one of which nothing ran is skipped.
fn worst(recorded: &Recorded) {
    let whole = Report::of(recorded);
    assert_eq!((whole.outcome, whole.seed, whole.differences.len()), (Passed, 2026, 0));
    assert_eq!(whole.results().count(), 2);
    assert_eq!(report(recorded, |run| run.phases.clear()).outcome, Skipped);
    let timed_out = |run: &mut Recorded| {
        let (measurement, outcome) = run.tests[0].measured.as_mut().expect("it was measured");
        (measurement.timed_out, *outcome) = (true, TimedOut);
    };
    assert_eq!(report(recorded, timed_out).outcome, TimedOut);
    let both = |run: &mut Recorded| {
        timed_out(run);
        run.tests[1].phase = ActorCore;
        run.tests[1].events.clear();
        run.phases.insert(ActorCore, (Failed, std::time::Duration::ZERO));
    };
    assert_eq!(report(recorded, both).outcome, Failed, "whichever phase it was");
}

/// 0 when all passed, 1 when something failed or the record differs from its replay, 3 when something required is missing.
fn exit_codes(recorded: &Recorded) {
    let whole = Report::of(recorded);
    assert_eq!(whole.exit_code(&[]), 0);
    for (outcome, code) in [(Failed, 1), (TimedOut, 1), (Passed, 0), (Skipped, 0)] {
        assert_eq!(Report { outcome, ..whole.clone() }.exit_code(&[]), code, "{outcome:?}");
    }
    let lines = |lines| Report { lines: Some(lines), ..whole.clone() }.exit_code(&[]);
    assert_eq!(lines(LineCoverage::Failed("1".to_owned())), 1);
    assert_eq!(lines(LineCoverage::Skipped("no tool".to_owned())), 0);
    assert_eq!(report(recorded, |run| run.tests[0].seed += 1).exit_code(&[]), 1, "the record differs");
    let mut missing = whole.clone();
    missing.phases[0].results.push(result("another", Foundation, Skipped));
    assert_eq!((missing.exit_code(&[]), missing.skipped(&[])), (3, vec![Foundation]));
    assert_eq!((missing.exit_code(&[ActorCore]), missing.exit_code(&[Foundation])), (3, 0));
    assert_eq!(Report { outcome: Failed, ..missing.clone() }.exit_code(&[]), 1, "what failed comes first");
    let skipped = &mut missing.phases[0].results[2].skip;
    skipped.as_mut().expect("it is skipped").required = false;
    assert_eq!(missing.exit_code(&[]), 0);
}

/// XML has a case for each test with its outcome, and one for what the validators found.
fn xml(recorded: &Recorded) {
    let mut report = Report::of(recorded);
    for outcome in [Failed, TimedOut, Skipped] {
        report.phases[0].results.push(result(&format!("{outcome:?}"), Foundation, outcome));
    }
    report.phases[0].violations.push(check(false));
    let xml = junit(&report).expect("XML");
    let count = |words: &str| xml.matches(words).count();
    assert_eq!((count("<testcase "), count("<failure "), count("<error "), count("<skipped ")), (6, 2, 1, 1));
    assert!(xml.contains(r#"<testcase name="Failed" classname="foundation.framework""#), "{xml}");
    assert_eq!(count("MB-7: messages received: 2, where 3 is allowed"), 4, "message and description of two");
    assert_eq!(count("replay: again"), 2);
    assert!(
        xml.contains("it is missing") && xml.contains(r#"<property name="seed" value="2026"/>"#),
        "{xml}"
    );
}

/// A trend has the newest fifty runs that can be read, the oldest first.
fn trends() {
    let data = folder("trends");
    let run = |outcome: Outcome, speed: f64| {
        let mut writer = RunWriter::create(&data, &identity(&config(&data)), None).expect("a folder");
        let results = vec![
            figures("one", outcome, &[("speed", speed)]),
            result("two", Foundation, Failed),
            result("three", Foundation, Skipped),
        ];
        writer.phase(&phase(Foundation, Failed, results)).expect("a folder");
        writer.end(&TestMetrics::default()).expect("a folder")
    };
    for number in 0..52_u32 {
        run(if number % 2 == 0 { Passed } else { TimedOut }, number.into());
    }
    std::fs::write(data.join("runs/000010/events.jsonl"), "nothing").expect("a file");
    let (points, unreadable) = trend(&data).expect("a folder of runs");
    let numbers: Vec<_> = points.iter().map(|point| point.run).collect();
    assert_eq!(numbers, (3..=52).filter(|number| *number != 10).collect::<Vec<_>>());
    assert_eq!(unreadable.len(), 1);
    for point in points {
        let even = (point.run - 1).is_multiple_of(2);
        let expected = if even { (1, 1, 1) } else { (0, 2, 1) };
        assert_eq!((point.passed, point.failed, point.skipped), expected, "run {}", point.run);
        assert!((point.tests_ms - 2.0).abs() < 1e-9);
        assert_eq!(point.figures["one: speed"], (point.run - 1) as f64);
    }
}

//! Suites as tests.

use proptest_state_machine::StateMachineTest;

use super::{Persistence, RunReport, Seed, Stopped, Suite, announce, run, shown};
use crate::{
    cases::Stored,
    counterexample::Counterexample,
    coverage::{self, CoverageReport, Labels, Sample, SuiteCoverage},
    measure::Stopwatch,
    results,
    small::Small,
};

/// Runs a suite as a test: with what is stored, a summary line, and the whole report when it fails.
///
/// The summary goes straight to standard output, so that it shows without `--nocapture`; it is written as data beside the
/// build, and so is a counterexample, with its page.
///
/// # Panics
///
/// When the suite found a counterexample, or when stored cases are stale or unreadable.
pub fn expect_pass<T: StateMachineTest>(suite: &Suite) -> RunReport
where
    T::Reference: Stored,
{
    let under_way = results::begin(suite.name);
    let report = ran::<T>(suite);
    under_way.passed(&report.to_json());
    report
}

fn ran<T: StateMachineTest>(suite: &Suite) -> RunReport
where
    T::Reference: Stored,
{
    match run::<T>(suite, Persistence::Committed, Seed::FromEnvironment) {
        Ok(report) => {
            announce(&report.to_string());
            report
        }
        Err(stopped) => match *stopped {
            Stopped::Broken(found) => fail(&found),
            other => results::refuse(suite.name, &other),
        },
    }
}

/// Writes the page of a counterexample and the result of its suite, and ends the test with the counterexample's text.
///
/// # Panics
///
/// Always: that is its purpose.
pub fn fail(found: &Counterexample) -> ! {
    results::failed(&found.suite, &found.message);
    match found.write() {
        Ok(written) => panic!("{found}page: {}\n", shown(&written.page)),
        Err(error) => panic!("{found}the page could not be written: {error}\n"),
    }
}

/// Runs a suite as [`expect_pass`] does and holds it to its coverage as well.
///
/// The counts of this thread are taken afresh, added to the report of all suites (see [`coverage::publish`]) and checked.
/// The minima of situations belong to the suite's own number of cases: a shorter run is held only to having recorded
/// something.
///
/// # Panics
///
/// When the suite found a counterexample, recorded nothing, or missed a required situation.
pub fn expect_covered<T: StateMachineTest, L: Labels>(suite: &Suite) -> RunReport
where
    T::Reference: Stored,
{
    let under_way = results::begin(suite.name);
    drop(coverage::take::<L>());
    let report = ran::<T>(suite);
    let covered = coverage::take::<L>();
    publish::<T>(suite, &report, &covered);
    hold_to_coverage(suite, &report, &covered);
    announce(&format!("{}: transitions by kind, outcome and state\n{}", suite.name, covered.table()));
    under_way.passed(&report.to_json());
    report
}

/// # Panics
///
/// When a required situation was missed, or nothing was recorded.
pub(super) fn hold_to_coverage(suite: &Suite, report: &RunReport, covered: &CoverageReport) {
    let verdict = if report.cases < suite.cases { covered.check_recorded() } else { covered.check() };
    if let Err(missed) = verdict {
        results::refuse(suite.name, &format!("it is not worth its name: {missed}\n{}", covered.table()));
    }
}

/// Adds a suite to the report of all, and says where it is.
fn publish<T: StateMachineTest>(suite: &Suite, run: &RunReport, covered: &CoverageReport)
where
    T::Reference: Small,
{
    let watch = Stopwatch::start();
    let sample = Sample::of::<T>(suite, run);
    let (cases, states) = (sample.cases, sample.states().unwrap_or(0));
    let seconds = watch.elapsed().as_secs_f64();
    announce(&format!(
        "{}: {states} states of the model in the first {cases} cases, {seconds:.2} s",
        suite.name
    ));
    let published =
        coverage::publish(SuiteCoverage::new(suite, run, covered, sample), &coverage::artifacts());
    match published {
        Ok(page) => announce(&format!("{}: in the report {}", suite.name, shown(&page))),
        Err(error) => announce(&format!("{}: the coverage report could not be written: {error}", suite.name)),
    }
}

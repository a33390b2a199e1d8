//! Lines for people. A reader that has gone away must not fail a run that passed.

use std::{
    fs,
    io::{Write as _, stderr, stdout},
    path::{Path, PathBuf},
    time::Duration,
};

use alys_test_framework::{
    ChaosReport, FrameworkError, LineCoverage, Outcome, PropertyCoverage, Report, html, junit,
};
use clap::Args;

/// Says a line on standard output.
pub(super) fn say(line: &str) {
    let _ = writeln!(stdout().lock(), "{line}");
}

/// Says a line on standard error.
pub(super) fn complain(line: &str) {
    let _ = writeln!(stderr().lock(), "{line}");
}

/// Where the report is written, beside the folder of the run.
#[derive(Debug, Args)]
pub(super) struct Files {
    /// Writes the report as JUnit XML.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Writes the report as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Writes the report as one HTML page.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

impl Files {
    /// Writes those that were asked for.
    pub(super) fn write(&self, report: &Report) -> Result<(), FrameworkError> {
        if let Some(path) = &self.junit {
            write(path, &junit(report)?)?;
        }
        if let Some(path) = &self.json {
            write(path, &report.to_json()?)?;
        }
        if let Some(path) = &self.html {
            write(path, &html(report))?;
        }
        Ok(())
    }
}

/// Writes all forms of the report into a folder.
pub(super) fn write_all(directory: &Path, report: &Report) -> Result<(), FrameworkError> {
    write(&directory.join("report.json"), &report.to_json()?)?;
    write(&directory.join("report.html"), &html(report))?;
    write(&directory.join("junit.xml"), &junit(report)?)
}

pub(super) fn write(path: &Path, text: &str) -> Result<(), FrameworkError> {
    fs::write(path, text).map_err(|error| FrameworkError::File { path: path.to_owned(), error })
}

/// Says what a run came to: each failure with its checks and its replay, then the phases.
pub(super) fn summary(report: &Report) {
    for result in
        report.results().filter(|result| matches!(result.outcome, Outcome::Failed | Outcome::TimedOut))
    {
        say(&format!("\n{} {}", word(result.outcome), result.test_name));
        for check in result.violations() {
            say(&format!("  {check}"));
        }
        if let Some(shortest) = &result.shortest {
            say(&format!("  the shortest way to it:\n{}", indented(&shortest.text)));
        }
        say(&format!("  replay: {}", result.replay));
    }
    say("");
    for phase in &report.phases {
        let count = |outcome| phase.results.iter().filter(|result| result.outcome == outcome).count();
        let (passed, skipped) = (count(Outcome::Passed), count(Outcome::Skipped));
        let (failed, seconds) = (phase.results.len() - passed - skipped, phase.duration.as_secs_f64());
        let name = phase.phase.name();
        let word = word(phase.outcome);
        say(&format!(
            "{word:<9} {name:<24} {passed} passed, {failed} failed, {skipped} skipped, {seconds:.2} s"
        ));
        for violation in &phase.violations {
            say(&format!("  {violation}"));
        }
        let reasons = phase.results.iter().filter_map(|result| result.skip.as_ref()).map(|skip| &skip.reason);
        for reason in reasons.collect::<std::collections::BTreeSet<_>>() {
            say(&format!("  skipped: {reason}"));
        }
    }
    if let Some(chaos) = &report.chaos {
        told(chaos);
    }
    match &report.lines {
        Some(LineCoverage::Skipped(why)) => say(&format!("skipped   line coverage: {why}")),
        Some(LineCoverage::Failed(how)) => {
            say(&format!("FAILED    line coverage: the suites ended with {how}"))
        }
        Some(lines @ LineCoverage::Measured { lcov, lines: all, hit }) => say(&format!(
            "measured  line coverage: {hit} of {all} lines, {:.1} %: {}",
            lines.percent().unwrap_or_default(),
            lcov.display()
        )),
        None => (),
    }
    for difference in &report.differences {
        say(&format!("record and verdict differ: {difference}"));
    }
}

/// Says what a chaos run came to, step by step.
pub(super) fn told(chaos: &ChaosReport) {
    let ChaosReport { attempted, effective, recoveries, .. } = chaos;
    let word = if chaos.holds() { "passed" } else { "FAILED" };
    let availability =
        chaos.availability_permille().map_or_else(|| "none".to_owned(), |share| format!("{share} of 1000"));
    say(&format!(
        "{word:<9} {:<24} {attempted} attempted, {effective} effective, {recoveries} recovered, availability {availability}",
        "chaos"
    ));
    for one in &chaos.injections {
        let note = one.note.as_deref().map(|note| format!(": {note}")).unwrap_or_default();
        let slowest = one.recover_ns.iter().max();
        let slowest =
            slowest.map(|&ns| format!(", at most {:?}", Duration::from_nanos(ns))).unwrap_or_default();
        say(&format!(
            "  {:<18} {} attempted, {} effective, {} recovered{slowest}{note}",
            one.strategy, one.attempted, one.effective, one.recovered
        ));
    }
    if let Some(failure) = &chaos.failure {
        say(&format!("  it did not come to its end: {failure}"));
    }
}

/// What the suites of properties have left in the target directory of the project that this is run in.
pub(super) fn coverage() -> Result<Option<PropertyCoverage>, FrameworkError> {
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    PropertyCoverage::read(&Path::new(&target).join("properties"))
}

/// Returns the word for an outcome.
pub(super) fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "passed",
        Outcome::Failed => "FAILED",
        Outcome::TimedOut => "TIMED OUT",
        Outcome::Skipped => "skipped",
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}

//! The report as JUnit XML, for build servers.

use quick_junit::{NonSuccessKind, Report as Xml, TestCase, TestCaseStatus, TestSuite};

use super::Report;
use crate::{
    error::{FrameworkError, Result},
    result::{Outcome, TestResult},
};

/// Returns a report as JUnit XML: a suite for each phase, and a case for each test.
///
/// # Errors
///
/// * [`FrameworkError::Junit`] when a text cannot be written as XML.
pub fn junit(report: &Report) -> Result<String> {
    let mut xml = Xml::new("alys-test");
    for phase in &report.phases {
        let mut suite = TestSuite::new(phase.phase.name());
        suite.set_time(phase.duration);
        suite.add_property(("seed", report.seed.to_string().as_str()));
        suite.add_test_cases(phase.results.iter().map(case));
        if !phase.violations.is_empty() {
            suite.add_test_case(violations(phase));
        }
        xml.add_test_suite(suite);
    }
    xml.to_string().map_err(|error| FrameworkError::Junit(error.to_string()))
}

fn case(result: &TestResult) -> TestCase {
    let mut case = TestCase::new(result.test_name.as_str(), status(result));
    case.set_classname(format!("{}.{}", result.phase, result.category));
    case.set_time(result.duration());
    case
}

fn status(result: &TestResult) -> TestCaseStatus {
    let violations: Vec<_> = result.violations().map(ToString::to_string).collect();
    match result.outcome {
        Outcome::Passed => TestCaseStatus::success(),
        Outcome::Skipped => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(result.skip.as_ref().map_or("", |skip| skip.reason.as_str()));
            status
        }
        Outcome::Failed => failure(NonSuccessKind::Failure, &violations, result),
        Outcome::TimedOut => failure(NonSuccessKind::Error, &["it exceeded its deadline".to_owned()], result),
    }
}

fn failure(kind: NonSuccessKind, words: &[String], result: &TestResult) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_message(words.first().map_or("", String::as_str));
    let shortest = result.shortest.as_ref().map_or("", |shortest| shortest.text.as_str());
    status.set_description(format!("{}\nreplay: {}\n{shortest}", words.join("\n"), result.replay));
    status
}

/// What the validators found, as a case of its own: a phase may fail although each of its tests passed.
fn violations(phase: &crate::result::ValidationResult) -> TestCase {
    let words: Vec<_> = phase.violations.iter().map(ToString::to_string).collect();
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(words[0].as_str());
    status.set_description(words.join("\n"));
    let mut case = TestCase::new("validators", status);
    case.set_classname(phase.phase.name());
    case
}

//! What a run came to, at one glance, and what of it did not pass.

use maud::{Markup, html};

use super::{super::Report, phases, show};
use crate::result::{Outcome, TestResult};

/// The head of the page.
pub(super) fn header(report: &Report) -> Markup {
    let execution = &report.metrics.execution;
    html! {
        header class=(show::outcome_id(report.outcome)) {
            div.head {
                p.soft { "Alys test run, version " (report.version) }
                h1 { (show::pill(report.outcome)) " " (headline(report)) }
                (bar(report))
                dl.facts {
                    @for outcome in show::OUTCOMES {
                        div class={ "fact " (show::outcome_id(outcome)) } {
                            dt { (show::outcome_words(outcome)) }
                            dd { (show::count(number_of(report, outcome))) }
                        }
                    }
                    div.fact { dt { "time of all tests" } dd { (show::duration(execution.tests)) } }
                    div.fact { dt { "framework itself" } dd { (show::duration(execution.framework_overhead)) } }
                    div.fact { dt { "side by side" } dd { (show::count(execution.parallel_sessions)) } }
                    div.fact { dt { "seed" } dd { code { (report.seed) } } }
                }
            }
        }
    }
}

fn number_of(report: &Report, outcome: Outcome) -> u64 {
    report.metrics.outcomes.get(&outcome).copied().unwrap_or(0)
}

fn headline(report: &Report) -> String {
    let ran = report.metrics.total_tests;
    let passed = number_of(report, Outcome::Passed);
    let all: u64 = report.metrics.outcomes.values().sum();
    match report.outcome {
        Outcome::Skipped => "Nothing ran".to_owned(),
        Outcome::Passed if ran < all => {
            format!("All {ran} tests that ran have passed; {} were skipped", all - ran)
        }
        Outcome::Passed => format!("All {ran} tests have passed"),
        Outcome::Failed | Outcome::TimedOut if passed == ran => {
            format!("All {ran} tests that ran have passed, and the validators object")
        }
        Outcome::Failed | Outcome::TimedOut => {
            format!("{} of {ran} tests that ran did not pass", ran - passed)
        }
    }
}

/// How the outcomes share the tests.
fn bar(report: &Report) -> Markup {
    let shares = show::OUTCOMES.map(|outcome| (outcome, number_of(report, outcome)));
    let said: Vec<_> = shares
        .iter()
        .map(|(outcome, number)| format!("{number} {}", show::outcome_words(*outcome)))
        .collect();
    html! {
        div.bar role="img" aria-label=(said.join(", ")) {
            @for (outcome, number) in shares {
                @if number > 0 { span class=(show::outcome_id(outcome)) style={ "flex-grow:" (number) } {} }
            }
        }
    }
}

/// What did not pass, in a line each; `None` where all did.
pub(super) fn failures(report: &Report) -> Option<Markup> {
    let tests: Vec<_> = report.results().enumerate().filter(|(_, test)| did_not_pass(test)).collect();
    let violations: Vec<_> = report.phases.iter().filter(|phase| !phase.violations.is_empty()).collect();
    if tests.is_empty() && violations.is_empty() && report.differences.is_empty() {
        return None;
    }
    Some(html! {
        @if !report.differences.is_empty() {
            div.alarm {
                h3 { "The record and its replay differ" }
                ul { @for difference in &report.differences {
                    li { b { (difference.of) } ": recorded " code { (difference.recorded) } ", replayed "
                        code { (difference.replayed) } }
                } }
            }
        }
        ul.failures {
            @for (number, test) in tests {
                li {
                    (show::pill(test.outcome)) " "
                    a href={ "#" (phases::anchor(number)) } { (test.test_name) }
                    span.soft { " " (reason(test)) }
                }
            }
            @for phase in violations {
                li {
                    (show::pill(phase.outcome)) " "
                    a href={ "#phase-" (phase.phase) } { (show::phase_title(phase.phase)) }
                    span.soft { " " (show::counted(phase.violations.len(), "violation")) " of its validators" }
                }
            }
        }
    })
}

fn did_not_pass(test: &TestResult) -> bool {
    matches!(test.outcome, Outcome::Failed | Outcome::TimedOut)
}

/// Why a test did not pass, in one line.
fn reason(test: &TestResult) -> String {
    match (test.outcome, test.violations().next()) {
        (Outcome::TimedOut, _) => "it exceeded its deadline".to_owned(),
        (_, Some(check)) => check.to_string(),
        (_, None) => String::new(),
    }
}

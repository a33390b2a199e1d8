//! The phases with their tests: a row each, which opens.

use maud::{Markup, html};

use super::{super::Report, checks, failure, samples::Sorted, show};
use crate::{
    measurement::Measurement,
    result::{Outcome, TestResult, ValidationResult},
};

/// How many tests that did not pass are open from the beginning.
const OPEN: usize = 3;

/// The element of a test, by its number within the report.
pub(super) fn anchor(number: usize) -> String {
    format!("test-{number}")
}

/// The filters, and all phases.
pub(super) fn all(report: &Report) -> Markup {
    let mut number = 0;
    let mut failures = 0;
    html! {
        (filters(report))
        @for phase in &report.phases {
            section.phase id={ "phase-" (phase.phase) } data-phase=(phase.phase) {
                (heading(phase))
                @if !phase.violations.is_empty() {
                    h4 { "What its validators found" }
                    (checks::table(&phase.violations.iter().collect::<Vec<_>>()))
                }
                @for result in &phase.results {
                    (test(result, number, &mut failures, report))
                    @let () = number += 1;
                }
            }
        }
        p.none id="none" hidden { "No test is like that." }
    }
}

fn filters(report: &Report) -> Markup {
    let tests = report.results().count();
    html! {
        form.filters role="search" aria-label="Filter the tests" {
            label.text { span.hidden { "Name, category or summary contains" }
                input id="text" type="search" placeholder="Filter tests: press /" autocomplete="off" spellcheck="false"; }
            label { span.hidden { "Phase" }
                select id="phase" {
                    option value="" { "All phases" }
                    @for phase in &report.phases {
                        option value=(phase.phase) { (show::phase_title(phase.phase)) }
                    }
                } }
            fieldset {
                legend.hidden { "Outcomes" }
                @for outcome in show::OUTCOMES {
                    label class={ "chip " (show::outcome_id(outcome)) } {
                        input type="checkbox" name="outcome" value=(show::outcome_id(outcome)) checked;
                        (show::outcome_words(outcome))
                    }
                }
            }
            output id="shown" aria-live="polite" { (show::counted(tests, "test")) }
        }
    }
}

fn heading(phase: &ValidationResult) -> Markup {
    let of = |outcome| phase.results.iter().filter(|result| result.outcome == outcome).count();
    html! {
        header {
            h3 { (show::phase_title(phase.phase)) " " (show::pill(phase.outcome)) }
            p.soft {
                @for outcome in show::OUTCOMES {
                    @if of(outcome) > 0 { (show::count(of(outcome))) " " (show::outcome_words(outcome)) ", " }
                }
                "in " span.phase-time { (show::duration(phase.duration)) }
            }
        }
    }
}

/// One test. The row of a passed one is all that is laid out before it is opened.
fn test(result: &TestResult, number: usize, failures: &mut usize, report: &Report) -> Markup {
    let failed = matches!(result.outcome, Outcome::Failed | Outcome::TimedOut);
    let before = *failures;
    *failures += usize::from(failed);
    html! {
        details.test id=(anchor(number)) data-outcome=(show::outcome_id(result.outcome)) open[failed && before < OPEN] {
            summary {
                (show::pill(result.outcome))
                span.name { (result.test_name) }
                span.category { (result.category) }
                span.time { @if result.outcome != Outcome::Skipped { (show::duration(result.duration())) } }
                span.what { (result.summary) }
            }
            div.body {
                @match result.outcome {
                    Outcome::Failed | Outcome::TimedOut => (failure::body(result, before, report)),
                    Outcome::Skipped => (skipped(result)),
                    Outcome::Passed => (passed(result)),
                }
            }
        }
    }
}

fn skipped(result: &TestResult) -> Markup {
    let Some(skip) = &result.skip else { return html! {} };
    let needed = if skip.required {
        "It is required: a run without it does not count as passed."
    } else {
        "It is optional."
    };
    html! { p { "It did not run: " (skip.reason) ". " span.soft { (needed) } } }
}

fn passed(result: &TestResult) -> Markup {
    html! {
        (checks::lines(&result.checks))
        @if !result.gates.is_empty() { h4 { "Gates" } (checks::lines(&result.gates)) }
        (measured(&result.measurement))
        p.soft { "seed " code { (result.seed) } ", again: " code { (result.replay) } }
    }
}

/// The values and samples that a test has measured.
pub(super) fn measured(measurement: &Measurement) -> Markup {
    let Measurement { values, samples, .. } = measurement;
    html! {
        @if !values.is_empty() || !samples.is_empty() {
            h4 { "Measured" }
            ul.lines {
                @for (name, value) in values { li { (name) ": " span.measured { (show::number(*value)) } } }
                @for (name, samples) in samples {
                    @if let Some(sorted) = Sorted::of(samples) { li { (name) ": " (sorted.line()) } }
                }
            }
        }
    }
}

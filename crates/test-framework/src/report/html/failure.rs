//! A test that did not pass: what is wrong first, then how to see it.

use maud::{Markup, html};

use super::{super::Report, checks, phases, sequence, show};
use crate::{
    judge::Check,
    log::Shortest,
    result::{Outcome, TestResult},
};

/// How many failures are drawn: with thousands of them, the pictures of the first are those that are looked at.
const DRAWN: usize = 100;

/// The body of a test before which so many others did not pass.
pub(super) fn body(result: &TestResult, failures_before: usize, report: &Report) -> Markup {
    let broken: Vec<_> = result.violations().collect();
    let holding: Vec<_> = result.checks.iter().chain(&result.gates).filter(|check| check.holds()).collect();
    html! {
        @if result.outcome == Outcome::TimedOut { (timed_out(result, report)) }
        @if !broken.is_empty() { h4 { "What does not hold" } (checks::table(&broken)) }
        h4 { "Run it again" }
        p { "Seed " code { (result.seed) } ", from the run's seed " code { (report.seed) } "." }
        (show::command(&result.replay))
        @if failures_before < DRAWN {
            (sequence(result, &broken))
            @if let Some(shortest) = &result.shortest { (shorter(shortest)) }
        } @else {
            p.soft { "The first " (DRAWN) " failures are drawn; run this one again for its own page." }
        }
        @if !holding.is_empty() {
            details.more { summary { (show::counted(holding.len(), "check")) " that hold" } (checks::table(&holding)) }
        }
        (phases::measured(&result.measurement))
    }
}

fn timed_out(result: &TestResult, report: &Report) -> Markup {
    let deadline = std::time::Duration::from_millis(report.config.test_deadline_ms);
    html! {
        p.alarm {
            "It exceeded its deadline of " (show::duration(deadline)) " and was cancelled"
            @if result.measurement.left_running { "; something of it still ran afterwards" }
            "."
        }
    }
}

/// The messages around the first broken check that names an event; else the last ones.
fn sequence(result: &TestResult, broken: &[&Check]) -> Markup {
    let marked = broken.iter().find_map(|check| check.event);
    let Some(drawing) = sequence::around(&result.events, marked) else { return html! {} };
    html! {
        h4 { "Who sent what to whom" }
        p.soft {
            @if let Some(event) = marked { "Around event #" (event) ", where it shows. " }
            @else { "No broken check names an event; these are the last ones. " }
            "A solid line goes into a mailbox, a dot is where a handler gets it, a dashed line is an answer."
        }
        (drawing)
    }
}

/// The shortest way to the same failure, as the suite of state machines found it.
fn shorter(shortest: &Shortest) -> Markup {
    html! {
        h4 { "The shortest way to it" }
        p.soft {
            "The suite of state machines of this component breaks "
            @if let Some(rule) = &shortest.rule { b { (rule) } } @else { "too" }
            " in a few transitions: the model beside the real one, step by step."
        }
        (show::command(&shortest.replay))
        iframe title="Model beside real, step by step" sandbox="allow-scripts" loading="lazy" srcdoc=(shortest.page) {}
        details.more { summary { "The same as text" } pre tabindex="0" { (shortest.text) } }
    }
}

//! Checks: what is allowed beside what was measured.

use maud::{Markup, html};

use super::show;
use crate::judge::{Check, Limit};

/// A table of checks.
pub(super) fn table(checks: &[&Check]) -> Markup {
    html! {
        div.scroll tabindex="0" role="group" aria-label="Checks" {
            table.checks {
                thead { tr { th { "" } th { "rule" } th { "what" } th { "allowed" } th { "measured" } th { "event" } } }
                tbody { @for check in checks { (row(check)) } }
            }
        }
    }
}

fn row(check: &Check) -> Markup {
    let (class, mark) = if check.holds() { ("holds", "✓") } else { ("broken", "✗") };
    let words = if check.holds() { "holds" } else { "does not hold" };
    html! {
        tr class=(class) {
            td.mark { span aria-hidden="true" { (mark) } span.hidden { (words) } }
            td { b { (check.rule) } }
            td.words { (check.subject) }
            td.words { (limit(&check.limit)) }
            td.words.measured { (show::quantity(&check.measured)) }
            td { @if let Some(event) = check.event { "#" (event) } }
        }
    }
}

fn limit(limit: &Limit) -> Markup {
    match limit {
        Limit::Exactly(value) => show::quantity(value),
        Limit::AtLeast(value) => html! { "≥ " (show::quantity(value)) },
        Limit::AtMost(value) => html! { "≤ " (show::quantity(value)) },
    }
}

/// Checks that hold, a line each: a passed test has many, and a page has many tests.
pub(super) fn lines(checks: &[Check]) -> Markup {
    html! {
        ul.lines {
            @for check in checks {
                li {
                    b { (check.rule) } " " (check.subject) ": " span.measured { (show::quantity(&check.measured)) }
                    @if !matches!(check.limit, Limit::Exactly(_)) { " (" (limit(&check.limit)) ")" }
                }
            }
        }
    }
}

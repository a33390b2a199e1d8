//! What the suites of properties did and met.

use std::{collections::BTreeMap, time::Duration};

use maud::{Markup, html};

use super::{
    super::{LineCoverage, Met, PropertyCoverage, Report, SuiteLine},
    show,
};
use crate::judge::Quantity;

/// Suites and lines; `None` where nothing is known of either.
pub(super) fn all(report: &Report) -> Option<Markup> {
    (report.coverage.is_some() || report.lines.is_some()).then(|| {
        html! {
            @if let Some(lines) = &report.lines { (gone_through(lines)) }
            @if let Some(coverage) = &report.coverage { (section(coverage)) }
        }
    })
}

fn gone_through(lines: &LineCoverage) -> Markup {
    html! {
        p {
            "Lines that the suites went through: "
            @match lines {
                LineCoverage::Measured { lines: all, hit, .. } => {
                    (show::count(*hit)) " of " (show::count(*all))
                    @if let Some(percent) = lines.percent() { ", " (show::number(percent)) " %" } "."
                }
                LineCoverage::Skipped(why) => { span.soft { "skipped: " (why) "." } }
                LineCoverage::Failed(how) => { span.bad { "the suites ended with " (how) "." } }
            }
        }
    }
}

/// A table of the suites.
fn section(coverage: &PropertyCoverage) -> Markup {
    html! {
        p.soft {
            "What each suite did when it last passed on this machine, and what it met of what it must meet. "
            "A pair is a transition in a class of states; many cannot occur."
        }
        div.scroll tabindex="0" role="group" aria-label="Suites of properties" {
            table.suites {
                thead { tr { th { "suite" } th { "situations met" } th { "pairs" } th { "time" } th { "did" } } }
                tbody { @for (suite, line) in &coverage.suites { (row(suite, line)) } }
            }
        }
        @if !coverage.unreadable.is_empty() {
            p.alarm { "These files are of another form, and left out: " (coverage.unreadable.join(", ")) "." }
        }
    }
}

fn row(suite: &str, SuiteLine { did, met }: &SuiteLine) -> Markup {
    html! {
        tr data-suite=(suite) {
            th scope="row" { (suite) }
            td { @if let Some(met) = met { (situations(met)) } }
            td { @if let Some(met) = met { (show::count(met.pairs)) " of " (show::count(met.pairs_of)) } }
            td { @if let Some(seconds) = did.as_ref().and_then(seconds) { (show::duration(seconds)) } }
            td.words {
                @match did {
                    Some(did) => (numbers(did)),
                    None => span.bad { "it has left no result" },
                }
            }
        }
    }
}

fn situations(met: &Met) -> Markup {
    let class = if met.missed.is_empty() { "good" } else { "bad" };
    html! {
        span class=(class) { (show::count(met.situations)) " of " (show::count(met.situations_required)) }
        @for missed in &met.missed { div.bad { "missed: " (missed) } }
    }
}

fn seconds(did: &BTreeMap<String, Quantity>) -> Option<Duration> {
    did.get("seconds")
        .and_then(Quantity::number)
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
}

fn numbers(did: &BTreeMap<String, Quantity>) -> Markup {
    let told = did.iter().filter(|(name, _)| *name != "seconds" && *name != "seed");
    html! { @for (name, value) in told { span.did { (show::quantity(value)) " " (name.replace('_', " ")) } } }
}

//! The chaos after the phases: when each step began, what it hit, and how long that took to answer again.

use maud::{Markup, html};

use super::show;
use crate::chaos::{ChaosReport, ChaosTime, InjectionReport};

const WIDTH: f64 = 600.0;

/// Verdict, timeline and table.
pub(super) fn section(report: &ChaosReport) -> Markup {
    let words = if report.holds() {
        "everything was seen to happen, and answered again"
    } else {
        "not everything held"
    };
    html! {
        p class=(if report.holds() { "good" } else { "alarm" }) {
            (show::count(report.effective)) " of " (show::count(report.attempted)) " attempts had their effect, "
            (show::count(report.recoveries)) " recoveries: " (words) "."
            @if let Some(share) = report.availability_permille() {
                " Availability: " (show::count(share)) " of 1,000 probes were answered in time, of "
                (show::count(report.probes)) " sent."
            }
        }
        @if let Some(failure) = &report.failure { p.alarm { "It did not come to its end: " (failure) } }
        @if report.ended_ns > 0 { (timeline(report)) }
        div.scroll tabindex="0" role="group" aria-label="Steps of the chaos plan" {
            table.figures.chaos {
                thead { tr {
                    th { "step" } th { "began" } th { "hit" } th { "attempted" } th { "effective" } th { "recovered" }
                    th { "slowest recovery" } th { "seen" }
                } }
                tbody { @for one in &report.injections { (row(one)) } }
            }
        }
    }
}

/// A lane for each step in virtual time: a mark where it began, and a bar up to the last answer.
#[allow(clippy::cast_precision_loss, reason = "a position on a picture")]
fn timeline(report: &ChaosReport) -> Markup {
    let x = |ns: u64| ns as f64 / report.ended_ns as f64 * WIDTH;
    html! {
        div.plots {
            @for (one, at) in report.injections.iter().filter_map(|one| Some((one, one.at_ns?))) {
                @let took: u64 = one.recover_ns.iter().sum();
                div.plot.rate {
                    div.of { (one.strategy) @if let Some(worker) = &one.worker { span.soft { " of " (worker) } } }
                    svg viewBox="0 0 600 100" preserveAspectRatio="none" role="img"
                        aria-label={ (one.strategy) ": from " (show::duration_words(std::time::Duration::from_nanos(at))) } {
                        rect.track x="0" y="30" width=(WIDTH) height="40" {}
                        rect.column x=(x(at)) y="30" width=(x(took).max(2.0)) height="40" {}
                    }
                    dl { div { dt { "recovered in" } dd { @if took > 0 { (show::nanoseconds(took)) } @else { "–" } } } }
                }
            }
        }
    }
}

fn row(one: &InjectionReport) -> Markup {
    let class = if one.effective == 0 { "bad" } else { "good" };
    html! {
        tr data-step=(one.step) {
            th scope="row" { (one.strategy) @if one.time == ChaosTime::Real { span.soft { " (real time)" } } }
            td { @if let Some(at) = one.at_ns { (show::nanoseconds(at)) } }
            td { @if let Some(worker) = &one.worker { (worker) } }
            td { (show::count(one.attempted)) }
            td { span class=(class) { (show::count(one.effective)) } }
            td { (show::count(one.recovered)) }
            td { @if let Some(slowest) = one.recover_ns.iter().max() { (show::nanoseconds(*slowest)) } }
            td.words {
                @for (what, count) in &one.counts { span.did { (show::count(*count)) " " (what) } }
                @for (what, value) in &one.measured { span.did { (show::number(*value)) " " (what) } }
                @if let Some(note) = &one.note { div { (note) } }
            }
        }
    }
}

//! What the tests did in a second.

use maud::{Markup, html};

use super::{
    super::Report,
    baseline, phases, show,
    speed::{ROWS, left_out},
};

/// A figure a second of one test.
struct Rate<'a> {
    number: usize,
    test: &'a str,
    name: &'a str,
    value: f64,
    baseline: Option<f64>,
}

/// A bar for each figure; `None` where there is none.
pub(super) fn all(report: &Report) -> Option<Markup> {
    let mut shown = rates(report);
    let all = shown.len();
    shown.truncate(ROWS);
    for rate in &mut shown {
        rate.baseline = baseline::of(report, rate.test, rate.name);
    }
    let highest =
        shown.iter().flat_map(|rate| [Some(rate.value), rate.baseline]).flatten().fold(0.0, f64::max);
    let width = |value: f64| if highest > 0.0 { value / highest * 600.0 } else { 0.0 };
    (all > 0).then(|| {
        html! {
            p.soft { "The line is the stored baseline, where there is one." (left_out(all, "lowest figures")) }
            div.plots { @for rate in &shown { (bar(rate, width)) } }
        }
    })
}

/// All of them, the lowest first, not yet beside their baseline.
fn rates(report: &Report) -> Vec<Rate<'_>> {
    let mut all = Vec::new();
    for (number, result) in report.results().enumerate() {
        let (test, values) = (&result.test_name, &result.measurement.values);
        for (name, value) in values.iter().filter(|(name, _)| name.ends_with("per second")) {
            all.push(Rate { number, test, name, value: *value, baseline: None });
        }
    }
    all.sort_by(|one, other| one.value.total_cmp(&other.value));
    all
}

fn bar(Rate { number, test, name, value, baseline }: &Rate<'_>, width: impl Fn(f64) -> f64) -> Markup {
    html! {
        div.plot.rate {
            div.of { a href={ "#" (phases::anchor(*number)) } { (test) } span.soft { " " (name) } }
            svg viewBox="0 0 600 100" preserveAspectRatio="none" role="img" aria-label={ (name) " of " (test) } {
                rect.track x="0" y="30" width="600" height="40" {}
                rect.column x="0" y="30" width=(width(*value)) height="40" {}
                @if let Some(baseline) = baseline {
                    @let x = width(*baseline);
                    line.base x1=(x) y1="5" x2=(x) y2="95" {}
                }
            }
            dl { div { dt { "a second" } dd { (show::number(*value)) } } }
        }
    }
}

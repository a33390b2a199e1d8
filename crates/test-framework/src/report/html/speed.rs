//! How fast the tests were: the distribution of what they sampled, and what they did in a second.

use maud::{Markup, html};

use super::{super::Report, phases, samples::Sorted, scale::Scale, show, throughput};

/// How many rows of a kind are shown; the rest is in the tests.
pub(super) const ROWS: usize = 40;

/// The columns of a distribution.
const COLUMNS: usize = 60;

/// Samples of one test.
struct Series<'a> {
    number: usize,
    test: &'a str,
    name: &'a str,
    sorted: Sorted,
}

/// Latency and throughput; `None` where nothing was measured.
pub(super) fn section(report: &Report) -> Option<Markup> {
    let (series, throughput) = (series(report), throughput::all(report));
    (!series.is_empty() || throughput.is_some()).then(|| {
        html! {
            @if !series.is_empty() { h3 { "Latency" } (latency(&series)) }
            @if let Some(throughput) = throughput { h3 { "Throughput" } (throughput) }
        }
    })
}

/// All series, the slowest first.
fn series(report: &Report) -> Vec<Series<'_>> {
    let mut all = Vec::new();
    for (number, result) in report.results().enumerate() {
        for (name, samples) in &result.measurement.samples {
            let sorted = Sorted::of(samples);
            all.extend(sorted.map(|sorted| Series { number, test: &result.test_name, name, sorted }));
        }
    }
    all.sort_by_key(|series| std::cmp::Reverse(series.sorted.percentile(99)));
    all
}

fn latency(series: &[Series<'_>]) -> Markup {
    let shown = &series[..series.len().min(ROWS)];
    let scale = Scale::over(shown.iter().map(|series| &series.sorted));
    html! {
        p.soft {
            "How the samples are distributed, each on the same logarithmic scale. The lines are "
            span.p50 { "P50" } ", " span.p95 { "P95" } " and " span.p99 { "P99" } ": percentiles of the samples themselves."
            (left_out(series.len(), "highest P99"))
        }
        div.plots {
            @for series in shown { (distribution(series, &scale)) }
            div.plot.axis aria-hidden="true" {
                span {}
                div.ticks { @for (share, words) in scale.ticks() { span style={ "left:" (share) "%" } { (words) } } }
            }
        }
    }
}

/// Says that not all are shown, where it is so.
pub(super) fn left_out(all: usize, kept: &str) -> Markup {
    html! { @if all > ROWS { " Shown are the " (ROWS) " of " (all) " with the " (kept) "; the others are in their tests." } }
}

fn distribution(Series { number, test, name, sorted }: &Series<'_>, scale: &Scale) -> Markup {
    let mut columns = [0_usize; COLUMNS];
    for sample in sorted.all() {
        columns[scale.column(*sample, COLUMNS)] += 1;
    }
    let highest = columns.iter().copied().max().unwrap_or(1);
    html! {
        div.plot {
            div.of { a href={ "#" (phases::anchor(*number)) } { (test) }
                span.soft { " " (name) ", " (show::counted(sorted.all().len(), "sample")) } }
            svg viewBox="0 0 600 100" preserveAspectRatio="none" role="img" aria-label={ "Distribution of " (name) " of " (test) } {
                @for (at, count) in columns.iter().enumerate().filter(|(_, count)| **count > 0) {
                    @let height = (count * 94).div_ceil(highest);
                    rect.column x=(at * 10 + 1) y=(100 - height) width="8" height=(height) {}
                }
                @for (percent, value) in sorted.percentiles() {
                    @let x = scale.share(value) * 6.0;
                    line class={ "p" (percent) } x1=(x) y1="0" x2=(x) y2="100" {}
                }
            }
            dl {
                @for (percent, value) in sorted.percentiles() {
                    div { dt class={ "p" (percent) } { "P" (percent) } dd { (show::nanoseconds(value)) } }
                }
            }
        }
    }
}

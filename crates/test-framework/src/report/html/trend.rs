//! Earlier runs of the same data directory: what they came to, how long they took, and each figure.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::{super::Report, show};
use crate::report::TrendPoint;

/// How many figures are drawn.
const FIGURES: usize = 48;

/// The width of every drawing; it is stretched to the room that there is.
const WIDTH: usize = 600;
const HEIGHT: f64 = 100.0;

/// The trend; `None` where there is no earlier run.
pub(super) fn section(report: &Report) -> Option<Markup> {
    let points = &report.trend;
    let (first, last) = (points.first()?, points.last()?);
    let figures = figures(points);
    Some(html! {
        p.soft { (show::counted(points.len(), "run")) ", from run " (first.run) " to run " (last.run) "." }
        div.trends {
            figure {
                figcaption { "Tests: " span.key.passed { "passed" } " " span.key.failed { "did not pass" } " "
                    span.key.skipped { "skipped" } }
                (outcomes(points))
            }
            figure {
                figcaption { "Time of all tests, last " (milliseconds(last.tests_ms)) }
                (curve("time of all tests", &points.iter().map(|point| (point.run, point.tests_ms)).collect::<Vec<_>>()))
            }
        }
        @if !figures.is_empty() {
            h3 { "Figures" }
            @if figures.len() > FIGURES { p.soft { "Shown are the first " (FIGURES) " of " (figures.len()) ", by name." } }
            div.trends.small {
                @for (name, values) in figures.iter().take(FIGURES) {
                    figure {
                        figcaption { (name) @if let Some((_, last)) = values.last() { ", last " (show::number(*last)) } }
                        (curve(name, values))
                    }
                }
            }
        }
    })
}

fn milliseconds(milliseconds: f64) -> Markup {
    let time = std::time::Duration::try_from_secs_f64(milliseconds / 1e3).unwrap_or_default();
    html! { (show::duration(time)) }
}

/// The figures that two runs or more have, each with the runs that have it.
fn figures(points: &[TrendPoint]) -> BTreeMap<&str, Vec<(u64, f64)>> {
    let mut figures: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for point in points {
        for (name, value) in &point.figures {
            figures.entry(name.as_str()).or_default().push((point.run, *value));
        }
    }
    figures.retain(|_, values| values.len() > 1);
    figures
}

/// A column for each run, its parts on top of one another.
#[allow(clippy::cast_precision_loss, reason = "a position on a picture")]
fn outcomes(points: &[TrendPoint]) -> Markup {
    let highest =
        points.iter().map(|point| point.passed + point.failed + point.skipped).max().unwrap_or(0).max(1);
    let tall = |count: u64| count as f64 / highest as f64 * HEIGHT;
    let step = WIDTH as f64 / points.len() as f64;
    html! {
        svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } preserveAspectRatio="none" role="img"
            aria-label="Tests that passed, did not pass and were skipped, by run" {
            @for (at, point) in points.iter().enumerate() {
                @let x = at as f64 * step + step * 0.1;
                g {
                    title { "run " (point.run) ": " (point.passed) " passed, " (point.failed) " did not pass, "
                        (point.skipped) " skipped" }
                    @let (passed, failed, skipped) = (tall(point.passed), tall(point.failed), tall(point.skipped));
                    rect.skipped x=(x) y=(HEIGHT - skipped) width=(step * 0.8) height=(skipped) {}
                    rect.passed x=(x) y=(HEIGHT - skipped - passed) width=(step * 0.8) height=(passed) {}
                    rect.failed x=(x) y=(HEIGHT - skipped - passed - failed) width=(step * 0.8) height=(failed) {}
                }
            }
        }
    }
}

/// Values by run, from zero up.
#[allow(clippy::cast_precision_loss, reason = "a position on a picture")]
fn curve(name: &str, values: &[(u64, f64)]) -> Markup {
    let highest = values.iter().map(|(_, value)| *value).fold(f64::MIN_POSITIVE, f64::max);
    let x =
        |at: usize| if values.len() > 1 { at as f64 * WIDTH as f64 / (values.len() - 1) as f64 } else { 0.0 };
    let y = |value: f64| HEIGHT - value / highest * HEIGHT * 0.92;
    let points: Vec<_> =
        values.iter().enumerate().map(|(at, (_, value))| format!("{:.1},{:.1}", x(at), y(*value))).collect();
    html! {
        svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } preserveAspectRatio="none" role="img" aria-label={ "By run: " (name) } {
            polygon.under points={ "0," (HEIGHT) " " (points.join(" ")) " " (x(values.len() - 1)) "," (HEIGHT) } {}
            polyline.line points=(points.join(" ")) {}
            @for (at, (run, value)) in values.iter().enumerate() {
                rect.point x=(x(at) - 4.0) y="0" width="8" height=(HEIGHT) {
                    title { "run " (run) ": " (show::rounded(*value)) }
                }
            }
        }
    }
}

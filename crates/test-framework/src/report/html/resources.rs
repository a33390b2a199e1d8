//! What the process took of its machine, phase by phase.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::show;
use crate::{
    metrics::{ResourceMetrics, ResourcePoint, Transferred},
    phase::MigrationPhase,
};

/// The size of every drawing; it is stretched to the room that there is.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 100.0;

/// A table and the curves of memory and processor; `None` where no phase was watched.
pub(super) fn section(resources: &BTreeMap<MigrationPhase, ResourceMetrics>) -> Option<Markup> {
    (!resources.is_empty()).then(|| {
        html! {
            p.soft {
                "Of the whole process, as the operating system says; bytes over the network are those of every interface "
                "but the loopback."
            }
            div.scroll tabindex="0" role="group" aria-label="Resources by phase" {
                table.figures.resources {
                    thead { tr {
                        th { "phase" } th { "peak memory" } th { "mean memory" } th { "processor" } th { "threads" }
                        th { "open files" } th { "network in, out" } th { "disk in, out" } th { "samples" }
                    } }
                    tbody { @for (phase, metrics) in resources { (row(*phase, metrics)) } }
                }
            }
            div.trends { @for (phase, metrics) in resources { (curves(*phase, metrics)) } }
        }
    })
}

fn row(phase: MigrationPhase, metrics: &ResourceMetrics) -> Markup {
    html! {
        tr data-phase=(phase.name()) {
            th scope="row" { (show::phase_title(phase))
                @if let Some(missing) = &metrics.missing { div.bad { (missing) } } }
            td { (show::bytes(metrics.memory_peak_bytes)) }
            td { (show::bytes(metrics.memory_mean_bytes)) }
            td { (show::duration(metrics.cpu))
                @if let Some(percent) = metrics.cpu_percent() { ", " (show::number(percent)) " %" } }
            td { (show::count(metrics.threads_peak)) }
            td { (show::count(metrics.open_files_peak)) }
            td { (transferred(metrics.network)) }
            td { (transferred(metrics.disk)) }
            td { (show::count(metrics.samples)) }
        }
    }
}

fn transferred(bytes: Option<Transferred>) -> Markup {
    match bytes {
        Some(Transferred { in_bytes, out_bytes }) => {
            html! { (show::bytes(in_bytes)) ", " (show::bytes(out_bytes)) }
        }
        None => html! { "not said" },
    }
}

/// Memory and processor over the time of a phase; nothing of a single point.
#[allow(clippy::cast_precision_loss, reason = "a position on a picture")]
fn curves(phase: MigrationPhase, metrics: &ResourceMetrics) -> Markup {
    let title = show::phase_title(phase);
    let memory: Vec<_> =
        metrics.series.iter().map(|point| (point.at.as_secs_f64(), point.memory_bytes as f64)).collect();
    let busy: Vec<_> = metrics.series.windows(2).map(|pair| busy(&pair[0], &pair[1])).collect();
    html! {
        @if memory.len() > 1 {
            figure { figcaption { (title) ": memory, up to " (show::bytes(metrics.memory_peak_bytes)) }
                (curve(&format!("Memory over time, {title}"), &memory)) }
        }
        @if busy.len() > 1 {
            figure { figcaption { (title) ": processors that were busy, up to " (show::number(highest(&busy))) }
                (curve(&format!("Busy processors over time, {title}"), &busy)) }
        }
    }
}

/// How many processors were busy between two points.
fn busy(from: &ResourcePoint, to: &ResourcePoint) -> (f64, f64) {
    let (time, cpu) = (to.at.saturating_sub(from.at), to.cpu.saturating_sub(from.cpu));
    let share = if time.is_zero() { 0.0 } else { cpu.as_secs_f64() / time.as_secs_f64() };
    (to.at.as_secs_f64(), share)
}

fn highest(values: &[(f64, f64)]) -> f64 {
    values.iter().map(|(_, value)| *value).fold(0.0, f64::max)
}

/// Values over time, from zero up.
fn curve(label: &str, values: &[(f64, f64)]) -> Markup {
    let last = values.last().map_or(0.0, |(at, _)| *at).max(f64::MIN_POSITIVE);
    let highest = highest(values).max(f64::MIN_POSITIVE);
    let place = |(at, value): &(f64, f64)| {
        format!("{:.1},{:.1}", at / last * WIDTH, HEIGHT - value / highest * HEIGHT * 0.92)
    };
    let points: Vec<_> = values.iter().map(place).collect();
    let (from, points) = (values.first().map_or(0.0, |(at, _)| at / last * WIDTH), points.join(" "));
    html! {
        svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } preserveAspectRatio="none" role="img" aria-label=(label) {
            polygon.under points={ (from) "," (HEIGHT) " " (points) " " (WIDTH) "," (HEIGHT) } {}
            polyline.line points=(points) {}
        }
    }
}

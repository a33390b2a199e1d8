//! How a node that runs is shown: lines of JSON on standard output, a bar and logs on standard error.

use std::{
    fmt,
    io::{self, IsTerminal as _, stderr},
};

use alys_sync::shell::WallClock;
use alys_test_framework::{FrameworkError, NodeEnd, NodeFailure, NodePlan, NodeReport, run_node};
use indicatif::{ProgressBar, ProgressStyle};
use tracing_subscriber::{
    Layer as _,
    filter::Targets,
    fmt::{format::Writer, layer, time::FormatTime},
    layer::SubscriberExt as _,
};

use super::output::say;

/// What a process ends with that a signal has ended, as shells say it, without the number of the signal.
const SIGNALLED: i32 = 128;

/// Runs a node, and shows how it goes. Ends with 0 when it has done what it is there for.
pub(super) fn played(plan: &NodePlan, filter: &str) -> Result<u8, FrameworkError> {
    let (clock, shown) = (plan.clock()?, Shown::new());
    log(filter, clock.clone(), shown.bar.clone())?;
    let end = run_node(plan, clock, move |report| shown.tell(&report))?;
    Ok(match end {
        NodeEnd::Told { signal, done: false } => u8::try_from(SIGNALLED + signal).unwrap_or(u8::MAX),
        NodeEnd::Synced | NodeEnd::Told { .. } => 0,
    })
}

/// What is shown: a bar where a person looks on, and each step as a line otherwise.
struct Shown {
    bar: Option<ProgressBar>,
}

impl Shown {
    fn new() -> Self {
        let style = ProgressStyle::with_template("{bar:40} {pos}/{len} blocks, {per_sec}, {eta} to go {msg}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        Self { bar: stderr().is_terminal().then(|| ProgressBar::new(0).with_style(style)) }
    }

    fn tell(&self, report: &NodeReport) {
        let is_step = matches!(report, NodeReport::Durable(_) | NodeReport::Target { .. });
        let Some(bar) = &self.bar else { return line(report) };
        match report {
            NodeReport::Target { height } => bar.set_length(*height),
            NodeReport::Opened(position) | NodeReport::Durable(position) | NodeReport::Synced(position) => {
                bar.set_position(position.height);
                bar.set_message(format!("final {}", position.finalised));
            }
            NodeReport::Listening { .. } | NodeReport::Metrics { .. } | NodeReport::Stopped { .. } => {}
        }
        if !is_step {
            bar.suspend(|| line(report));
        }
    }
}

/// Says a report as a line of JSON.
fn line(report: &NodeReport) {
    // There is nothing in it that JSON does not have.
    if let Ok(line) = serde_json::to_string(report) {
        say(&line);
    }
}

/// Logs on standard error what the filter lets through, beside the bar where there is one.
fn log(filter: &str, clock: WallClock, bar: Option<ProgressBar>) -> Result<(), NodeFailure> {
    let refused = |why: String| NodeFailure::Filter { filter: filter.to_owned(), why };
    let targets: Targets =
        filter.parse().map_err(|error: tracing_subscriber::filter::ParseError| refused(error.to_string()))?;
    let beside = move || Beside(bar.clone());
    let lines = layer().with_ansi(false).with_timer(Dated(clock)).with_writer(beside).with_filter(targets);
    let subscriber = tracing_subscriber::registry().with(lines);
    tracing::subscriber::set_global_default(subscriber).map_err(|error| refused(error.to_string()))
}

/// Dates logs by the clock of the node.
struct Dated(WallClock);

impl FormatTime for Dated {
    fn format_time(&self, writer: &mut Writer<'_>) -> fmt::Result {
        let now = self.0.now();
        write!(writer, "{}.{:03}", now / 1000, now % 1000)
    }
}

/// Standard error, with the bar out of the way.
struct Beside(Option<ProgressBar>);

impl io::Write for Beside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &self.0 {
            Some(bar) => bar.suspend(|| stderr().lock().write(bytes)),
            None => stderr().lock().write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        stderr().lock().flush()
    }
}

//! How a run goes: a bar on a terminal, plain lines otherwise.

use std::{
    io::{IsTerminal as _, stderr},
    sync::Arc,
};

use alys_test_framework::{Observer, Progress, TestResult};
use indicatif::{ProgressBar, ProgressStyle};

use super::output::{complain, word};

/// Returns an observer that shows how a run goes, on standard error.
pub(super) fn observer() -> Observer {
    if stderr().is_terminal() { bar() } else { lines() }
}

fn lines() -> Observer {
    Arc::new(|progress| match progress {
        Progress::Phase { phase, tests } => complain(&format!("phase {phase}: {tests} tests")),
        Progress::Ended(result) => complain(&line(result)),
        _ => {}
    })
}

fn line(result: &TestResult) -> String {
    format!(
        "  {:<9} {} ({:.1} ms)",
        word(result.outcome),
        result.test_name,
        result.duration().as_secs_f64() * 1e3
    )
}

fn bar() -> Observer {
    let style = ProgressStyle::with_template("{prefix:<24} [{bar:30}] {pos}/{len} {msg}");
    let bar = ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    Arc::new(move |progress| match progress {
        Progress::Phase { phase, tests } => {
            bar.reset();
            bar.set_prefix(phase.name());
            bar.set_length(*tests as u64);
        }
        Progress::Ended(result) => {
            bar.inc(1);
            bar.set_message(result.test_name.clone());
            if !result.success() && result.skip.is_none() {
                bar.println(line(result));
            }
            if Some(bar.position()) == bar.length() {
                bar.set_message("");
                bar.println(format!("{:<24} {} tests done", bar.prefix(), bar.position()));
            }
        }
        _ => {}
    })
}

//! Memory pressure: a process of its own, which the operating system refuses to give more than a budget.

use std::{
    env::{self, consts::EXE_SUFFIX},
    io::Write,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};

use super::{report::Seen, strategy::Strategy};
use crate::harness::chaos;

/// The first argument of a process that is such a child.
const CHILD: &str = "chaos-memory-child";

/// Returns the program of the framework: this one, or one beside it, or beside the folder that it lies in.
pub(super) fn program() -> Option<PathBuf> {
    let (this, name) = (env::current_exe().ok()?, format!("alys-test{EXE_SUFFIX}"));
    this.ancestors().skip(1).take(2).map(|folder| folder.join(&name)).find(|program| program.is_file())
}

/// Runs the strategy in a child, and returns what that saw.
pub(super) fn press(program: Option<&Path>, strategy: &Strategy) -> Result<Seen, String> {
    let program = program.ok_or("no program `alys-test` lies beside this one; build it, or name one")?;
    let told = serde_json::to_string(strategy).map_err(|error| error.to_string())?;
    let started = Command::new(program).args([CHILD, &told]).stdin(Stdio::null()).output();
    let ended = started.map_err(|error| format!("{}: {error}", program.display()))?;
    if !ended.status.success() {
        let said = String::from_utf8_lossy(&ended.stderr);
        return Err(format!("the child ended with {}: {}", ended.status, said.trim()));
    }
    serde_json::from_slice(&ended.stdout).map_err(|error| format!("the child said no report: {error}"))
}

/// Is the child of a chaos run where the process was started as one, and returns its exit code; `None` where it was
/// not. A program that runs chaos calls it before anything else.
#[must_use]
pub fn chaos_child() -> Option<ExitCode> {
    let mut arguments = env::args().skip(1);
    (arguments.next()? == CHILD).then(|| child(&arguments.next().unwrap_or_default()))
}

fn child(told: &str) -> ExitCode {
    let seen = match serde_json::from_str(told) {
        Ok(Strategy::MemoryPressure { budget_bytes, chunk_bytes, chunks }) => {
            chaos::hoard(budget_bytes, chunk_bytes, chunks).unwrap_or_else(Seen::failed)
        }
        _ => return ExitCode::from(2),
    };
    let written = serde_json::to_vec(&seen).map(|seen| std::io::stdout().write_all(&seen));
    if matches!(written, Ok(Ok(()))) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

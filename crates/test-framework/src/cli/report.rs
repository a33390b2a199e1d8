//! `alys-test replay` and `alys-test report`.

use std::path::PathBuf;

use alys_test_framework::{FrameworkError, LogError, MigrationPhase, Report, merge, read};
use clap::Args;

use super::output::{Files, coverage, say, summary};

/// Judges a recorded run again.
#[derive(Debug, Args)]
pub(super) struct Replay {
    /// The folder of the run, or a file in it.
    log: PathBuf,
}

impl Replay {
    /// Ends with 0 where record and replay agree, whatever the verdicts are, and with 1 where they differ.
    pub(super) fn run(&self) -> Result<u8, FrameworkError> {
        let report = Report::of(&read(&self.log)?);
        summary(&report);
        let tests = report.results().count();
        say(&match report.differences.len() {
            0 => format!("\n{tests} verdicts were computed again, and agree with the record"),
            differences => format!("\n{differences} differences"),
        });
        Ok(u8::from(!report.differences.is_empty()))
    }
}

/// Writes the report of one recorded run, or of all shards of one.
#[derive(Debug, Args)]
pub(super) struct Write {
    /// The folders of the runs, or files in them.
    #[arg(required = true)]
    logs: Vec<PathBuf>,
    /// Lets this phase skip what is required; may be given more than once.
    #[arg(long, value_name = "PHASE")]
    allow_skipped: Vec<MigrationPhase>,
    #[command(flatten)]
    files: Files,
}

impl Write {
    pub(super) fn run(&self) -> Result<u8, FrameworkError> {
        let runs: Result<Vec<_>, LogError> = self.logs.iter().map(|log| read(log)).collect();
        let report = Report { coverage: coverage()?, ..Report::of(&merge(runs?)?) };
        self.files.write(&report)?;
        summary(&report);
        Ok(report.exit_code(&self.allow_skipped))
    }
}

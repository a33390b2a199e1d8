//! `alys-test run`.

use std::path::PathBuf;

use alys_test_framework::{
    ConfigError, FrameworkError, MigrationPhase, Selection, Shard, TestConfig, run_recorded,
};
use clap::{Args, ValueEnum};

use super::{
    output::{Files, coverage, say, summary, write_all},
    profile::Profile,
    progress,
};

/// A configuration to begin with.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Preset {
    /// For the desk of a developer.
    Development,
    /// For a build server.
    CiCd,
}

/// Where the configuration comes from: a preset, then a file, then the environment, then these arguments.
#[derive(Debug, Args)]
pub(super) struct Source {
    /// A TOML file that changes fields of the preset.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// What to begin with.
    #[arg(long, value_enum, default_value_t = Preset::Development)]
    preset: Preset,
    /// Where all randomness of the run starts.
    #[arg(long)]
    seed: Option<u64>,
}

impl Source {
    pub(super) fn load(&self) -> Result<TestConfig, ConfigError> {
        let preset = match self.preset {
            Preset::Development => TestConfig::development(),
            Preset::CiCd => TestConfig::ci_cd(),
        };
        let config = TestConfig::load(preset, self.config.as_deref())?;
        Ok(TestConfig { seed: self.seed.unwrap_or(config.seed), ..config })
    }
}

/// Runs phases, and writes a report.
#[derive(Debug, Args)]
pub(super) struct Run {
    #[command(flatten)]
    source: Source,
    /// Runs this phase alone; may be given more than once.
    #[arg(long)]
    phase: Vec<MigrationPhase>,
    /// Runs the tests whose names contain this.
    #[arg(long)]
    filter: Option<String>,
    /// Runs one share of the tests.
    #[arg(long, value_name = "K/N")]
    shard: Option<Shard>,
    /// Lets this phase skip what is required; may be given more than once.
    #[arg(long, value_name = "PHASE")]
    allow_skipped: Vec<MigrationPhase>,
    /// Runs later phases although an earlier one has failed.
    #[arg(long)]
    continue_after_failure: bool,
    /// Tests the consensus layer with a real execution client too: installs it, starts it on loopback and stops it; needs the feature
    /// `interop`.
    #[arg(long)]
    interop: bool,
    /// Writes a flamegraph of the run; needs the feature `profile`.
    #[arg(long, value_name = "FILE")]
    profile: Option<PathBuf>,
    #[command(flatten)]
    files: Files,
}

impl Run {
    pub(super) fn run(&self) -> Result<u8, FrameworkError> {
        let mut config = self.source.load()?;
        config.continue_after_failure |= self.continue_after_failure;
        config.interop |= self.interop;
        if self.interop && !cfg!(feature = "interop") {
            let reason = "this program was built without the consensus layer; `cargo run --release -p alys-test-framework \
                          --features interop -- run --interop` has it";
            let (harness, reason) = ("LighthouseCompatHarness".to_owned(), reason.to_owned());
            return Err(FrameworkError::Harness { harness, reason });
        }
        let selection = Selection { filter: self.filter.clone(), shard: self.shard };
        let chosen = |phase: &MigrationPhase| self.phase.is_empty() || self.phase.contains(phase);
        let phases: Vec<_> = MigrationPhase::ALL.into_iter().filter(chosen).collect();
        say(&format!("seed {}", config.seed));
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let runtime = runtime.map_err(|error| FrameworkError::Runtime { workers: 1, error })?;
        let profile = self
            .profile
            .as_ref()
            .map(|path| Ok::<_, FrameworkError>((path, Profile::begin()?)))
            .transpose()?;
        let mut ended = runtime.block_on(run_recorded(config, selection, &phases, progress::observer()))?;
        if let Some((path, profile)) = profile {
            profile.write(path)?;
        }
        ended.report.coverage = coverage()?;
        write_all(&ended.directory, &ended.report)?;
        self.files.write(&ended.report)?;
        summary(&ended.report);
        say(&format!("\nrecord and reports: {}", ended.directory.display()));
        Ok(ended.report.exit_code(&self.allow_skipped))
    }
}

//! A run from its first file to its report.

use std::path::PathBuf;

use crate::{
    chaos::{ChaosPlan, ChaosTestFramework},
    config::TestConfig,
    error::{FrameworkError, Result},
    framework::MigrationTestFramework,
    harness,
    log::{Identity, RunWriter, SCHEMA, read},
    phase::MigrationPhase,
    report::{LineCoverage, Report, trend},
    result::Outcome,
    run::{Observer, Selection},
};

/// A run that has ended: its folder, and what is told of it.
#[derive(Debug)]
pub struct Ended {
    /// Where its files lie.
    pub directory: PathBuf,
    /// What is told of it, rebuilt from those files.
    pub report: Report,
}

/// Runs phases in their order, writes everything down, and reads the report out of what was written.
///
/// Figures that the baseline does not have yet are added to it; those that it has stay.
///
/// # Errors
///
/// * [`FrameworkError::Config`] when the configuration is refused;
/// * [`FrameworkError::Plan`] when the chaos plan is refused;
/// * [`FrameworkError::NothingSelected`] when no test is called like the filter;
/// * [`FrameworkError::DataDirectory`] when the data directory cannot be read or written;
/// * [`FrameworkError::File`] when that fails later;
/// * [`FrameworkError::Harness`] when something still runs at the end.
pub async fn run_recorded(
    config: TestConfig,
    selection: Selection,
    phases: &[MigrationPhase],
    observer: Observer,
) -> Result<Ended> {
    let filter = selection.filter.clone().unwrap_or_default();
    if !harness::tests().iter().any(|test| test.name.contains(&filter)) {
        return Err(FrameworkError::NothingSelected { filter });
    }
    let (data, tracking) = (config.test_data_dir.clone(), config.performance_tracking);
    let identity = Identity {
        schema: SCHEMA,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        config: config.clone(),
        filter: selection.filter.clone(),
        shard: selection.shard.map(|shard| shard.to_string()),
    };
    let (coverage_enabled, first) = (config.coverage_enabled, selection.is_first());
    let chaos = chaos_of(&config, &selection)?;
    let in_data = |error: FrameworkError| error.in_data(&data);
    let framework = MigrationTestFramework::with(config, selection, observer).map_err(in_data)?;
    let mut stopped = false;
    let mut writer = RunWriter::create(&data, &identity, framework.baseline()).map_err(in_data)?;
    let mut baseline = framework.baseline().cloned().unwrap_or_default();
    for phase in phases {
        let result = framework.run_phase_validation(*phase).await;
        writer.phase(&result)?;
        if tracking && baseline.add(&result.results) {
            baseline.store(&data)?;
        }
        let failed = matches!(result.outcome, Outcome::Failed | Outcome::TimedOut);
        if failed && !framework.config().continue_after_failure {
            stopped = true;
            break;
        }
    }
    if let Some(chaos) = chaos.filter(|_| !stopped) {
        let ended = framework.handle().spawn_blocking(move || chaos.run()).await;
        writer.chaos(&ended.map_err(|error| FrameworkError::Harness {
            harness: "chaos".to_owned(),
            reason: error.to_string(),
        })?)?;
    }
    if coverage_enabled && first {
        let lines = LineCoverage::measure(writer.directory())?;
        writer.lines(&lines)?;
    }
    let directory = writer.end(&framework.collect_metrics().await)?;
    framework.shutdown().await?;
    let mut report = Report::of(&read(&directory)?);
    (report.trend, _) = trend(&data)?;
    Ok(Ended { directory, report })
}

/// The chaos that follows the phases: none where it is not wanted, or belongs to another share of the run.
fn chaos_of(config: &TestConfig, selection: &Selection) -> Result<Option<ChaosTestFramework>> {
    if !config.chaos_enabled || !selection.is_first() {
        return Ok(None);
    }
    let plan = match &config.chaos.plan {
        Some(path) => ChaosPlan::load(path)?,
        None => ChaosPlan { seed: config.seed, ..ChaosPlan::default() },
    };
    Ok(Some(ChaosTestFramework::new(plan)?))
}

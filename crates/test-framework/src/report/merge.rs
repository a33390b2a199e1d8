//! Several shards as one run.

use thiserror::Error;

use crate::{
    log::{Identity, Recorded},
    metrics::TestMetrics,
    phase::MigrationPhase,
    result::Outcome,
};

/// Why runs cannot be merged.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MergeError {
    /// There is nothing to merge.
    #[error("no run is given; allowed is one or more")]
    Nothing,
    /// Two runs are of different kinds.
    #[error(
        "{what}: `{first}` in the first run and `{other}` in run {number}; only shards of one run can be merged"
    )]
    Different {
        /// What differs.
        what: &'static str,
        /// In the first run.
        first: String,
        /// In the other.
        other: String,
        /// Which that is, counted from 1.
        number: usize,
    },
    /// A test is in two of them.
    #[error("test `{test}` is in two of the runs; each test may be in one")]
    Twice {
        /// Which.
        test: String,
    },
}

/// Merges shards of one run: of one version, filter and configuration, the seed included, and no test twice.
///
/// # Errors
///
/// See [`MergeError`].
pub fn merge(runs: Vec<Recorded>) -> Result<Recorded, MergeError> {
    let mut runs = runs.into_iter();
    let mut merged = runs.next().ok_or(MergeError::Nothing)?;
    let mut all_ended = merged.metrics.is_some();
    let mut shards = false;
    for (number, run) in (2..).zip(runs) {
        shards = true;
        comparable(&merged.identity, &run.identity, number)?;
        all_ended &= run.metrics.is_some();
        for test in run.tests {
            if merged.tests.iter().any(|known| known.name == test.name) {
                return Err(MergeError::Twice { test: test.name });
            }
            merged.tests.push(test);
        }
        for (phase, (outcome, duration)) in run.phases {
            let known = merged.phases.entry(phase).or_insert((outcome, std::time::Duration::ZERO));
            *known = (worse(known.0, outcome), known.1 + duration);
        }
        for (phase, resources) in run.resources {
            let joined = match merged.resources.remove(&phase) {
                Some(known) => known.joined(&resources),
                None => resources,
            };
            merged.resources.insert(phase, joined);
        }
        merged.chaos = merged.chaos.take().or(run.chaos);
        merged.lines = merged.lines.take().or(run.lines);
        merged.baseline = merged.baseline.take().or(run.baseline);
    }
    if shards {
        merged.identity.shard = None;
        sort(&mut merged);
        merged.metrics = all_ended.then(|| counted(&merged));
    }
    Ok(merged)
}

fn comparable(first: &Identity, other: &Identity, number: usize) -> Result<(), MergeError> {
    let differ = |what, first: String, other: String| {
        if first == other { Ok(()) } else { Err(MergeError::Different { what, first, other, number }) }
    };
    differ("schema", first.schema.to_string(), other.schema.to_string())?;
    differ("version", first.version.clone(), other.version.clone())?;
    differ("seed", first.config.seed.to_string(), other.config.seed.to_string())?;
    differ("filter", format!("{:?}", first.filter), format!("{:?}", other.filter))?;
    // Where it lies says nothing of what was run.
    let told = |identity: &Identity| {
        let mut config = identity.config.clone();
        config.test_data_dir = std::path::PathBuf::new();
        format!("{config:?}")
    };
    differ("configuration", told(first), told(other))
}

/// What two shards of one phase came to.
fn worse(one: Outcome, other: Outcome) -> Outcome {
    let rank = |outcome| match outcome {
        Outcome::Failed => 3,
        Outcome::TimedOut => 2,
        Outcome::Passed => 1,
        Outcome::Skipped => 0,
    };
    if rank(one) >= rank(other) { one } else { other }
}

/// Brings the tests into the order in which one run would have had them.
fn sort(run: &mut Recorded) {
    let listing = crate::harness::tests();
    let place = |name: &str| listing.iter().position(|test| test.name == name);
    run.tests.sort_by_key(|test| place(&test.name));
}

/// What the shards counted together.
fn counted(run: &Recorded) -> TestMetrics {
    let mut metrics = TestMetrics::for_config(&run.identity.config);
    metrics.resources.clone_from(&run.resources);
    for phase in MigrationPhase::ALL {
        if let Some(&(_, duration)) = run.phases.get(&phase) {
            let results: Vec<_> = crate::replay::results_of(run, phase);
            metrics.add(phase, &results, duration, (&run.identity.config, run.baseline.as_ref()));
        }
    }
    metrics
}

//! Exploring a loom model to its end.

use std::{
    cell::Cell,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use loom::model::Builder;
use proptest::strategy::Just;

use crate::{
    scenarios::Broken,
    sequential::{Settings, run_cases},
    violation::caught,
};

/// Explores every interleaving of a model, and returns how many there were.
///
/// There is no limit of time, whatever the environment says: it returns when nothing is left to explore, or not at all.
///
/// # Errors
///
/// The violation or panic that an interleaving raises.
pub fn explore(model: impl Fn() + Send + Sync + 'static) -> Result<u64, Broken> {
    let executions = Arc::new(AtomicU64::new(0));
    let mut builder = Builder::new();
    (builder.preemption_bound, builder.max_permutations, builder.max_duration) = (None, None, None);
    (builder.checkpoint_file, builder.log, builder.location) = (None, false, false);
    builder.max_branches = 10_000;
    let count = Arc::clone(&executions);
    let explored = caught(|| {
        builder.check(move || {
            count.fetch_add(1, Ordering::Relaxed);
            model();
        });
    });
    let tried = executions.load(Ordering::Relaxed);
    explored.map(|()| tried).map_err(|message| Broken { tried, message })
}

/// Explores without a word about panics of the code under test, and says how it broke, if it did.
pub fn quietly(explore: impl Fn() -> Result<u64, Broken>) -> Option<Broken> {
    let broken = Cell::new(None);
    // The runner's part is the quiet.
    run_cases(&Settings::new("loom", 1, 0), &Just(()), |()| broken.set(explore().err())).ok()?;
    broken.take()
}

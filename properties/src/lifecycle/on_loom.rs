//! The lifecycle over loom: every interleaving of small scenarios, each history judged by the model.

use std::{
    cell::Cell,
    panic::resume_unwind,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use loom::model::Builder;
use proptest::strategy::Just;

use super::{history::Script, scenarios::scenarios};
use crate::{
    planted::Fault,
    scenarios::Broken,
    sequential::{Kill, Settings, run_cases},
    violation::caught,
};

pub(crate) mod alys {
    pub(crate) use crate::under_loom::lifecycle;
    pub(crate) use loom::{sync::Arc, thread};
}

#[path = "target/calls.rs"]
pub mod calls;
#[path = "target/race.rs"]
pub mod race;

/// Explores every interleaving of a script, without a bound, and returns how many there were.
///
/// # Errors
///
/// The first execution that no sequential order explains, or in which the code under test panics.
pub fn explore(script: &Script) -> Result<u64, Broken> {
    let executions = Arc::new(AtomicU64::new(0));
    let (script, count) = (Arc::new(script.clone()), Arc::clone(&executions));
    let mut builder = Builder::new();
    // All of them, whatever the environment says: loom returns from the check when nothing is left to explore.
    (builder.preemption_bound, builder.max_permutations, builder.max_duration) = (None, None, None);
    (builder.checkpoint_file, builder.log, builder.location) = (None, false, false);
    builder.max_branches = 10_000;
    let explored = caught(|| {
        builder.check(move || {
            count.fetch_add(1, Ordering::Relaxed);
            // All other threads have ended, so that it is safe to stop loom this way, which has no other.
            race::run(&script).unwrap_or_else(|message| resume_unwind(Box::new(message)));
        });
    });
    let executions = executions.load(Ordering::Relaxed);
    explored.map(|()| executions).map_err(|message| Broken { tried: executions, message })
}

/// Explores one script, without a word about panics of the code under test, and says how it failed, if it did.
#[must_use]
pub fn refuse(script: &Script) -> Option<Kill> {
    let broken = Cell::new(None);
    let explore = |()| {
        let outcome = explore(script);
        broken.set(outcome.err());
    };
    // The runner's part is the quiet.
    run_cases(&Settings::new("lifecycle_loom", 1, 0), &Just(()), explore).ok()?;
    broken.take().map(|Broken { tried, message }| Kill {
        cases: u32::try_from(tried).unwrap_or(u32::MAX),
        message,
        steps: script.calls(),
    })
}

/// Looks for the fault that is planted on this thread in the scenarios that name it, one after the other; counts the
/// executions of the one that finds it.
#[must_use]
pub fn hunt(fault: &Fault) -> Option<Kill> {
    let naming = scenarios().into_iter().filter(|scenario| scenario.refuses.contains(&fault.id));
    naming.map(|scenario| scenario.script).find_map(|script| refuse(&script))
}

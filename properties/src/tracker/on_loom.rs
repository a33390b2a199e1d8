//! The tracker over loom: every interleaving of small scenarios, each history judged by the model.

use std::{panic::resume_unwind, sync::Arc};

use super::{history::Script, scenarios::scenarios};
use crate::{interleavings, planted::Fault, scenarios::Broken, sequential::Kill};

pub(crate) mod alys {
    pub(crate) use crate::under_loom::tracker;
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
    let script = Arc::new(script.clone());
    interleavings::explore(move || {
        // All other threads have ended, so that it is safe to stop loom this way, which has no other.
        race::run(&script).map_or_else(|broken| resume_unwind(Box::new(broken.to_string())), drop);
    })
}

/// Explores one script, without a word about panics of the code under test, and says how it failed, if it did.
#[must_use]
pub fn refuse(script: &Script) -> Option<Kill> {
    interleavings::quietly(|| explore(script)).map(|Broken { tried, message }| Kill {
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

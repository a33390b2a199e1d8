//! The mailbox under loom: every interleaving of two threads.

pub(crate) use ::loom::thread::{JoinHandle, spawn};

#[path = "target/ends.rs"]
pub mod ends;
#[path = "target/threads.rs"]
pub mod threads;
#[path = "target/words.rs"]
pub mod words;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use super::program::{Program, pairs};
use crate::violation::caught;

/// The twin over loom's mutexes and atomics.
pub(crate) mod alys {
    pub(crate) use crate::under_loom::mailbox;
}

/// How an exploration ended early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The interleavings that it took.
    pub executions: u64,
    /// What the last of them raised.
    pub message: String,
}

/// Explores every interleaving of a model, and returns how many there were.
///
/// There is no limit of time: it returns when the exploration is complete, or not at all. `preemptions` bounds how
/// often a thread is interrupted where it could go on; `None` is every interleaving there is.
///
/// # Errors
///
/// The violation or panic that an interleaving raises.
pub fn explore(preemptions: Option<usize>, model: impl Fn() + Send + Sync + 'static) -> Result<u64, Broken> {
    let executions = Arc::new(AtomicU64::new(0));
    let mut builder = ::loom::model::Builder::new();
    builder.preemption_bound = preemptions;
    (builder.max_duration, builder.max_permutations, builder.checkpoint_file) = (None, None, None);
    builder.max_branches = 10_000;
    let count = Arc::clone(&executions);
    let explored = caught(|| {
        builder.check(move || {
            count.fetch_add(1, Ordering::Relaxed);
            model();
        });
    });
    let executions = executions.load(Ordering::Relaxed);
    explored.map(|()| executions).map_err(|message| Broken { executions, message })
}

/// Explores one program after the other, until one breaks.
fn explore_all(programs: Vec<Program>, preemptions: Option<usize>) -> Result<u64, Broken> {
    let mut total = 0;
    for program in programs {
        match explore(preemptions, move || threads::run(&program)) {
            Ok(executions) => total += executions,
            Err(broken) => return Err(Broken { executions: total + broken.executions, ..broken }),
        }
    }
    Ok(total)
}

/// Explores every pair of operations by two threads that do one each, without a bound.
///
/// # Errors
///
/// As [`explore`].
pub fn one_each() -> Result<u64, Broken> {
    explore_all(pairs(1), None)
}

/// Explores every pair of operations by two threads that do both, without a bound.
///
/// # Errors
///
/// As [`explore`].
pub fn two_each() -> Result<u64, Broken> {
    explore_all(pairs(2), None)
}

/// Explores what is not about messages: the last senders go, handlers settle, an asker waits.
///
/// # Errors
///
/// As [`explore`].
pub fn beginnings_and_ends() -> Result<u64, Broken> {
    let scenarios = [ends::last_senders_go, ends::handlers_settle, ends::asker_waits];
    scenarios.into_iter().map(|scenario| explore(None, scenario)).sum()
}

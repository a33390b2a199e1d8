//! The mailbox under loom: every interleaving of two threads.

pub(crate) use ::loom::thread::{JoinHandle, spawn};

#[path = "target/ends.rs"]
pub mod ends;
#[path = "target/threads.rs"]
pub mod threads;
#[path = "target/words.rs"]
pub mod words;
#[path = "target/world.rs"]
pub mod world;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use super::program::{Program, pairs};
use crate::{
    scenarios::{Broken, Scenario},
    violation::caught,
};

/// The twin over loom's mutexes and atomics.
pub(crate) mod alys {
    pub(crate) use crate::under_loom::mailbox;
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
    explored.map(|()| executions).map_err(|message| Broken { tried: executions, message })
}

/// Every pair of operations by two threads, one each and two each, without a bound.
#[must_use]
pub fn pairs_of_operations() -> Vec<Scenario> {
    let programs = pairs(1).into_iter().chain(pairs(2));
    let explored = |program: Program| {
        move || {
            explore(None, {
                let program = program.clone();
                move || threads::run(&program)
            })
        }
    };
    programs.map(|program| Scenario::new(program.name.clone(), explored(program))).collect()
}

/// What is not about messages: the last senders go, handlers settle, an asker waits.
#[must_use]
pub fn beginnings_and_ends() -> Vec<Scenario> {
    vec![
        Scenario::new("the last senders go", || explore(None, ends::last_senders_go)),
        Scenario::new("handlers settle", || explore(None, ends::handlers_settle)),
        Scenario::new("senders are cloned", || explore(None, ends::senders_are_cloned)),
        Scenario::new("looks are instants", || explore(None, ends::looks_are_instants)),
        Scenario::new("an asker waits", || explore(None, ends::asker_waits)),
    ]
}

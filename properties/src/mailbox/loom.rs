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

use std::panic::resume_unwind;

use super::program::{Program, pairs};
use crate::{interleavings::explore, scenarios::Scenario};

/// The twin over loom's mutexes and atomics.
pub(crate) mod alys {
    pub(crate) use crate::under_loom::mailbox;
}

/// Every pair of operations by two threads, one each and two each, without a bound.
#[must_use]
pub fn pairs_of_operations() -> Vec<Scenario> {
    let programs = pairs(1).into_iter().chain(pairs(2));
    let explored = |program: Program| {
        move || {
            explore({
                let program = program.clone();
                move || {
                    // All other threads have ended, so that it is safe to stop loom this way, which has no other.
                    threads::run(&program)
                        .map_or_else(|broken| resume_unwind(Box::new(broken.to_string())), drop);
                }
            })
        }
    };
    programs.map(|(name, program)| Scenario::new(name, explored(program))).collect()
}

/// What is not about messages: the last senders go, handlers settle, an asker waits.
#[must_use]
pub fn beginnings_and_ends() -> Vec<Scenario> {
    vec![
        Scenario::new("the last senders go", || explore(ends::last_senders_go)),
        Scenario::new("handlers settle", || explore(ends::handlers_settle)),
        Scenario::new("senders are cloned", || explore(ends::senders_are_cloned)),
        Scenario::new("looks are instants", || explore(ends::looks_are_instants)),
        Scenario::new("an asker waits", || explore(ends::asker_waits)),
    ]
}

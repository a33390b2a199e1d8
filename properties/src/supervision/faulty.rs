//! The same adapters, against the twin of `alys-actor` in which faults can be planted.

pub(crate) use crate::mailbox::faulty::world::ManualClock;

/// The twin under the names that the crate itself gives out.
pub(crate) mod alys {
    pub(crate) use crate::twin::{
        clock::TokioClock,
        drain::{Handled, HandlerFailed, MailboxActor},
        lifecycle, mailbox, supervised, supervision,
    };
}

#[path = "target/actor_laws.rs"]
pub mod actor_laws;
#[path = "target/actors.rs"]
pub mod actors;
#[path = "target/law_busy.rs"]
pub mod law_busy;
#[path = "target/law_child.rs"]
pub mod law_child;
#[path = "target/names.rs"]
pub mod names;
#[path = "target/performer.rs"]
pub mod performer;
#[path = "target/refusals.rs"]
pub mod refusals;
#[path = "target/search.rs"]
pub mod search;
#[path = "target/tree.rs"]
pub mod tree;
#[path = "target/tree_laws.rs"]
pub mod tree_laws;
#[path = "target/words.rs"]
pub mod words;

//! The same adapters, against the twin of `alys-actor` in which faults can be planted.

/// The twin under the names that the crate itself gives out.
pub(crate) mod alys {
    pub(crate) use crate::twin::{
        clock::TokioClock,
        drain::{Handled, HandlerFailed, MailboxActor, drain},
        mailbox,
    };
}

#[path = "target/actor.rs"]
pub mod actor;
#[path = "target/edges/mod.rs"]
pub mod edges;
#[path = "target/hand.rs"]
pub mod hand;
#[path = "target/laws.rs"]
pub mod laws;
#[path = "target/pair.rs"]
pub mod pair;
#[path = "target/words.rs"]
pub mod words;
#[path = "target/world.rs"]
pub mod world;

//! The same adapters, against the twin of `alys-actor` in which faults can be planted.

/// The twin under the names that the crate itself gives out.
pub(crate) mod alys {
    pub(crate) use crate::twin::{
        clock::TokioClock,
        drain::{Handled, MailboxActor, drain},
        mailbox, tracker,
    };
}

#[path = "target/actor.rs"]
pub mod actor;
#[path = "target/calls.rs"]
pub mod calls;
#[path = "target/look.rs"]
pub mod look;
#[path = "target/machine.rs"]
pub mod machine;
#[path = "target/observed.rs"]
pub mod observed;

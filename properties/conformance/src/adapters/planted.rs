//! Our own implementations, compiled from the source in which faults can be planted: the kit must find them.

use alys_properties::{
    mailbox::faulty::{words, world},
    supervision::faulty::words as supervising,
};

/// The twin, under the names that the crate itself gives out.
mod actor {
    pub(super) use alys_properties::twin::{
        clock::TokioClock,
        drain::{Handled, HandlerFailed, MailboxActor},
        mailbox, supervised, supervision,
    };
}

#[path = "target/alys_mailbox.rs"]
mod mailbox;
#[path = "target/alys_supervisor.rs"]
mod supervisor;

pub use mailbox::AlysMailbox;
pub use supervisor::AlysSupervisor;

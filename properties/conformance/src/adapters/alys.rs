//! Our own implementations, as they ship.

use alys_actor as actor;
use alys_properties::{
    mailbox::real::{words, world},
    supervision::real::words as supervising,
};

#[path = "target/alys_mailbox.rs"]
mod mailbox;
#[path = "target/alys_supervisor.rs"]
mod supervisor;

pub use mailbox::AlysMailbox;
pub use supervisor::AlysSupervisor;

//! Our own implementations, as they ship.

use alys_actor as actor;
use alys_properties::mailbox::real::{words, world};

#[path = "target/alys_mailbox.rs"]
mod mailbox;

pub use mailbox::AlysMailbox;

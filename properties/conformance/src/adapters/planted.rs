//! Our own implementations, compiled from the source in which faults can be planted: the kit must find them.

use alys_properties::{
    mailbox::faulty::{words, world},
    twin as actor,
};

#[path = "target/alys_mailbox.rs"]
mod mailbox;

pub use mailbox::AlysMailbox;

//! Reference models: state machines small enough to be believed, to which real components are held.
//!
//! Standard library only, no input or output, no time but the integer they are given, and no code shared with what
//! they judge. The rule ids in the doc comments are those of `docs/rules.md`.

#![forbid(unsafe_code)]

pub mod chain;
pub mod chain_store;
pub mod consensus;
pub mod governance;
pub mod lifecycle;
pub mod mailbox;
pub mod p2p;
pub mod ring;
pub mod supervision;
pub mod sync;
pub mod tracker;
pub mod wire;

//! What Actix actors need and Actix does not have: a bounded priority [`mailbox`] that loses nothing, a concurrent
//! ordering [`tracker`] that observes what arrives, a [`lifecycle`] that knows which states an actor may go through, and
//! patterns of communication, in [`comm`].
//!
//! Decisions are plain state machines; the asynchronous parts are thin shells around them. Clock and dead letters are
//! arguments. The rules in the doc comments (`MB-7`) are those of `docs/rules.md`.

mod clock;
pub mod comm;
mod drain;
pub mod lifecycle;
pub mod mailbox;
pub mod supervised;
pub mod supervision;
mod sync;
pub mod tracker;

pub use self::{
    clock::TokioClock,
    drain::{Answering, Handled, HandlerFailed, MailboxActor, drain},
};

/// The examples of the README, so that they cannot grow old.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

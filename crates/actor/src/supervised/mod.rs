//! Supervised Actix actors: the shell between a [`Supervision`](super::supervision::Supervision) and actors that may
//! panic (rules SV-2, SV-7, SV-8, LC-4, LC-7).
//!
//! [`adopt`] makes an actor a child: it gets a mailbox whose [`Sender`](super::mailbox::Sender) is its address for good,
//! and a shell that makes one incarnation of it after another from a factory. An incarnation is a real Actix actor with
//! a context of its own, a [`ChildContext`]: timers, spawned futures and Actix's own addresses work as ever, and none of
//! them outlives it.
//!
//! # How it works
//!
//! * The shell polls the incarnation inside one `catch_unwind`. A panic in a hook, a handler, a timer or a spawned future
//!   ends that incarnation and nothing else; what it was made of is dropped before the failure is reported.
//! * The receiving end of the mailbox stays with the shell, which lends it to the incarnation: queued messages wait for
//!   the next one, and what the old one had not answered becomes a dead letter.
//! * What the shell does next is asked of the tree, which knows of one order for each child.
//!
//! # Limitations
//!
//! * A second panic while the first one unwinds ends the process: so the language has it. What an actor owns should not
//!   panic when it is dropped.
//! * A handler that never yields holds its thread, its own restart and everybody else on that arbiter; a shutdown names
//!   it as unresponsive.
//! * A panic is caught where panics unwind: a build with `panic = "abort"` has no supervision.

mod adopt;
mod cage;
mod context;
mod hook;
mod incarnation;
mod seat;
mod shell;
mod timekeeper;

pub use self::{
    adopt::{AdoptError, Adopted, adopt, adopt_receiver},
    context::ChildContext,
    hook::{Hook, HookError, SupervisedActor},
    timekeeper::keep_time,
};

//! The reference model of the priority mailbox (rules MB-1 to MB-14).
//!
//! Queued messages are one list in the order of acceptance, waiting senders another in the order of first polls;
//! everything else is looked up by walking them. No wakers, no futures, no links: who must be woken is a flag.

mod actor;
mod model;
mod receiver;
mod senders;
mod vocabulary;

pub use self::{
    model::{Counters, Mailbox, Queued, SlotView},
    vocabulary::{
        Answer, Consumer, Death, Ending, Handling, MessageId, Observation, Outcome, Parameters, Policy, Post,
        Rank, Received, Ticks, Transition,
    },
};

#[cfg(test)]
mod tests;

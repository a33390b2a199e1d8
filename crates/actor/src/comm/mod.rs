//! How actors behind priority mailboxes talk to each other (rules CM-1 to CM-9).
//!
//! - *Direct*: [`Sender`](super::mailbox::Sender) itself, with `try_send`, `send`, `ask` and `ask_within`; nothing is
//!   added to it here.
//! - *Broadcast*: [`broadcast`] and [`broadcast_waiting`] offer one message to many and give an [`Account`].
//! - *Request and response*: one by `ask_within`, many by [`ask_all`], with one deadline and a bound on those in flight.
//! - *Routing chain*: [`route`] carries a message through named [`Stop`]s and gives a [`Report`].
//! - *Workflow*: a [`Workflow`] is data, made of sequences, parallel parts, fan-outs with a fan-in, and conditions.
//! - *Discovery*: a [`Directory`] knows the instances of services, their health, and whose turn it is; a [`Binding`]
//!   stays with one instance while it can.
//! - *Topics*: a [`Bus`] publishes to whoever has subscribed, with a true account.
//!
//! Everything is built on what a `Sender` can do, holds no lock while it waits, and starts no task: a pattern runs in
//! the future that is awaited, and what still waits is withdrawn when that future is dropped.

mod account;
mod batch;
mod binding;
mod broadcast;
mod bus;
mod directory;
mod instance;
mod route;
mod step;
mod together;
mod workflow;

use super::{mailbox, sync};

pub use self::{
    account::Account,
    batch::{BatchError, BatchLimits, ask_all},
    binding::Binding,
    broadcast::{broadcast, broadcast_waiting},
    bus::{Bus, SubscriptionId},
    directory::Directory,
    instance::{Balance, DirectoryError, Instance, NoInstance},
    route::route,
    step::{Outcome, Report, Step, StepCause, StepError, Stop},
    workflow::{Condition, Gather, Workflow},
};

#[cfg(test)]
mod tests;

//! Supervision: who is restarted when, who stops, and who is told (rules SV-1 to SV-10, LC-4, LC-7).

// The files of this module reach Mutex and Arc through `super::sync` alone: beside another `sync` they compile again,
// unchanged, under the model checkers.
use super::{lifecycle, mailbox, sync};

mod config;
mod end;
mod error;
mod inner;
mod jitter;
mod notice;
mod policy;
mod policy_error;
mod shared;
mod shells;
mod signal;
mod tree;
mod words;

pub(crate) use self::signal::Signal;

pub use self::{
    config::SupervisionConfig,
    end::{End, Fatal, Unresponsive},
    error::{Refusal, SpecError},
    notice::{Notice, Notices},
    policy::{ChildSpec, Group, Ratio, RestartStrategy, SupervisorSpec},
    policy_error::PolicyError,
    shared::Supervision,
    tree::Tree,
    words::{Action, Event, FailureReason, IncarnationId, NodeId, Order, Verdict},
};

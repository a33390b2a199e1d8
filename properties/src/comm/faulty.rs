//! The same scenarios, against the twin of `alys-actor` in which faults can be planted.

/// The twin under the names that the crate itself gives out.
pub(crate) mod alys {
    pub(crate) use crate::twin::{
        clock::TokioClock,
        comm,
        drain::{Handled, MailboxActor},
        mailbox, supervised, supervision,
    };
}

use super::Law;

#[path = "target/balance.rs"]
pub mod balance;
#[path = "target/batch.rs"]
pub mod batch;
#[path = "target/broadcast.rs"]
pub mod broadcast;
#[path = "target/bus.rs"]
pub mod bus;
#[path = "target/chain.rs"]
pub mod chain;
#[path = "target/discovery.rs"]
pub mod discovery;
#[path = "target/flow.rs"]
pub mod flow;
#[path = "target/receivers.rs"]
pub mod receivers;
#[path = "target/world.rs"]
pub mod world;

/// The laws of every pattern.
pub const ALL: [&[Law]; 7] =
    [broadcast::LAWS, batch::LAWS, chain::LAWS, flow::LAWS, discovery::LAWS, balance::LAWS, bus::LAWS];

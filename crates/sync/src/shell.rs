//! The actor that drives a node over its network, with the gate as a watch channel.
//!
//! Everything is decided in [`SyncNode`]. The actor takes turns between the network's events, the node's timers and its
//! mailbox; it makes known what has changed of the gate and the state, and fails when the chain cannot be made durable any
//! more. Its supervisor then makes the next one, which opens what is durable again (SY-9).

mod driven;
mod outlook;
mod pump;

#[cfg(test)]
mod properties;

use std::fmt;
use std::sync::Arc;

use actix::{Actor, AsyncContext};
use alys_actor::mailbox::{Clock, Time};
use alys_actor::supervised::{ChildContext, Hook, HookError, SupervisedActor};
use alys_actor::{Handled, MailboxActor};
use alys_chain::engine as chain;
use alys_chain::node::Durable;
use alys_chain::scheme::SignatureScheme;
use alys_chain::transition::StateTransition;
use alys_wire::containers::BlockBody;

pub use outlook::Outlook;

use crate::gate::{Closed, Gate};
use crate::network::Network;
use crate::node::SyncNode;
use crate::state::SyncState;
use driven::{Driven, Pair};
use pump::Pump;

/// A clock that knows when it is.
#[derive(Clone)]
pub struct WallClock {
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// What its origin is, in milliseconds since the Unix epoch.
    pub origin: u64,
}

impl WallClock {
    /// The time, in milliseconds since the Unix epoch.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.origin.saturating_add(self.clock.now().as_nanos() / 1_000_000)
    }

    /// When the clock shows a time.
    fn at(&self, time: u64) -> Time {
        Time::from_nanos(time.saturating_sub(self.origin).saturating_mul(1_000_000))
    }
}

impl fmt::Debug for WallClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WallClock").field("origin", &self.origin).finish_non_exhaustive()
    }
}

/// What the actor is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Propose a block with this body, if it is our turn and the gate is open.
    Propose(BlockBody),
    /// Hand the chain an event that does not come from the network.
    Chain(Box<chain::Event>),
}

/// What opens a node and its network.
type Open = Box<dyn FnOnce() -> Result<Box<dyn Driven>, HookError>>;

/// The actor around a node and its network.
pub struct SyncActor {
    open: Option<Open>,
    driven: Option<Box<dyn Driven>>,
    clock: WallClock,
    outlook: Outlook,
}

impl SyncActor {
    /// An actor that opens its node and network when it starts. What cannot be opened fails the start, and is for the
    /// supervisor to try again.
    #[must_use]
    pub fn new<S, T, D, N>(
        clock: WallClock,
        outlook: Outlook,
        open: impl FnOnce() -> Result<(SyncNode<S, T, D>, N), HookError> + 'static,
    ) -> Self
    where
        S: SignatureScheme + Sync + 'static,
        S::PublicKey: Sync + 'static,
        T: StateTransition + 'static,
        T::Error: Send,
        D: Durable + 'static,
        N: Network + 'static,
    {
        let open = || -> Result<Box<dyn Driven>, HookError> {
            let (node, network) = open()?;
            Ok(Box::new(Pair { node, network }))
        };
        SyncActor { open: Some(Box::new(open)), driven: None, clock, outlook }
    }

    /// Makes known what has changed. Fails when the chain cannot be made durable any more; tells whether it has.
    fn tell(&self, context: &mut ChildContext<Self>) -> bool {
        let Some(driven) = &self.driven else { return false };
        let (state, gate) = driven.outlook();
        self.outlook.publish(state, gate);
        match driven.failure() {
            Some(reason) => {
                context.fail(reason);
                true
            }
            None => false,
        }
    }
}

impl fmt::Debug for SyncActor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SyncActor").field("clock", &self.clock).finish_non_exhaustive()
    }
}

impl Drop for SyncActor {
    fn drop(&mut self) {
        self.outlook.publish(SyncState::Failed, Gate::Closed(Closed::Failed));
    }
}

impl Actor for SyncActor {
    type Context = ChildContext<Self>;
}

impl MailboxActor<Order> for SyncActor {
    /// Why nothing was proposed, if the gate is closed.
    type Reply = Result<(), Closed>;

    fn handle(&mut self, order: Order, context: &mut ChildContext<Self>) -> Handled<Self, Self::Reply> {
        let (now, Some(driven)) = (self.clock.now(), &mut self.driven) else { return Handled::Fail };
        let reply = driven.order(order, now);
        match self.tell(context) {
            true => Handled::Fail,
            false => Handled::Answer(reply),
        }
    }
}

impl SupervisedActor<Order> for SyncActor {
    fn start_hook(&mut self, context: &mut ChildContext<Self>) -> Hook<Self> {
        let Some(open) = self.open.take() else { return Hook::Done };
        match open() {
            Ok(driven) => {
                self.driven = Some(driven);
                context.spawn(Pump::default());
                Hook::Done
            }
            Err(error) => Hook::Failed(error),
        }
    }
}

//! A node and its network, whatever they are made of.

use std::task::{Context, Poll};

use alys_chain::node::Durable;
use alys_chain::scheme::SignatureScheme;
use alys_chain::transition::StateTransition;

use super::Order;
use crate::gate::{Closed, Gate};
use crate::network::{Network, NetworkCommand};
use crate::node::SyncNode;
use crate::state::SyncState;

/// A node that has its network: whatever it wants of that is carried out at once.
pub(super) trait Driven {
    /// Handles the network's next event; `None` when the network has ended.
    fn poll_event(&mut self, now: u64, task: &mut Context<'_>) -> Poll<Option<()>>;

    /// Lets time pass.
    fn tick(&mut self, now: u64);

    /// When a tick is wanted: for sync, or since a slot begins.
    fn due(&self, now: u64) -> Option<u64>;

    /// Does what it is told.
    fn order(&mut self, order: Order, now: u64) -> Result<(), Closed>;

    /// What others are told.
    fn outlook(&self) -> (SyncState, Gate);

    /// Why the chain cannot be made durable any more, if that has happened.
    fn failure(&self) -> Option<String>;
}

/// A node and its network.
pub(super) struct Pair<S: SignatureScheme, T: StateTransition, D: Durable, N> {
    pub(super) node: SyncNode<S, T, D>,
    pub(super) network: N,
}

impl<S: SignatureScheme, T: StateTransition, D: Durable, N: Network> Pair<S, T, D, N> {
    fn carry_out(&mut self, commands: Vec<NetworkCommand>) {
        for command in commands {
            self.network.command(command);
        }
    }
}

impl<S, T, D, N> Driven for Pair<S, T, D, N>
where
    S: SignatureScheme + Sync,
    S::PublicKey: Sync,
    T: StateTransition,
    T::Error: Send,
    D: Durable,
    N: Network,
{
    fn poll_event(&mut self, now: u64, task: &mut Context<'_>) -> Poll<Option<()>> {
        self.network.poll_event(task).map(|event| {
            let commands = self.node.handle(event?, now);
            self.carry_out(commands);
            Some(())
        })
    }

    fn tick(&mut self, now: u64) {
        let commands = self.node.tick(now);
        self.carry_out(commands);
    }

    fn due(&self, now: u64) -> Option<u64> {
        self.node.next_wakeup().into_iter().chain(self.node.next_slot(now)).min()
    }

    fn order(&mut self, order: Order, now: u64) -> Result<(), Closed> {
        let commands = match order {
            Order::Propose(body) => self.node.propose(body, now)?,
            Order::Chain(event) => self.node.chain_event(*event, now),
        };
        self.carry_out(commands);
        Ok(())
    }

    fn outlook(&self) -> (SyncState, Gate) {
        (self.node.state(), self.node.gate())
    }

    fn failure(&self) -> Option<String> {
        self.node.failure().map(ToString::to_string)
    }
}

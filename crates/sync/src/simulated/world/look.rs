//! What can be seen of a simulation.

use std::collections::BTreeSet;
use std::sync::Arc;

use alys_chain::scheme::SignatureScheme;

use super::{SimulatedNode, Simulation};
use crate::simulated::host::Host;
use crate::simulated::lines::{Lines, NetworkStats};
use crate::simulated::log::EventLog;
use crate::simulated::peer::SimulatedPeer;
use crate::simulated::plan::Plan;
use crate::simulated::storage::Journal;
use crate::simulated::tap::Tapped;
use crate::simulated::truth::Truth;

impl<S: SignatureScheme> Simulation<S> {
    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The truth.
    #[must_use]
    pub fn truth(&self) -> &Arc<Truth<S>> {
        &self.truth
    }

    /// The time, in milliseconds since the Unix epoch.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.now
    }

    /// How much time has passed, in milliseconds.
    #[must_use]
    pub fn elapsed(&self) -> u64 {
        self.now - self.start
    }

    /// Whether the time has come from which on nothing fails any more.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// How many things are yet to happen.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.queue.len()
    }

    /// A node; `None` while it is down, or where there is none.
    #[must_use]
    pub fn node(&self, node: u32) -> Option<&SimulatedNode<S>> {
        self.places.get(node as usize)?.node.as_ref()
    }

    /// What of a node is durable.
    #[must_use]
    pub fn journal(&self, node: u32) -> Option<&Journal> {
        self.places.get(node as usize).map(|place| &place.journal)
    }

    /// What the clock of a node shows, in milliseconds since the Unix epoch.
    #[must_use]
    pub fn clock(&self, node: u32) -> u64 {
        self.places.get(node as usize).map_or(self.now, |place| place.clock(self.now))
    }

    /// How often a node has been started.
    #[must_use]
    pub fn incarnation(&self, node: u32) -> u64 {
        self.places.get(node as usize).map_or(0, |place| place.incarnation)
    }

    /// A peer.
    #[must_use]
    pub fn peer(&self, peer: u32) -> Option<&SimulatedPeer> {
        self.peers.get(peer as usize)
    }

    /// Who is connected with a node.
    #[must_use]
    pub fn connected(&self, node: u32) -> BTreeSet<Host> {
        self.lines.connected(Host::Node(node))
    }

    /// The lines between hosts.
    #[must_use]
    pub fn lines(&self) -> &Lines {
        &self.lines
    }

    /// What was counted on them.
    #[must_use]
    pub fn stats(&self) -> NetworkStats {
        self.lines.stats()
    }

    /// Listens from now on to all that passes between nodes and their network.
    pub fn listen(&mut self) {
        self.tap.open();
    }

    /// What has passed since the last call, in order; nothing before somebody [listens](Self::listen).
    #[must_use]
    pub fn overheard(&mut self) -> Vec<Tapped> {
        self.tap.take()
    }

    /// What has happened so far.
    #[must_use]
    pub fn log(&self) -> &EventLog {
        &self.log
    }
}

//! What a scenario is played on: a network of nodes, simulated or real.

use alys_sync::{
    network::{NetworkCommand, NetworkEvent},
    peer::PeerId,
};

use crate::stage::DriveError;

/// What all links of a network do. They lose nothing and take no time unless they are told to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Links {
    /// The shortest and the longest time that something takes, in milliseconds of the network's time.
    pub(super) latency_ms: (u64, u64),
    /// How many of 1,000 messages are lost; where a message cannot be lost alone, how many of 1,000 pieces take their connection
    /// with them.
    pub(super) loss_permille: u16,
}

/// What links have done to what went over them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Harm {
    /// Messages or connections that were lost.
    pub(super) lost: u64,
    /// Messages, connections or tries to connect that a partition has cut off.
    pub(super) cut: u64,
    /// Messages or pieces that took their time.
    pub(super) delayed: u64,
}

/// A network whose nodes are numbered, and whose time is moved by whoever plays on it.
pub(super) trait Ground {
    /// Starts a node, or starts it again, with the bootstrap nodes that it knows.
    async fn start(&mut self, node: usize, bootstrap: &[usize]) -> Result<(), DriveError>;

    /// Stops a node at once; it says nothing to anybody.
    fn stop(&mut self, node: usize);

    /// Hands a node's network a command.
    fn command(&mut self, node: usize, command: NetworkCommand);

    /// Returns the next thing that a node's network tells, or nothing when nothing happens now.
    async fn next(&mut self) -> Option<(usize, NetworkEvent)>;

    /// Lets so much time pass.
    fn advance(&mut self, ms: u64);

    /// Lets the network fall into groups, between which nothing passes until it is healed.
    fn partition(&mut self, groups: &'static [&'static [usize]]);

    /// Joins all groups.
    fn heal(&mut self);

    /// Lets links do something else from now on.
    fn links(&mut self, links: Links);

    /// Returns what links have done so far.
    fn harm(&self) -> Harm;

    /// Returns by which number other nodes know a node.
    fn peer(&self, node: usize) -> PeerId;
}

/// Whether a partition lies between two nodes.
pub(super) fn is_cut(groups: &[&[usize]], one: usize, other: usize) -> bool {
    let group = |node: usize| groups.iter().position(|group| group.contains(&node));
    group(one) != group(other)
}

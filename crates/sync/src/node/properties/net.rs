//! A network where every message takes the same time.

use std::collections::{BTreeMap, BTreeSet};

use alys_chain::engine::Engine;
use alys_chain::node::Durable;
use alys_chain::scheme::Ideal;
use alys_chain::transition::Transfers;
use alys_wire::message::{Request, Response};

use super::super::SyncNode;
use crate::engine::{RequestId, SyncEngine};
use crate::gate::Gate;
use crate::network::{InboundId, NetworkCommand, NetworkEvent, Outcome};
use crate::peer::PeerId;
use crate::state::SyncState;

/// How long a message takes, in milliseconds.
const LATENCY: u64 = 50;

/// A node, whatever makes it durable.
pub(super) trait Member {
    fn handle(&mut self, event: NetworkEvent, now: u64) -> Vec<NetworkCommand>;
    fn tick(&mut self, now: u64) -> Vec<NetworkCommand>;
    fn sync(&self) -> &SyncEngine;
    fn chain(&self) -> &Engine<Ideal, Transfers>;
    fn state(&self) -> SyncState;
    fn gate(&self) -> Gate;
}

impl<D: Durable> Member for SyncNode<Ideal, Transfers, D> {
    fn handle(&mut self, event: NetworkEvent, now: u64) -> Vec<NetworkCommand> {
        self.handle(event, now)
    }
    fn tick(&mut self, now: u64) -> Vec<NetworkCommand> {
        self.tick(now)
    }
    fn sync(&self) -> &SyncEngine {
        self.sync()
    }
    fn chain(&self) -> &Engine<Ideal, Transfers> {
        self.chain()
    }
    fn state(&self) -> SyncState {
        self.state()
    }
    fn gate(&self) -> Gate {
        self.gate()
    }
}

/// What a liar answers instead; nothing for a request that stays without an answer.
pub(super) type Lie = Box<dyn Fn(&Request, Vec<Response>) -> Option<Outcome>>;

pub(super) struct Net {
    now: u64,
    members: Vec<Box<dyn Member>>,
    queue: BTreeMap<(u64, u64), (PeerId, NetworkEvent)>,
    sequence: u64,
    connected: BTreeSet<(PeerId, PeerId)>,
    /// Whose request an inbound number is, and by which number it was asked.
    asked: BTreeMap<InboundId, (Request, RequestId)>,
    /// Who does not do what it should.
    liars: BTreeMap<PeerId, Lie>,
    /// Every command of every member.
    pub(super) log: Vec<(u64, PeerId, NetworkCommand)>,
}

impl Net {
    pub(super) fn new(now: u64) -> Self {
        Net {
            now,
            members: Vec::new(),
            queue: BTreeMap::new(),
            sequence: 0,
            connected: BTreeSet::new(),
            asked: BTreeMap::new(),
            liars: BTreeMap::new(),
            log: Vec::new(),
        }
    }

    pub(super) fn join<D: Durable + 'static>(&mut self, node: SyncNode<Ideal, Transfers, D>) -> PeerId {
        self.join_boxed(Box::new(node))
    }

    pub(super) fn join_boxed(&mut self, node: Box<dyn Member>) -> PeerId {
        self.members.push(node);
        PeerId(self.members.len() as u64 - 1)
    }

    pub(super) fn lies(
        &mut self,
        peer: PeerId,
        lie: impl Fn(&Request, Vec<Response>) -> Option<Outcome> + 'static,
    ) {
        self.liars.insert(peer, Box::new(lie));
    }

    /// What a member has asked for.
    pub(super) fn requests_of(&self, member: PeerId) -> Vec<&Request> {
        let asked = self.log.iter().filter_map(|(_, who, command)| match command {
            NetworkCommand::Request { message, .. } if *who == member => Some(message),
            _ => None,
        });
        asked.collect()
    }

    pub(super) fn node(&self, peer: PeerId) -> &dyn Member {
        &*self.members[peer.0 as usize]
    }

    pub(super) fn connect(&mut self, one: PeerId, other: PeerId) {
        for (at, peer) in [(one, other), (other, one)] {
            self.connected.insert((at, peer));
            self.send(at, NetworkEvent::Connected { peer });
        }
    }

    pub(super) fn connect_all(&mut self, one: PeerId) {
        for other in (0..self.members.len() as u64).map(PeerId).filter(|other| *other != one) {
            self.connect(one, other);
        }
    }

    /// Lets so much time pass.
    pub(super) fn run(&mut self, time: u64) {
        let end = self.now + time;
        loop {
            let message = self.queue.keys().next().map(|(at, _)| *at);
            let waking = self.members.iter().filter_map(|member| member.sync().next_wakeup()).min();
            let Some(next) = message.into_iter().chain(waking).min().filter(|at| *at <= end) else { break };
            assert!(next >= self.now, "time goes on");
            self.now = next;
            match self.queue.first_entry().filter(|entry| entry.key().0 <= next) {
                Some(entry) => {
                    let (to, event) = entry.remove();
                    let commands = self.members[to.0 as usize].handle(event, self.now);
                    self.carry_out(to, commands);
                }
                None => {
                    for at in 0..self.members.len() {
                        if self.members[at].sync().next_wakeup() == Some(next) {
                            let commands = self.members[at].tick(next);
                            self.carry_out(PeerId(at as u64), commands);
                            assert_ne!(self.members[at].sync().next_wakeup(), Some(next), "a tick is enough");
                        }
                    }
                }
            }
        }
        self.now = end;
    }

    fn send(&mut self, to: PeerId, event: NetworkEvent) {
        self.sequence += 1;
        self.queue.insert((self.now + LATENCY, self.sequence), (to, event));
    }

    fn carry_out(&mut self, from: PeerId, commands: Vec<NetworkCommand>) {
        for command in commands {
            self.log.push((self.now, from, command.clone()));
            self.command(from, command);
        }
    }

    fn command(&mut self, from: PeerId, command: NetworkCommand) {
        match command {
            NetworkCommand::Request { peer, request, message } if self.connected.contains(&(from, peer)) => {
                let inbound = InboundId(self.sequence);
                self.asked.insert(inbound, (message.clone(), request));
                self.send(peer, NetworkEvent::Request { peer: from, inbound, request: message });
            }
            NetworkCommand::Respond { peer, inbound, responses } => {
                let Some((message, request)) = self.asked.remove(&inbound) else { return };
                let outcome = match self.liars.get(&from) {
                    Some(lie) => lie(&message, responses),
                    None => Some(Outcome::Answered(responses)),
                };
                let Some(outcome) = outcome else { return };
                self.send(peer, NetworkEvent::Response { peer: from, request, outcome });
            }
            NetworkCommand::Disconnect { peer, .. } => {
                for (at, other) in [(from, peer), (peer, from)] {
                    self.connected.remove(&(at, other));
                    self.send(at, NetworkEvent::Disconnected { peer: other });
                }
            }
            _ => {}
        }
    }
}

//! What goes wrong, and how it ends.

use alys_chain::scheme::SignatureScheme;

use super::{Happening, Simulation, SimulationError};
use crate::simulated::host::Host;
use crate::simulated::log::What;
use crate::simulated::plan::{Fault, Group};

impl<S> Simulation<S>
where
    S: SignatureScheme + Clone + Sync,
    S::PublicKey: Sync,
{
    /// A fault of the plan begins; none does once it is quiet.
    pub(super) fn fault(&mut self, number: usize) {
        let Some(step) = self.plan.faults.get(number).filter(|_| !self.quiet) else { return };
        let fault = step.fault.clone();
        self.note(subject(&fault), What::Fault(number));
        match fault {
            Fault::Disconnect { peer, for_ms } => self.lose(peer, for_ms),
            Fault::Leave { peer } => self.leave(peer),
            Fault::Cascade { first, count, every_ms, for_ms } => {
                for (nth, peer) in (0_u64..).zip(first..first + count) {
                    self.queue.plan(self.now + nth * every_ms, Happening::Lose { peer, for_ms });
                }
            }
            Fault::Partition { groups, for_ms } => {
                let groups: Vec<Vec<Host>> = groups.iter().map(hosts).collect();
                self.lines.partition(&groups);
                self.changes += 1;
                self.healed_by = self.changes;
                self.queue.plan(self.now + for_ms, Happening::Heal(self.changes));
            }
            Fault::Weather { link, for_ms } => {
                self.lines.set_link(link);
                self.changes += 1;
                self.cleared_by = self.changes;
                self.queue.plan(self.now + for_ms, Happening::Clear(self.changes));
            }
            Fault::Stall { peer, for_ms } => self.stall(peer, for_ms),
            Fault::Turn { peer, behaviour } => {
                if let Some(turned) = self.peers.get_mut(peer as usize) {
                    turned.turn(behaviour);
                }
                self.plan_act(peer);
            }
            Fault::Crash { node, for_ms } => self.crash(node, for_ms),
            Fault::Medium { node, after, comes_through, for_ms } => {
                if let Some(place) = self.places.get_mut(node as usize) {
                    place.down_for_ms = for_ms;
                    place.journal.fail_after(after, comes_through);
                }
            }
            Fault::Clock { node, by_ms } => self.set_clock(node, by_ms),
        }
    }

    fn leave(&mut self, number: u32) {
        if let Some(peer) = self.peers.get_mut(number as usize) {
            peer.present = false;
        }
        self.disconnect_all(Host::Peer(number));
    }

    fn stall(&mut self, number: u32, for_ms: u64) {
        let until = self.now + for_ms;
        if let Some(peer) = self.peers.get_mut(number as usize) {
            peer.stalled = true;
            self.stalled_until.insert(number, until);
            self.queue.plan(until, Happening::Resume { peer: number, until });
        }
    }

    pub(super) fn resume(&mut self, number: u32, until: u64) {
        if self.stalled_until.get(&number) == Some(&until) {
            self.stalled_until.remove(&number);
            if let Some(peer) = self.peers.get_mut(number as usize) {
                peer.stalled = false;
            }
        }
    }

    fn set_clock(&mut self, node: u32, by_ms: i64) {
        if let Some(place) = self.places.get_mut(node as usize) {
            place.ahead_ms = place.ahead_ms.saturating_add(by_ms);
        }
        self.note(Host::Node(node), What::Clock { by_ms });
        self.wake(node);
    }

    pub(super) fn heal(&mut self, change: u64) {
        if self.healed_by == change {
            self.lines.heal();
        }
    }

    pub(super) fn clear(&mut self, change: u64) {
        if self.cleared_by == change && !self.quiet {
            self.lines.set_link(self.plan.link.clone());
        }
    }

    /// From now on nothing fails any more: everybody is there, answers, and is reached; clocks stay as they are.
    pub(super) fn quiet(&mut self) -> Result<(), SimulationError> {
        self.quiet = true;
        self.lines.heal();
        self.lines.set_link(self.plan.link.quiet());
        self.stalled_until.clear();
        for number in (0..).take(self.peers.len()) {
            if let Some(peer) = self.peers.get_mut(number as usize) {
                peer.stalled = false;
            }
            self.join(number);
        }
        for node in 0..self.plan.nodes {
            if let Some(place) = self.places.get(node as usize) {
                place.journal.repair();
                let incarnation = place.incarnation;
                self.restart(node, incarnation)?;
            }
        }
        self.note(Host::Node(0), What::Quiet);
        Ok(())
    }
}

/// Whom a fault is noted of.
fn subject(fault: &Fault) -> Host {
    match fault {
        Fault::Disconnect { peer, .. }
        | Fault::Leave { peer }
        | Fault::Stall { peer, .. }
        | Fault::Turn { peer, .. } => Host::Peer(*peer),
        Fault::Cascade { first, .. } => Host::Peer(*first),
        Fault::Crash { node, .. } | Fault::Medium { node, .. } | Fault::Clock { node, .. } => {
            Host::Node(*node)
        }
        Fault::Partition { .. } | Fault::Weather { .. } => Host::Node(0),
    }
}

fn hosts(group: &Group) -> Vec<Host> {
    let nodes = group.nodes.iter().copied().map(Host::Node);
    nodes.chain(group.peers.iter().copied().map(Host::Peer)).collect()
}

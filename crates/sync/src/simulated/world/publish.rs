//! Gossip: what authorities send, by way of honest peers and from node to node.

use std::sync::Arc;

use alys_chain::scheme::SignatureScheme;
use alys_wire::{
    containers::SignedBlock,
    fault::{Channel, PeerFault},
    gossip::{GossipMessage, MessageId, Topic, TopicKind, message_id},
};

use super::{Happening, Simulation};
use crate::network::NetworkEvent;
use crate::simulated::host::Host;
use crate::simulated::lines::Session;
use crate::simulated::log::What;

/// A message on its way to a node.
#[derive(Clone, Debug)]
pub(super) struct Published {
    from: Host,
    to: u32,
    session: Session,
    kind: TopicKind,
    data: Arc<[u8]>,
}

impl<S> Simulation<S>
where
    S: SignatureScheme + Clone + Sync,
    S::PublicKey: Sync,
{
    /// The authorities have made a block: honest peers publish it and its approvals.
    pub(super) fn made(&mut self, number: usize) {
        let truth = Arc::clone(&self.truth);
        let Some(block) = truth.blocks().get(number) else { return };
        let proposal = Box::new(SignedBlock::clone(&block.block.signed_block));
        let approvals = block.approvals.iter().cloned().map(GossipMessage::ApproveBlock);
        let messages = std::iter::once(GossipMessage::ConsensusBlock(proposal)).chain(approvals);
        let relays: Vec<(Host, u64)> = (0..)
            .zip(&self.peers)
            .filter(|(_, peer)| peer.present && !peer.stalled && peer.behaviour().is_honest())
            .map(|(number, peer)| (Host::Peer(number), peer.plan().lag_ms))
            .take(self.plan.relays as usize)
            .collect();
        for message in messages {
            let Ok(data) = message.encode(&self.limits) else { continue };
            for (relay, lag_ms) in &relays {
                for to in self.lines.connected(*relay) {
                    self.send_published(*relay, to, message.kind(), &data, *lag_ms);
                }
            }
        }
    }

    /// A node publishes something of its own.
    pub(super) fn publish(&mut self, node: u32, message: &GossipMessage) {
        // What no message can carry is not published.
        let Ok(data) = message.encode(&self.limits) else { return };
        let id = self.message_id(message.kind(), &data);
        let now = self.now;
        if let Some(place) = self.places.get_mut(node as usize) {
            place.seen.is_new(id, now);
        }
        self.flood(Host::Node(node), None, message.kind(), &data);
    }

    fn message_id(&self, kind: TopicKind, data: &[u8]) -> MessageId {
        message_id(&Topic { fork_digest: self.plan.sync.fork_digest, kind }, data, &self.limits)
    }

    /// Sends a message to all connected nodes but the one it came from.
    fn flood(&mut self, from: Host, came_from: Option<Host>, kind: TopicKind, data: &[u8]) {
        for to in self.lines.connected(from) {
            if Some(to) != came_from {
                self.send_published(from, to, kind, data, 0);
            }
        }
    }

    /// Sends a message to a node; peers know the truth without.
    fn send_published(&mut self, from: Host, to: Host, kind: TopicKind, data: &[u8], lag_ms: u64) {
        let (Host::Node(node), Some(session)) = (to, self.lines.session(from, to)) else { return };
        let mut bytes = data.to_vec();
        let passage = self.lines.pass(from, to, &mut bytes, self.now + lag_ms);
        self.note_passage(from, to, &passage);
        let data: Arc<[u8]> = bytes.into();
        for at in passage.arrivals() {
            let published = Published { from, to: node, session, kind, data: Arc::clone(&data) };
            self.queue.plan(at, Happening::Published(Box::new(published)));
        }
    }

    pub(super) fn published_arrives(&mut self, published: Published) {
        let Published { from, to: node, session, kind, data } = published;
        let to = Host::Node(node);
        if !self.lines.reaches(from, to) {
            return self.lines.caught();
        }
        if self.lines.session(from, to) != Some(session) {
            return;
        }
        let (id, now) = (self.message_id(kind, &data), self.now);
        let Some(place) = self.places.get_mut(node as usize) else { return };
        if !place.seen.is_new(id, now) {
            return;
        }
        let peer = from.id();
        match GossipMessage::decode(kind, &data, &self.limits) {
            Ok(message) => {
                let id = id.first_chunk().copied().map_or(0, u32::from_be_bytes);
                self.note(to, What::Heard { from, kind, id });
                self.flood(to, Some(from), kind, &data);
                self.deliver(node, NetworkEvent::Gossip { peer, message });
            }
            Err(error) => {
                self.note(to, What::Malformed { from, at: 0 });
                let fault = PeerFault::new(Channel::Gossip(kind), error);
                self.deliver(node, NetworkEvent::Malformed { peer, fault });
            }
        }
    }
}

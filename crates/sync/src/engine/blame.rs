//! What is held against peers, and how they leave (SY-7, WR-5).

use alys_wire::codes::GoodbyeReason;

use super::peers::Peer;
use super::requests::Purpose;
use super::{Action, SyncEngine};
use crate::peer::{Offence, PeerId, Record};

impl SyncEngine {
    /// A peer is connected; one that is banned does not stay.
    pub(super) fn connected(&mut self, peer: PeerId) {
        self.part(peer);
        let (now, settings) = (self.time.now(), self.config.settings());
        if self.records.get(&peer).is_some_and(|record| record.is_banned(now)) {
            self.actions.push(Action::Disconnect { peer, reason: GoodbyeReason::Banned });
            return;
        }
        self.records.entry(peer).or_insert_with(|| Record::new(now));
        self.peers.insert(peer, Peer::new(settings, now));
    }

    /// A peer is not connected any more: what it was asked is over, and nothing of its tip counts.
    pub(super) fn part(&mut self, peer: PeerId) {
        if self.peers.remove(&peer).is_none() {
            return;
        }
        let over: Vec<_> = self.requests.iter().filter(|(_, pending)| pending.peer == peer).collect();
        let over: Vec<_> =
            over.into_iter().map(|(request, pending)| (*request, pending.purpose.clone())).collect();
        for (request, purpose) in over {
            self.requests.remove(&request);
            if let Purpose::Batch(start) = purpose {
                self.batch_failed(start, request, peer);
            }
        }
        if let Some(plan) = &mut self.plan {
            plan.provers.remove(&peer);
        }
        let now = self.time.now();
        if let Some(record) = self.records.get_mut(&peer) {
            record.left(now);
        }
        self.forget();
    }

    /// A peer has sent what cannot be decoded.
    pub(super) fn malformed(&mut self, peer: PeerId) {
        self.offend(peer, Offence::Malformed);
    }

    /// Holds an offence against a peer that is connected, or was when it committed it.
    pub(super) fn offend(&mut self, peer: PeerId, offence: Offence) {
        let (now, settings) = (self.time.now(), self.config.settings());
        let Some(record) = self.records.get_mut(&peer) else { return };
        let banned = record.offended(offence, settings, now);
        let score = record.score(now);
        match offence {
            Offence::Lie => self.metrics.lies += 1,
            Offence::Malformed => self.metrics.malformed += 1,
            _ => {}
        }
        if let Some(until) = banned {
            self.metrics.bans += 1;
            self.dismiss(peer, GoodbyeReason::Banned);
            self.actions.push(Action::Ban { peer, until: self.time.to_wall(until) });
        } else if offence.costs_connection() {
            self.dismiss(peer, GoodbyeReason::Fault);
        } else if score == 0 {
            self.dismiss(peer, GoodbyeReason::BadScore);
        }
    }

    /// Disconnects a peer.
    pub(super) fn dismiss(&mut self, peer: PeerId, reason: GoodbyeReason) {
        if self.peers.contains_key(&peer) {
            self.actions.push(Action::Disconnect { peer, reason });
            self.part(peer);
        }
    }

    /// Forgets those who have been away longest, when there are too many of them; banned ones last.
    fn forget(&mut self) {
        let now = self.time.now();
        let away = self.records.iter().filter(|(peer, _)| !self.peers.contains_key(peer));
        let away: Vec<_> = away.map(|(peer, record)| (record.is_banned(now), record.seen, *peer)).collect();
        if away.len() as u64 > self.config.settings().remembered
            && let Some((_, _, peer)) = away.into_iter().min()
        {
            self.records.remove(&peer);
        }
    }
}

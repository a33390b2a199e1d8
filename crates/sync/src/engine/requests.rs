//! Requests: sent, answered, late (SY-10).

use alys_wire::codes::GoodbyeReason;
use alys_wire::message::{Request, Status};

use super::{Action, RequestId, SyncEngine};
use crate::peer::{Offence, PeerId};

/// How often in a row a peer may fail at batches before it is left; those that fail at once count once.
const FRUITLESS: u64 = 3;

/// What a request is for.
#[derive(Clone, Debug)]
pub(super) enum Purpose {
    /// To know where the peer is.
    Status,
    /// To see the block that it says is its tip.
    Proof(Status),
    /// To download the batch that starts at this height.
    Batch(u64),
}

/// A request that is not answered.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    pub(super) peer: PeerId,
    pub(super) deadline: u64,
    pub(super) purpose: Purpose,
}

impl SyncEngine {
    /// Asks a peer.
    pub(super) fn send(&mut self, peer: PeerId, purpose: Purpose, message: Request) -> RequestId {
        let request = RequestId(self.number());
        let deadline = self.time.now().saturating_add(self.config.settings().request_timeout);
        self.requests.insert(request, Pending { peer, deadline, purpose });
        if let Some(record) = self.records.get_mut(&peer) {
            record.asked();
        }
        self.metrics.requests += 1;
        self.actions.push(Action::Send { peer, request, message });
        request
    }

    /// Takes a request out that this peer was asked, if it is not over.
    pub(super) fn ended(&mut self, peer: PeerId, request: RequestId) -> Option<Pending> {
        if self.requests.get(&request)?.peer != peer {
            return None;
        }
        self.requests.remove(&request)
    }

    /// Gives up what was not answered in time.
    pub(super) fn expire(&mut self) {
        let now = self.time.now();
        let late = self.requests.iter().filter(|(_, pending)| pending.deadline <= now);
        let late: Vec<_> = late.map(|(request, pending)| (*request, pending.peer)).collect();
        for (request, peer) in late {
            // One that is late may cost the peer its connection, and the others are over then.
            let Some(pending) = self.ended(peer, request) else { continue };
            self.metrics.timeouts += 1;
            self.actions.push(Action::Cancel { peer, request });
            self.gone_wrong(peer, request, &pending.purpose, Offence::Timeout);
        }
    }

    /// Gives up a request that is of no use any more.
    pub(super) fn cancel(&mut self, peer: PeerId, request: RequestId) {
        if self.ended(peer, request).is_none() {
            return;
        }
        let now = self.time.now();
        if let Some(record) = self.records.get_mut(&peer) {
            record.undecided(now);
        }
        self.actions.push(Action::Cancel { peer, request });
    }

    /// A request has not led to what it was for, by the peer's doing.
    pub(super) fn gone_wrong(
        &mut self,
        peer: PeerId,
        request: RequestId,
        purpose: &Purpose,
        offence: Offence,
    ) {
        match purpose {
            Purpose::Status | Purpose::Proof(_) => self.rest(peer),
            Purpose::Batch(start) => self.batch_failed(*start, request, peer),
        }
        if offence == Offence::Timeout {
            self.smaller(peer);
        }
        if matches!(purpose, Purpose::Batch(_)) {
            self.fruitless(peer, offence);
        }
        self.offend(peer, offence);
    }

    /// A peer has failed at a batch. One that only ever does has proved a tip and keeps back what leads there, so it is
    /// left: what it has proved must not count for ever. What was asked at once and fails at once counts once.
    pub(super) fn fruitless(&mut self, peer: PeerId, offence: Offence) {
        let now = self.time.now();
        let is_new = self.records.get(&peer).is_some_and(|record| !record.is_backing_off(now));
        let Some(known) = self.peers.get_mut(&peer).filter(|_| is_new && offence.counts_as_failure()) else {
            return;
        };
        known.fruitless += 1;
        if known.fruitless >= FRUITLESS {
            self.dismiss(peer, GoodbyeReason::BadScore);
        }
    }

    /// Asks less at once of a peer that was late.
    fn smaller(&mut self, peer: PeerId) {
        let least = self.config.settings().batch_min;
        if let Some(known) = self.peers.get_mut(&peer) {
            known.batch = (known.batch / 2).max(least);
        }
    }
}

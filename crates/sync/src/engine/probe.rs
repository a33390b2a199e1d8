//! Where peers are, and how they prove it (SY-4).

use std::sync::Arc;

use alys_chain::tree::BlockRef;
use alys_wire::codes::GoodbyeReason;
use alys_wire::containers::CertifiedBlock;
use alys_wire::message::{BlocksByRoot, Request, Status};

use super::peers::{Peer, Probe, Proved, Tip};
use super::requests::Purpose;
use super::{Action, SyncEngine, Ticket};
use crate::peer::{Offence, PeerId};

impl SyncEngine {
    /// Asks those where they are who have not been asked for a while.
    pub(super) fn probe(&mut self) {
        let now = self.time.now();
        let due = self
            .peers
            .iter()
            .filter(|(peer, known)| self.probe_at(**peer, known).is_some_and(|at| at <= now));
        let due: Vec<PeerId> = due.map(|(peer, _)| *peer).collect();
        for peer in due {
            let status = self.status();
            self.send(peer, Purpose::Status, Request::Status(status));
            self.probing(peer, Probe::Asked);
        }
    }

    /// When a peer is asked where it is; `None` while it is being asked.
    pub(super) fn probe_at(&self, peer: PeerId, known: &Peer) -> Option<u64> {
        match known.probe {
            Probe::Resting { until } => Some(until.max(self.records.get(&peer)?.available_at()?)),
            Probe::Asked | Probe::Verifying { .. } => None,
        }
    }

    /// Where we are, as peers are told.
    #[must_use]
    pub fn status(&self) -> Status {
        Status {
            fork_digest: self.config.settings().fork_digest.into(),
            finalised_root: self.local.finalised.root,
            finalised_height: self.local.finalised.height,
            head_root: self.local.head.root,
            head_slot: self.local.head_slot,
        }
    }

    /// A peer says where it is, and is asked to prove it.
    pub(super) fn claimed(&mut self, peer: PeerId, claim: Status) {
        self.succeeded(peer);
        if claim.fork_digest.0 != self.config.settings().fork_digest {
            self.dismiss(peer, GoodbyeReason::IrrelevantNetwork);
        } else if claim.head_root == self.genesis {
            let block = BlockRef { root: self.genesis, height: 0 };
            self.proved_by(peer, Proved { tip: Tip { block, slot: 0 }, block: None });
        } else if self.peers.get(&peer).is_some_and(|known| !known.has_proved(claim.head_root))
            && self.records.get(&peer).is_some_and(|record| record.may_ask(self.time.now()))
        {
            let mut roots = BlocksByRoot::default();
            // There is room for more than a thousand.
            let _ = roots.push(claim.head_root);
            self.send(peer, Purpose::Proof(claim), Request::BlocksByRoot(roots));
        } else {
            self.rest(peer);
        }
    }

    /// A peer shows the block that it says is its tip.
    pub(super) fn shown(&mut self, peer: PeerId, claim: &Status, blocks: &[Arc<CertifiedBlock>]) {
        self.rest(peer);
        let block = match blocks {
            [] => return self.offend(peer, Offence::Empty),
            [block] => block,
            _ => return self.offend(peer, Offence::Lie),
        };
        let header = &block.signed_block.block.header;
        if header.root() != claim.head_root {
            return self.offend(peer, Offence::Lie);
        }
        self.succeeded(peer);
        let tip = Tip { block: BlockRef { root: claim.head_root, height: header.height }, slot: header.slot };
        let (ticket, proved) = (Ticket(self.number()), Proved { tip, block: Some(Arc::clone(block)) });
        self.probing(peer, Probe::Verifying { ticket, proved });
        self.actions.push(Action::Verify { ticket, block: Arc::clone(block) });
    }

    /// The certificate of what a peer has shown is one, or none.
    pub(super) fn verified(&mut self, ticket: Ticket, valid: bool) {
        let waits = |known: &Peer| match &known.probe {
            Probe::Verifying { ticket: waited, proved } if *waited == ticket => Some(proved.clone()),
            _ => None,
        };
        let found = self.peers.iter().find_map(|(peer, known)| Some((*peer, waits(known)?)));
        let Some((peer, proved)) = found else { return };
        self.rest(peer);
        match valid {
            true => self.proved_by(peer, proved),
            false => self.offend(peer, Offence::Lie),
        }
    }

    fn proved_by(&mut self, peer: PeerId, proved: Proved) {
        self.rest(peer);
        if self.refused.contains(&proved.tip.block.root) {
            return self.beside_finality(peer);
        }
        let Some(known) = self.peers.get_mut(&peer) else { return };
        if let Some(plan) = &mut self.plan
            && plan.target == proved.tip
        {
            plan.provers.insert(peer);
        }
        known.proved = Some(proved);
    }

    /// A peer is asked again in a while.
    pub(super) fn rest(&mut self, peer: PeerId) {
        let until = self.time.now().saturating_add(self.config.settings().status_interval);
        self.probing(peer, Probe::Resting { until });
    }

    fn probing(&mut self, peer: PeerId, probe: Probe) {
        if let Some(known) = self.peers.get_mut(&peer) {
            known.probe = probe;
        }
    }

    /// A peer has answered as it should.
    pub(super) fn succeeded(&mut self, peer: PeerId) {
        if let Some(record) = self.records.get_mut(&peer) {
            record.succeeded();
        }
    }
}

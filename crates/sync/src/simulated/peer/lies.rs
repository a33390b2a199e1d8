//! What liars make of the truth.

use alys_chain::scheme::SignatureScheme;
use alys_wire::containers::{
    AggregateApproval, ApprovalBits, Block, BlockBody, BlockHeader, CertifiedBlock, Hash256, Signature,
    SignedBlock,
};
use alys_wire::message::{Response, ResponseBody, Status};

use super::{Asked, Script, SimulatedPeer};
use crate::simulated::plan::Behaviour;
use crate::simulated::truth::{Branch, TrueBlock, Truth};

impl SimulatedPeer {
    /// The block that it shows as its tip; `None` of genesis.
    pub(super) fn shown_tip<'a, S: SignatureScheme>(
        &self,
        truth: &'a Truth<S>,
        now: u64,
    ) -> Option<&'a TrueBlock> {
        let view = self.view(truth, now);
        match self.behaviour {
            Behaviour::Stale { by } => truth.canonical(view.head().height.saturating_sub(by)),
            Behaviour::Sybil { height } => truth.canonical(view.head().height.min(height)),
            Behaviour::NothingAtStake => truth.last_fork(now).or(view.tip()),
            Behaviour::LongRangeFork => truth.hidden().last().or(view.tip()),
            _ => view.tip(),
        }
    }

    /// What it says about its tip.
    pub(super) fn status<S: SignatureScheme>(&self, asked: &mut Asked<'_, S>) -> Status {
        let tip = self.shown_tip(asked.truth, asked.now);
        let status = asked.status_of(tip);
        match self.behaviour {
            Behaviour::ClaimsTooHigh { by } => Status {
                head_root: Hash256::from_slice(&[(); 32].map(|()| asked.rng.u8(..))),
                head_slot: status.head_slot.saturating_add(by),
                ..status
            },
            Behaviour::ForgedTip => {
                let Some(forged) = asked.forgery(tip) else { return status };
                let header = &forged.signed_block.block.header;
                Status { head_root: header.root(), head_slot: header.slot, ..status }
            }
            _ => status,
        }
    }

    /// The block of a root, if it shows it.
    pub(super) fn knows<'a, S: SignatureScheme>(
        &self,
        root: &Hash256,
        truth: &'a Truth<S>,
        now: u64,
    ) -> Option<&'a TrueBlock> {
        let block = truth.block(root)?;
        let shows_all = self.behaviour == Behaviour::LongRangeFork;
        let is_there = truth.begins(block)? <= now.saturating_sub(self.plan.lag_ms);
        (is_there && (shows_all || block.branch != Branch::Hidden)).then_some(block)
    }

    /// The blocks that it answers a range with.
    pub(super) fn twisted<'a, S: SignatureScheme>(
        &self,
        mut honest: Vec<&'a TrueBlock>,
        count: u64,
        asked: &Asked<'a, S>,
    ) -> Vec<&'a TrueBlock> {
        match self.behaviour {
            Behaviour::Empty => honest.clear(),
            Behaviour::Short { blocks } => honest.truncate(usize::try_from(blocks).unwrap_or(usize::MAX)),
            Behaviour::WrongFork => {
                let fork = |block: &&'a TrueBlock| asked.truth.fork_at(block.height()).unwrap_or(*block);
                honest = honest.iter().map(fork).collect();
            }
            Behaviour::Unlinked if honest.len() > 1 => {
                honest.remove(honest.len() / 2);
            }
            Behaviour::Oversized => {
                let more = honest.last().copied();
                let missing = (count + 1).saturating_sub(honest.len() as u64);
                honest.extend((0..missing).filter_map(|_| more));
            }
            _ => {}
        }
        honest
    }

    /// Whether it spoils the certificate of a block.
    pub(super) fn spoils(&self, block: &TrueBlock) -> bool {
        matches!(self.behaviour, Behaviour::InvalidCertificate { every } if block.height().is_multiple_of(every))
    }

    /// Shows the block that it has forged, if that is asked for.
    pub(super) fn forged<S: SignatureScheme>(
        &self,
        asked: &mut Asked<'_, S>,
        roots: &[Hash256],
        script: &mut Script,
    ) -> bool {
        let Some(forged) = asked.forgery(self.shown_tip(asked.truth, asked.now)) else { return false };
        let is_asked = roots.contains(&forged.signed_block.block.root());
        if is_asked {
            asked.write(script, &Response::Success(ResponseBody::Block(Box::new(forged))));
        }
        is_asked
    }
}

impl<S: SignatureScheme> Asked<'_, S> {
    /// Appends a block whose certificate is spoiled in one of three ways, by its height.
    pub(super) fn spoiled(&mut self, block: &TrueBlock, script: &mut Script) {
        let mut spoiled = CertifiedBlock::clone(&block.block);
        let certificate = &mut spoiled.certificate;
        match block.height() % 3 {
            0 => certificate.signature = Signature::default(),
            1 => {
                let signers = (0..certificate.bits.len())
                    .filter(|signer| certificate.bits.get(*signer).unwrap_or_default());
                if let Some(first) = signers.min() {
                    // It is one of the bits that are there.
                    let _ = certificate.bits.set(first, false);
                }
            }
            _ => certificate.slot += 1,
        }
        self.write(script, &Response::Success(ResponseBody::Block(Box::new(spoiled))));
    }

    /// A block on a tip that nobody has certified, with the certificate of that tip as far as it goes.
    pub(super) fn forgery(&self, tip: Option<&TrueBlock>) -> Option<CertifiedBlock> {
        let genesis = self.truth.genesis_ref();
        let (parent_root, height, slot) =
            tip.map_or((genesis.root, 0, 0), |tip| (tip.root, tip.height(), tip.slot()));
        let (height, slot) = (height + 1, slot + 1);
        let body = BlockBody::default();
        let header = BlockHeader {
            parent_root,
            height,
            slot,
            proposer_index: self.truth.authorities().proposer(slot),
            state_root: tip.map_or(Hash256::ZERO, |tip| tip.header().state_root),
            body_root: body.root(),
            timestamp: self.truth.config().clock.start_of(slot).unwrap_or_default(),
        };
        let block_root = header.root();
        let (bits, signature) = match tip.map(|tip| &tip.block.certificate) {
            Some(stolen) => (stolen.bits.clone(), stolen.signature),
            None => (ApprovalBits::with_capacity(self.truth.authorities().len()).ok()?, Signature::default()),
        };
        Some(CertifiedBlock {
            signed_block: SignedBlock { block: Block { header, body }, signature: Signature::default() },
            certificate: AggregateApproval { block_root, slot, bits, signature },
        })
    }
}

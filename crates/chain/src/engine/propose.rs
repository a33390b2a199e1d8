//! Proposing a block.

use alys_wire::containers::{Block, BlockBody, BlockHeader, SignedBlock};

use super::{Effect, Effects, Engine, ProposeRefusal};
use crate::scheme::{Domain, Message, SignatureScheme};
use crate::transition::StateTransition;

impl<S: SignatureScheme, T: StateTransition> Engine<S, T> {
    /// Proposes a block on the tip, once a slot, and takes it in as everybody else does.
    pub(super) fn propose(&mut self, body: BlockBody, now: u64, effects: &mut Effects<T>) {
        match self.proposal(body, now) {
            Ok(proposal) => {
                let slot = proposal.block.header.slot;
                self.proposed = slot;
                effects.push(Effect::PersistProposal { slot });
                effects.push(Effect::SendBlock(proposal.clone()));
                self.block(proposal, now, effects);
            }
            Err(refusal) => effects.push(Effect::ProposeRefused(refusal)),
        }
    }

    fn proposal(&self, body: BlockBody, now: u64) -> Result<SignedBlock, ProposeRefusal<T::Error>> {
        let me = self.identity.as_ref().ok_or(ProposeRefusal::NotAnAuthority)?;
        if self.violation.is_some() {
            return Err(ProposeRefusal::Violated);
        }
        let current = self.slot_at(now);
        let ours = current.filter(|slot| self.authorities.proposer(*slot) == me.index);
        let slot = ours.ok_or(ProposeRefusal::NotOurSlot { slot: current })?;
        if slot <= self.proposed {
            return Err(ProposeRefusal::AlreadyProposed { slot, last: self.proposed });
        }
        let tip = self.tree.get(&self.head.root).filter(|tip| tip.header.slot < slot);
        let Some(tip) = tip else {
            let tip = self.tree.get(&self.head.root).map_or(slot, |tip| tip.header.slot);
            return Err(ProposeRefusal::NotAfterTip { slot, tip });
        };
        let state = self.transition.apply(&tip.state, &body).map_err(ProposeRefusal::Transition)?;
        let header = BlockHeader {
            parent_root: self.head.root,
            height: self.head.height + 1,
            slot,
            proposer_index: me.index,
            state_root: self.transition.root(&state),
            body_root: body.root(),
            timestamp: now,
        };
        let message = Message::new(Domain::Proposal, self.config.chain_id, slot, header.root());
        let signature = self.scheme.sign(&me.secret, &message);
        Ok(SignedBlock { block: Block { header, body }, signature })
    }
}

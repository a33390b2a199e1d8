//! A chain of two authorities whose keys are known here.

use std::sync::Arc;

use alys_chain::authorities::AuthoritySet;
use alys_chain::engine::{ChainConfig, Engine, Event, Settings, Signatures};
use alys_chain::node::Durable;
use alys_chain::scheme::{Domain, Ideal, IdealKey, Message, SignatureScheme};
use alys_chain::transition::StateTransition;
use alys_wire::containers::{
    AggregateApproval, ApprovalBits, Block, BlockBody, BlockHeader, CertifiedBlock, Hash256, SignedBlock,
};

/// How long a slot is, in seconds.
pub const SLOT_SECONDS: u64 = 4;

/// When slot 0 begins.
pub const GENESIS_TIME: u64 = 1_000;

/// What keeps nothing: a node of a test never restarts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nowhere;

/// Nothing is kept, so nothing fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("never")]
pub enum Never {}

impl Durable for Nowhere {
    type Error = Never;

    fn vote(&mut self, _: u64) -> Result<(), Never> {
        Ok(())
    }

    fn proposal(&mut self, _: u64) -> Result<(), Never> {
        Ok(())
    }

    fn commit(&mut self, _: &alys_chain::engine::Commit) -> Result<(), Never> {
        Ok(())
    }
}

/// The authorities, and the configuration of their chain.
#[derive(Clone, Debug)]
pub struct Realm {
    ideal: Ideal,
    authorities: AuthoritySet<IdealKey>,
    /// The configuration.
    pub config: ChainConfig,
}

impl Realm {
    /// A realm of so many authorities.
    ///
    /// # Panics
    ///
    /// When there are none.
    #[must_use]
    pub fn of(authorities: u64) -> Self {
        let ideal = Ideal::default();
        let stated = |key| (ideal.public_key(&IdealKey(key)), ideal.prove_possession(&IdealKey(key)));
        let stated: Vec<_> = (1..=authorities).map(stated).collect();
        let authorities = AuthoritySet::new(&ideal, &stated).expect("keys of a registry");
        let settings = Settings {
            chain_id: 0x0102_0304_0506,
            genesis_time: GENESIS_TIME,
            slot_duration: SLOT_SECONDS,
            ..Settings::default()
        };
        Realm { ideal, authorities, config: settings.check().expect("no setting is 0") }
    }

    /// The engine of the first authority.
    ///
    /// # Panics
    ///
    /// Never: the authority is one.
    pub fn engine<T: StateTransition>(&self, transition: T, genesis: T::State) -> Engine<Ideal, T> {
        let engine =
            Engine::new(self.config, self.ideal.clone(), self.authorities.clone(), transition, genesis);
        engine.with_identity(0, IdealKey(1)).expect("the first authority")
    }

    /// The time at which a slot begins.
    #[must_use]
    pub fn time(&self, slot: u64) -> u64 {
        GENESIS_TIME + slot * SLOT_SECONDS
    }

    /// A proposal on a parent.
    #[must_use]
    pub fn proposal(
        &self,
        parent: &BlockHeader,
        slot: u64,
        body: BlockBody,
        state_root: Hash256,
    ) -> SignedBlock {
        let proposer_index = slot % self.authorities.len() as u64;
        let header = BlockHeader {
            parent_root: parent.root(),
            height: parent.height + 1,
            slot,
            proposer_index,
            state_root,
            body_root: body.root(),
            timestamp: self.time(slot),
        };
        let message = Message::new(Domain::Proposal, self.config.chain_id, slot, header.root());
        let signature = self.ideal.sign(&IdealKey(proposer_index + 1), &message);
        SignedBlock { block: Block { header, body }, signature }
    }

    /// The event that a proposal comes in with everybody's approval.
    ///
    /// # Panics
    ///
    /// Never: all of them are authorities.
    #[must_use]
    pub fn import(&self, signed_block: SignedBlock) -> Event {
        let (block_root, slot) = (signed_block.block.root(), signed_block.block.header.slot);
        let message = Message::new(Domain::Approval, self.config.chain_id, slot, block_root);
        let count = self.authorities.len();
        let mut bits = ApprovalBits::with_capacity(count).expect("few authorities");
        let signatures: Vec<_> = (0..count)
            .map(|index| {
                bits.set(index, true).expect("an authority");
                self.ideal.sign(&IdealKey(index as u64 + 1), &message)
            })
            .collect();
        let signature = self.ideal.aggregate(&signatures).expect("signatures of the scheme");
        let certificate = AggregateApproval { block_root, slot, bits, signature };
        Event::Import {
            block: Arc::new(CertifiedBlock { signed_block, certificate }),
            signatures: Signatures::Verified,
        }
    }
}

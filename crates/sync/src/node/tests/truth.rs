//! A chain that all honest nodes have a part of.

use std::convert::Infallible;
use std::sync::Arc;

use alys_chain::approvals;
use alys_chain::authorities::AuthoritySet;
use alys_chain::engine::{ChainConfig, Commit, Engine, Event, Signatures, genesis_header};
use alys_chain::node::{Durable, Node};
use alys_chain::scheme::{Domain, Ideal, IdealKey, Message, SignatureScheme};
use alys_chain::transition::{Balances, StateTransition, Transfers};
use alys_wire::containers::{
    AggregateApproval, Approval, Block, BlockBody, BlockHeader, CertifiedBlock, Hash256, SignedBlock,
};

use super::super::{Consensus, SyncNode};
use crate::config::Settings;

/// What keeps nothing.
#[derive(Debug)]
pub(super) struct Nothing;

impl Durable for Nothing {
    type Error = Infallible;

    fn vote(&mut self, _: u64) -> Result<(), Infallible> {
        Ok(())
    }

    fn proposal(&mut self, _: u64) -> Result<(), Infallible> {
        Ok(())
    }

    fn commit(&mut self, _: &Commit) -> Result<(), Infallible> {
        Ok(())
    }
}

/// A chain of four authorities: block by block, each in the slot of its height.
pub(super) struct Truth {
    pub(super) config: ChainConfig,
    ideal: Ideal,
    authorities: AuthoritySet<IdealKey>,
    pub(super) blocks: Vec<Arc<CertifiedBlock>>,
}

const KEYS: [IdealKey; 4] = [IdealKey(1), IdealKey(2), IdealKey(3), IdealKey(4)];

impl Truth {
    pub(super) fn new(height: u64) -> Self {
        let ideal = Ideal::default();
        let stated = KEYS.map(|key| (ideal.public_key(&key), ideal.prove_possession(&key)));
        let authorities = AuthoritySet::new(&ideal, &stated).unwrap();
        let config = alys_chain::engine::Settings::default().check().unwrap();
        let mut truth = Truth { config, ideal, authorities, blocks: Vec::new() };
        truth.blocks = truth.chain(truth.genesis(), 1, height, 0);
        truth
    }

    fn genesis(&self) -> BlockHeader {
        genesis_header(&self.config.clock, Transfers.root(&Balances::default()))
    }

    /// Blocks on a parent, up to a height, in slots that are `skipped` later than their heights.
    pub(super) fn chain(
        &self,
        parent: BlockHeader,
        from: u64,
        to: u64,
        skipped: u64,
    ) -> Vec<Arc<CertifiedBlock>> {
        let mut parent = parent;
        let grow = |height| {
            let block = self.block(&parent, height + skipped);
            parent = block.signed_block.block.header.clone();
            Arc::new(block)
        };
        (from..=to).map(grow).collect()
    }

    fn block(&self, parent: &BlockHeader, slot: u64) -> CertifiedBlock {
        let proposer_index = self.authorities.proposer(slot);
        let header = BlockHeader {
            parent_root: parent.root(),
            height: parent.height + 1,
            slot,
            proposer_index,
            state_root: parent.state_root,
            body_root: BlockBody::default().root(),
            timestamp: self.config.clock.start_of(slot).unwrap(),
        };
        let block_root = header.root();
        let sign = |key: &IdealKey, domain| {
            self.ideal.sign(key, &Message::new(domain, self.config.chain_id, slot, block_root))
        };
        let signature = sign(&KEYS[proposer_index as usize], Domain::Proposal);
        let alone: Vec<AggregateApproval> = (0..)
            .zip(&KEYS)
            .map(|(validator_index, key)| {
                let signature = sign(key, Domain::Approval);
                let approval = Approval { block_root, slot, validator_index, signature };
                approvals::alone(&approval, KEYS.len()).unwrap()
            })
            .collect();
        let all: Vec<&AggregateApproval> = alone.iter().collect();
        let certificate = approvals::certificate(&self.ideal, &self.authorities, &all).unwrap();
        let block = Block { header, body: BlockBody::default() };
        CertifiedBlock { signed_block: SignedBlock { block, signature }, certificate }
    }

    /// When the last block was proposed.
    pub(super) fn now(&self) -> u64 {
        self.blocks.last().map_or(0, |block| block.signed_block.block.header.timestamp * 1000)
    }

    pub(super) fn consensus(&self) -> Consensus<Ideal> {
        Consensus {
            scheme: self.ideal.clone(),
            authorities: self.authorities.clone(),
            chain: self.config,
            genesis: self.root(0),
        }
    }

    pub(super) fn root(&self, height: u64) -> Hash256 {
        match height {
            0 => self.genesis().root(),
            _ => self.blocks[height as usize - 1].signed_block.block.root(),
        }
    }

    /// A node that has the chain up to a height.
    pub(super) fn node(&self, height: u64, settings: Settings) -> SyncNode<Ideal, Transfers, Nothing> {
        self.node_of(&self.blocks[..height as usize], settings)
    }

    pub(super) fn node_of(
        &self,
        blocks: &[Arc<CertifiedBlock>],
        settings: Settings,
    ) -> SyncNode<Ideal, Transfers, Nothing> {
        let (ideal, authorities) = (self.ideal.clone(), self.authorities.clone());
        let engine = Engine::new(self.config, ideal, authorities, Transfers, Balances::default());
        let mut node = Node::new(engine, Nothing);
        for block in blocks {
            let event = Event::Import { block: Arc::clone(block), signatures: Signatures::Verified };
            node.handle(event, u64::MAX, |_| {}).unwrap();
        }
        SyncNode::new(node, self.consensus(), settings.check().unwrap())
    }
}

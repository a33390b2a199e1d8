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
pub(crate) struct Nothing;

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

/// What fails at a commit.
#[derive(Debug)]
pub(crate) struct Brittle {
    /// How many commits are left that do not fail.
    pub(crate) commits: u64,
}

/// The disk is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the disk is full")]
pub(crate) struct Full;

impl Durable for Brittle {
    type Error = Full;

    fn vote(&mut self, _: u64) -> Result<(), Full> {
        Ok(())
    }

    fn proposal(&mut self, _: u64) -> Result<(), Full> {
        Ok(())
    }

    fn commit(&mut self, _: &Commit) -> Result<(), Full> {
        self.commits = self.commits.checked_sub(1).ok_or(Full)?;
        Ok(())
    }
}

/// A chain of four authorities: block by block, each in the slot of its height.
pub(crate) struct Truth {
    pub(crate) config: ChainConfig,
    ideal: Ideal,
    authorities: AuthoritySet<IdealKey>,
    pub(crate) blocks: Vec<Arc<CertifiedBlock>>,
}

const KEYS: [IdealKey; 4] = [IdealKey(1), IdealKey(2), IdealKey(3), IdealKey(4)];

impl Truth {
    pub(crate) fn new(height: u64) -> Self {
        let ideal = Ideal::default();
        let stated = KEYS.map(|key| (ideal.public_key(&key), ideal.prove_possession(&key)));
        let authorities = AuthoritySet::new(&ideal, &stated).unwrap();
        let config = alys_chain::engine::Settings::default().check().unwrap();
        let mut truth = Truth { config, ideal, authorities, blocks: Vec::new() };
        let mut parent = truth.genesis();
        for slot in 1..=height {
            let block = truth.block(&parent, slot);
            parent = block.signed_block.block.header.clone();
            truth.blocks.push(Arc::new(block));
        }
        truth
    }

    fn genesis(&self) -> BlockHeader {
        genesis_header(&self.config.clock, Transfers.root(&Balances::default()))
    }

    /// Blocks on one of the chain, up to a height. Each is `apart` slots after the one before: with 1 they become final.
    pub(crate) fn fork(&self, below: u64, to: u64, apart: u64) -> Vec<Arc<CertifiedBlock>> {
        let mut fork = self.blocks[..below as usize].to_vec();
        let mut parent = fork.last().map_or(self.genesis(), |block| block.signed_block.block.header.clone());
        // Two slots later than the chain's own block, so that it is another one.
        let mut slot = parent.slot + 2;
        for _ in below..to {
            let block = self.block(&parent, slot);
            parent = block.signed_block.block.header.clone();
            slot += apart;
            fork.push(Arc::new(block));
        }
        fork
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
        let message = Message::new(Domain::Proposal, self.config.chain_id, slot, block_root);
        let signature = self.ideal.sign(&KEYS[proposer_index as usize], &message);
        let certificate = self.certificate(block_root, slot, KEYS.len());
        let block = Block { header, body: BlockBody::default() };
        CertifiedBlock { signed_block: SignedBlock { block, signature }, certificate }
    }

    /// What the first so many authorities approve.
    fn certificate(&self, block_root: Hash256, slot: u64, signers: usize) -> AggregateApproval {
        let message = Message::new(Domain::Approval, self.config.chain_id, slot, block_root);
        let alone = (0..).zip(&KEYS[..signers]).map(|(validator_index, key)| {
            let signature = self.ideal.sign(key, &message);
            let approval = Approval { block_root, slot, validator_index, signature };
            approvals::alone(&approval, KEYS.len()).unwrap()
        });
        let alone: Vec<AggregateApproval> = alone.collect();
        let signatures: Vec<_> = alone.iter().map(|one| one.signature).collect();
        let bits = alone.iter().map(|one| one.bits.clone()).reduce(|all, one| all.union(&one)).unwrap();
        AggregateApproval { block_root, slot, bits, signature: self.ideal.aggregate(&signatures).unwrap() }
    }

    /// A block with a certificate by so many authorities.
    pub(crate) fn approved_by(&self, block: &CertifiedBlock, signers: usize) -> CertifiedBlock {
        let (root, slot) = (block.signed_block.block.root(), block.signed_block.block.header.slot);
        CertifiedBlock { certificate: self.certificate(root, slot, signers), ..block.clone() }
    }

    /// When the last block was proposed.
    pub(crate) fn now(&self) -> u64 {
        self.blocks.last().map_or(0, |block| block.signed_block.block.header.timestamp * 1000)
    }

    pub(crate) fn consensus(&self) -> Consensus<Ideal> {
        Consensus {
            scheme: self.ideal.clone(),
            authorities: self.authorities.clone(),
            chain: self.config,
            genesis: self.root(0),
        }
    }

    pub(crate) fn root(&self, height: u64) -> Hash256 {
        match height {
            0 => self.genesis().root(),
            _ => self.blocks[height as usize - 1].signed_block.block.root(),
        }
    }

    /// A node that has the chain up to a height.
    pub(crate) fn node(&self, height: u64, settings: Settings) -> SyncNode<Ideal, Transfers, Nothing> {
        self.node_of(&self.blocks[..height as usize], settings)
    }

    /// The node of an authority, which has genesis alone.
    pub(crate) fn authority(&self, index: u64, settings: Settings) -> SyncNode<Ideal, Transfers, Nothing> {
        let (ideal, authorities) = (self.ideal.clone(), self.authorities.clone());
        let engine = Engine::new(self.config, ideal, authorities, Transfers, Balances::default());
        let engine = engine.with_identity(index, KEYS[index as usize]).unwrap();
        SyncNode::new(Node::new(engine, Nothing), self.consensus(), settings.check().unwrap())
    }

    /// A node that has these blocks.
    pub(crate) fn node_of(
        &self,
        blocks: &[Arc<CertifiedBlock>],
        settings: Settings,
    ) -> SyncNode<Ideal, Transfers, Nothing> {
        self.node_on(Nothing, blocks, settings)
    }

    /// A node that has these blocks, on this medium.
    pub(crate) fn node_on<D: Durable>(
        &self,
        medium: D,
        blocks: &[Arc<CertifiedBlock>],
        settings: Settings,
    ) -> SyncNode<Ideal, Transfers, D> {
        let (ideal, authorities) = (self.ideal.clone(), self.authorities.clone());
        let engine = Engine::new(self.config, ideal, authorities, Transfers, Balances::default());
        let mut node = Node::new(engine, medium);
        for block in blocks {
            let event = Event::Import { block: Arc::clone(block), signatures: Signatures::Verified };
            node.handle(event, u64::MAX, |_| {}).unwrap();
        }
        SyncNode::new(node, self.consensus(), settings.check().unwrap())
    }
}

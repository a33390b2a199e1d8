//! A store in memory: what a node's effects make durable, and nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;

use alys_models::chain::Ledger;
use alys_wire::containers::{BlockHeader, CertifiedBlock, Hash256};

use super::alys::engine::{Commit, Effect, Saved};
use super::alys::finality::FinalityViolation;
use super::alys::transition::{Balances, TransferError};

/// What is durable of a node.
#[derive(Clone, Debug)]
pub struct Durable {
    genesis: BlockHeader,
    /// By height and root, so that parents come first.
    blocks: BTreeMap<(u64, Hash256), Arc<CertifiedBlock>>,
    base: Hash256,
    head: Hash256,
    finalised: Hash256,
    violation: Option<FinalityViolation>,
    voted: u64,
    proposed: u64,
}

impl Durable {
    /// Genesis alone.
    #[must_use]
    pub fn new(genesis: BlockHeader) -> Self {
        let root = genesis.root();
        Durable {
            genesis,
            blocks: BTreeMap::new(),
            base: root,
            head: root,
            finalised: root,
            violation: None,
            voted: 0,
            proposed: 0,
        }
    }

    /// Carries out one effect.
    pub fn carry_out(&mut self, effect: &Effect<TransferError>) {
        match effect {
            Effect::PersistVote { slot } => self.voted = *slot,
            Effect::PersistProposal { slot } => self.proposed = *slot,
            Effect::Commit(commit) => self.commit(commit),
            _ => {}
        }
    }

    fn commit(&mut self, commit: &Commit) {
        if let Some(entered) = &commit.entered {
            let height = entered.block.signed_block.block.header.height;
            self.blocks.insert((height, entered.root), Arc::clone(&entered.block));
        }
        self.blocks.retain(|(_, root), _| !commit.removed.contains(root));
        self.base = commit.base.map_or(self.base, |base| base.root);
        self.head = commit.head.as_ref().map_or(self.head, |change| change.head.root);
        self.finalised = commit.finalised.map_or(self.finalised, |block| block.root);
        self.violation = commit.violation.as_deref().cloned().or(self.violation.take());
    }

    /// What a node begins with again; the balances after the base are given, as a store would compute them.
    #[must_use]
    pub fn saved(&self, at_base: &Ledger) -> Saved<Balances> {
        let is_base = |((_, root), _): &(&(u64, Hash256), &Arc<CertifiedBlock>)| *root == self.base;
        let base_block = self.blocks.iter().find(is_base).map(|(_, block)| Arc::clone(block));
        let header = base_block.as_ref().map(|block| block.signed_block.block.header.clone());
        let accounts: Vec<_> = at_base.iter().map(|(account, balance)| (*account, *balance)).collect();
        Saved {
            base_header: header.unwrap_or_else(|| self.genesis.clone()),
            base_block,
            base_state: Balances::genesis(&accounts).expect("what there is at genesis fits"),
            blocks: self
                .blocks
                .iter()
                .filter(|one| !is_base(one))
                .map(|(_, block)| Arc::clone(block))
                .collect(),
            finalised: self.finalised,
            head: self.head,
            violation: self.violation.clone(),
            voted: self.voted,
            proposed: self.proposed,
        }
    }
}

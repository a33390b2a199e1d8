//! What is durable of a node, read off what it says.

use std::{collections::BTreeMap, sync::Arc};

use alys_chain::{
    engine::{Effect, Engine},
    finality::{CheckpointDue, FinalityViolation},
    scheme::Ideal,
    transition::Transfers,
    tree::BlockRef,
};
use alys_wire::containers::{CertifiedBlock, Hash256};

use super::Told;

/// What is durable of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The blocks of the tree with their certificates, genesis aside.
    pub blocks: BTreeMap<Hash256, Arc<CertifiedBlock>>,
    /// The block that the tree begins with.
    pub base: Hash256,
    /// The tip.
    pub head: BlockRef,
    /// The last final block.
    pub finalised: BlockRef,
    /// Two final blocks that conflict.
    pub violation: Option<FinalityViolation>,
    /// The last slots voted and proposed in.
    pub duties: (u64, u64),
    /// All checkpoints, from the lowest up.
    pub checkpoints: Vec<CheckpointDue>,
}

/// Whether an effect is to be made durable.
#[must_use]
pub fn is_durable(effect: &Told) -> bool {
    matches!(effect, Effect::PersistVote { .. } | Effect::PersistProposal { .. } | Effect::Commit(_))
}

impl Held {
    /// What an engine knows, without checkpoints: it keeps none.
    #[must_use]
    pub fn of(engine: &Engine<Ideal, Transfers>) -> Self {
        let certified = engine.tree().iter().filter_map(|(root, node)| Some((*root, node.block.clone()?)));
        Held {
            blocks: certified.collect(),
            base: engine.tree().base(),
            head: engine.head(),
            finalised: engine.finalised(),
            violation: engine.violation().cloned(),
            duties: engine.duties(),
            checkpoints: Vec::new(),
        }
    }

    /// What is durable when this is as well.
    #[must_use]
    pub fn after(&self, effect: &Told) -> Held {
        let mut held = self.clone();
        match effect {
            Effect::PersistVote { slot } => held.duties.0 = *slot,
            Effect::PersistProposal { slot } => held.duties.1 = *slot,
            Effect::Commit(commit) => {
                held.blocks.extend(commit.entered.iter().map(|it| (it.root, Arc::clone(&it.block))));
                held.blocks.retain(|root, _| !commit.removed.contains(root));
                held.base = commit.base.map_or(held.base, |base| base.root);
                held.head = commit.head.as_ref().map_or(held.head, |change| change.head);
                held.finalised = commit.finalised.unwrap_or(held.finalised);
                held.violation = commit.violation.as_deref().cloned().or(held.violation);
                held.checkpoints.extend(&commit.checkpoints);
            }
            _ => {}
        }
        held
    }

    /// The roots from the tip down to the base, as far as they are not genesis.
    #[must_use]
    pub fn canonical(&self) -> Vec<(u64, Hash256)> {
        let mut chain = Vec::new();
        let mut at = self.head.root;
        while let Some(block) = self.blocks.get(&at) {
            let header = &block.signed_block.block.header;
            chain.push((header.height, at));
            at = header.parent_root;
        }
        chain
    }
}

//! All shapes of small block trees, and what follows from each by definition.

use alys_models::chain::{ChainModel, ChainSetting, ChainTransition, ModelApproval, ModelTree};

use crate::planned::ACCOUNTS;
use crate::planned::{Draft, PlannedBlock, genesis};

/// Whether a block skips a slot, by its number; patterns from none that does to all that do.
pub const PATTERNS: [fn(usize) -> bool; 4] =
    [|_| false, |block| block == 2, |block| block % 2 == 1, |_| true];

/// One authority, whose approval is a quorum: trees are about order, not about who approves.
#[must_use]
pub fn setting() -> ChainSetting {
    ChainSetting {
        authorities: 1,
        me: None,
        genesis_time: 0,
        slot_duration: 10,
        interval: 100,
        per_owner: 64,
        total: 64,
    }
}

/// Every tree of at most so many blocks over genesis, as the parents of its blocks, one of each shape.
#[must_use]
pub fn shapes(blocks_max: usize) -> Vec<Vec<usize>> {
    let mut all = Vec::new();
    let mut level: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..blocks_max {
        let mut seen = std::collections::BTreeSet::new();
        let longer = level.iter().flat_map(|parents| {
            (0..=parents.len()).map(move |parent| parents.iter().copied().chain([parent]).collect::<Vec<_>>())
        });
        level = longer.filter(|parents| seen.insert(shape(parents, 0))).collect();
        all.extend(level.clone());
    }
    all
}

/// A text that two trees have in common exactly when they are of one shape.
fn shape(parents: &[usize], of: usize) -> String {
    let children = (1..=parents.len()).filter(|child| parents[child - 1] == of);
    let mut below: Vec<String> = children.map(|child| shape(parents, child)).collect();
    below.sort_unstable();
    format!("({})", below.concat())
}

/// The drafts of a tree; siblings differ in when they were made.
#[must_use]
pub fn drafts(parents: &[usize], skips: fn(usize) -> bool) -> Vec<Draft> {
    let draft = |(number, parent): (usize, &usize)| Draft {
        parent: *parent,
        after: 1 + i64::from(skips(number)),
        height_off: 0,
        proposer_off: 0,
        seconds: number as i64,
        payments: Vec::new(),
        flaw: None,
    };
    parents.iter().enumerate().map(draft).collect()
}

/// The tree of all these blocks, as the model has it.
#[must_use]
pub fn model(setting: &ChainSetting, blocks: &[PlannedBlock]) -> ModelTree {
    let mut model = ChainModel::new(*setting, genesis(setting).model.id, &ACCOUNTS);
    for block in &blocks[1..] {
        let approval = ModelApproval {
            block: block.model.id,
            slot: block.model.slot,
            signers: [0].into(),
            bits: 1,
            single: false,
            signed: true,
        };
        model.apply(&ChainTransition::Block(block.model.clone()), 10_000);
        model.apply(&ChainTransition::Approval(approval), 10_000);
    }
    model.now().tree.as_ref().clone()
}

/// Whether two blocks in the middle of three are on no one chain.
#[must_use]
pub fn conflicts(tree: &ModelTree) -> bool {
    let middles = tree.middles();
    let apart = |one, other| !tree.on_chain(one, other) && !tree.on_chain(other, one);
    middles.iter().any(|one| middles.iter().any(|other| apart(*one, *other)))
}

//! Where a real node and the model are held against each other, and which rule a difference breaks.

use alys_engines::trace::note;
use alys_engines::violation::{check_eq, violated};
use alys_models::chain::{BlockId, ChainModel, ChainOutcome as O, Committed, PoolItem};

/// Everything that can be seen of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The tip.
    pub head: (BlockId, u64),
    /// The last final block.
    pub finalised: (BlockId, u64),
    /// The notarised blocks.
    pub tree: Vec<BlockId>,
    /// What they begin with.
    pub base: BlockId,
    /// The height of the longest chains.
    pub longest: u64,
    /// The blocks in the pool that are candidates, and those that wait, by name.
    pub blocks: (Vec<BlockId>, Vec<BlockId>),
    /// How much is in the pool.
    pub pooled: usize,
    /// The last slots voted and proposed in.
    pub duties: (u64, u64),
    /// The final blocks that conflict.
    pub violation: Option<(BlockId, BlockId)>,
}

impl View {
    /// What the model says.
    #[must_use]
    pub fn of(model: &ChainModel) -> Self {
        let (now, pool) = (model.now(), model.pool());
        let sorted = |mut ids: Vec<BlockId>| {
            ids.sort_unstable();
            ids
        };
        View {
            head: (now.head, now.tree.height(now.head)),
            finalised: (now.finalised, now.tree.height(now.finalised)),
            tree: now.tree.ids(),
            base: now.tree.base(),
            longest: now.tree.longest(),
            blocks: (sorted(pool.candidates()), sorted(pool.waiting())),
            pooled: pool.items().count(),
            duties: (now.voted, now.proposed),
            violation: now.violation,
        }
    }
}

/// Compares what a step came to, one thing after the other.
///
/// # Panics
///
/// Raises a violation at the first difference.
pub fn outcomes(model: &[O], real: &[O]) {
    note("outcomes", &model, &real);
    for (place, one) in model.iter().enumerate() {
        match (one, real.get(place)) {
            (O::Commit(said), Some(O::Commit(done))) => commits(said, done),
            (said, done) => check_eq(rule_of(said), "what is done", &Some(said), &done),
        }
    }
    if let Some(more) = real.get(model.len()) {
        violated(rule_of(more), format!("the real one also does {more:?}"));
    }
}

fn commits(model: &Committed, real: &Committed) {
    check_eq("CH-2", "what enters the tree", &model.entered, &real.entered);
    check_eq("CH-5", "what is final", &model.finalised, &real.finalised);
    check_eq("CH-3", "the conflict of final blocks", &model.violation, &real.violation);
    check_eq("CH-3", "how the tip changes", &model.head, &real.head);
    check_eq("CH-6", "the checkpoints that are due", &model.checkpoints, &real.checkpoints);
    check_eq("CH-3", "what leaves the tree", &model.removed, &real.removed);
    check_eq("CH-3", "what the tree begins with", &model.base, &real.base);
}

/// Compares everything that can be seen.
///
/// # Panics
///
/// Raises a violation at the first difference.
pub fn views(model: &View, real: &View) {
    if model == real {
        return;
    }
    check_eq("CH-2", "the tree", &model.tree, &real.tree);
    check_eq("CH-5", "the finalised block", &model.finalised, &real.finalised);
    check_eq("CH-3", "the violation", &model.violation, &real.violation);
    check_eq("CH-3", "the tip", &model.head, &real.head);
    check_eq("CH-5", "the slots voted and proposed in", &model.duties, &real.duties);
    check_eq("CH-1", "the candidates and the waiting blocks", &model.blocks, &real.blocks);
    check_eq("CH-4", "how much is in the pool", &model.pooled, &real.pooled);
    check_eq("CH-5", "the longest chains", &model.longest, &real.longest);
    check_eq("CH-3", "what the tree begins with", &model.base, &real.base);
}

/// The rule that something else than this breaks.
fn rule_of(outcome: &O) -> &'static str {
    match outcome {
        O::Refused(..) | O::Known(_) | O::WaitsForParent(_) | O::WaitsForSlot(_) | O::Candidate(_) => "CH-1",
        O::PersistProposal(_) | O::SendBlock(_) | O::NotProposed(_) => "CH-1",
        O::Unapproved(..) | O::Commit(_) => "CH-2",
        O::ApprovalKnown(_) | O::ApprovalKept(_) | O::Evicted(PoolItem::Approval(..), _) => "CH-4",
        O::Evicted(PoolItem::Block(_), _) => "CH-1",
        O::PersistVote(_) | O::SendApproval(..) | O::Finalised(_) | O::NotRolledBack(_) => "CH-5",
        O::HeadChanged(_) | O::Violated(..) => "CH-3",
        O::NotPruned(_) => "CH-6",
        O::NotImported(..) => "CH-2",
    }
}

//! Reference model of a node's chain (rules CH-1 to CH-6).
//!
//! The model keeps the set of notarised blocks and a list of what waits, and reads everything else off them by its
//! definition, each time anew: the tip is the best of all blocks that descend from the finalised one, a block is final
//! when it is the middle of three, the pool's owners are counted. Signatures are facts that transitions state, and
//! a block's name is given. What is durable is a copy of its own, made of what is said to become durable and of nothing
//! else, so that a crash can come between any two things that a node does.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

mod decide;
mod pool;
#[cfg(test)]
mod tests;
mod tree;
mod words;

pub use pool::{ModelPool, enough};
pub use tree::ModelTree;
pub use words::{
    BlockId, ChainOutcome, ChainSetting, ChainTransition, Committed, Due, Flaw, ModelApproval, ModelBlock,
    Moved, NotImported, NotProposed, NotPruned, NotRolledBack, Payment, PoolBound, PoolItem, PoolOwner,
    Refused, Unapproved,
};

/// Balances by account.
pub type Ledger = BTreeMap<u64, u64>;

/// What outlives a crash.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ModelDurable {
    /// The notarised blocks, shared by copies until one of them changes.
    pub tree: Rc<ModelTree>,
    /// The tip.
    pub head: BlockId,
    /// The last final block.
    pub finalised: BlockId,
    /// The checkpoints, by height.
    pub checkpoints: BTreeMap<u64, BlockId>,
    /// Two final blocks that conflict.
    pub violation: Option<(BlockId, BlockId)>,
    /// The last slot that was voted in.
    pub voted: u64,
    /// The last slot that was proposed in.
    pub proposed: u64,
}

/// The reference state machine.
///
/// ```
/// use alys_models::chain::{BlockId, ChainModel, ChainOutcome, ChainSetting, ChainTransition, ModelBlock};
///
/// let setting = ChainSetting {
///     authorities: 4, me: None, genesis_time: 0, slot_duration: 1, interval: 10, per_owner: 4, total: 16,
/// };
/// let mut model = ChainModel::new(setting, BlockId([0; 32]), &[]);
/// let id = BlockId([1; 32]);
/// let block = ModelBlock {
///     id, parent: BlockId([0; 32]), height: 1, slot: 1, proposer: 1, timestamp: 1, payments: vec![], flaw: None,
/// };
/// assert_eq!(model.apply(&ChainTransition::Block(block.clone()), 0), [ChainOutcome::WaitsForSlot(id)]);
/// assert_eq!(model.apply(&ChainTransition::Tick, 1), [ChainOutcome::Candidate(id)]);
/// assert_eq!(model.apply(&ChainTransition::Block(block), 1), [ChainOutcome::Known(id)]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ChainModel {
    setting: ChainSetting,
    /// What the node knows: the same as what is durable, while nothing is under way.
    now: ModelDurable,
    /// What is durable.
    durable: ModelDurable,
    pool: ModelPool,
    /// Every block that was ever talked of: the durable copy of a block is the block.
    blocks: BTreeMap<BlockId, Rc<ModelBlock>>,
}

impl ChainModel {
    /// A node that knows genesis and nothing else.
    #[must_use]
    pub fn new(setting: ChainSetting, genesis: BlockId, accounts: &[(u64, u64)]) -> Self {
        let now = ModelDurable {
            tree: Rc::new(ModelTree::new(genesis, accounts.iter().copied().collect())),
            head: genesis,
            finalised: genesis,
            checkpoints: BTreeMap::new(),
            violation: None,
            voted: 0,
            proposed: 0,
        };
        let pool = ModelPool::new(setting.per_owner, setting.total);
        ChainModel { setting, durable: now.clone(), now, pool, blocks: BTreeMap::new() }
    }

    /// Makes one step at a time, all of whose effects are carried out.
    pub fn apply(&mut self, transition: &ChainTransition, time: u64) -> Vec<ChainOutcome> {
        let outcomes = self.decide(transition, time);
        outcomes.iter().for_each(|outcome| self.endure(outcome));
        outcomes
    }

    /// Makes one step of which only the first `kept` effects are carried out, crashes and starts again; returns those.
    pub fn crash(&mut self, transition: &ChainTransition, time: u64, kept: usize) -> Vec<ChainOutcome> {
        let mut outcomes = self.decide(transition, time);
        outcomes.truncate(kept);
        outcomes.iter().for_each(|outcome| self.endure(outcome));
        self.restart();
        outcomes
    }

    /// Stops and starts again: the pool is lost, and whatever is not durable.
    pub fn restart(&mut self) {
        self.now = self.durable.clone();
        self.pool = ModelPool::new(self.setting.per_owner, self.setting.total);
    }

    /// Carries out one effect on the durable copy.
    fn endure(&mut self, outcome: &ChainOutcome) {
        let durable = &mut self.durable;
        match outcome {
            ChainOutcome::PersistVote(slot) => durable.voted = *slot,
            ChainOutcome::PersistProposal(slot) => durable.proposed = *slot,
            ChainOutcome::Commit(commit) => {
                let tree = Rc::make_mut(&mut durable.tree);
                if let Some(block) = commit.entered.as_ref().and_then(|id| self.blocks.get(id)) {
                    tree.enter(block);
                }
                tree.leave(&commit.removed);
                tree.begin(commit.base);
                durable.head = commit.head.as_ref().map_or(durable.head, |moved| moved.head);
                durable.finalised = commit.finalised.unwrap_or(durable.finalised);
                durable.checkpoints.extend(commit.checkpoints.iter().copied());
                durable.violation = commit.violation.or(durable.violation);
            }
            _ => {}
        }
    }

    /// What the node is configured with.
    #[must_use]
    pub fn setting(&self) -> &ChainSetting {
        &self.setting
    }

    /// What the node knows.
    #[must_use]
    pub fn now(&self) -> &ModelDurable {
        &self.now
    }

    /// What waits.
    #[must_use]
    pub fn pool(&self) -> &ModelPool {
        &self.pool
    }

    /// The slot at a time, by its definition.
    #[must_use]
    pub fn slot_at(&self, time: u64) -> Option<u64> {
        let since = i128::from(time) - i128::from(self.setting.genesis_time);
        u64::try_from(since.div_euclid(i128::from(self.setting.slot_duration))).ok()
    }

    /// The block that would be proposed now, but for its name.
    ///
    /// # Errors
    ///
    /// Why none would.
    pub fn proposal(&self, payments: &[Payment], time: u64) -> Result<ModelBlock, NotProposed> {
        let me = self.setting.me.ok_or(NotProposed::Nobody)?;
        if self.now.violation.is_some() {
            return Err(NotProposed::Violated);
        }
        let slot = match self.slot_at(time) {
            Some(slot) if slot % self.setting.authorities == me => slot,
            other => return Err(NotProposed::Slot(other)),
        };
        if slot <= self.now.proposed {
            return Err(NotProposed::Already(self.now.proposed));
        }
        let parent = self.now.head;
        if slot <= self.now.tree.slot(parent) {
            return Err(NotProposed::Tip(self.now.tree.slot(parent)));
        }
        executed(self.now.tree.ledger(parent), payments).map_err(NotProposed::Body)?;
        Ok(ModelBlock {
            id: parent,
            parent,
            height: self.now.tree.height(parent) + 1,
            slot,
            proposer: me,
            timestamp: time,
            payments: payments.to_vec(),
            flaw: None,
        })
    }

    /// Says how the block is called that [`proposal`](Self::proposal) describes: hashing is not the model's.
    pub fn name(&mut self, block: ModelBlock) {
        self.blocks.insert(block.id, Rc::new(block));
    }

    fn is_quorum(&self, signers: &BTreeSet<u64>) -> bool {
        enough(signers.len() as u64, self.setting.authorities)
    }
}

/// The balances after these payments.
///
/// # Errors
///
/// The first payment that cannot be made.
pub fn executed(before: &Ledger, payments: &[Payment]) -> Result<Ledger, Refused> {
    let mut after = before.clone();
    for (index, payment) in payments.iter().enumerate() {
        let Payment::Of { from, to, amount } = *payment else { return Err(Refused::Junk(index)) };
        let balance = after.get(&from).copied().unwrap_or(0);
        if balance < amount {
            return Err(Refused::Poor(index, balance));
        }
        after.insert(from, balance - amount);
        *after.entry(to).or_default() += amount;
    }
    Ok(after)
}

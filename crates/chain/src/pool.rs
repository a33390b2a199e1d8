//! The pool: what waits to become valid, or to become certain (CH-1, CH-4).
//!
//! It holds proposals whose parent or slot has not come, candidates, and approvals, in the order in which they came. It is bounded
//! in all and for each [`Owner`], so that nobody can push out what others have sent.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;

use alys_wire::containers::{AggregateApproval, ApprovalBits, Hash256, SignedBlock};

use crate::approvals::{self, AGGREGATES_PER_BLOCK};

/// Who takes the room of something in the pool.
///
/// A proposal and an approval by one authority are signed, so whoever floods the pool pushes out its own. Aggregates can be made
/// of other people's approvals by anybody, so they have an owner of their own, and so have certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// Proposals of one authority.
    Proposer(u64),
    /// Approvals by one authority alone.
    Signer(u64),
    /// Approvals by several that are no quorum.
    Aggregates,
    /// Approvals that are a quorum.
    Certificates,
}

/// The bounds of the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolLimits {
    /// How much is kept for each owner.
    pub per_owner: NonZeroUsize,
    /// How much is kept in all.
    pub total: NonZeroUsize,
}

/// What the pool has pushed out. It must be delivered again if it is to count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evicted {
    /// What it was.
    pub what: EvictedItem,
    /// Which bound was reached.
    pub bound: Bound,
}

/// What was pushed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EvictedItem {
    /// A proposal.
    Block {
        /// The block.
        root: Hash256,
        /// Its slot.
        slot: u64,
        /// Who proposed it.
        proposer: u64,
    },
    /// An approval.
    Approval {
        /// The block that was approved.
        block_root: Hash256,
        /// The slot that was approved.
        slot: u64,
        /// Who approved.
        bits: ApprovalBits,
    },
}

/// A bound of the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// What is kept for this owner, whose oldest item went.
    Owner(Owner),
    /// What is kept in all: the oldest item of this owner went, which had the most.
    Total(Owner),
    /// How many aggregates are kept of one block, the oldest of which went.
    OfBlock,
}

/// How far a proposal has come.
#[derive(Clone, Debug)]
enum Stage<St> {
    Waiting,
    /// Valid on its parent, with the state after it.
    Candidate(St),
}

#[derive(Clone, Debug)]
enum Item<St> {
    Block { root: Hash256, proposal: Arc<SignedBlock>, stage: Stage<St> },
    Approval(Box<AggregateApproval>),
}

/// What waits, in the order in which it came.
#[derive(Clone, Debug)]
pub struct Pool<St> {
    limits: PoolLimits,
    next: u64,
    // invariant: at most `total` items, and at most `per_owner` of each owner
    items: BTreeMap<u64, (Owner, Item<St>)>,
}

impl<St> Pool<St> {
    /// An empty pool.
    #[must_use]
    pub fn new(limits: PoolLimits) -> Self {
        Pool { limits, next: 0, items: BTreeMap::new() }
    }

    /// How much is in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The proposal of this root, if it is there.
    #[must_use]
    pub fn block(&self, root: &Hash256) -> Option<&Arc<SignedBlock>> {
        self.blocks().find(|(of, ..)| *of == root).map(|(_, proposal, _)| proposal)
    }

    /// The state after a candidate, if that is what this root is.
    #[must_use]
    pub fn candidate(&self, root: &Hash256) -> Option<(&Arc<SignedBlock>, &St)> {
        let found = self.blocks().find(|(of, ..)| *of == root);
        found.and_then(|(_, proposal, stage)| match stage {
            Stage::Candidate(state) => Some((proposal, state)),
            Stage::Waiting => None,
        })
    }

    /// The approvals of a block, whatever slot they name, in the order in which they came.
    pub fn approvals<'a>(&'a self, root: &'a Hash256) -> impl Iterator<Item = &'a AggregateApproval> {
        self.items.values().filter_map(move |(_, item)| match item {
            Item::Approval(approval) if approval.block_root == *root => Some(approval.as_ref()),
            _ => None,
        })
    }

    /// The first proposal in order of arrival that waits and need not any more.
    pub fn first_waiting(&self, ready: impl Fn(&SignedBlock) -> bool) -> Option<(Hash256, Arc<SignedBlock>)> {
        let mut waiting = self.blocks().filter(|(_, _, stage)| matches!(stage, Stage::Waiting));
        let found = waiting.find(|(_, proposal, _)| ready(proposal));
        found.map(|(root, proposal, _)| (*root, Arc::clone(proposal)))
    }

    /// Takes in a proposal that is not there; returns what had to go.
    pub fn add_block(&mut self, root: Hash256, proposal: Arc<SignedBlock>) -> Vec<Evicted> {
        let owner = Owner::Proposer(proposal.block.header.proposer_index);
        self.add(owner, Item::Block { root, proposal, stage: Stage::Waiting })
    }

    /// Takes in a verified approval that is not there; returns what had to go.
    pub fn add_approval(&mut self, approval: AggregateApproval, is_quorum: bool) -> Vec<Evicted> {
        let mut signers = approvals::signers(&approval.bits);
        let owner = match (is_quorum, signers.next(), signers.next()) {
            (true, ..) => Owner::Certificates,
            (false, Some(one), None) => Owner::Signer(one),
            _ => Owner::Aggregates,
        };
        drop(signers);
        let crowded = (owner == Owner::Aggregates).then(|| self.crowded(&approval)).flatten();
        let mut evicted: Vec<_> =
            crowded.and_then(|oldest| self.evict(oldest, Bound::OfBlock)).into_iter().collect();
        evicted.extend(self.add(owner, Item::Approval(Box::new(approval))));
        evicted
    }

    /// Makes a waiting proposal a candidate.
    pub fn promote(&mut self, root: &Hash256, state: St) {
        for (_, item) in self.items.values_mut() {
            match item {
                Item::Block { root: of, stage, .. } if of == root => {
                    *stage = Stage::Candidate(state);
                    return;
                }
                _ => {}
            }
        }
    }

    /// Drops a proposal, and nothing else.
    pub fn remove_block(&mut self, root: &Hash256) {
        self.items.retain(|_, (_, item)| !matches!(item, Item::Block { root: of, .. } if of == root));
    }

    /// Drops the approvals of a block for which `wanted` is true.
    pub fn remove_approvals(&mut self, root: &Hash256, wanted: impl Fn(&AggregateApproval) -> bool) {
        self.items.retain(|_, (_, item)| match item {
            Item::Approval(approval) => approval.block_root != *root || !wanted(approval),
            Item::Block { .. } => true,
        });
    }

    /// Makes candidates wait again whose parent is gone.
    pub fn demote(&mut self, orphaned: impl Fn(&SignedBlock) -> bool) {
        for (_, item) in self.items.values_mut() {
            match item {
                Item::Block { proposal, stage, .. } if orphaned(proposal) => *stage = Stage::Waiting,
                _ => {}
            }
        }
    }

    fn blocks(&self) -> impl Iterator<Item = (&Hash256, &Arc<SignedBlock>, &Stage<St>)> {
        self.items.values().filter_map(|(_, item)| match item {
            Item::Block { root, proposal, stage } => Some((root, proposal, stage)),
            Item::Approval(_) => None,
        })
    }

    /// The oldest aggregate of the block of this one, if no more of them are kept.
    fn crowded(&self, approval: &AggregateApproval) -> Option<u64> {
        let of_block = |(_, (owner, item)): &(&u64, &(Owner, Item<St>))| match item {
            Item::Approval(other) => {
                *owner == Owner::Aggregates
                    && (other.block_root, other.slot) == (approval.block_root, approval.slot)
            }
            Item::Block { .. } => false,
        };
        let mut kept = self.items.iter().filter(of_block);
        let oldest = kept.next().map(|(number, _)| *number);
        oldest.filter(|_| 1 + kept.count() >= AGGREGATES_PER_BLOCK)
    }

    fn add(&mut self, owner: Owner, item: Item<St>) -> Vec<Evicted> {
        let mut evicted = Vec::new();
        if self.owned(owner).count() >= self.limits.per_owner.get() {
            let oldest = self.owned(owner).next();
            evicted.extend(oldest.and_then(|oldest| self.evict(oldest, Bound::Owner(owner))));
        }
        if self.items.len() >= self.limits.total.get() {
            let greatest = self.greatest();
            let oldest = greatest.and_then(|most| Some((most, self.owned(most).next()?)));
            evicted.extend(oldest.and_then(|(most, oldest)| self.evict(oldest, Bound::Total(most))));
        }
        self.items.insert(self.next, (owner, item));
        self.next += 1;
        evicted
    }

    /// The numbers of what an owner has, the oldest first.
    fn owned(&self, owner: Owner) -> impl Iterator<Item = u64> {
        self.items.iter().filter(move |(_, (of, _))| *of == owner).map(|(number, _)| *number)
    }

    /// Who has the most; of several the first in order.
    fn greatest(&self) -> Option<Owner> {
        let mut counts: BTreeMap<Owner, usize> = BTreeMap::new();
        for (owner, _) in self.items.values() {
            *counts.entry(*owner).or_default() += 1;
        }
        let most = counts.values().copied().max();
        counts.into_iter().find(|(_, count)| Some(*count) == most).map(|(owner, _)| owner)
    }

    fn evict(&mut self, number: u64, bound: Bound) -> Option<Evicted> {
        let (_, item) = self.items.remove(&number)?;
        let what = match item {
            Item::Block { root, proposal, .. } => {
                let header = &proposal.block.header;
                EvictedItem::Block { root, slot: header.slot, proposer: header.proposer_index }
            }
            Item::Approval(approval) => {
                let AggregateApproval { block_root, slot, bits, .. } = *approval;
                EvictedItem::Approval { block_root, slot, bits }
            }
        };
        Some(Evicted { what, bound })
    }
}

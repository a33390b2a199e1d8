//! What waits, as a list in the order in which it came.

use std::collections::BTreeSet;

use super::{BlockId, ChainOutcome, ModelBlock, PoolBound, PoolItem, PoolOwner};

/// How many aggregates of one block are kept.
const AGGREGATES: usize = 8;

/// Whether so many of `n` authorities are strictly more than two thirds.
#[must_use]
pub fn enough(signers: u64, n: u64) -> bool {
    signers > n * 2 / 3
}

/// One thing that waits: whose room it takes, what it is, and of a block whether it is valid.
type Waiting = (PoolOwner, PoolItem, bool);

/// What waits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ModelPool {
    per_owner: usize,
    total: usize,
    list: Vec<Waiting>,
}

impl ModelPool {
    pub(super) fn new(per_owner: usize, total: usize) -> Self {
        ModelPool { per_owner, total, list: Vec::new() }
    }

    /// Everything in it, in order.
    pub fn items(&self) -> impl Iterator<Item = &PoolItem> {
        self.list.iter().map(|(_, item, _)| item)
    }

    /// Whether it has a block.
    #[must_use]
    pub fn has(&self, id: BlockId) -> bool {
        self.items().any(|item| *item == PoolItem::Block(id))
    }

    /// The blocks that are not known to be valid, in order.
    #[must_use]
    pub fn waiting(&self) -> Vec<BlockId> {
        self.blocks(false)
    }

    /// The blocks that are valid, in order.
    #[must_use]
    pub fn candidates(&self) -> Vec<BlockId> {
        self.blocks(true)
    }

    fn blocks(&self, wanted: bool) -> Vec<BlockId> {
        let of = |(_, item, valid): &Waiting| match item {
            PoolItem::Block(id) if *valid == wanted => Some(*id),
            _ => None,
        };
        self.list.iter().filter_map(of).collect()
    }

    /// The approvals of a block: slot and signers, in order.
    #[must_use]
    pub fn approvals(&self, id: BlockId) -> Vec<(u64, &BTreeSet<u64>)> {
        let of = |item| match item {
            &PoolItem::Approval(block, slot, ref signers) if block == id => Some((slot, signers)),
            _ => None,
        };
        self.items().filter_map(of).collect()
    }

    /// The most authorities that approve a block in approvals no two of which have a signer in common.
    #[must_use]
    pub fn support(&self, id: BlockId) -> u64 {
        let all: Vec<_> = self.approvals(id).into_iter().map(|(_, signers)| signers).collect();
        most(&all, &BTreeSet::new())
    }

    pub(super) fn add_block(&mut self, block: &ModelBlock) -> Vec<ChainOutcome> {
        self.add(PoolOwner::Proposer(block.proposer), PoolItem::Block(block.id))
    }

    pub(super) fn add_approval(
        &mut self,
        id: BlockId,
        slot: u64,
        signers: &BTreeSet<u64>,
        is_quorum: bool,
    ) -> Vec<ChainOutcome> {
        let owner = match signers.iter().next() {
            _ if is_quorum => PoolOwner::Certificates,
            Some(one) if signers.len() == 1 => PoolOwner::Signer(*one),
            _ => PoolOwner::Aggregates,
        };
        let mut out = Vec::new();
        if owner == PoolOwner::Aggregates {
            let alike = |(of, item, _): &Waiting| {
                *of == owner
                    && matches!(item, PoolItem::Approval(block, at, _) if (*block, *at) == (id, slot))
            };
            if self.list.iter().filter(|one| alike(one)).count() == AGGREGATES {
                out.extend(self.push_out(alike, PoolBound::OfBlock));
            }
        }
        out.extend(self.add(owner, PoolItem::Approval(id, slot, signers.clone())));
        out
    }

    fn add(&mut self, owner: PoolOwner, item: PoolItem) -> Vec<ChainOutcome> {
        let mut out = Vec::new();
        let count = |list: &[Waiting], owner| list.iter().filter(|(of, ..)| *of == owner).count();
        if count(&self.list, owner) == self.per_owner {
            out.extend(self.push_out(|(of, ..)| *of == owner, PoolBound::Owner(owner)));
        }
        if self.list.len() == self.total {
            let owners: BTreeSet<_> = self.list.iter().map(|(of, ..)| *of).collect();
            let most = owners.iter().map(|owner| count(&self.list, *owner)).max();
            let greatest = owners.into_iter().find(|owner| Some(count(&self.list, *owner)) == most);
            if let Some(greatest) = greatest {
                out.extend(self.push_out(|(of, ..)| *of == greatest, PoolBound::Total(greatest)));
            }
        }
        self.list.push((owner, item, false));
        out
    }

    fn push_out(&mut self, which: impl Fn(&Waiting) -> bool, bound: PoolBound) -> Option<ChainOutcome> {
        let first = self.list.iter().position(which)?;
        Some(ChainOutcome::Evicted(self.list.remove(first).1, bound))
    }

    /// Says of blocks whether they are known to be valid.
    pub(super) fn mark(&mut self, which: impl Fn(BlockId) -> bool, valid: bool) {
        for (_, item, known) in &mut self.list {
            if matches!(item, PoolItem::Block(id) if which(*id)) {
                *known = valid;
            }
        }
    }

    pub(super) fn drop_block(&mut self, id: BlockId) {
        self.list.retain(|(_, item, _)| *item != PoolItem::Block(id));
    }

    pub(super) fn drop_approvals(&mut self, id: BlockId, which: impl Fn(u64) -> bool) {
        self.list.retain(
            |(_, item, _)| !matches!(item, PoolItem::Approval(block, slot, _) if *block == id && which(*slot)),
        );
    }
}

/// The most signers in disjoint ones of these sets, none of whom is taken: the first set is in, or it is not.
fn most(sets: &[&BTreeSet<u64>], taken: &BTreeSet<u64>) -> u64 {
    let Some((first, others)) = sets.split_first() else { return taken.len() as u64 };
    let without = most(others, taken);
    if first.is_disjoint(taken) {
        let both = taken.union(first).copied().collect();
        return without.max(most(others, &both));
    }
    without
}

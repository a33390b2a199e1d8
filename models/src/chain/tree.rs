//! The notarised blocks, as maps; everything about chains is read off them.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::{BlockId, Ledger, ModelBlock, Moved, executed};

/// A notarised block: parent, height, slot, and the balances after it.
type Entry = (BlockId, u64, u64, Rc<Ledger>);

/// All notarised blocks, by name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ModelTree {
    base: BlockId,
    blocks: BTreeMap<BlockId, Entry>,
}

impl ModelTree {
    /// Genesis alone, whose parent is nothing.
    pub(super) fn new(genesis: BlockId, ledger: Ledger) -> Self {
        ModelTree {
            base: genesis,
            blocks: BTreeMap::from([(genesis, (BlockId([0xff; 32]), 0, 0, Rc::new(ledger)))]),
        }
    }

    /// What it begins with.
    #[must_use]
    pub fn base(&self) -> BlockId {
        self.base
    }

    /// All names.
    #[must_use]
    pub fn ids(&self) -> Vec<BlockId> {
        self.blocks.keys().copied().collect()
    }

    /// Whether a block is there.
    #[must_use]
    pub fn has(&self, id: BlockId) -> bool {
        self.blocks.contains_key(&id)
    }

    /// The height of a block.
    #[must_use]
    pub fn height(&self, id: BlockId) -> u64 {
        self.blocks[&id].1
    }

    /// The slot of a block.
    #[must_use]
    pub fn slot(&self, id: BlockId) -> u64 {
        self.blocks[&id].2
    }

    /// The balances after a block.
    #[must_use]
    pub fn ledger(&self, id: BlockId) -> &Ledger {
        &self.blocks[&id].3
    }

    /// A block and its ancestors, the block first.
    #[must_use]
    pub fn chain(&self, id: BlockId) -> Vec<BlockId> {
        let mut chain = Vec::new();
        let mut at = id;
        while let Some((parent, ..)) = self.blocks.get(&at) {
            chain.push(at);
            at = *parent;
        }
        chain
    }

    /// Whether a block lies on the chain that ends with another.
    #[must_use]
    pub fn on_chain(&self, id: BlockId, of: BlockId) -> bool {
        self.chain(of).contains(&id)
    }

    /// A block and all that descend from it.
    #[must_use]
    pub fn above(&self, id: BlockId) -> BTreeSet<BlockId> {
        self.blocks.keys().copied().filter(|other| self.on_chain(id, *other)).collect()
    }

    /// The height of the longest chains.
    #[must_use]
    pub fn longest(&self) -> u64 {
        self.blocks.values().map(|(_, height, ..)| *height).max().unwrap_or(0)
    }

    /// The end of the longest chain through a block, of several the one of the smallest name.
    #[must_use]
    pub fn tip(&self, through: BlockId) -> BlockId {
        let above = self.above(through);
        let longest = above.iter().map(|id| self.height(*id)).max();
        above.into_iter().find(|id| Some(self.height(*id)) == longest).unwrap_or(through)
    }

    /// The blocks in the middle of three of one chain in consecutive slots.
    #[must_use]
    pub fn middles(&self) -> Vec<BlockId> {
        let slots = |chain: &[BlockId]| chain.iter().map(|id| self.slot(*id)).collect::<Vec<_>>();
        let middle = |top: BlockId| match self.chain(top).get(..3) {
            Some(three) => match slots(three)[..] {
                [third, second, first] => (third == second + 1 && second == first + 1).then_some(three[1]),
                _ => None,
            },
            None => None,
        };
        self.blocks.keys().copied().filter_map(middle).collect()
    }

    /// The way from one tip to another.
    #[must_use]
    pub fn moved(&self, from: BlockId, to: BlockId) -> Moved {
        let (old, new) = (self.chain(from), self.chain(to));
        let disconnected = old.iter().copied().filter(|id| !new.contains(id)).collect();
        let connected = new.iter().rev().copied().filter(|id| !old.contains(id)).collect();
        Moved { head: to, disconnected, connected }
    }

    /// Takes in a block whose parent is there and that can be executed.
    pub(super) fn enter(&mut self, block: &ModelBlock) {
        if let Ok(ledger) = executed(self.ledger(block.parent), &block.payments) {
            self.blocks.insert(block.id, (block.parent, block.height, block.slot, Rc::new(ledger)));
        }
    }

    /// Takes blocks out.
    pub(super) fn leave(&mut self, ids: &[BlockId]) {
        self.blocks.retain(|id, _| !ids.contains(id));
    }

    /// Begins with another block, if one is said.
    pub(super) fn begin(&mut self, base: Option<BlockId>) {
        self.base = base.unwrap_or(self.base);
    }
}

//! Which tip and which final block follow from the blocks alone, for a store that is told neither (CH-3, CH-5).

use super::Held;

impl Held {
    /// A block and its ancestors as far as they are stored, the block first.
    fn chain(&self, id: u32) -> Vec<u32> {
        let mut chain = vec![id];
        let mut at = id;
        while let Some(block) = self.blocks.get(&at).filter(|block| block.height > 0) {
            at = block.parent;
            chain.push(at);
        }
        chain
    }

    /// Whether a block lies on the chain that ends with another.
    #[must_use]
    pub fn on_chain(&self, id: u32, of: u32) -> bool {
        self.chain(of).contains(&id)
    }

    /// The end of the longest chain through a block, of several the one of the smallest root.
    #[must_use]
    pub fn chosen<R: Ord>(&self, through: u32, root: impl Fn(u32) -> R) -> u32 {
        let above = self.blocks.values().filter(|block| self.on_chain(through, block.id));
        let best = above.min_by_key(|block| (u64::MAX - block.height, root(block.id)));
        best.map_or(through, |block| block.id)
    }

    /// The blocks in the middle of three of one chain in consecutive slots, which are final with all before them.
    #[must_use]
    pub fn middles(&self, slot: impl Fn(u32) -> u64) -> Vec<u32> {
        let middle = |top: u32| match self.chain(top)[..] {
            [third, second, first, ..] => {
                let consecutive = slot(third) == slot(second) + 1 && slot(second) == slot(first) + 1;
                consecutive.then_some(second)
            }
            _ => None,
        };
        self.blocks.keys().filter_map(|id| middle(*id)).collect()
    }
}

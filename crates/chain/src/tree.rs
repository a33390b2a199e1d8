//! The block tree, and the fork choice (CH-3).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use alys_wire::containers::{BlockHeader, CertifiedBlock, Hash256};

/// A block by root and height.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockRef {
    /// The root.
    pub root: Hash256,
    /// The height.
    pub height: u64,
}

/// A block of the tree: one that is notarised.
#[derive(Clone, Debug)]
pub struct Node<St> {
    /// The block's header.
    pub header: BlockHeader,
    /// The block with its certificate; genesis has none, and needs none.
    pub block: Option<Arc<CertifiedBlock>>,
    /// The state after the block.
    pub state: St,
}

/// All notarised blocks above a base, each with its parent; the base is genesis, or the block that was pruned up to.
#[derive(Clone, Debug)]
pub struct Tree<St> {
    // invariant: the parent of every node but the base is a node, and its height is one less
    nodes: BTreeMap<Hash256, Node<St>>,
    base: Hash256,
    // invariant: the greatest height of a node
    longest: u64,
}

impl<St> Tree<St> {
    /// A tree of one block.
    #[must_use]
    pub fn new(root: Hash256, base: Node<St>) -> Self {
        let longest = base.header.height;
        Tree { nodes: BTreeMap::from([(root, base)]), base: root, longest }
    }

    /// The block that everything else descends from.
    #[must_use]
    pub fn base(&self) -> Hash256 {
        self.base
    }

    /// The height of the longest notarised chains, wherever they branch off.
    #[must_use]
    pub fn longest(&self) -> u64 {
        self.longest
    }

    /// A block.
    #[must_use]
    pub fn get(&self, root: &Hash256) -> Option<&Node<St>> {
        self.nodes.get(root)
    }

    /// Whether a block is there.
    #[must_use]
    pub fn contains(&self, root: &Hash256) -> bool {
        self.nodes.contains_key(root)
    }

    /// All blocks, by root.
    pub fn iter(&self) -> impl Iterator<Item = (&Hash256, &Node<St>)> {
        self.nodes.iter()
    }

    /// How many blocks there are; at least the base.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a tree is never empty")]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Adds a block whose parent is there.
    pub fn insert(&mut self, root: Hash256, node: Node<St>) {
        self.longest = self.longest.max(node.header.height);
        self.nodes.insert(root, node);
    }

    /// A block and its ancestors, from the top down to the base.
    pub fn chain(&self, from: Hash256) -> impl Iterator<Item = (Hash256, &Node<St>)> {
        let at = |root: Hash256| Some((root, self.nodes.get(&root)?));
        std::iter::successors(at(from), move |(_, node)| at(node.header.parent_root))
    }

    /// Whether `ancestor` is `of` itself or lies below it.
    #[must_use]
    pub fn descends(&self, of: Hash256, ancestor: Hash256) -> bool {
        let Some(Node { header: BlockHeader { height, .. }, .. }) = self.nodes.get(&ancestor) else {
            return false;
        };
        let mut above = self.chain(of).skip_while(|(_, node)| node.header.height > *height);
        above.next().is_some_and(|(root, _)| root == ancestor)
    }

    /// The blocks from `from` (not itself) up to `to`, its descendant.
    #[must_use]
    pub fn between(&self, from: Hash256, to: Hash256) -> Vec<Hash256> {
        let mut path: Vec<_> =
            self.chain(to).map(|(root, _)| root).take_while(|root| *root != from).collect();
        path.reverse();
        path
    }

    /// The way from one block to another: what is disconnected from the top down to the common ancestor, and what is
    /// connected from there up.
    #[must_use]
    pub fn path(&self, from: Hash256, to: Hash256) -> (Vec<Hash256>, Vec<Hash256>) {
        let mut disconnected = Vec::new();
        for (root, _) in self.chain(from) {
            if self.descends(to, root) {
                return (disconnected, self.between(root, to));
            }
            disconnected.push(root);
        }
        (disconnected, Vec::new())
    }

    /// A block and everything above it.
    #[must_use]
    pub fn above(&self, root: Hash256) -> BTreeSet<Hash256> {
        let place =
            |(root, node): (&Hash256, &Node<St>)| (node.header.height, *root, node.header.parent_root);
        let mut by_height: Vec<_> = self.nodes.iter().map(place).collect();
        by_height.sort_unstable();
        let mut above = BTreeSet::from([root]);
        for (_, one, parent) in by_height {
            if above.contains(&parent) {
                above.insert(one);
            }
        }
        above
    }

    /// Whether the chain up to `one` is better than that up to `other`: longer, or as long and of a smaller root.
    #[must_use]
    pub fn better(&self, one: Hash256, other: Hash256) -> bool {
        self.rank(one) > self.rank(other)
    }

    /// The best end of a chain through this block.
    #[must_use]
    pub fn best_above(&self, root: Hash256) -> Hash256 {
        self.above(root).into_iter().max_by_key(|one| self.rank(*one)).unwrap_or(root)
    }

    fn rank(&self, root: Hash256) -> (Option<u64>, Reverse<Hash256>) {
        (self.nodes.get(&root).map(|node| node.header.height), Reverse(root))
    }

    /// Takes blocks out.
    pub fn remove(&mut self, gone: &[Hash256]) {
        for root in gone {
            self.nodes.remove(root);
        }
        self.longest = self.nodes.values().map(|node| node.header.height).max().unwrap_or_default();
    }

    /// Takes out what does not descend from `base`, which is the base from now on; returns what went.
    pub fn prune(&mut self, base: Hash256) -> Vec<Hash256> {
        let kept = self.above(base);
        let gone: Vec<_> = self.nodes.keys().filter(|root| !kept.contains(*root)).copied().collect();
        self.remove(&gone);
        self.base = base;
        gone
    }
}

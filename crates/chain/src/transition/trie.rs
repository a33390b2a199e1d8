//! A binary Merkle trie from numbers to numbers, of which every version can be kept.
//!
//! A key's path are its bits, the highest first, down to where it is alone. So the shape, and with it the root, is a
//! function of the entries, and two versions share every node that no difference lies below.

use std::sync::Arc;

use alys_wire::containers::Hash256;
use ethereum_hashing::{hash, hash32_concat};

/// An empty trie, or its top node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Trie(Option<Arc<Node>>);

#[derive(Debug, PartialEq, Eq)]
struct Node {
    root: Hash256,
    kind: Kind,
}

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Leaf { key: u64, value: u64 },
    // invariant: at least two entries below
    Branch { sides: [Trie; 2] },
}

impl Trie {
    pub(super) fn root(&self) -> Hash256 {
        self.0.as_ref().map_or(Hash256::ZERO, |node| node.root)
    }

    pub(super) fn get(&self, wanted: u64) -> Option<u64> {
        let mut trie = self;
        for depth in 0.. {
            match &trie.0.as_deref()?.kind {
                Kind::Leaf { key, value } => return (*key == wanted).then_some(*value),
                Kind::Branch { sides } => trie = &sides[side(wanted, depth)],
            }
        }
        None
    }

    pub(super) fn entries(&self) -> Vec<(u64, u64)> {
        match self.0.as_deref().map(|node| &node.kind) {
            None => Vec::new(),
            Some(Kind::Leaf { key, value }) => vec![(*key, *value)],
            Some(Kind::Branch { sides }) => sides.iter().flat_map(Trie::entries).collect(),
        }
    }

    /// The trie in which `key` has this value.
    pub(super) fn with(&self, key: u64, value: u64) -> Trie {
        self.with_below(0, key, value)
    }

    /// The trie in which `key` has none.
    pub(super) fn without(&self, key: u64) -> Trie {
        self.without_below(0, key)
    }

    fn with_below(&self, depth: u32, key: u64, value: u64) -> Trie {
        match self.0.as_deref().map(|node| &node.kind) {
            Some(Kind::Branch { sides }) => {
                let at = side(key, depth);
                branch(replaced(sides, at, sides[at].with_below(depth + 1, key, value)))
            }
            Some(Kind::Leaf { key: other, .. }) if *other != key => {
                // One level down: there the two go on separately, or are pushed down together.
                let mut sides = [Trie::default(), Trie::default()];
                sides[side(*other, depth)] = self.clone();
                branch(sides).with_below(depth, key, value)
            }
            _ => leaf(key, value),
        }
    }

    fn without_below(&self, depth: u32, key: u64) -> Trie {
        match self.0.as_deref().map(|node| &node.kind) {
            Some(Kind::Branch { sides }) => {
                let at = side(key, depth);
                collapsed(replaced(sides, at, sides[at].without_below(depth + 1, key)))
            }
            Some(Kind::Leaf { key: other, .. }) if *other == key => Trie::default(),
            _ => self.clone(),
        }
    }

    fn is_leaf(&self) -> bool {
        matches!(self.0.as_deref(), Some(Node { kind: Kind::Leaf { .. }, .. }))
    }
}

/// On which side of a branch a key lies.
fn side(key: u64, depth: u32) -> usize {
    usize::from(key.rotate_left(depth + 1) & 1 == 1)
}

fn replaced(sides: &[Trie; 2], at: usize, new: Trie) -> [Trie; 2] {
    let mut sides = sides.clone();
    sides[at] = new;
    sides
}

/// Leaves hash 16 bytes and branches 64, so neither can be taken for the other.
fn leaf(key: u64, value: u64) -> Trie {
    let bytes = [key.to_le_bytes(), value.to_le_bytes()].concat();
    let root = Hash256::from_slice(&hash(&bytes));
    Trie(Some(Arc::new(Node { root, kind: Kind::Leaf { key, value } })))
}

fn branch(sides: [Trie; 2]) -> Trie {
    let root = hash32_concat(sides[0].root().as_slice(), sides[1].root().as_slice());
    Trie(Some(Arc::new(Node { root: Hash256::from(root), kind: Kind::Branch { sides } })))
}

/// A branch, or the leaf that is alone in it.
fn collapsed(sides: [Trie; 2]) -> Trie {
    match &sides {
        [one, Trie(None)] | [Trie(None), one] if one.is_leaf() => one.clone(),
        _ => branch(sides),
    }
}

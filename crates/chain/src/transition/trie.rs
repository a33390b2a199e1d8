//! A binary Merkle trie from numbers to numbers, of which every version can be kept.
//!
//! A key's path are its bits, the highest first. A branch stands where keys part, and nowhere else, so however many bits keys have
//! in common, they lie as deep as there are keys to tell them from. The shape, and with it the root, is a function of the entries,
//! and two versions share every node that no difference lies below.

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
    // invariant: every key below begins with the `bit` bits of `prefix`, whose other bits are 0, and those on one side have 0 behind
    // them, those on the other 1
    Branch { bit: u32, prefix: u64, sides: [Arc<Node>; 2] },
}

impl Trie {
    pub(super) fn root(&self) -> Hash256 {
        self.0.as_ref().map_or(Hash256::ZERO, |node| node.root)
    }

    pub(super) fn get(&self, wanted: u64) -> Option<u64> {
        let mut node = self.0.as_ref()?;
        loop {
            match &node.kind {
                Kind::Leaf { key, value } => return (*key == wanted).then_some(*value),
                Kind::Branch { bit, sides, .. } => node = &sides[side(wanted, *bit)],
            }
        }
    }

    pub(super) fn entries(&self) -> Vec<(u64, u64)> {
        let mut entries = Vec::new();
        if let Some(node) = &self.0 {
            node.list(&mut entries);
        }
        entries
    }

    /// The trie in which `key` has this value.
    pub(super) fn with(&self, key: u64, value: u64) -> Trie {
        Trie(Some(match &self.0 {
            Some(node) => with(node, key, value),
            None => leaf(key, value),
        }))
    }

    /// The trie in which `key` has none.
    pub(super) fn without(&self, key: u64) -> Trie {
        Trie(self.0.as_ref().and_then(|node| without(node, key)))
    }
}

impl Node {
    fn list(&self, entries: &mut Vec<(u64, u64)>) {
        match &self.kind {
            Kind::Leaf { key, value } => entries.push((*key, *value)),
            Kind::Branch { sides, .. } => sides.iter().for_each(|side| side.list(entries)),
        }
    }
}

fn with(node: &Arc<Node>, key: u64, value: u64) -> Arc<Node> {
    match &node.kind {
        Kind::Leaf { key: other, .. } if *other != key => {
            parted(common(*other, key), key, [leaf(key, value), Arc::clone(node)])
        }
        Kind::Leaf { .. } => leaf(key, value),
        Kind::Branch { bit, prefix, .. } if common(*prefix, key) < *bit => {
            parted(common(*prefix, key), key, [leaf(key, value), Arc::clone(node)])
        }
        Kind::Branch { bit, prefix, sides } => {
            let at = side(key, *bit);
            branch(*bit, *prefix, replaced(sides, at, with(&sides[at], key, value)))
        }
    }
}

fn without(node: &Arc<Node>, key: u64) -> Option<Arc<Node>> {
    match &node.kind {
        Kind::Leaf { key: other, .. } => (*other != key).then(|| Arc::clone(node)),
        Kind::Branch { bit, prefix, sides } => {
            let at = side(key, *bit);
            match without(&sides[at], key) {
                // Nothing parts here any more.
                None => Some(Arc::clone(&sides[1 - at])),
                Some(rest) => Some(branch(*bit, *prefix, replaced(sides, at, rest))),
            }
        }
    }
}

/// On which side of a branch a key lies.
fn side(key: u64, bit: u32) -> usize {
    usize::from(key.rotate_left(bit + 1) & 1 == 1)
}

/// How many bits two numbers have in common before they part.
fn common(one: u64, other: u64) -> u32 {
    (one ^ other).leading_zeros()
}

/// The branch at which a key parts from all others below; its node first.
fn parted(bit: u32, key: u64, [mine, others]: [Arc<Node>; 2]) -> Arc<Node> {
    let prefix = key & !(u64::MAX >> bit);
    match side(key, bit) {
        0 => branch(bit, prefix, [mine, others]),
        _ => branch(bit, prefix, [others, mine]),
    }
}

fn replaced(sides: &[Arc<Node>; 2], at: usize, new: Arc<Node>) -> [Arc<Node>; 2] {
    let mut sides = sides.clone();
    sides[at] = new;
    sides
}

/// Leaves hash 16 bytes and branches 64, so neither can be taken for the other.
fn leaf(key: u64, value: u64) -> Arc<Node> {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&key.to_le_bytes());
    bytes[8..].copy_from_slice(&value.to_le_bytes());
    Arc::new(Node { root: Hash256::from_slice(&hash(&bytes)), kind: Kind::Leaf { key, value } })
}

fn branch(bit: u32, prefix: u64, sides: [Arc<Node>; 2]) -> Arc<Node> {
    let root = hash32_concat(sides[0].root.as_slice(), sides[1].root.as_slice());
    Arc::new(Node { root: Hash256::from(root), kind: Kind::Branch { bit, prefix, sides } })
}

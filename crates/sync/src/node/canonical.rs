//! Which block is canonical at a height, and what of the chain is served.

use std::collections::BTreeMap;
use std::sync::Arc;

use alys_chain::engine::{Engine, HeadChange};
use alys_chain::scheme::SignatureScheme;
use alys_chain::transition::StateTransition;
use alys_wire::containers::{CertifiedBlock, Hash256};
use alys_wire::message::Status;

use crate::serve::ChainView;

/// The canonical blocks by height: to find one in the tree would mean to walk down from the tip.
#[derive(Clone, Debug)]
pub(super) struct Canonical {
    roots: BTreeMap<u64, Hash256>,
}

impl Canonical {
    /// Those of a chain.
    pub(super) fn new<S: SignatureScheme, T: StateTransition>(engine: &Engine<S, T>) -> Self {
        let chain = engine.tree().chain(engine.head().root);
        Canonical { roots: chain.map(|(root, node)| (node.header.height, root)).collect() }
    }

    /// Follows a change of the tip.
    pub(super) fn follow(&mut self, change: &HeadChange) {
        let height = change.head.height;
        self.roots.split_off(&(height + 1));
        for (below, root) in (0..).zip(change.connected.iter().rev()) {
            self.roots.insert(height - below, *root);
        }
    }

    /// Forgets what is below a height.
    pub(super) fn prune(&mut self, base: u64) {
        while let Some(lowest) = self.roots.first_entry()
            && *lowest.key() < base
        {
            lowest.remove();
        }
    }
}

/// A chain as it is served.
#[derive(Debug)]
pub(super) struct View<'a, S: SignatureScheme, T: StateTransition> {
    pub(super) engine: &'a Engine<S, T>,
    pub(super) canonical: &'a Canonical,
    pub(super) status: Status,
}

impl<S: SignatureScheme, T: StateTransition> ChainView for View<'_, S, T> {
    fn status(&self) -> Status {
        self.status.clone()
    }

    fn by_height(&self, height: u64) -> Option<Arc<CertifiedBlock>> {
        self.by_root(self.canonical.roots.get(&height)?)
    }

    fn by_root(&self, root: &Hash256) -> Option<Arc<CertifiedBlock>> {
        self.engine.tree().get(root)?.block.clone()
    }
}

#[cfg(test)]
mod properties {
    use alys_chain::tree::BlockRef;

    use super::*;

    fn root(number: u8) -> Hash256 {
        Hash256::repeat_byte(number)
    }

    fn change(height: u64, connected: &[u8]) -> HeadChange {
        let head = BlockRef { root: connected.last().map_or(Hash256::ZERO, |last| root(*last)), height };
        HeadChange {
            head,
            disconnected: Vec::new(),
            connected: connected.iter().map(|one| root(*one)).collect(),
        }
    }

    /// SY-3: the index is that of the chain up to the tip, from the base on.
    ///
    /// Engine: law
    #[test]
    fn the_index_follows_the_tip_and_the_base() {
        let mut canonical = Canonical { roots: BTreeMap::from([(0, root(9))]) };
        let is = |canonical: &Canonical, numbers: &[(u64, u8)]| {
            let numbers: BTreeMap<_, _> = numbers.iter().map(|(height, one)| (*height, root(*one))).collect();
            assert_eq!(canonical.roots, numbers);
        };
        canonical.follow(&change(3, &[1, 2, 3]));
        is(&canonical, &[(0, 9), (1, 1), (2, 2), (3, 3)]);
        canonical.follow(&change(4, &[12, 13, 14]));
        is(&canonical, &[(0, 9), (1, 1), (2, 12), (3, 13), (4, 14)]);
        canonical.follow(&change(2, &[]));
        is(&canonical, &[(0, 9), (1, 1), (2, 12)]);
        canonical.prune(1);
        is(&canonical, &[(1, 1), (2, 12)]);
        canonical.prune(1);
        is(&canonical, &[(1, 1), (2, 12)]);
    }
}

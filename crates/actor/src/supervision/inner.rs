//! What the lock of a supervised system protects.

use std::task::Waker;

use rustc_hash::FxHashMap;

use super::{
    end::Unresponsive,
    mailbox::Time,
    notice::Book,
    signal::Signal,
    sync::Arc,
    tree::Tree,
    words::{Action, NodeId},
};

/// What the lock protects.
pub(super) struct Inner {
    pub(super) tree: Tree,
    pub(super) root: String,
    pub(super) names: FxHashMap<String, NodeId>,
    /// How to call for the shell of a child, and where it runs, once it does.
    pub(super) shells: FxHashMap<NodeId, Shell>,
    /// The timer that the timekeeper was told of.
    pub(super) armed: Option<Time>,
    pub(super) book: Book,
    pub(super) end: Option<Vec<Unresponsive>>,
    pub(super) waiting_for_the_end: Vec<Waker>,
}

pub(super) struct Shell {
    pub(super) signal: Arc<Signal>,
    pub(super) arbiter: String,
}

/// Whom to wake once the lock is released.
#[derive(Default)]
pub(super) struct Calls {
    pub(super) timer_changed: bool,
    pub(super) shells: Vec<Arc<Signal>>,
    pub(super) ended: Vec<Waker>,
}

impl Inner {
    /// Takes a stopped node out whose name somebody else gets.
    pub(super) fn forget(&mut self, former: NodeId) {
        self.shells.remove(&former);
        self.tree.remove(former);
    }

    /// The names of those below a node that are still in the tree.
    pub(super) fn children(&self, node: NodeId) -> Vec<String> {
        let below = self.tree.start_order(node).into_iter().filter(|one| *one != node);
        below.filter_map(|one| self.tree.name(one).map(str::to_owned)).collect()
    }

    pub(super) fn note(&mut self, action: Action) {
        let tree = &self.tree;
        self.book.note(action, |node| tree.name(node).unwrap_or_default().to_owned());
    }

    pub(super) fn unresponsive(&self, node: NodeId) -> Unresponsive {
        let name = self.tree.name(node).unwrap_or_default().to_owned();
        let arbiter = self.shells.get(&node).map_or_else(String::new, |shell| shell.arbiter.clone());
        Unresponsive { name, arbiter }
    }
}

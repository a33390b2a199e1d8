//! Who is in a tree, and in which order they start.

use super::{
    super::{
        error::SpecError,
        policy::{ChildSpec, SupervisorSpec},
        words::NodeId,
    },
    Tree,
    node::{Kind, Node},
};

impl Tree {
    /// Puts a supervisor under another one, last in the start order; it is not started yet.
    ///
    /// # Errors
    ///
    /// * [`SpecError::Policy`] when the specification is out of range;
    /// * [`SpecError::UnknownParent`], [`SpecError::ParentNotSupervisor`] or [`SpecError::ParentStopped`] when nobody can
    ///   be put there.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::supervision::{ChildSpec, SupervisorSpec, Tree};
    ///
    /// let mut tree = Tree::new("root", &SupervisorSpec::default(), 0)?;
    /// let sync = tree.add_supervisor("sync", tree.root(), &SupervisorSpec::default())?;
    /// let peer = tree.add_child("peer", sync, &ChildSpec::default())?;
    /// assert!(tree.add_child("stream", peer, &ChildSpec::default()).is_err());
    /// # Ok::<(), alys_actor::supervision::SpecError>(())
    /// ```
    pub fn add_supervisor(
        &mut self,
        name: &str,
        parent: NodeId,
        spec: &SupervisorSpec,
    ) -> Result<NodeId, SpecError> {
        spec.validate().map_err(|policy| SpecError::Policy { name: name.to_owned(), policy })?;
        self.check_parent(name, parent)?;
        let place = self.issue();
        Ok(self.insert(parent, NodeId(place), Node::supervisor(name, Some(parent), place, spec)))
    }

    /// Puts a child under a supervisor, last in the start order; it is not started yet.
    ///
    /// # Errors
    ///
    /// As [`add_supervisor`](Tree::add_supervisor).
    ///
    /// # Examples
    ///
    /// See [`Tree`].
    pub fn add_child(&mut self, name: &str, parent: NodeId, spec: &ChildSpec) -> Result<NodeId, SpecError> {
        spec.validate().map_err(|policy| SpecError::Policy { name: name.to_owned(), policy })?;
        self.check_parent(name, parent)?;
        let place = self.issue();
        Ok(self.insert(parent, NodeId(place), Node::child(name, parent, place, spec)))
    }

    pub(in super::super) fn check_parent(&self, name: &str, parent: NodeId) -> Result<(), SpecError> {
        let name = name.to_owned();
        let Some(node) = self.nodes.get(&parent) else {
            return Err(SpecError::UnknownParent { name, parent: format!("{parent:?}") });
        };
        let parent = node.name.clone();
        if !node.is_supervisor() {
            return Err(SpecError::ParentNotSupervisor { name, parent });
        }
        if node.stop_wanted || node.state.is_terminal() {
            return Err(SpecError::ParentStopped { name, parent, state: node.state });
        }
        Ok(())
    }

    fn insert(&mut self, parent: NodeId, id: NodeId, node: Node) -> NodeId {
        if let Kind::Supervisor(supervisor) = &mut self.node_mut(parent).kind {
            supervisor.children.insert(id);
            supervisor.live += 1;
        }
        self.nodes.insert(id, node);
        id
    }

    /// Forgets a node that has stopped and has nothing below it any more; `false` when it is not such a one.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::supervision::{SupervisorSpec, Tree};
    ///
    /// let mut tree = Tree::new("root", &SupervisorSpec::default(), 0)?;
    /// assert!(!tree.remove(tree.root()));
    /// # Ok::<(), alys_actor::supervision::SpecError>(())
    /// ```
    pub fn remove(&mut self, node: NodeId) -> bool {
        let Some(gone) = self.nodes.get(&node) else { return false };
        let childless = gone.as_supervisor().is_none_or(|supervisor| supervisor.children.is_empty());
        if gone.parent.is_none() || !gone.state.is_terminal() || !childless {
            return false;
        }
        self.discard(node);
        true
    }

    /// Takes a node out that was added last and that nothing has happened to yet.
    pub(in super::super) fn discard(&mut self, node: NodeId) {
        let Some(gone) = self.nodes.remove(&node) else { return };
        let Some(parent) = gone.parent else { return };
        if let Kind::Supervisor(supervisor) = &mut self.node_mut(parent).kind {
            supervisor.children.remove(&node);
            supervisor.live -= usize::from(!gone.state.is_terminal());
        }
    }

    /// Gives the nodes other places in the start order: those that are named come in this order.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::supervision::{ChildSpec, SupervisorSpec, Tree};
    ///
    /// let mut tree = Tree::new("root", &SupervisorSpec::default(), 0)?;
    /// let chain = tree.add_child("chain", tree.root(), &ChildSpec::default())?;
    /// let storage = tree.add_child("storage", tree.root(), &ChildSpec::default())?;
    /// tree.reorder(&[tree.root(), storage, chain]);
    /// assert_eq!(tree.start_order(tree.root()), [tree.root(), storage, chain]);
    /// # Ok::<(), alys_actor::supervision::SpecError>(())
    /// ```
    pub fn reorder(&mut self, order: &[NodeId]) {
        for node in order {
            let place = self.issue();
            if let Some(node) = self.nodes.get_mut(node) {
                node.place = place;
            }
        }
    }

    /// A node and all that is below it, in the order in which they start; the reverse is the order in which they stop.
    ///
    /// # Examples
    ///
    /// See [`reorder`](Tree::reorder).
    #[must_use]
    pub fn start_order(&self, node: NodeId) -> Vec<NodeId> {
        self.ordered([node])
    }

    /// All that is at or below these nodes, in start order.
    pub(super) fn ordered(&self, nodes: impl IntoIterator<Item = NodeId>) -> Vec<NodeId> {
        let mut found: Vec<NodeId> = nodes.into_iter().filter(|node| self.nodes.contains_key(node)).collect();
        let mut looked_at = 0;
        while let Some(node) = found.get(looked_at) {
            if let Some(supervisor) = self.node(*node).as_supervisor() {
                found.extend(&supervisor.children);
            }
            looked_at += 1;
        }
        found.sort_unstable_by_key(|node| self.node(*node).place);
        found
    }
}

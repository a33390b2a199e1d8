//! What a supervised system is for the shells of its children, and for the one who keeps its time.

use std::{fmt, task::Context};

use super::{
    error::SpecError,
    inner::Shell,
    lifecycle::LifecycleState,
    mailbox::Time,
    policy::ChildSpec,
    shared::Supervision,
    signal::Signal,
    sync::Arc,
    tree::Tree,
    words::{IncarnationId, NodeId, Order},
};

impl Supervision {
    /// Puts a child under a supervisor, and returns what its shell needs to know.
    ///
    /// For shells: [`adopt`](crate::supervised::adopt) is how an actor becomes a child. A dependency is started before
    /// the child and stopped after it.
    ///
    /// # Errors
    ///
    /// As [`Tree::add_child`], and [`SpecError::Registry`] when the name is taken or the dependencies are refused.
    pub(crate) fn add_child(
        &self,
        name: &str,
        parent: &str,
        dependencies: &[&str],
        spec: &ChildSpec,
    ) -> Result<(NodeId, Arc<Signal>), SpecError> {
        let add = |tree: &mut Tree, parent| tree.add_child(name, parent, spec);
        let (node, mut inner) = self.add(name, parent, dependencies, add)?;
        let signal = Arc::new(Signal::new());
        inner.shells.insert(node, Shell { signal: Arc::clone(&signal), arbiter: String::new() });
        Ok((node, signal))
    }

    /// The incarnation that a child has, and what its shell is to do with it.
    ///
    /// # Examples
    ///
    /// See [`Tree::order`].
    #[must_use]
    pub fn order(&self, node: NodeId) -> Option<(IncarnationId, Order)> {
        self.shared.inner.lock().tree.order(node)
    }

    /// Whether a child has stopped for good.
    pub(crate) fn is_stopped(&self, node: NodeId) -> bool {
        self.shared.inner.lock().tree.state(node).is_none_or(LifecycleState::is_terminal)
    }

    /// Whether everybody has stopped for good.
    pub(crate) fn is_down(&self) -> bool {
        let inner = self.shared.inner.lock();
        inner.tree.state(inner.tree.root()) == Some(LifecycleState::Stopped)
    }

    /// A shell says where it runs.
    pub(crate) fn runs_on(&self, node: NodeId, arbiter: String) {
        if let Some(shell) = self.shared.inner.lock().shells.get_mut(&node) {
            shell.arbiter = arbiter;
        }
    }

    /// When the next timer is due, for the one task that keeps the time; `None` inside while there is none. Leaves a
    /// waker for a change of it.
    pub(crate) fn poll_timer(&self, context: &Context<'_>) -> Option<Time> {
        while self.shared.timer_changed.look(context.waker()) {}
        self.shared.inner.lock().armed
    }
}

impl fmt::Debug for Supervision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let root = &self.shared.inner.lock().root;
        f.debug_struct("Supervision").field("root", root).finish_non_exhaustive()
    }
}

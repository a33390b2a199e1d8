//! Which states have the same future.

use super::{ModelKind, Node, SupervisionModel, SupervisionOutcome, Ticks};

impl SupervisionModel {
    /// The state as far as anything that comes depends on it: without what has been, and with times counted from now.
    ///
    /// Two states with the same future are then the same value: histories, counts of incarnations and answers are only
    /// told, a grant outside its window is none, and a child that has run for its window has run long enough.
    #[must_use]
    pub fn abstracted(&self) -> Self {
        let mut same = self.clone();
        (same.now, same.outcome, same.woken) = (0, SupervisionOutcome::default(), Vec::new());
        let ahead = |at: Ticks| at.saturating_sub(self.now);
        same.to_come.iter_mut().for_each(|grant| grant.due = ahead(grant.due));
        for (number, node) in same.nodes.iter_mut().enumerate() {
            node.went.drain(..node.went.len().saturating_sub(1));
            node.incarnations = 0;
            if let Some(incarnation) = &mut node.incarnation {
                incarnation.hook_until = incarnation.hook_until.map(ahead);
            }
            let window = |node: &Node| match node.kind {
                ModelKind::Supervisor { window, .. } => window,
                ModelKind::Child { .. } => 0,
            };
            let own = window(node);
            node.grants = self.nodes[number].grants.iter().map(|at| self.now - at).collect();
            node.grants.retain(|age| *age < own);
            let above = node.parent.map_or(0, |parent| window(&self.nodes[parent]));
            node.running_since = (self.now - node.running_since).min(above);
        }
        if let Some(shutdown) = &mut same.shutdown {
            (shutdown.force_at, shutdown.deadline) = (shutdown.force_at.map(ahead), ahead(shutdown.deadline));
        }
        same
    }
}

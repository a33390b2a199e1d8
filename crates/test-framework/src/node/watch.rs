//! A node that runs, until it ends.

use std::{path::Path, time::Duration};

use alys_sync::state::SyncState;
use tokio::{sync::watch, time::timeout};
use tracing::info;

use super::{
    actor::Running,
    chain::NodeChain,
    data::undurable,
    error::NodeFailure,
    kept::{Kept, Lost},
    meters::{Meters, word},
    observed::{Closing, Source},
    plan::{NodePlan, NodeRole},
    report::{NodeEnd, NodeReport},
    run::{Say, stopped},
    signals::Signals,
};

/// How long peers may take to be left.
const FAREWELL: Duration = Duration::from_secs(3);

/// What a node that runs is watched by.
pub(super) struct Watched {
    pub(super) running: Running,
    pub(super) kept: watch::Receiver<Kept>,
    pub(super) source: watch::Receiver<Source>,
    pub(super) closing: Closing,
    pub(super) meters: Meters,
    pub(super) is_synced: bool,
}

/// What was noticed of a node.
enum Noticed {
    /// A signal.
    Signal((i32, &'static str)),
    /// What is durable is more, or can be no more.
    Kept,
    /// Something of the node that is followed.
    Source,
    /// Another state of sync, or the end of its actor.
    State,
}

impl Watched {
    /// Watches the node to its end, and lets it go.
    pub(super) async fn watch(
        mut self,
        plan: &NodePlan,
        signals: &mut Signals,
        say: &Say,
    ) -> Result<NodeEnd, NodeFailure> {
        let end = loop {
            let told = match self.noticed(signals).await {
                Noticed::Signal(signal) => {
                    let done = self.is_synced || matches!(plan.role, NodeRole::Source { .. });
                    break Ok(stopped(signal, done, say));
                }
                Noticed::Kept => self.durable(&plan.data),
                Noticed::Source => self.shown(plan, say),
                Noticed::State => self.says(plan, say),
            };
            match told {
                Ok(None) => {}
                Ok(Some(end)) => break Ok(end),
                Err(failure) => break Err(failure),
            }
        };
        // A node that has failed has no network any more that could say goodbye.
        if end.is_ok() {
            let _ = timeout(FAREWELL, self.closing.close()).await;
        }
        self.running.stop().await;
        end
    }

    /// Waits for the next thing to be noticed. What is durable goes before what follows from it.
    async fn noticed(&mut self, signals: &mut Signals) -> Noticed {
        tokio::select! {
            biased;
            signal = signals.next() => Noticed::Signal(signal),
            Ok(()) = self.kept.changed() => Noticed::Kept,
            Ok(()) = self.source.changed() => Noticed::Source,
            _ = self.running.state.changed() => Noticed::State,
        }
    }

    /// What is durable was told; what cannot be any more is the end.
    fn durable(&mut self, data: &Path) -> Result<Option<NodeEnd>, NodeFailure> {
        match &*self.kept.borrow_and_update() {
            Ok(_) => Ok(None),
            Err(error) => Err(undurable(data, error.clone())),
        }
    }

    /// What the node that is followed has shown is told; when it is on another chain, that is the end.
    fn shown(&mut self, plan: &NodePlan, say: &Say) -> Result<Option<NodeEnd>, NodeFailure> {
        let source = *self.source.borrow_and_update();
        match &plan.role {
            NodeRole::Follower { from, .. } if source.is_foreign => {
                let digest = NodeChain::new(plan.seed)?.fork_digest();
                let digest = digest.iter().map(|byte| format!("{byte:02x}")).collect();
                Err(NodeFailure::OtherChain { address: from.clone(), seed: plan.seed, digest })
            }
            _ => {
                say(NodeReport::Target { height: source.target });
                Ok(None)
            }
        }
    }

    /// What sync says is told, and may be the end.
    fn says(&mut self, plan: &NodePlan, say: &Say) -> Result<Option<NodeEnd>, NodeFailure> {
        let state = *self.running.state.borrow_and_update();
        info!(state = word(state), "sync");
        self.meters.state(state);
        self.is_synced |= state == SyncState::Synced;
        let lost = |error: Lost| undurable(&plan.data, error);
        match (state, &plan.role) {
            (SyncState::Failed, _) => {
                self.kept.borrow().clone().map_err(lost)?;
                Err(self.running.failure())
            }
            (SyncState::Synced, NodeRole::Follower { stay, .. }) => {
                let position = self.kept.borrow().clone().map_err(lost)?;
                info!(height = position.height, root = position.root, "synced");
                say(NodeReport::Synced(position));
                Ok((!stay).then_some(NodeEnd::Synced))
            }
            _ => Ok(None),
        }
    }
}

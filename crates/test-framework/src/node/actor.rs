//! The actor of a node, under a supervisor that does not restart it: the process ends, and is started again.

use std::time::Duration;

use alys_actor::{
    mailbox::Sender,
    supervised::{Adopted, HookError, adopt, keep_time},
    supervision::{ChildSpec, RestartStrategy, Supervision, SupervisionConfig},
};
use alys_chain::{scheme::Bls, transition::Transfers};
use alys_sync::{
    gate::Closed,
    node::SyncNode,
    shell::{Order, Outlook, SyncActor, WallClock},
    state::SyncState,
};
use tokio::sync::watch;

use super::{error::NodeFailure, kept::Keeper, observed::Observed};

/// The name of the actor.
const NAME: &str = "sync";

/// How long the actor may take to stop, and then to be dropped.
const STOP_WITHIN: Duration = Duration::from_secs(5);

/// A node with its network.
pub(super) type Pair = (SyncNode<Bls, Transfers, Keeper>, Observed);

/// An actor that runs.
pub(super) struct Running {
    supervision: Supervision,
    /// What sync says.
    pub(super) state: watch::Receiver<SyncState>,
    /// It lives as long as its mailbox is held.
    _orders: Sender<Order, Result<(), Closed>>,
}

impl Running {
    /// Starts the actor on the local task set of its caller.
    pub(super) fn start(pair: Pair, clock: WallClock) -> Result<Self, NodeFailure> {
        let supervision = Supervision::new(&SupervisionConfig::default(), clock.clock.clone())?;
        tokio::spawn(keep_time(supervision.clone()));
        let (outlook, _, state) = Outlook::new();
        let spec = ChildSpec { restart: RestartStrategy::Never, ..ChildSpec::default() };
        let mut pair = Some(pair);
        let orders = adopt(&supervision, Adopted { spec, ..Adopted::new(NAME, "root") }, move || {
            let opened = pair.take().ok_or_else(|| HookError::new("a node is opened once"));
            SyncActor::new(clock.clone(), outlook.clone(), move || opened)
        })?;
        supervision.start("root")?;
        Ok(Self { supervision, state, _orders: orders })
    }

    /// Why the actor has failed.
    pub(super) fn failure(&self) -> NodeFailure {
        let transitions = self.supervision.registry().monitor().get_transitions(NAME);
        let reason = transitions.into_iter().rev().find_map(|entry| entry.reason);
        NodeFailure::Failed { reason: reason.unwrap_or_else(|| "nobody said why".to_owned()) }
    }

    /// Stops the actor, and with it drops node, network and store.
    pub(super) async fn stop(self) {
        self.supervision.shut_down(STOP_WITHIN, STOP_WITHIN);
        // Whoever does not go ends with the process.
        let _ = self.supervision.ended().await;
    }
}

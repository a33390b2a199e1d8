//! What others are told of sync.

use tokio::sync::watch;

use crate::gate::{Closed, Gate};
use crate::state::SyncState;

/// The ends that others are told by. It outlives the actor: whoever watches sees one sync, however often it is restarted.
///
/// When an actor ends, for whatever reason, the gate closes: nobody produces on a chain that is not synced any more.
///
/// ```
/// use alys_sync::gate::Gate;
/// use alys_sync::shell::Outlook;
/// use alys_sync::state::SyncState;
///
/// let (outlook, gate, state) = Outlook::new();
/// outlook.publish(SyncState::Synced, Gate::Open);
/// assert_eq!((*gate.borrow(), *state.borrow()), (Gate::Open, SyncState::Synced));
/// ```
#[derive(Clone, Debug)]
pub struct Outlook {
    gate: watch::Sender<Gate>,
    state: watch::Sender<SyncState>,
}

impl Outlook {
    /// Makes the ends: that of sync, and those of whoever wants to know.
    #[must_use]
    pub fn new() -> (Self, watch::Receiver<Gate>, watch::Receiver<SyncState>) {
        let (gate, watched) = watch::channel(Gate::Closed(Closed::Unknown));
        let (state, followed) = watch::channel(SyncState::Idle);
        (Outlook { gate, state }, watched, followed)
    }

    /// Makes known what has changed.
    pub fn publish(&self, state: SyncState, gate: Gate) {
        self.state.send_if_modified(|said| changed(said, state));
        self.gate.send_if_modified(|said| changed(said, gate));
    }
}

fn changed<V: PartialEq>(said: &mut V, new: V) -> bool {
    let is_new = *said != new;
    *said = new;
    is_new
}

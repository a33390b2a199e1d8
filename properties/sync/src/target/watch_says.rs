//! What an engine says of itself against what is true, and what is bounded.

use alys_engines::violation::{check_eq, violated};
use alys_models::sync::ModelGate;

use super::alys::engine::{Action, Event, SyncEngine};
use super::alys::gate::{Closed, Gate};
use super::alys::state::SyncState;
use super::watch::Watch;

impl Watch {
    /// What the engine says of itself against what is true.
    pub(super) fn compare(&self, engine: &SyncEngine, told: &[Action]) {
        check_eq("SY-5", "the gate that was told last", &self.gate, &engine.gate());
        check_eq("SY-4", "the state that was said last", &self.state, &engine.state());
        let failed = self.state == SyncState::Failed;
        check_eq("SY-5", "the gate", &self.true_gate(failed), &engine.gate());
        let synced = !failed && self.truth.is_synced();
        check_eq("SY-4", "whether it is synced", &synced, &(engine.state() == SyncState::Synced));
        let best = engine.best().map(|tip| (tip.block.height, tip.slot, tip.block.root.0));
        let highest = self.truth.highest().map(|tip| (tip.height, tip.slot, tip.root));
        check_eq("SY-4", "the highest proved tip", &highest, &best);
        let (idle, nobody) = (engine.state() == SyncState::Idle, self.connected.is_empty() && !failed);
        check_eq("SY-1", "whether it is idle", &nobody, &idle);
        let peers: Vec<_> = engine.peers().collect();
        check_eq("SY-4", "the sample", &self.connected.iter().copied().collect::<Vec<_>>(), &peers);
        let count = |of: fn(&&Action) -> bool| told.iter().filter(of).count();
        let (said, gates) =
            (count(|it| matches!(it, Action::Say(_))), count(|it| matches!(it, Action::Gate(_))));
        if said > 1 || gates > 1 {
            violated("SY-5", format!("{said} states and {gates} gates are told of one event"));
        }
    }

    /// The gate as it must be, and why it is closed.
    fn true_gate(&self, failed: bool) -> Gate {
        let answered = self.truth.at_genesis() as u64;
        match (self.truth.gate(), self.truth.target()) {
            _ if failed => Gate::Closed(Closed::Failed),
            (ModelGate::Open, _) => Gate::Open,
            (ModelGate::Closed, None) => Gate::Closed(Closed::Unknown),
            (ModelGate::Closed, Some(0)) => {
                Gate::Closed(Closed::Genesis { answered, needed: self.settings.sample })
            }
            (ModelGate::Closed, Some(target)) => {
                Gate::Closed(Closed::Behind { lag: target.saturating_sub(self.own.head.height), target })
            }
        }
    }

    /// SY-7, SY-10: what is bounded.
    pub(super) fn bounds(&self, engine: &SyncEngine, event: &Event, now: u64) {
        for peer in &self.connected {
            let score = engine.score(*peer);
            if score.is_none_or(|score| score > 1000) {
                violated("SY-7", format!("the score of {peer:?} is {score:?}, allowed is 0 to 1000"));
            }
        }
        let unprocessed = self.processing.map_or(0, |(_, blocks)| blocks);
        let (flying, limit) = (engine.blocks_in_flight(), self.settings.blocks_in_flight);
        let least = self.ledger.blocks() + unprocessed;
        if flying > limit || flying < least {
            violated("SY-10", format!("{flying} blocks are in flight, allowed are {least} to {limit}"));
        }
        if self.state == SyncState::Failed {
            return;
        }
        let Some(deadline) = self.ledger.first_deadline(self.settings.request_timeout) else { return };
        let wakes = engine.next_wakeup();
        if wakes.is_none_or(|at| at > deadline.max(now)) || (*event == Event::Tick && deadline <= now) {
            violated(
                "SY-10",
                format!("at {now} a request is due at {deadline}, and the engine wakes at {wakes:?}"),
            );
        }
    }
}

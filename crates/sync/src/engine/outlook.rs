//! What is told: the state (SY-4), the gate (SY-5), and when to wake up.

use super::peers::{Peer, Tip, rank};
use super::plan::Stage;
use super::{Action, SyncEngine};
use crate::gate::{self, Closed, Gate, Position};
use crate::state::SyncState;

impl SyncEngine {
    /// Tells what has changed.
    pub(super) fn tell(&mut self) {
        let (state, gate) = (self.state_now(), self.gate_now());
        if state != self.state {
            self.state = state;
            self.metrics.state_changes += 1;
            self.actions.push(Action::Say(state));
        }
        if gate != self.gate {
            self.gate = gate;
            self.actions.push(Action::Gate(gate));
        }
        self.metrics.most_in_flight = self.metrics.most_in_flight.max(self.blocks_in_flight());
        self.wakeup = self.wakeup_now();
    }

    fn state_now(&self) -> SyncState {
        let plan = self.plan.as_ref();
        if self.failed {
            SyncState::Failed
        } else if self.is_synced() {
            SyncState::Synced
        } else if plan.is_some_and(|plan| plan.asked() > 0) {
            SyncState::Downloading
        } else if plan.is_some_and(|plan| plan.processing.is_some()) {
            SyncState::Processing
        } else if self.peers.is_empty() {
            SyncState::Idle
        } else if plan.is_some() {
            SyncState::Recovering
        } else {
            SyncState::Discovering
        }
    }

    /// Whether no proved tip is better than ours, and ours is settled.
    fn is_synced(&self) -> bool {
        let head = Tip { block: self.local.head, slot: self.local.head_slot };
        self.best().is_some_and(|best| best.rank() <= rank(&head.block)) && self.is_settled(&head)
    }

    /// Whether a tip is fresh, or proved by most of the sample.
    fn is_settled(&self, tip: &Tip) -> bool {
        self.is_fresh(tip) || self.is_of_majority(tip)
    }

    /// Whether a tip's slot is near the clock's.
    fn is_fresh(&self, tip: &Tip) -> bool {
        let slot = self.clock.slot_at(self.time.wall() / 1000);
        slot.is_some_and(|slot| slot.abs_diff(tip.slot) <= self.config.settings().freshness_slots)
    }

    /// Whether more than half of all connected peers have proved this very tip, and they are a sample.
    fn is_of_majority(&self, tip: &Tip) -> bool {
        let (sample, agreeing) =
            (self.peers.len() as u64, self.count(|known| known.has_proved(tip.block.root)));
        sample >= self.config.settings().sample && 2 * agreeing > sample
    }

    fn count(&self, of: impl Fn(&Peer) -> bool) -> u64 {
        self.peers.values().filter(|known| of(known)).count() as u64
    }

    /// Whether blocks may be produced now.
    pub(super) fn gate_now(&self) -> Gate {
        if self.failed {
            return Gate::Closed(Closed::Failed);
        }
        let settings = self.config.settings();
        let known = match self.best() {
            Some(best) if settings.bootstrap || self.is_settled(&best) => Some(best.block.height),
            None if settings.bootstrap => Some(0),
            _ => None,
        };
        let at_genesis = self.count(|known| known.has_proved(self.genesis));
        let position = Position { height: self.local.head.height, target: known, at_genesis };
        gate::decide(&position, settings.max_lag_blocks, settings.sample, settings.bootstrap)
    }

    /// When something will be due, in the caller's time.
    fn wakeup_now(&self) -> Option<u64> {
        if self.failed {
            return None;
        }
        let now = self.time.now();
        let deadlines = self.requests.values().map(|pending| pending.deadline);
        let probes = self.peers.iter().filter_map(|(peer, known)| self.probe_at(*peer, known));
        let due = deadlines.chain(probes).chain(self.plan_wakeups()).filter(|at| *at > now);
        let due = due.map(|at| self.time.to_wall(at));
        due.chain(self.slot_wakeups()).min()
    }

    /// When batches have rested, and when those who have them may be asked.
    fn plan_wakeups(&self) -> Vec<u64> {
        let Some(plan) = &self.plan else { return Vec::new() };
        let rested = plan.batches.values().filter_map(|batch| match batch.stage {
            Stage::Waiting { until } => Some(until),
            Stage::Asked { .. } | Stage::Ready { .. } => None,
        });
        let available = self.peers.keys().filter_map(|peer| self.records.get(peer)?.available_at());
        let (now, most) = (self.time.now(), self.config.settings().batch_max);
        let pace = |known: &Peer, blocks| now.saturating_add(known.pace(blocks, now));
        let paced = self.peers.values().flat_map(|known| [pace(known, known.batch), pace(known, most)]);
        rested.chain(available).chain(paced).chain([plan.hold]).collect()
    }

    /// When our tip, or the best proved one, becomes fresh or ceases to be.
    fn slot_wakeups(&self) -> impl Iterator<Item = u64> {
        let (wall, reach) = (self.time.wall(), self.config.settings().freshness_slots);
        let best = self.best().map(|tip| tip.slot);
        let slots = best.into_iter().chain([self.local.head_slot]);
        let changes =
            slots.flat_map(move |slot| [slot.saturating_sub(reach), slot.saturating_add(reach + 1)]);
        let clock = self.clock;
        let times = changes.filter_map(move |slot| clock.start_of(slot)?.checked_mul(1000));
        times.filter(move |at| *at > wall)
    }
}

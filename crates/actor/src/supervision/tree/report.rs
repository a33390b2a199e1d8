//! What shells and timers report. A report about an incarnation that is gone changes nothing (SV-8, SV-9).

use super::{
    super::{
        lifecycle::{LifecycleState, Trigger},
        mailbox::Time,
        words::{Action, FailureReason, IncarnationId, NodeId, Order},
    },
    Timer, Tree,
    node::{Incarnation, Kind},
};

impl Tree {
    /// A start or restart hook succeeded.
    pub(super) fn started(&mut self, id: NodeId, name: IncarnationId, now: Time) {
        let Some(incarnation) = self.current(id, name) else { return };
        let Order::Start { first } = incarnation.order else { return };
        incarnation.order = Order::Run;
        self.untime_hook(id);
        self.fire(id, if first { Trigger::Started } else { Trigger::Restarted }, None, now);
        self.turn_is_over(id, now);
    }

    /// The incarnation of this name, if the node still has it.
    fn current(&mut self, id: NodeId, name: IncarnationId) -> Option<&mut Incarnation> {
        let incarnation = self.nodes.get_mut(&id)?.incarnation_mut()?;
        (incarnation.id == name).then_some(incarnation)
    }

    /// Goes on with the round in which a node had its turn.
    fn turn_is_over(&mut self, id: NodeId, now: Time) {
        if let Some(round) = self.node_mut(id).ahead.take() {
            self.advance(round, now);
        }
    }

    /// An incarnation is gone.
    pub(super) fn ended(
        &mut self,
        id: NodeId,
        name: IncarnationId,
        reported: Option<FailureReason>,
        now: Time,
    ) {
        if self.current(id, name).is_none() {
            return;
        }
        self.untime_hook(id);
        let Some(incarnation) = self.take_incarnation(id) else { return };
        let forced = incarnation.dropped.is_some();
        let reason = incarnation.dropped.or(reported);
        match self.node(id).state {
            LifecycleState::Recovering if incarnation.going_down => {
                self.note_stop_hook(id, reason);
                let round = self.node(id).ahead;
                round.into_iter().for_each(|round| self.advance(round, now));
            }
            LifecycleState::Stopping => {
                self.note_stop_hook(id, reason.clone());
                self.fire(id, Trigger::StopFinished, reason.map(|reason| reason.to_string()), now);
            }
            state if self.node(id).stop_wanted && forced => {
                debug_assert!(state != LifecycleState::Stopped, "a stopped child had an incarnation");
                self.fire(id, Trigger::Stop, None, now);
                self.fire(id, Trigger::StopFinished, reason.map(|reason| reason.to_string()), now);
            }
            LifecycleState::Running => self.running_ended(id, reason, now),
            LifecycleState::Starting => self.attempt_failed(id, Trigger::StartFailed, reason, now),
            _ => self.attempt_failed(id, Trigger::RestartFailed, reason, now),
        }
        self.stop_upwards(id, now);
        self.advance_stops(now);
    }

    fn take_incarnation(&mut self, id: NodeId) -> Option<Incarnation> {
        match &mut self.node_mut(id).kind {
            Kind::Child(child) => child.incarnation.take(),
            Kind::Supervisor(_) => None,
        }
    }

    /// A stop hook that fails is reported, and holds nothing up (SV-5).
    fn note_stop_hook(&mut self, node: NodeId, reason: Option<FailureReason>) {
        if let Some(reason) = reason {
            self.actions.push(Action::StopHookFailed { node, reason });
        }
    }

    /// A running child failed, or ended of itself.
    fn running_ended(&mut self, id: NodeId, reason: Option<FailureReason>, now: Time) {
        match reason {
            Some(reason) => {
                self.fire(id, Trigger::HandlerFailed, Some(reason.to_string()), now);
                self.decide(id, now);
            }
            None => {
                self.fire(id, Trigger::Stop, None, now);
                self.fire(id, Trigger::StopFinished, None, now);
                self.withdraw_the_empty(id);
                self.turn_is_over(id, now);
            }
        }
    }

    /// A start or restart attempt failed: its turn is over, and another attempt needs a grant of its own (SV-4).
    fn attempt_failed(&mut self, id: NodeId, trigger: Trigger, reason: Option<FailureReason>, now: Time) {
        let reason = reason.map_or_else(|| "ended".to_owned(), |reason| reason.to_string());
        self.fire(id, trigger, Some(reason), now);
        let round = self.node_mut(id).ahead.take();
        self.decide(id, now);
        round.into_iter().for_each(|round| self.advance(round, now));
    }

    /// Has the shell of a child drop its incarnation.
    pub(super) fn order_drop(&mut self, id: NodeId, reason: FailureReason) {
        self.untime_hook(id);
        if let Some(incarnation) = self.node_mut(id).incarnation_mut() {
            incarnation.order = Order::Drop;
            incarnation.dropped.get_or_insert(reason);
            self.actions.push(Action::Wake(id));
        }
    }

    /// Everything that is due by now, the earliest first.
    pub(super) fn tick(&mut self, now: Time) {
        while let Some(entry) = self.timers.first().copied().filter(|(at, ..)| *at <= now) {
            self.timers.remove(&entry);
            match entry.2 {
                Timer::Backoff(parent, failed) => self.begin(parent, failed, now),
                Timer::Hook(node, incarnation) => {
                    if self.current(node, incarnation).is_some() {
                        self.order_drop(node, FailureReason::TimedOut);
                    }
                }
                Timer::Force => self.force(now),
                Timer::Deadline => self.over(),
            }
        }
    }
}

//! Stopping: one node, all below it, or everything by a deadline (LC-6, LC-7).

use std::time::Duration;

use super::{
    super::{
        lifecycle::{LifecycleState, Trigger},
        mailbox::Time,
        words::{Action, FailureReason, NodeId},
    },
    Shutdown, Timer, Tree,
    node::Number,
};

/// A stop that is under way.
#[derive(Debug, Clone)]
pub(super) struct StopPlan {
    /// Who is still to be stopped, the first to go last.
    left: Vec<NodeId>,
    /// Whose stop hook it waits for.
    current: Option<NodeId>,
    /// The node that its supervisor gave up, if that is why.
    given_up: Option<NodeId>,
}

impl Tree {
    /// Stops a node and what is below it, in reverse start order.
    pub(super) fn stop(&mut self, id: NodeId, now: Time) {
        self.plan_stop(id, None, now);
    }

    /// A failed node is not restarted: it stops, and what is below it.
    pub(super) fn give_up(&mut self, id: NodeId, now: Time) {
        self.plan_stop(id, Some(id), now);
    }

    fn plan_stop(&mut self, id: NodeId, given_up: Option<NodeId>, now: Time) {
        let mut members = self.ordered([id]);
        members.retain(|member| !self.node(*member).state.is_terminal());
        let mut rounds = Vec::new();
        for member in &members {
            let node = self.node_mut(*member);
            node.stop_wanted = true;
            rounds.extend(node.ahead.take());
        }
        members.iter().for_each(|member| self.withdraw_all(*member));
        self.withdraw_the_empty(id);
        let number = self.issue();
        self.stops.insert(number, StopPlan { left: members, current: None, given_up });
        self.advance_stop(number, now);
        rounds.sort_unstable();
        rounds.dedup();
        for round in rounds {
            self.advance(round, now);
        }
    }

    /// Goes on with every stop that waited for somebody who has stopped.
    pub(super) fn advance_stops(&mut self, now: Time) {
        while let Some(number) = self.stops_to_advance.pop_first() {
            self.advance_stop(number, now);
        }
        let down = self.node(self.root).state.is_terminal();
        if down && matches!(self.shutdown, Shutdown::Graceful | Shutdown::Forced) {
            self.over();
        }
    }

    /// Whoever waited for this node to stop goes on: those alone, since many stops may be under way.
    pub(super) fn release_stops(&mut self, id: NodeId) {
        let waiting: Vec<_> = self.awaited.range((id, Number::MIN)..=(id, Number::MAX)).copied().collect();
        for entry in waiting {
            self.awaited.remove(&entry);
            self.stops_to_advance.insert(entry.1);
        }
    }

    fn advance_stop(&mut self, number: Number, now: Time) {
        while let Some(plan) = self.stops.get(&number) {
            let stopped = |id: NodeId| self.state(id).is_none_or(LifecycleState::is_terminal);
            if plan.current.is_some_and(|current| !stopped(current)) {
                return;
            }
            let given_up = plan.given_up;
            let Some(id) = self.stops.get_mut(&number).and_then(|plan| plan.left.pop()) else { break };
            let waits = self.nodes.contains_key(&id) && self.stop_turn(id, given_up, now);
            if waits {
                self.awaited.insert((id, number));
            }
            if let Some(plan) = self.stops.get_mut(&number) {
                plan.current = waits.then_some(id);
            }
        }
        self.stops.remove(&number);
    }

    /// Stops one node; says whether that takes a while.
    fn stop_turn(&mut self, id: NodeId, given_up: Option<NodeId>, now: Time) -> bool {
        match self.node(id).state {
            LifecycleState::Stopped => return false,
            LifecycleState::Stopping => return true,
            LifecycleState::Failed if given_up == Some(id) => {
                self.fire(id, Trigger::GaveUp, None, now);
                return false;
            }
            LifecycleState::Uninitialized | LifecycleState::Failed => {
                self.fire(id, Trigger::Stop, None, now);
                return false;
            }
            LifecycleState::Starting | LifecycleState::Running | LifecycleState::Recovering => {}
        }
        self.fire(id, Trigger::Stop, None, now);
        let Some(incarnation) = self.node(id).incarnation() else {
            self.fire(id, Trigger::StopFinished, None, now);
            return false;
        };
        // A stop hook that runs for a restart already serves the stop as well: it runs once. What is dropped has none.
        if !incarnation.going_down && incarnation.dropped.is_none() {
            self.order_stop(id, now);
        }
        true
    }

    /// Stops everything by a deadline.
    pub(super) fn shut_down(&mut self, graceful: Duration, forced: Duration, now: Time) {
        if self.shutdown != Shutdown::No {
            return;
        }
        self.shutdown = Shutdown::Graceful;
        let force = now.saturating_add(graceful);
        self.set_timer(force, Timer::Force);
        self.set_timer(force.saturating_add(forced), Timer::Deadline);
        self.stop(self.root, now);
        self.advance_stops(now);
    }

    /// The graceful part of a shutdown is over: what has an incarnation loses it.
    pub(super) fn force(&mut self, now: Time) {
        self.shutdown = Shutdown::Forced;
        let everybody = self.ordered([self.root]);
        for id in &everybody {
            if self.node(*id).incarnation().is_some() {
                self.order_drop(*id, FailureReason::TimedOut);
            }
        }
        for id in everybody.into_iter().rev() {
            self.stop_if_empty(id, now);
        }
        self.advance_stops(now);
    }

    /// Stops a node that has no incarnation, and below which everybody has stopped.
    fn stop_if_empty(&mut self, id: NodeId, now: Time) -> bool {
        let node = self.node(id);
        let empty = node.as_supervisor().is_none_or(|supervisor| supervisor.live == 0);
        if node.incarnation().is_some() || node.state.is_terminal() || !empty {
            return false;
        }
        self.fire(id, Trigger::Stop, None, now);
        if !self.node(id).state.is_terminal() {
            self.fire(id, Trigger::StopFinished, None, now);
        }
        true
    }

    /// Under force, whoever was the last below a supervisor takes it along.
    pub(super) fn stop_upwards(&mut self, id: NodeId, now: Time) {
        if !matches!(self.shutdown, Shutdown::Forced | Shutdown::Over) {
            return;
        }
        self.stop_if_empty(id, now);
        let mut up = self.node(id).parent;
        while let Some(node) = up.filter(|node| self.stop_if_empty(*node, now)) {
            up = self.node(node).parent;
        }
    }

    /// A shutdown has come to its end, or to its deadline.
    pub(super) fn over(&mut self) {
        self.shutdown = Shutdown::Over;
        self.timers.retain(|(_, _, timer)| !matches!(timer, Timer::Force | Timer::Deadline));
        let mut unresponsive = self.ordered([self.root]);
        unresponsive.retain(|id| self.node(*id).incarnation().is_some());
        self.actions.push(Action::Down { unresponsive });
    }
}

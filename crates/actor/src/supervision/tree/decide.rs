//! What becomes of a failure: restarted, stopped or escalated (SV-1, SV-3 to SV-6).

use std::time::Duration;

use super::{
    super::{
        lifecycle::{LifecycleState, Trigger},
        mailbox::Time,
        policy::Group,
        words::{Action, FailureReason, NodeId, Verdict},
    },
    Timer, Tree,
    node::{Grant, Kind, has_passed},
};

impl Tree {
    /// Decides about a node that has just failed.
    pub(super) fn decide(&mut self, id: NodeId, now: Time) {
        let node = self.node(id);
        let Some(parent) = node.parent else { return self.fail_root(id, now) };
        // It waits for what was decided about somebody else, its supervisor perhaps.
        let joins = node.ahead.is_some() || self.is_covered(id);
        let (strategy, attempt) = (node.restart, node.attempt);
        if node.stop_wanted {
            self.judge(id, Verdict::Stop);
        } else if joins || self.node(parent).state != LifecycleState::Running {
            self.judge(id, Verdict::Join);
        } else if let Some(delay) = strategy.delay(attempt) {
            if self.grant(parent, now) {
                self.restart_after(id, parent, delay, now);
            } else {
                self.escalate(id, parent, now);
            }
        } else {
            self.judge(id, Verdict::Stop);
            self.give_up(id, now);
        }
    }

    fn judge(&mut self, node: NodeId, verdict: Verdict) {
        self.actions.push(Action::Decided { node, verdict });
    }

    fn grant(&mut self, supervisor: NodeId, now: Time) -> bool {
        match &mut self.node_mut(supervisor).kind {
            Kind::Supervisor(supervisor) => supervisor.grant(now),
            Kind::Child(_) => false,
        }
    }

    /// Grants a restart of the failed node and of those that its supervisor's policy restarts with it.
    fn restart_after(&mut self, id: NodeId, parent: NodeId, delay: Duration, now: Time) {
        let node = self.node_mut(id);
        let attempt = node.attempt;
        node.attempt = attempt.saturating_add(1);
        let permille = node.jitter_permille;
        let at = now.saturating_add(self.jitter.shorten(delay, permille));
        self.judge(id, Verdict::Restart { attempt, at });
        let (number, from) = (self.issue(), self.node(id).place);
        let members = self.members(parent, id, from);
        self.take_in(parent, from, &members);
        let due = if at <= now { None } else { Some(self.set_timer(at, Timer::Backoff(parent, id))) };
        if let Kind::Supervisor(supervisor) = &mut self.node_mut(parent).kind {
            supervisor.to_come.insert(id, Grant { number, from, due });
        }
        if due.is_none() {
            self.begin_with(members, (number, parent, id), now);
        }
    }

    /// Whoever is in backoff and would be restarted with these joins them, and is not restarted for itself.
    fn take_in(&mut self, parent: NodeId, from: u64, members: &[NodeId]) {
        for member in members {
            self.withdraw_all(*member);
        }
        let Some(supervisor) = self.node(parent).as_supervisor() else { return };
        if supervisor.group == Group::RestForOne {
            let later = supervisor.to_come.iter().filter(|(_, grant)| grant.from >= from);
            let later: Vec<NodeId> = later.map(|(failed, _)| *failed).collect();
            later.into_iter().for_each(|failed| self.withdraw(parent, failed));
        }
    }

    /// Who is restarted when a child of a supervisor is, in start order: the group by its policy, and all below (SV-5).
    pub(super) fn members(&self, parent: NodeId, failed: NodeId, from: u64) -> Vec<NodeId> {
        let Some(supervisor) = self.node(parent).as_supervisor() else { return Vec::new() };
        match supervisor.group {
            Group::OneForOne => self.ordered([failed]),
            Group::OneForAll => self.ordered(supervisor.children.iter().copied()),
            Group::RestForOne => {
                let later = |sibling: &NodeId| self.node(*sibling).place >= from;
                self.ordered(supervisor.children.iter().copied().filter(later))
            }
        }
    }

    /// Whether a restart that was granted and has not begun will restart this node too.
    pub(super) fn is_covered(&self, id: NodeId) -> bool {
        let mut here = id;
        while let Some(parent) = self.node(here).parent {
            let Some(supervisor) = self.node(parent).as_supervisor() else { return false };
            let covered = match supervisor.group {
                Group::OneForOne => supervisor.to_come.contains_key(&here),
                Group::OneForAll => !supervisor.to_come.is_empty(),
                Group::RestForOne => {
                    let place = self.node(here).place;
                    supervisor.to_come.values().any(|grant| grant.from <= place)
                }
            };
            if covered {
                return true;
            }
            here = parent;
        }
        false
    }

    /// Takes a granted restart back: a later one takes it in, or nobody is left to be restarted.
    pub(super) fn withdraw(&mut self, parent: NodeId, failed: NodeId) {
        let Kind::Supervisor(supervisor) = &mut self.node_mut(parent).kind else { return };
        let Some(grant) = supervisor.to_come.remove(&failed) else { return };
        self.held_up.remove(&(grant.number, parent, failed));
        if let Some((at, number)) = grant.due {
            self.timers.remove(&(at, number, Timer::Backoff(parent, failed)));
        }
    }

    /// Takes all restarts back that a supervisor has granted.
    pub(super) fn withdraw_all(&mut self, parent: NodeId) {
        while let Some(failed) =
            self.node(parent).as_supervisor().and_then(|one| one.to_come.keys().next().copied())
        {
            self.withdraw(parent, failed);
        }
    }

    /// Takes the granted restarts back in which nobody is left once this node has stopped.
    pub(super) fn withdraw_the_empty(&mut self, id: NodeId) {
        self.withdraw_all(id);
        let mut here = id;
        while let Some(parent) = self.node(here).parent {
            let Some(supervisor) = self.node(parent).as_supervisor() else { return };
            let grants = match supervisor.group {
                Group::OneForOne => supervisor.to_come.get_key_value(&here).into_iter().collect(),
                Group::OneForAll | Group::RestForOne => supervisor.to_come.iter().collect::<Vec<_>>(),
            };
            let empty = |failed: NodeId, from: u64| {
                let members = self.members(parent, failed, from);
                !members.into_iter().any(|member| self.node(member).restartable())
            };
            let grants = grants.into_iter().filter(|(failed, grant)| empty(**failed, grant.from));
            let failed: Vec<NodeId> = grants.map(|(failed, _)| *failed).collect();
            failed.into_iter().for_each(|failed| self.withdraw(parent, failed));
            here = parent;
        }
    }

    /// The failure becomes one of the supervisor (SV-6).
    fn escalate(&mut self, id: NodeId, parent: NodeId, now: Time) {
        self.judge(id, Verdict::Escalate);
        let reason = FailureReason::Escalated { child: self.node(id).name.clone() };
        if let Kind::Supervisor(supervisor) = &mut self.node_mut(parent).kind {
            supervisor.brought_down_by = Some(id);
        }
        self.fire(parent, Trigger::HandlerFailed, Some(reason.to_string()), now);
        self.decide(parent, now);
    }

    /// The names from the root along the children that brought their supervisors down (SV-6).
    fn path_down(&self) -> Vec<String> {
        let mut path = Vec::new();
        let mut next = Some(self.root);
        while let Some(node) = next.and_then(|node| self.nodes.get(&node)) {
            path.push(node.name.clone());
            next = node.as_supervisor().and_then(|supervisor| supervisor.brought_down_by);
        }
        path
    }

    fn fail_root(&mut self, root: NodeId, now: Time) {
        let path = self.path_down();
        self.fatal = Some(path.clone());
        self.judge(root, Verdict::Stop);
        self.actions.push(Action::Fatal { path });
        self.stop(root, now);
    }

    /// A child that ran for a whole window counts its attempts from 0 again (SV-4).
    pub(super) fn forgive(&mut self, id: NodeId, now: Time) {
        let Some(parent) = self.node(id).parent else { return };
        let Some(window) = self.node(parent).as_supervisor().map(|supervisor| supervisor.window) else {
            return;
        };
        let node = self.node_mut(id);
        if has_passed(node.running_since, window, now) {
            node.attempt = 0;
        }
    }
}

//! Rounds: a start or restart of one node or many, first down in reverse start order, then up in start order (SV-5).

use std::collections::VecDeque;

use rustc_hash::FxHashSet;

use super::{
    super::{
        error::Refusal,
        lifecycle::{LifecycleState, Trigger},
        mailbox::Time,
        words::{Action, IncarnationId, NodeId, Order},
    },
    Timer, Tree,
    node::{Grant, Incarnation, Kind, Number},
};

/// A round under way.
#[derive(Debug, Clone)]
pub(super) struct Round {
    /// Who is still to be stopped, the first to go last.
    down: Vec<NodeId>,
    /// Who is still to be started, the first to come first.
    up: VecDeque<NodeId>,
    /// Whose hook it waits for.
    current: Option<NodeId>,
}

impl Tree {
    /// Starts what was not started yet at and below a node.
    pub(super) fn start(&mut self, id: NodeId, now: Time) -> Result<(), Refusal> {
        let node = self.known(id)?;
        let (name, state) = (node.name.clone(), node.state);
        let parent = node.parent.map(|parent| self.node(parent));
        if node.stop_wanted || state.is_terminal() {
            return Err(Refusal::Stopped { name, state });
        }
        if let Some(parent) = parent.filter(|parent| parent.state != LifecycleState::Running) {
            return Err(Refusal::ParentNotRunning { name, parent: parent.name.clone(), state: parent.state });
        }
        if parent.is_some_and(|parent| parent.ahead.is_some()) {
            return Err(Refusal::RestartUnderWay { name });
        }
        let members = self.startable(id);
        self.go(members, now);
        Ok(())
    }

    /// Who was not started yet at and below a node, and has a supervisor that runs on or is started before it: whoever is
    /// added below a supervisor that another round will start or restart has to wait for that.
    fn startable(&self, id: NodeId) -> Vec<NodeId> {
        let mut members = self.ordered([id]);
        let mut chosen = FxHashSet::default();
        members.retain(|one| {
            let node = self.node(*one);
            let supervised = node.parent.is_none_or(|parent| {
                let above = self.node(parent);
                let runs_on = above.state == LifecycleState::Running && above.ahead.is_none();
                runs_on || chosen.contains(&parent)
            });
            let fresh = node.state == LifecycleState::Uninitialized && node.ahead.is_none();
            supervised && fresh && chosen.insert(*one)
        });
        members
    }

    /// Restarts what runs at and below a node: planned, so no grant is needed.
    pub(super) fn restart(&mut self, id: NodeId, now: Time) -> Result<(), Refusal> {
        let node = self.known(id)?;
        let (name, state) = (node.name.clone(), node.state);
        if node.stop_wanted || state != LifecycleState::Running {
            return Err(Refusal::NotRunning { name, state });
        }
        let mut members = self.ordered([id]);
        if self.is_covered(id) || members.iter().any(|one| self.node(*one).ahead.is_some()) {
            return Err(Refusal::RestartUnderWay { name });
        }
        for member in &members {
            self.withdraw_all(*member);
        }
        members.retain(|member| self.node(*member).restartable());
        self.go(members, now);
        Ok(())
    }

    /// Begins a round of these members.
    fn go(&mut self, members: Vec<NodeId>, now: Time) {
        let number = self.issue();
        for member in &members {
            self.node_mut(*member).ahead = Some(number);
        }
        let running = |member: &&NodeId| self.node(**member).state == LifecycleState::Running;
        let down = members.iter().filter(running).copied().collect();
        let round = Round { down, up: members.into(), current: None };
        self.rounds.insert(number, round);
        self.advance(number, now);
    }

    /// The backoff of a failed node is over: its restart begins, unless the turn of somebody whom it restarts is still to
    /// come in another round.
    pub(super) fn begin(&mut self, parent: NodeId, failed: NodeId, now: Time) {
        let Some(Kind::Supervisor(supervisor)) = self.nodes.get_mut(&parent).map(|node| &mut node.kind)
        else {
            return;
        };
        let Some(grant) = supervisor.to_come.get_mut(&failed) else { return };
        grant.due = None;
        let Grant { number, from, .. } = *grant;
        let members = self.members(parent, failed, from);
        self.begin_with(members, (number, parent, failed), now);
    }

    /// The same, for those whom it restarts, and whoever failed under which grant of whom.
    pub(super) fn begin_with(
        &mut self,
        mut members: Vec<NodeId>,
        granted: (Number, NodeId, NodeId),
        now: Time,
    ) {
        if members.iter().any(|member| self.node(*member).ahead.is_some()) {
            self.held_up.insert(granted);
            return;
        }
        let (_, parent, failed) = granted;
        self.withdraw(parent, failed);
        members.retain(|member| self.node(*member).restartable());
        self.go(members, now);
    }

    /// Goes on with a round until it waits for a hook or has come to its end.
    pub(super) fn advance(&mut self, number: Number, now: Time) {
        while let Some(round) = self.rounds.get(&number) {
            if round.current.is_some_and(|current| self.busy(current, number)) {
                return;
            }
            let round = self.round_mut(number);
            round.current = None;
            let (node, up) = match (round.down.pop(), &mut round.up) {
                (Some(node), _) => (node, false),
                (None, up) => match up.pop_front() {
                    Some(node) => (node, true),
                    None => break,
                },
            };
            if !self.is_ahead(node, number) {
                continue;
            }
            let waits = if up { self.bring_up(node, now) } else { self.take_down(node, now) };
            self.round_mut(number).current = waits.then_some(node);
        }
        self.rounds.remove(&number);
    }

    fn round_mut(&mut self, number: Number) -> &mut Round {
        self.rounds.get_mut(&number).expect("the round is under way")
    }

    /// Whether a node's turn in this round is still to come, or is now.
    fn is_ahead(&self, id: NodeId, number: Number) -> bool {
        self.nodes.get(&id).is_some_and(|node| node.ahead == Some(number))
    }

    /// Whether a round still waits for a node's hook.
    fn busy(&self, id: NodeId, number: Number) -> bool {
        self.is_ahead(id, number) && self.node(id).incarnation().is_some()
    }

    /// Begins the granted rounds whose backoff is over and that had to wait for another round, the oldest first.
    pub(super) fn begin_the_held_up(&mut self, now: Time) {
        let held_up: Vec<_> = self.held_up.iter().copied().collect();
        for (_, parent, failed) in held_up {
            self.begin(parent, failed, now);
        }
    }

    /// Ends the old incarnation of a member; says whether that takes a while.
    fn take_down(&mut self, id: NodeId, now: Time) -> bool {
        if self.node(id).state != LifecycleState::Running {
            // It failed before its turn came, and has joined.
            return false;
        }
        self.fire(id, Trigger::RestartPlanned, None, now);
        if self.node(id).is_supervisor() {
            return false;
        }
        self.order_stop(id, now);
        true
    }

    /// Starts a member, or restarts it; says whether that takes a while.
    fn bring_up(&mut self, id: NodeId, now: Time) -> bool {
        let first = self.node(id).state == LifecycleState::Uninitialized;
        if first {
            self.fire(id, Trigger::Start, None, now);
        } else if self.node(id).state == LifecycleState::Failed {
            self.fire(id, Trigger::RestartGranted, None, now);
        }
        let incarnation = IncarnationId(self.issue());
        match &mut self.node_mut(id).kind {
            Kind::Supervisor(supervisor) => {
                // A restarted supervisor is a fresh one.
                supervisor.grants.clear();
                supervisor.brought_down_by = None;
                self.node_mut(id).ahead = None;
                let trigger = if first { Trigger::Started } else { Trigger::Restarted };
                self.fire(id, trigger, None, now);
                false
            }
            Kind::Child(child) => {
                let within = child.start_within;
                let order = Order::Start { first };
                let made =
                    Incarnation { id: incarnation, order, going_down: false, hook_ends: None, dropped: None };
                child.incarnation = Some(made);
                self.time_hook(id, now.saturating_add(within));
                self.actions.push(Action::Wake(id));
                true
            }
        }
    }

    /// Gives the running hook of a child until then.
    pub(super) fn time_hook(&mut self, id: NodeId, at: Time) {
        self.untime_hook(id);
        let Some(incarnation) = self.node(id).incarnation().map(|incarnation| incarnation.id) else { return };
        let timer = self.set_timer(at, Timer::Hook(id, incarnation));
        if let Some(incarnation) = self.node_mut(id).incarnation_mut() {
            incarnation.hook_ends = Some(timer);
        }
    }

    /// The hook of a child has ended.
    pub(super) fn untime_hook(&mut self, id: NodeId) {
        let Some(incarnation) = self.node_mut(id).incarnation_mut() else { return };
        let name = incarnation.id;
        if let Some((at, number)) = incarnation.hook_ends.take() {
            self.timers.remove(&(at, number, Timer::Hook(id, name)));
        }
    }

    /// Has the shell of a child run its stop hook.
    pub(super) fn order_stop(&mut self, id: NodeId, now: Time) {
        let Kind::Child(child) = &mut self.node_mut(id).kind else { return };
        let within = child.stop_within;
        let Some(incarnation) = &mut child.incarnation else { return };
        (incarnation.order, incarnation.going_down) = (Order::Stop, true);
        self.time_hook(id, now.saturating_add(within));
        self.actions.push(Action::Wake(id));
    }
}

//! Rounds and stops going on, one step at a time, until nothing can.

use super::{
    Grant, Incarnation, ModelKind, ModelOrder, ModelRefusal, NodeNumber, Round, Shutdown, Stop,
    SupervisionModel, Ticks,
};
use crate::lifecycle::{ModelState, ModelTrigger};

impl SupervisionModel {
    pub(super) fn start(&mut self, node: NodeNumber) {
        let state = self.state(node);
        if self.nodes[node].stop_wanted || state == ModelState::Stopped {
            self.outcome.refused = Some(ModelRefusal::Stopped(state));
            return;
        }
        let parent = self.nodes[node].parent.map(|parent| self.state(parent));
        if let Some(state) = parent.filter(|state| *state != ModelState::Running) {
            self.outcome.refused = Some(ModelRefusal::ParentNotRunning(state));
            return;
        }
        if self.nodes[node].parent.is_some_and(|parent| !self.runs_on(parent)) {
            self.outcome.refused = Some(ModelRefusal::UnderWay);
            return;
        }
        // Whoever has a supervisor that neither runs nor is started now has to wait for it.
        let mut up: Vec<NodeNumber> = Vec::new();
        for one in self.below(node) {
            let parent = self.nodes[one].parent;
            let supervised = parent.is_none_or(|up_there| up.contains(&up_there) || self.runs_on(up_there));
            if supervised && self.state(one) == ModelState::Uninitialized && !self.is_ahead(one) {
                up.push(one);
            }
        }
        self.rounds.push(Round { down: Vec::new(), up, current: None });
    }

    /// Whether it runs, and no round under way will restart it.
    fn runs_on(&self, node: NodeNumber) -> bool {
        self.state(node) == ModelState::Running && !self.is_ahead(node)
    }

    pub(super) fn restart_planned(&mut self, node: NodeNumber) {
        let state = self.state(node);
        if self.nodes[node].stop_wanted || state != ModelState::Running {
            self.outcome.refused = Some(ModelRefusal::NotRunning(state));
            return;
        }
        let mut up = self.below(node);
        if self.is_granted(node) || up.iter().any(|one| self.is_ahead(*one)) {
            self.outcome.refused = Some(ModelRefusal::UnderWay);
            return;
        }
        self.to_come.retain(|grant| !up.contains(&grant.failed));
        up.retain(|one| self.is_restartable(*one));
        self.begin(up);
    }

    fn begin(&mut self, up: Vec<NodeNumber>) {
        let down = up.iter().copied().filter(|one| self.state(*one) == ModelState::Running).collect();
        self.rounds.push(Round { down, up, current: None });
    }

    pub(super) fn stop(&mut self, node: NodeNumber, given_up: Option<NodeNumber>) {
        let mut left = self.below(node);
        left.retain(|one| self.state(*one) != ModelState::Stopped);
        for one in &left {
            self.nodes[*one].stop_wanted = true;
            self.take_out(*one);
        }
        self.stops.push(Stop { left, given_up });
        self.forget_the_empty();
    }

    /// A granted restart in which nobody is left is none.
    pub(super) fn forget_the_empty(&mut self) {
        let all = std::mem::take(&mut self.to_come);
        let anybody =
            |grant: &Grant| self.scope(grant.failed).into_iter().any(|node| self.is_restartable(node));
        self.to_come = all.into_iter().filter(anybody).collect();
    }

    pub(super) fn shut_down(&mut self, graceful: Ticks, forced: Ticks) {
        if self.shutdown.is_none() {
            let force_at = self.now + graceful;
            let deadline = force_at + forced;
            self.shutdown = Some(Shutdown { force_at: Some(force_at), deadline, over: false });
            self.stop(0, None);
        }
    }

    pub(super) fn advance(&mut self, ticks: Ticks) {
        self.now += ticks;
        for node in 0..self.nodes.len() {
            let late = |until: Ticks| until <= self.now;
            if self.nodes[node].incarnation.is_some_and(|one| one.hook_until.is_some_and(late)) {
                self.drop_incarnation(node);
            }
        }
        if let Some(shutdown) = self.shutdown.filter(|shutdown| !shutdown.over) {
            if shutdown.force_at.is_some_and(|at| at <= self.now) {
                self.force();
            }
            self.go_on();
            let over = self.shutdown.is_some_and(|shutdown| shutdown.over);
            if shutdown.deadline <= self.now && !over {
                self.down();
            }
        }
    }

    fn drop_incarnation(&mut self, node: NodeNumber) {
        if let Some(incarnation) = &mut self.nodes[node].incarnation {
            (incarnation.order, incarnation.hook_until) = (ModelOrder::Drop, None);
            self.woken.push(node);
        }
    }

    /// What has an incarnation loses it.
    fn force(&mut self) {
        self.shutdown = self.shutdown.map(|shutdown| Shutdown { force_at: None, ..shutdown });
        for node in 0..self.nodes.len() {
            self.drop_incarnation(node);
        }
    }

    /// Under force, whoever has no incarnation stops once everybody below has.
    fn the_empty_stop(&mut self) -> bool {
        let forced = self.shutdown.is_some_and(|shutdown| shutdown.force_at.is_none());
        let left = |node: &NodeNumber| self.state(*node) != ModelState::Stopped;
        let empty = |node: &NodeNumber| {
            let below = self.below(*node);
            self.nodes[*node].incarnation.is_none() && below.iter().filter(|one| left(one)).eq([node])
        };
        let Some(node) = (0..self.nodes.len()).find(|node| forced && empty(node)) else { return false };
        self.stop_at_once(node);
        true
    }

    /// A shutdown has come to its end, or to its deadline.
    fn down(&mut self) {
        self.shutdown = self.shutdown.map(|shutdown| Shutdown { over: true, ..shutdown });
        let left = (0..self.nodes.len()).filter(|node| self.nodes[*node].incarnation.is_some());
        self.outcome.down = Some(left.collect());
    }

    /// Everything that can go on does, until nothing can.
    pub(super) fn go_on(&mut self) {
        loop {
            let steps: [fn(&mut Self) -> bool; 4] =
                [Self::stops_go_on, Self::the_empty_stop, Self::rounds_go_on, Self::a_round_begins];
            if !steps.into_iter().any(|step| step(self)) {
                break;
            }
        }
        let ended = self.state(0) == ModelState::Stopped;
        if ended && self.shutdown.is_some_and(|shutdown| !shutdown.over) {
            self.down();
        }
    }

    fn stops_go_on(&mut self) -> bool {
        for index in 0..self.stops.len() {
            let Some(node) = self.stops[index].left.last().copied() else {
                self.stops.remove(index);
                return true;
            };
            if self.stop_turn(node, self.stops[index].given_up == Some(node)) {
                return true;
            }
            if self.state(node) == ModelState::Stopped {
                self.stops[index].left.pop();
                return true;
            }
        }
        false
    }

    /// Makes one step towards Stopped, if there is one to make.
    fn stop_turn(&mut self, node: NodeNumber, given_up: bool) -> bool {
        match self.state(node) {
            ModelState::Stopped => false,
            ModelState::Stopping if self.nodes[node].incarnation.is_none() => {
                self.fire(node, ModelTrigger::StopFinished);
                true
            }
            ModelState::Stopping => false,
            ModelState::Failed if given_up => {
                self.fire(node, ModelTrigger::GaveUp);
                true
            }
            _ => {
                self.fire(node, ModelTrigger::Stop);
                let goes = self.nodes[node].incarnation;
                if goes.is_some_and(|one| !one.going_down && one.order != ModelOrder::Drop) {
                    self.order_stop(node);
                }
                true
            }
        }
    }

    fn order_stop(&mut self, node: NodeNumber) {
        let ModelKind::Child { stop_within, .. } = self.nodes[node].kind else { return };
        let hook_until = Some(self.now + stop_within);
        self.nodes[node].incarnation =
            Some(Incarnation { order: ModelOrder::Stop, going_down: true, hook_until });
        self.woken.push(node);
    }

    fn rounds_go_on(&mut self) -> bool {
        for index in 0..self.rounds.len() {
            let round = &mut self.rounds[index];
            if round.current.is_some() {
                continue;
            }
            if let Some(node) = round.down.pop() {
                self.take_down(index, node);
            } else if round.up.is_empty() {
                self.rounds.remove(index);
            } else {
                let node = round.up.remove(0);
                self.bring_up(index, node);
            }
            return true;
        }
        false
    }

    fn take_down(&mut self, round: usize, node: NodeNumber) {
        if self.state(node) != ModelState::Running {
            return;
        }
        self.fire(node, ModelTrigger::RestartPlanned);
        if self.nodes[node].incarnation.is_some() {
            self.order_stop(node);
            self.rounds[round].current = Some(node);
        }
    }

    fn bring_up(&mut self, round: usize, node: NodeNumber) {
        let first = self.state(node) == ModelState::Uninitialized;
        match self.state(node) {
            ModelState::Uninitialized => self.fire(node, ModelTrigger::Start),
            ModelState::Failed => self.fire(node, ModelTrigger::RestartGranted),
            _ => {}
        }
        match self.nodes[node].kind {
            ModelKind::Supervisor { .. } => {
                self.nodes[node].grants.clear();
                self.nodes[node].brought_down_by = None;
                self.fire(node, if first { ModelTrigger::Started } else { ModelTrigger::Restarted });
            }
            ModelKind::Child { start_within, .. } => {
                let order = if first { ModelOrder::Start } else { ModelOrder::Restart };
                let hook_until = Some(self.now + start_within);
                self.nodes[node].incarnations += 1;
                self.nodes[node].incarnation = Some(Incarnation { order, going_down: false, hook_until });
                self.rounds[round].current = Some(node);
                self.woken.push(node);
            }
        }
    }

    /// The oldest granted restart whose time has come and that disturbs no round under way begins.
    fn a_round_begins(&mut self) -> bool {
        let may = |grant: &Grant| {
            let undisturbed = !self.scope(grant.failed).into_iter().any(|node| self.is_ahead(node));
            grant.due <= self.now && undisturbed
        };
        let Some(index) = self.to_come.iter().position(may) else { return false };
        let failed = self.to_come.remove(index).failed;
        let up = self.scope(failed).into_iter().filter(|node| self.is_restartable(*node)).collect();
        self.begin(up);
        true
    }

    /// Takes a node out of every round under way.
    pub(super) fn take_out(&mut self, node: NodeNumber) {
        for round in &mut self.rounds {
            round.down.retain(|one| *one != node);
            round.up.retain(|one| *one != node);
            round.current = round.current.filter(|one| *one != node);
        }
    }
}

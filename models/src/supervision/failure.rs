//! What becomes of failures, and what shells report.

use super::{Grant, ModelKind, ModelOrder, ModelVerdict, NodeNumber, SupervisionModel};
use crate::lifecycle::{ModelState, ModelTrigger};

impl SupervisionModel {
    pub(super) fn started(&mut self, node: NodeNumber) {
        let Some(incarnation) = &mut self.nodes[node].incarnation else { return };
        let trigger = match incarnation.order {
            ModelOrder::Start => ModelTrigger::Started,
            ModelOrder::Restart => ModelTrigger::Restarted,
            ModelOrder::Run | ModelOrder::Stop | ModelOrder::Drop => return,
        };
        (incarnation.order, incarnation.hook_until) = (ModelOrder::Run, None);
        self.fire(node, trigger);
        self.turn_is_over(node);
    }

    /// Its turn in the round under way is over.
    fn turn_is_over(&mut self, node: NodeNumber) {
        for round in &mut self.rounds {
            round.current = round.current.filter(|one| *one != node);
        }
    }

    pub(super) fn ended(&mut self, node: NodeNumber, failed: bool) {
        let Some(incarnation) = self.nodes[node].incarnation.take() else { return };
        let dropped = incarnation.order == ModelOrder::Drop;
        let failed = failed || dropped;
        match self.state(node) {
            ModelState::Recovering if incarnation.going_down => {
                if failed {
                    self.outcome.stop_hooks_failed.push(node);
                }
                self.turn_is_over(node);
            }
            ModelState::Stopping => {
                if failed {
                    self.outcome.stop_hooks_failed.push(node);
                }
                self.fire(node, ModelTrigger::StopFinished);
            }
            _ if self.nodes[node].stop_wanted && dropped => self.stop_at_once(node),
            ModelState::Running if failed => self.fail(node, ModelTrigger::HandlerFailed),
            ModelState::Running => {
                self.stop_at_once(node);
                self.take_out(node);
                self.forget_the_empty();
            }
            ModelState::Starting => {
                self.turn_is_over(node);
                self.fail(node, ModelTrigger::StartFailed);
            }
            _ => {
                self.turn_is_over(node);
                self.fail(node, ModelTrigger::RestartFailed);
            }
        }
    }

    pub(super) fn stop_at_once(&mut self, node: NodeNumber) {
        self.fire(node, ModelTrigger::Stop);
        if self.state(node) != ModelState::Stopped {
            self.fire(node, ModelTrigger::StopFinished);
        }
    }

    fn fail(&mut self, node: NodeNumber, trigger: ModelTrigger) {
        self.fire(node, trigger);
        let verdict = self.decide(node);
        self.outcome.verdicts.push((node, verdict));
        match verdict {
            ModelVerdict::Join => {}
            ModelVerdict::Restart(_, at) => self.grant(node, at),
            ModelVerdict::Escalate => {
                let parent = self.nodes[node].parent.expect("only those with a parent escalate");
                self.nodes[parent].brought_down_by = Some(node);
                self.fail(parent, ModelTrigger::HandlerFailed);
            }
            ModelVerdict::Stop if self.nodes[node].stop_wanted => {}
            ModelVerdict::Stop => {
                if self.nodes[node].parent.is_none() {
                    self.outcome.fatal = Some(self.path());
                    self.stop(node, None);
                } else {
                    self.stop(node, Some(node));
                }
            }
        }
    }

    fn decide(&mut self, node: NodeNumber) -> ModelVerdict {
        let one = &self.nodes[node];
        let Some(parent) = one.parent else { return ModelVerdict::Stop };
        let (attempt, delay) = (one.attempt, one.restart.delay(one.attempt));
        if one.stop_wanted {
            return ModelVerdict::Stop;
        }
        let waits = self.is_ahead(node) || self.is_granted(node);
        if waits || self.state(parent) != ModelState::Running {
            return ModelVerdict::Join;
        }
        let Some(delay) = delay else { return ModelVerdict::Stop };
        let ModelKind::Supervisor { max_restarts, window, .. } = self.nodes[parent].kind else {
            panic!("a parent is a supervisor")
        };
        let now = self.now;
        // now - window < granted <= now, without going below zero.
        self.nodes[parent].grants.retain(|granted| now < granted + window);
        if self.nodes[parent].grants.len() >= max_restarts {
            return ModelVerdict::Escalate;
        }
        self.nodes[parent].grants.push(now);
        self.nodes[node].attempt += 1;
        ModelVerdict::Restart(attempt, now + delay)
    }

    /// A restart is granted; earlier ones of nodes that it restarts as well are taken in.
    fn grant(&mut self, failed: NodeNumber, due: u64) {
        let scope = self.scope(failed);
        self.to_come.retain(|grant| !scope.contains(&grant.failed));
        self.to_come.push(Grant { failed, due });
    }

    /// From the root down to the child whose failure was one too many.
    fn path(&self) -> Vec<NodeNumber> {
        let mut path = vec![0];
        while let Some(further) = path.last().and_then(|last| self.nodes[*last].brought_down_by) {
            path.push(further);
        }
        path
    }
}

//! What supervised actors do of themselves, one step at a time.

use super::{
    ModelKind, ModelOrder, NodeNumber, SupervisionTransition as T,
    world::{Living, Message, Phase, TimerModel, WorldModel},
    world_words::{Deed, HookKind, HookPlan, PostAnswer, WorldDeath},
};
use crate::lifecycle::ModelState;

impl WorldModel {
    /// Everybody who is woken acts, until nobody is.
    pub(super) fn run(&mut self) {
        while let Some(node) = self.woken.pop_front() {
            self.acting = Some((node, false));
            while self.acting == Some((node, false)) && self.act(node) {}
            if self.acting.take() == Some((node, true)) {
                self.wake(node);
            }
        }
        (0..self.children.len()).for_each(|node| self.close(node));
    }

    /// One step of one child; says whether there was one to make.
    fn act(&mut self, node: NodeNumber) -> bool {
        let order = self.tree.view(node).order.map(|(_, order)| order);
        let phase = self.children[node].living.as_ref().map(|living| living.phase);
        match (phase, order) {
            (None, Some(ModelOrder::Start)) => self.make(node, HookKind::Start),
            (None, Some(ModelOrder::Restart)) => self.make(node, HookKind::Restart),
            (None, Some(_)) | (Some(_), Some(ModelOrder::Drop)) => self.end(node, false),
            (Some(Phase::StartGate | Phase::Running), Some(ModelOrder::Stop)) => self.run_stop_hook(node),
            (Some(Phase::StartGate), Some(_)) if std::mem::take(&mut self.children[node].may_start) => {
                self.started(node);
            }
            (Some(Phase::Running), Some(ModelOrder::Run)) => return self.take_one(node),
            _ => return false,
        }
        true
    }

    /// What a hook comes to this time.
    fn plan(&mut self, node: NodeNumber, kind: HookKind) -> HookPlan {
        let child = &mut self.children[node];
        self.outcome.hooks.push((node, child.made, kind));
        std::mem::take(&mut child.plans[kind as usize])
    }

    fn make(&mut self, node: NodeNumber, hook: HookKind) {
        self.children[node].made += 1;
        if self.plan(node, HookKind::Make) == HookPlan::Panic {
            return self.end(node, true);
        }
        let (phase, in_hand) = (Phase::StartGate, Vec::new());
        self.children[node].living = Some(Living { phase, handled: 0, in_hand, busy: false, timer: None });
        match self.plan(node, hook) {
            HookPlan::Done => self.started(node),
            HookPlan::Err | HookPlan::Panic => self.end(node, true),
            HookPlan::Later => {}
        }
    }

    fn run_stop_hook(&mut self, node: NodeNumber) {
        match self.plan(node, HookKind::Stop) {
            HookPlan::Done => self.end(node, false),
            HookPlan::Err | HookPlan::Panic => self.end(node, true),
            HookPlan::Later => {
                if let Some(living) = &mut self.children[node].living {
                    living.phase = Phase::StopGate;
                }
            }
        }
    }

    /// A child that has stopped closes its mailbox and leaves what is in it.
    fn close(&mut self, node: NodeNumber) {
        let is_child = matches!(self.tree.kind(node), ModelKind::Child { .. });
        if !is_child || self.children[node].closed || self.tree.state(node) != ModelState::Stopped {
            return;
        }
        self.children[node].closed = true;
        while let Some(message) = self.next_message(node) {
            self.outcome.dead.push((node, message.lane, WorldDeath::Drained(message.id)));
            self.answer(message, PostAnswer::Drained);
        }
    }

    /// The oldest of the highest lane.
    fn next_message(&mut self, node: NodeNumber) -> Option<Message> {
        let queue = &mut self.children[node].queue;
        let lane = queue.iter().map(|message| message.lane).max()?;
        let first = queue.iter().position(|message| message.lane == lane)?;
        Some(queue.remove(first))
    }

    fn take_one(&mut self, node: NodeNumber) -> bool {
        if self.children[node].living.as_ref().is_none_or(|living| living.busy) {
            return false;
        }
        let Some(message) = self.next_message(node) else { return false };
        let now = self.tree.now();
        let child = &mut self.children[node];
        let Some(living) = &mut child.living else { return false };
        living.handled += 1;
        self.outcome.handled.push((node, child.made, message.id));
        let reply = PostAnswer::Reply { incarnation: child.made, handled: living.handled };
        match message.deed {
            Deed::Answer | Deed::Fail | Deed::GiveOut | Deed::Stop | Deed::SpawnPanic => {}
            Deed::Panic | Deed::Later | Deed::Exclusive => {
                living.in_hand.push((message, living.handled));
                living.busy = message.deed == Deed::Exclusive;
            }
            Deed::Timer { after, panics } => {
                if living.timer.is_none() {
                    child.timers_set += 1;
                    living.timer = Some(TimerModel { number: child.timers_set, due: now + after, panics });
                }
            }
            Deed::Keep => {
                child.kept = living.timer.map(|timer| (child.made, timer.number)).or(child.kept);
            }
            Deed::CancelKept => {
                if let (Some(timer), Some(kept)) = (living.timer, child.kept.take())
                    && kept == (child.made, timer.number)
                {
                    living.timer = None;
                }
            }
        }
        match message.deed {
            Deed::Later | Deed::Exclusive => {}
            Deed::Fail => self.answer(message, PostAnswer::Failed),
            Deed::Panic => self.end(node, true),
            _ => self.answer(message, reply),
        }
        match message.deed {
            Deed::GiveOut => self.end(node, true),
            Deed::Stop => self.tell(T::Stop(node)),
            Deed::SpawnPanic => {
                // The future runs once the actor has taken what it can.
                while self.take_one(node) {}
                self.end(node, true);
            }
            _ => {}
        }
        true
    }
}

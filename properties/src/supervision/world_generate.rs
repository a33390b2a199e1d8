//! The generator of cases with supervised actors: a small tree is built and started, then messages, hooks and handlers
//! that end in every way, requests, and time.

use std::rc::Rc;

use alys_models::{
    lifecycle::ModelState,
    supervision::{
        Deed, HookKind, HookPlan, ModelGroup, ModelKind, ModelStrategy, NodeNumber, Opening,
        SupervisionTransition as T, WorldModel, WorldTransition as W,
    },
};
use proptest::{
    prelude::Rng,
    strategy::{NewTree, Strategy},
    test_runner::TestRunner,
};

use super::world_reference::WorldState;
use crate::draw::{Draw, Fixed, Simplifying};

/// What a case draws from: part of the case, so that each explores a corner (swarm).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WorldProfile {
    /// How the root supervises.
    pub(super) root: ModelKind,
    /// The places in each mailbox.
    pub(super) capacity: usize,
    nodes: usize,
    supervisors: u32,
    /// How often something deadly is sent or planned.
    deadly: u32,
    /// How often hooks and handlers wait.
    waits: u32,
    requests: u32,
    time: u32,
    delays: u32,
}

impl WorldProfile {
    /// Everything there is, under a root of this kind.
    pub(super) fn whole(root: ModelKind, capacity: usize) -> Self {
        WorldProfile {
            root,
            capacity,
            nodes: 2,
            supervisors: 1,
            deadly: 1,
            waits: 1,
            requests: 1,
            time: 1,
            delays: 1,
        }
    }
}

/// Draws the profile of a case.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start;

impl Strategy for Start {
    type Tree = Fixed<WorldState>;
    type Value = WorldState;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let mut draw = Draw(runner.rng());
        let profile = WorldProfile {
            root: supervisor(&mut draw),
            capacity: draw.pick(&[1, 2, 4, 4]),
            nodes: draw.pick(&[2, 2, 3, 4, 5]),
            supervisors: draw.pick(&[0, 0, 2]),
            deadly: draw.pick(&[1, 4, 8]),
            waits: draw.pick(&[0, 2, 6]),
            requests: draw.pick(&[0, 1, 3]),
            time: draw.pick(&[2, 4]),
            delays: draw.pick(&[0, 1, 3]),
        };
        Ok(Fixed(WorldState::new(profile)))
    }
}

fn supervisor<R: Rng>(draw: &mut Draw<'_, R>) -> ModelKind {
    ModelKind::Supervisor {
        group: draw.pick(&[ModelGroup::OneForOne, ModelGroup::OneForAll, ModelGroup::RestForOne]),
        max_restarts: draw.pick(&[1, 2, 3, 9, 9]),
        window: draw.pick(&[3, 10, 30]),
    }
}

/// What the generator looks at in the state.
#[derive(Clone, Debug)]
pub(super) struct Next {
    profile: WorldProfile,
    model: Rc<WorldModel>,
}

impl Next {
    pub(super) fn after(state: &WorldState) -> Self {
        Next { profile: state.profile, model: Rc::clone(&state.model) }
    }

    /// Something that the model allows; what else is drawn is drawn again.
    fn draw<R: Rng>(&self, draw: &mut Draw<'_, R>) -> W {
        for _ in 0..8 {
            let drawn = self.draw_any(draw);
            if self.model.allows(&drawn) {
                return drawn;
            }
        }
        W::Tree(T::Start(0))
    }

    fn draw_any<R: Rng>(&self, draw: &mut Draw<'_, R>) -> W {
        let tree = &self.model.tree;
        if tree.len() < self.profile.nodes {
            return self.add(draw);
        }
        if tree.state(0) == ModelState::Uninitialized {
            return if draw.once_in(4) { self.plan(draw) } else { W::Tree(T::Start(0)) };
        }
        // Rare, and gone with the next failure.
        let stale = (0..tree.len()).find(|node| self.model.has_stale_handle(*node));
        if let Some(node) = stale.filter(|_| draw.once_in(2)) {
            return W::Post { node, lane: 5, deed: Deed::CancelKept, ask: draw.once_in(2) };
        }
        let hooks: Vec<NodeNumber> =
            (0..tree.len()).filter(|node| self.model.has_waiting_hook(*node)).collect();
        let handlers: Vec<NodeNumber> =
            (0..tree.len()).filter(|node| self.model.waiting_handlers(*node) > 0).collect();
        let some = |nodes: &[NodeNumber], weight: u32| if nodes.is_empty() { 0 } else { weight };
        let Self { profile, .. } = self;
        let weights =
            [12, 2 + profile.waits, some(&hooks, 6), some(&handlers, 6), profile.time, profile.requests, 1];
        match draw.weighted(&weights) {
            0 => self.post(draw),
            1 => self.plan(draw),
            2 => W::OpenHook(draw.pick(&hooks), opening(draw)),
            3 => {
                let node = draw.pick(&handlers);
                W::Open(node, draw.index(self.model.waiting_handlers(node)) as u8, opening(draw))
            }
            4 => self.advance(draw),
            5 => self.request(draw),
            _ => self.add(draw),
        }
    }

    /// Mostly somebody who has not stopped.
    fn child<R: Rng>(&self, draw: &mut Draw<'_, R>) -> NodeNumber {
        let tree = &self.model.tree;
        let live: Vec<NodeNumber> =
            (1..tree.len()).filter(|node| tree.state(*node) != ModelState::Stopped).collect();
        if live.is_empty() || draw.once_in(12) { draw.index(tree.len()) } else { draw.pick(&live) }
    }

    fn add<R: Rng>(&self, draw: &mut Draw<'_, R>) -> W {
        let tree = &self.model.tree;
        let parents: Vec<NodeNumber> =
            (0..tree.len()).filter(|node| matches!(tree.kind(*node), ModelKind::Supervisor { .. })).collect();
        let parent = draw.pick(&parents);
        let restart = match draw.weighted(&[5, 1, self.profile.delays, self.profile.delays]) {
            0 => ModelStrategy::Always,
            1 => ModelStrategy::Never,
            2 => ModelStrategy::Fixed(draw.pick(&[1, 2, 5])),
            _ => ModelStrategy::Backoff { initial: draw.pick(&[1, 2]), numerator: 2, denominator: 1, max: 6 },
        };
        let kind = if parent == 0 && draw.weighted(&[4, self.profile.supervisors]) == 1 {
            supervisor(draw)
        } else {
            ModelKind::Child { start_within: draw.pick(&[2, 9, 30]), stop_within: draw.pick(&[2, 9, 30]) }
        };
        W::Tree(T::Add { parent, kind, restart })
    }

    fn post<R: Rng>(&self, draw: &mut Draw<'_, R>) -> W {
        let node = self.child(draw);
        let deed = match draw.weighted(&[6, 1, self.profile.deadly, 1 + self.profile.waits, 4]) {
            0 => Deed::Answer,
            1 => Deed::Fail,
            2 => draw.pick(&[Deed::Panic, Deed::Panic, Deed::GiveOut, Deed::SpawnPanic, Deed::Stop]),
            3 => draw.pick(&[Deed::Later, Deed::Later, Deed::Exclusive]),
            _ => match draw.below(4) {
                0 | 1 => Deed::Timer { after: draw.pick(&[1, 3, 8]), panics: draw.once_in(3) },
                2 if !self.model.keeps_handle(node) => Deed::Keep,
                _ if self.model.has_timer(node) => Deed::CancelKept,
                _ => Deed::Timer { after: 8, panics: false },
            },
        };
        W::Post { node, lane: draw.pick(&[0, 2, 2, 2, 5]), deed, ask: draw.once_in(2) }
    }

    fn plan<R: Rng>(&self, draw: &mut Draw<'_, R>) -> W {
        let kind = draw.pick(&[
            HookKind::Make,
            HookKind::Start,
            HookKind::Restart,
            HookKind::Restart,
            HookKind::Stop,
        ]);
        let plan = match draw.weighted(&[1, 2, 2, 1 + self.profile.waits]) {
            0 => HookPlan::Done,
            1 if kind != HookKind::Make => HookPlan::Err,
            3 if kind != HookKind::Make => HookPlan::Later,
            _ => HookPlan::Panic,
        };
        W::Plan(self.child(draw), kind, plan)
    }

    fn advance<R: Rng>(&self, draw: &mut Draw<'_, R>) -> W {
        let edges = self.model.tree.edges();
        let now = self.model.tree.now();
        let to = edges.first().map_or(1, |at| at - now).min(40);
        W::Tree(T::Advance(match draw.weighted(&[3, 2, 2]) {
            0 => to,
            1 => to.saturating_sub(1).max(1),
            _ => draw.pick(&[1, 1, 3]),
        }))
    }

    fn request<R: Rng>(&self, draw: &mut Draw<'_, R>) -> W {
        let node = self.child(draw);
        let node = if node == 0 && !draw.once_in(5) { self.child(draw) } else { node };
        W::Tree(match draw.weighted(&[2, 3, 5, 1]) {
            0 => T::Start(node),
            1 => T::Stop(node),
            2 => T::Restart(node),
            _ => T::Shutdown(draw.pick(&[1, 5]), draw.pick(&[1, 3])),
        })
    }
}

fn opening<R: Rng>(draw: &mut Draw<'_, R>) -> Opening {
    draw.pick(&[Opening::Good, Opening::Good, Opening::Good, Opening::Bad, Opening::Panic])
}

impl Strategy for Next {
    type Tree = Simplifying<W>;
    type Value = W;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        Ok(Simplifying::new(self.draw(&mut Draw(runner.rng())), simpler))
    }
}

/// The n-th way to simplify a transition, until there is none left.
pub(super) fn simpler(transition: &W, n: usize) -> Option<W> {
    match (*transition, n) {
        (W::Post { node, deed, ask, .. }, 0) => Some(W::Post { node, lane: 2, deed, ask }),
        (W::Post { node, lane, deed, .. }, 1) => Some(W::Post { node, lane, deed, ask: false }),
        (W::Post { node, lane, ask, .. }, 2) => Some(W::Post { node, lane, deed: Deed::Answer, ask }),
        (W::Open(node, _, opening), 0) => Some(W::Open(node, 0, opening)),
        (W::Tree(T::Add { parent, kind, .. }), 0) => {
            Some(W::Tree(T::Add { parent, kind, restart: ModelStrategy::Always }))
        }
        (W::Tree(T::Add { parent, kind: ModelKind::Child { .. }, restart }), 1) => {
            let kind = ModelKind::Child { start_within: 30, stop_within: 30 };
            Some(W::Tree(T::Add { parent, kind, restart }))
        }
        (W::Tree(T::Advance(ticks)), 0) => Some(W::Tree(T::Advance((ticks / 2).max(1)))),
        _ => None,
    }
}

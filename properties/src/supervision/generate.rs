//! The generator of supervision cases: small trees that are built first, then failures, answers to orders, and time that
//! stops just before, at and just after each edge.

use std::rc::Rc;

use alys_models::{
    lifecycle::ModelState,
    supervision::{
        ModelGroup, ModelKind, ModelOrder, ModelStrategy, NodeNumber, SupervisionModel,
        SupervisionTransition as T,
    },
};
use proptest::{
    prelude::Rng,
    strategy::{NewTree, Strategy},
    test_runner::TestRunner,
};

use super::reference::State;
use crate::draw::{Draw, Fixed, Simplifying};

/// The deepest level, the root's being 0.
const DEPTH_MAX: usize = 3;

/// A tree in which all have stopped gets new children, up to so many nodes.
const NODES_MAX: usize = 12;

/// What a case draws from: part of the case, so that each explores a corner (swarm).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// How the root supervises.
    pub root: ModelKind,
    nodes: usize,
    /// How often a node that is added is a supervisor.
    supervisors: u32,
    /// How often a hook or a handler fails.
    failures: u32,
    /// How often somebody asks for a start, a stop or a restart.
    requests: u32,
    /// How often time passes.
    time: u32,
    /// How often delays are not zero.
    delays: u32,
}

impl Profile {
    /// Everything there is, under a root of this kind.
    pub(super) fn whole(root: ModelKind) -> Self {
        Profile { root, nodes: 3, supervisors: 1, failures: 1, requests: 1, time: 1, delays: 1 }
    }
}

/// Draws the profile of a case.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start;

impl Strategy for Start {
    type Tree = Fixed<State>;
    type Value = State;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let mut draw = Draw(runner.rng());
        let profile = Profile {
            root: root(&mut draw),
            nodes: draw.pick(&[2, 3, 4, 5, 7, 9]),
            supervisors: draw.pick(&[0, 1, 3, 3]),
            failures: draw.pick(&[1, 3, 6]),
            requests: draw.pick(&[0, 1, 4]),
            time: draw.pick(&[1, 4, 8]),
            delays: draw.pick(&[0, 1, 3]),
        };
        Ok(Fixed(State::new(profile)))
    }
}

/// A root that fails ends the case: it often allows for more than the others do.
fn root<R: Rng>(draw: &mut Draw<'_, R>) -> ModelKind {
    let kind = supervisor(draw);
    match kind {
        ModelKind::Supervisor { group, window, .. } if !draw.once_in(3) => {
            ModelKind::Supervisor { group, max_restarts: draw.pick(&[3, 9, 30]), window }
        }
        kind => kind,
    }
}

fn supervisor<R: Rng>(draw: &mut Draw<'_, R>) -> ModelKind {
    ModelKind::Supervisor {
        group: draw.pick(&[ModelGroup::OneForOne, ModelGroup::OneForAll, ModelGroup::RestForOne]),
        max_restarts: draw.pick(&[0, 1, 1, 2, 2, 3, 9]),
        window: draw.pick(&[1, 3, 10, 10, 50]),
    }
}

/// What the generator looks at in the state.
#[derive(Clone, Debug)]
pub(super) struct Next {
    profile: Profile,
    model: Rc<SupervisionModel>,
}

impl Next {
    pub(super) fn after(state: &State) -> Self {
        Next { profile: state.profile, model: Rc::clone(&state.model) }
    }

    fn draw<R: Rng>(&self, draw: &mut Draw<'_, R>) -> T {
        let model = &*self.model;
        if model.state(0) == ModelState::Stopped && !draw.once_in(8) {
            // Nothing comes after that: what is left of the case costs little.
            return T::Advance(1);
        }
        let built = model.len() >= self.profile.nodes;
        if !built && !draw.once_in(12) {
            return self.add(draw);
        }
        let acting: Vec<NodeNumber> =
            (0..model.len()).filter(|node| model.view(*node).order.is_some()).collect();
        if acting.is_empty() && !draw.once_in(4) {
            return self.wake(draw);
        }
        let reports = if acting.is_empty() { 0 } else { 12 };
        match draw.weighted(&[reports, self.profile.time, 1 + self.profile.requests, 1, 1]) {
            0 => self.report(draw, draw_from(&acting)),
            1 => self.advance(draw),
            2 => self.request(draw),
            3 => self.stale(draw),
            _ if built && !draw.once_in(4) => self.advance(draw),
            _ => self.add(draw),
        }
    }

    /// Nobody has an incarnation: the tree was not started, everybody is in backoff, or all have stopped.
    fn wake<R: Rng>(&self, draw: &mut Draw<'_, R>) -> T {
        let model = &*self.model;
        let waits = |node: &NodeNumber| {
            let parent = model.parent(*node).map(|parent| model.state(parent));
            let startable = parent.is_none_or(|state| state == ModelState::Running);
            startable && model.state(*node) == ModelState::Uninitialized
        };
        match (0..model.len()).find(waits) {
            Some(node) => T::Start(node),
            None if model.next_timer().is_none() && model.len() < NODES_MAX => self.add(draw),
            None => self.advance(draw),
        }
    }

    fn add<R: Rng>(&self, draw: &mut Draw<'_, R>) -> T {
        let model = &*self.model;
        let supervises = |node: &NodeNumber| matches!(model.kind(*node), ModelKind::Supervisor { .. });
        let parents: Vec<NodeNumber> = (0..model.len()).filter(supervises).collect();
        let parent = if draw.once_in(20) { draw.index(model.len()) } else { draw.pick(&parents) };
        let restart = self.strategy(draw);
        let deep = self.depth(parent) + 1 >= DEPTH_MAX;
        let kind = if !deep && draw.weighted(&[6, self.profile.supervisors]) == 1 {
            supervisor(draw)
        } else {
            ModelKind::Child { start_within: draw.pick(&[1, 5, 20]), stop_within: draw.pick(&[1, 5, 20]) }
        };
        T::Add { parent, kind, restart }
    }

    fn depth(&self, node: NodeNumber) -> usize {
        self.model.parent(node).map_or(0, |parent| 1 + self.depth(parent))
    }

    fn strategy<R: Rng>(&self, draw: &mut Draw<'_, R>) -> ModelStrategy {
        match draw.weighted(&[4, 1, self.profile.delays, self.profile.delays]) {
            0 => ModelStrategy::Always,
            1 => ModelStrategy::Never,
            2 => ModelStrategy::Fixed(draw.pick(&[0, 1, 3, 10])),
            _ => {
                let (numerator, denominator) = draw.pick(&[(1, 1), (2, 1), (3, 2), (10, 3)]);
                let initial = draw.pick(&[0, 1, 2, 5]);
                ModelStrategy::Backoff {
                    initial,
                    numerator,
                    denominator,
                    max: initial + draw.pick(&[0, 3, 40]),
                }
            }
        }
    }

    /// What an incarnation does about its order.
    fn report<R: Rng>(&self, draw: &mut Draw<'_, R>, pick: impl Fn(&mut Draw<'_, R>) -> NodeNumber) -> T {
        let node = pick(draw);
        let failures = self.profile.failures;
        match self.model.view(node).order.map(|(_, order)| order) {
            Some(ModelOrder::Start | ModelOrder::Restart) => match draw.weighted(&[12, failures * 2, 1]) {
                0 => T::Started(node),
                1 => T::Ended(node, true),
                _ => T::Ended(node, false),
            },
            Some(ModelOrder::Run) => match draw.weighted(&[failures * 4, 1, 1]) {
                0 => T::Ended(node, true),
                1 => T::Started(node),
                _ => T::Ended(node, draw.once_in(2)),
            },
            _ => match draw.weighted(&[12, failures, 1]) {
                0 => T::Ended(node, false),
                1 => T::Ended(node, true),
                _ => T::Started(node),
            },
        }
    }

    /// To an edge, one short of it, one past it, or anywhere.
    fn advance<R: Rng>(&self, draw: &mut Draw<'_, R>) -> T {
        let edges = self.model.edges();
        let edge = match draw.weighted(&[6, 2]) {
            0 => edges.first(),
            _ if edges.is_empty() => None,
            _ => Some(&edges[draw.index(edges.len())]),
        };
        let to = edge.map_or(0, |at| at - self.model.now());
        T::Advance(match draw.weighted(&[4, 4, 2, 1]) {
            0 => to,
            1 => to.saturating_sub(1).max(u64::from(to == 0)),
            2 => to + 1,
            _ => draw.pick(&[1, 2, 7, 60]),
        })
    }

    fn request<R: Rng>(&self, draw: &mut Draw<'_, R>) -> T {
        // The root is asked for now and then; a stop of it ends the case.
        let node = draw.index(self.model.len());
        let node = if node == 0 && !draw.once_in(4) { draw.index(self.model.len()) } else { node };
        match draw.weighted(&[3, 3, 4, 1]) {
            0 => T::Start(node),
            1 => T::Stop(node),
            2 => T::Restart(node),
            _ if draw.once_in(2) => T::Shutdown(draw.pick(&[0, 3, 30]), draw.pick(&[0, 1, 5])),
            _ => T::Start(0),
        }
    }

    fn stale<R: Rng>(&self, draw: &mut Draw<'_, R>) -> T {
        let had: Vec<NodeNumber> =
            (0..self.model.len()).filter(|node| self.model.former(*node) > 0).collect();
        if had.is_empty() { self.advance(draw) } else { T::Stale(draw.pick(&had), draw.once_in(2)) }
    }
}

fn draw_from<R: Rng>(nodes: &[NodeNumber]) -> impl Fn(&mut Draw<'_, R>) -> NodeNumber {
    |draw| draw.pick(nodes)
}

impl Strategy for Next {
    type Tree = Simplifying<T>;
    type Value = T;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        Ok(Simplifying::new(self.draw(&mut Draw(runner.rng())), simpler))
    }
}

/// The n-th way to simplify a transition, until there is none left.
pub(super) fn simpler(transition: &T, n: usize) -> Option<T> {
    match (*transition, n) {
        (T::Add { parent, kind, .. }, 0) => Some(T::Add { parent, kind, restart: ModelStrategy::Always }),
        (T::Add { parent, kind: ModelKind::Child { .. }, restart }, 1) => {
            Some(T::Add { parent, kind: ModelKind::Child { start_within: 20, stop_within: 20 }, restart })
        }
        (T::Add { parent, kind: ModelKind::Supervisor { max_restarts, window, .. }, restart }, 1) => {
            let kind = ModelKind::Supervisor { group: ModelGroup::OneForOne, max_restarts, window };
            Some(T::Add { parent, kind, restart })
        }
        (T::Add { parent, kind, restart }, 2) if parent > 0 => Some(T::Add { parent: 0, kind, restart }),
        (T::Advance(ticks), 0) => Some(T::Advance(ticks / 2)),
        (T::Advance(ticks), 1) => Some(T::Advance(ticks.saturating_sub(1))),
        (T::Shutdown(..), 0) => Some(T::Shutdown(1, 1)),
        _ => None,
    }
}

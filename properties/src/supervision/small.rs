//! The small world of supervision: a root with up to two nodes below it, everything that can happen to them, and the edges
//! of time.

use std::rc::Rc;

use alys_models::supervision::{
    ModelGroup, ModelKind, ModelStrategy, NodeNumber, SupervisionModel, SupervisionTransition as T,
    WorldTransition,
};

use super::{
    generate::{Profile, simpler},
    reference::{State, SupervisionReference},
    world_generate::{self, WorldProfile},
    world_reference::{WorldReference, WorldState},
};
use crate::{
    cases::Stored,
    small::{Keyed, Small, all, fingerprint},
};

/// Nodes of a small tree, its root among them.
const NODES: usize = 3;

const CHILD: ModelKind = ModelKind::Child { start_within: 20, stop_within: 20 };

const fn supervisor(group: ModelGroup, max_restarts: usize, window: u64) -> ModelKind {
    ModelKind::Supervisor { group, max_restarts, window }
}

fn rooted(root: ModelKind) -> State {
    State::new(Profile::whole(root))
}

impl Stored for SupervisionReference {
    /// What the root is.
    type Parameters = ModelKind;

    fn parameters(initial: &State) -> ModelKind {
        initial.model.kind(0)
    }

    fn initial(root: ModelKind) -> State {
        rooted(root)
    }
}

impl Stored for WorldReference {
    /// What the root is, and the places in each mailbox.
    type Parameters = (ModelKind, usize);

    fn parameters(initial: &WorldState) -> Self::Parameters {
        (initial.model.tree.kind(0), initial.model.capacity())
    }

    fn initial((root, capacity): Self::Parameters) -> WorldState {
        WorldState::new(WorldProfile::whole(root, capacity))
    }
}

impl Small for SupervisionReference {
    fn simpler_starts(state: &State) -> Vec<State> {
        let ModelKind::Supervisor { group, max_restarts, window } = state.model.kind(0) else {
            return Vec::new();
        };
        let fewer = (0..max_restarts).map(|max_restarts| supervisor(group, max_restarts, window));
        let plain =
            (group != ModelGroup::OneForOne).then(|| supervisor(ModelGroup::OneForOne, max_restarts, window));
        let shorter = [1, 3, 10].into_iter().filter(|one| *one < window);
        let shorter = shorter.map(|window| supervisor(group, max_restarts, window));
        fewer.chain(plain).chain(shorter).map(rooted).collect()
    }

    fn simpler(transition: &T) -> Vec<T> {
        all(|n| simpler(transition, n))
    }

    fn participant(transition: &T) -> String {
        match transition {
            T::Add { .. } | T::Shutdown(..) => "owner".to_owned(),
            T::Start(node) | T::Stop(node) | T::Restart(node) => format!("owner of {node}"),
            T::Started(node) | T::Ended(node, _) | T::Stale(node, _) => format!("node {node}"),
            T::Advance(_) => "clock".to_owned(),
        }
    }

    /// A node is named by its number, and goes with whatever is below it and about it.
    fn without(transitions: &[T], removed: &dyn Fn(usize) -> bool) -> Vec<T> {
        let mut numbers = vec![Some(0)];
        let mut kept: Vec<T> = Vec::new();
        let mut nodes = 1;
        for (index, transition) in transitions.iter().enumerate() {
            let gone = removed(index);
            let renamed = renamed(transition, |node| numbers.get(node).copied().flatten()).filter(|_| !gone);
            if let T::Add { .. } = transition {
                numbers.push(renamed.is_some().then_some(nodes));
                nodes += usize::from(renamed.is_some());
            }
            kept.extend(renamed);
        }
        kept
    }

    fn starts() -> Vec<State> {
        let groups = [ModelGroup::OneForOne, ModelGroup::OneForAll, ModelGroup::RestForOne];
        groups.map(|group| rooted(supervisor(group, 1, 3))).into()
    }

    fn alphabet(state: &State) -> Vec<T> {
        let model = &state.model;
        let mut all = Vec::new();
        if model.len() < NODES {
            let parent = 0;
            let restarts = [ModelStrategy::Always, ModelStrategy::Never, ModelStrategy::Fixed(2)];
            all.extend(restarts.map(|restart| T::Add { parent, kind: CHILD, restart }));
            let (kind, restart) = (supervisor(ModelGroup::OneForAll, 1, 3), ModelStrategy::Always);
            all.push(T::Add { parent, kind, restart });
        }
        for node in 0..model.len() {
            all.extend([T::Start(node), T::Stop(node), T::Restart(node), T::Started(node)]);
            all.extend([
                T::Ended(node, true),
                T::Ended(node, false),
                T::Stale(node, true),
                T::Stale(node, false),
            ]);
        }
        all.push(T::Shutdown(1, 1));
        all.extend(model.edges().first().map(|at| T::Advance(at - model.now())));
        all.push(T::Advance(1));
        all
    }

    fn fingerprint(state: &State) -> Option<u64> {
        Some(fingerprint(&*state.model))
    }
}

impl Keyed for SupervisionReference {
    type Key = SupervisionModel;

    fn key(state: &State) -> SupervisionModel {
        SupervisionModel::clone(&state.model)
    }

    fn state(model: &SupervisionModel) -> State {
        State { model: Rc::new(model.clone()), ..rooted(model.kind(0)) }
    }
}

/// A transition about the same nodes under other numbers; `None` where one of them is gone.
fn renamed(transition: &T, number: impl Fn(NodeNumber) -> Option<NodeNumber>) -> Option<T> {
    Some(match *transition {
        T::Add { parent, kind, restart } => T::Add { parent: number(parent)?, kind, restart },
        T::Start(node) => T::Start(number(node)?),
        T::Stop(node) => T::Stop(number(node)?),
        T::Restart(node) => T::Restart(number(node)?),
        T::Started(node) => T::Started(number(node)?),
        T::Ended(node, failed) => T::Ended(number(node)?, failed),
        T::Stale(node, ended) => T::Stale(number(node)?, ended),
        T::Shutdown(graceful, forced) => T::Shutdown(graceful, forced),
        T::Advance(ticks) => T::Advance(ticks),
    })
}

impl Small for WorldReference {
    const SEARCHED_MAX: usize = 4_000;

    fn simpler(transition: &WorldTransition) -> Vec<WorldTransition> {
        all(|n| world_generate::simpler(transition, n))
    }

    fn participant(transition: &WorldTransition) -> String {
        match transition {
            WorldTransition::Tree(transition) => SupervisionReference::participant(transition),
            WorldTransition::Post { node, .. } => format!("sender to {node}"),
            WorldTransition::Plan(node, ..)
            | WorldTransition::Open(node, ..)
            | WorldTransition::OpenHook(node, _) => format!("node {node}"),
        }
    }

    fn fingerprint(state: &WorldState) -> Option<u64> {
        Some(fingerprint(&*state.model))
    }
}

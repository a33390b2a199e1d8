//! Breadth-first search of everything that a small tree can come to, on the real decisions beside the model.
//!
//! In every state each child does each thing that it can do about its order, or time goes on to the next edge; every
//! answer and the whole tree are compared, and where nothing is left to be done, nobody is in the middle of anything.
//! States are told apart by [`SupervisionModel::abstracted`]: that is sound as long as the real tree and the model agree,
//! which is what each step checks; a difference that only a longer history would bring out (a counter that overflows,
//! say) is not found this way.

use std::collections::{BTreeSet, HashSet, VecDeque};

use alys_models::{
    lifecycle::ModelState,
    supervision::{
        ModelKind, ModelOrder, ModelStrategy, NodeNumber, SupervisionModel, SupervisionTransition as T,
    },
};
use rustc_hash::FxBuildHasher;

use super::tree::Machine;
use crate::violation::violated;

/// A tree to search: its root, and the nodes below with their parents.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The root.
    pub root: ModelKind,
    /// Who is added, in order.
    pub nodes: Vec<(NodeNumber, ModelKind, ModelStrategy)>,
    /// How many failures there may be.
    pub failures: u32,
    /// How often time may go on while something can still fail; afterwards it does where nothing else is left to be done.
    pub edges: u32,
}

/// What a search went through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Searched {
    /// The states that were reached.
    pub states: usize,
    /// The transitions that were made.
    pub transitions: u64,
    /// The longest shortest way to one of them.
    pub depth: usize,
    /// The states of lifecycles that were met.
    pub met: BTreeSet<usize>,
    /// How often the root failed.
    pub fatal: u64,
    /// The states in which nothing is left to be done.
    pub at_rest: usize,
}

/// The tree on both sides, what may still happen to it, and how many transitions led there.
#[derive(Clone, Debug)]
struct Here {
    machine: Machine,
    model: SupervisionModel,
    failures_left: u32,
    edges_left: u32,
    depth: usize,
}

impl Here {
    /// What tells it from another one.
    fn key(&self) -> (SupervisionModel, u32, u32) {
        (self.model.abstracted(), self.failures_left, self.edges_left)
    }
}

/// Searches everything that a tree can come to.
///
/// # Panics
///
/// Raises a violation when an answer or a state is not the model's, or when a tree comes to rest in the middle of
/// something.
#[must_use]
pub fn search(shape: &Shape) -> Searched {
    let mut searched = Searched::default();
    let mut here = Here {
        machine: Machine::new(shape.root),
        model: SupervisionModel::new(shape.root),
        failures_left: shape.failures,
        edges_left: shape.edges,
        depth: 0,
    };
    for (parent, kind, restart) in &shape.nodes {
        here = step(&here, &T::Add { parent: *parent, kind: *kind, restart: *restart }, &mut searched);
    }
    here = step(&here, &T::Start(0), &mut searched);
    here.depth = 0;
    let mut seen = HashSet::with_hasher(FxBuildHasher);
    seen.insert(here.key());
    let mut left = VecDeque::from([here]);
    while let Some(here) = left.pop_front() {
        searched.states += 1;
        searched.depth = searched.depth.max(here.depth);
        searched.met.extend((0..here.model.len()).map(|node| here.model.state(node) as usize));
        let possible = possible(&here);
        if possible.is_empty() {
            searched.at_rest += 1;
            rests(&here.model);
        }
        for transition in possible {
            let next = step(&here, &transition, &mut searched);
            if seen.insert(next.key()) {
                left.push_back(next);
            }
        }
    }
    searched
}

/// Makes one step on both sides, and compares all there is to compare.
fn step(here: &Here, transition: &T, searched: &mut Searched) -> Here {
    let mut next = here.clone();
    let expected = next.model.apply(transition);
    next.machine.check(transition, &expected, &next.model);
    searched.transitions += 1;
    searched.fatal += u64::from(expected.fatal.is_some());
    next.failures_left -= u32::from(matches!(transition, T::Ended(_, true)));
    next.edges_left = next.edges_left.saturating_sub(u32::from(matches!(transition, T::Advance(_))));
    next.depth += 1;
    next
}

/// Everything that can happen next.
fn possible(here: &Here) -> Vec<T> {
    let model = &here.model;
    let mut all = Vec::new();
    for node in 0..model.len() {
        let Some((_, order)) = model.view(node).order else { continue };
        if here.failures_left > 0 {
            all.push(T::Ended(node, true));
        }
        match order {
            ModelOrder::Start | ModelOrder::Restart => all.push(T::Started(node)),
            ModelOrder::Stop | ModelOrder::Drop => all.push(T::Ended(node, false)),
            ModelOrder::Run => {}
        }
    }
    let edge = if here.failures_left > 0 && here.edges_left > 0 {
        model.edges().first().copied()
    } else {
        model.next_timer().filter(|_| all.is_empty())
    };
    all.extend(edge.map(|at| T::Advance(at.saturating_sub(model.now()))));
    all
}

/// SV-10: nobody is left in the middle of a restart.
fn rests(model: &SupervisionModel) {
    for node in 0..model.len() {
        let state = model.state(node);
        if !matches!(state, ModelState::Running | ModelState::Stopped) {
            violated("SV-10", format!("{node} has come to rest in {state:?}"));
        }
    }
}

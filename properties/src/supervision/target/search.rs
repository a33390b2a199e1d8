//! Breadth-first search of everything that a small tree can come to, on the real decisions beside the model.
//!
//! In every state each child does each thing that it can do about its order at one
//! moment; every answer and the whole tree are compared. States are told apart by [`SupervisionModel::abstracted`]: that is sound as long as the
//! real tree and the model agree, which is what each step checks; a difference that only a longer history would bring out
//! (a counter that overflows, say) is not found this way.

use std::collections::{BTreeSet, HashSet, VecDeque};

use alys_models::supervision::{
    ModelKind, ModelOrder, ModelStrategy, NodeNumber, SupervisionModel, SupervisionTransition as T,
};
use rustc_hash::FxBuildHasher;

use super::tree::Machine;

/// A tree to search: its root, and the nodes below with their parents.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The root.
    pub root: ModelKind,
    /// Who is added, in order.
    pub nodes: Vec<(NodeNumber, ModelKind, ModelStrategy)>,
    /// How many failures there may be.
    pub failures: u32,
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
}

/// The tree on both sides, the failures that are left, and how many transitions led there.
type Here = (Machine, SupervisionModel, u32, usize);

/// Searches everything that a tree can come to.
///
/// # Panics
///
/// Raises a violation when an answer or a state is not the model's.
#[must_use]
pub fn search(shape: &Shape) -> Searched {
    let mut searched = Searched::default();
    let mut here: Here = (Machine::new(shape.root), SupervisionModel::new(shape.root), shape.failures, 0);
    for (parent, kind, restart) in &shape.nodes {
        here = step(&here, &T::Add { parent: *parent, kind: *kind, restart: *restart }, &mut searched);
    }
    here = step(&here, &T::Start(0), &mut searched);
    here.3 = 0;
    let mut seen = HashSet::with_hasher(FxBuildHasher);
    seen.insert((here.1.abstracted(), here.2));
    let mut left = VecDeque::from([here]);
    while let Some(here) = left.pop_front() {
        searched.states += 1;
        searched.depth = searched.depth.max(here.3);
        searched.met.extend((0..here.1.len()).map(|node| here.1.state(node) as usize));
        for transition in possible(&here.1, here.2) {
            let next = step(&here, &transition, &mut searched);
            if seen.insert((next.1.abstracted(), next.2)) {
                left.push_back(next);
            }
        }
    }
    searched
}

/// Makes one step on both sides, and compares all there is to compare.
fn step((machine, model, failures, depth): &Here, transition: &T, searched: &mut Searched) -> Here {
    let (mut machine, mut model) = (machine.clone(), model.clone());
    let expected = model.apply(transition);
    machine.check(transition, &expected, &model);
    searched.transitions += 1;
    searched.fatal += u64::from(expected.fatal.is_some());
    let failed = matches!(transition, T::Ended(_, true));
    (machine, model, failures - u32::from(failed), depth + 1)
}

/// Everything that can happen next.
fn possible(model: &SupervisionModel, failures: u32) -> Vec<T> {
    let mut all = Vec::new();
    for node in 0..model.len() {
        let Some((_, order)) = model.view(node).order else { continue };
        if failures > 0 {
            all.push(T::Ended(node, true));
        }
        match order {
            ModelOrder::Start | ModelOrder::Restart => all.push(T::Started(node)),
            ModelOrder::Stop | ModelOrder::Drop => all.push(T::Ended(node, false)),
            ModelOrder::Run => {}
        }
    }
    all
}

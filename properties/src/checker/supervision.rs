//! What is claimed of the model of supervision.

use alys_models::{
    lifecycle::ModelState,
    supervision::{ModelKind, ModelOrder, ModelStrategy, SupervisionModel, SupervisionTransition as T},
};
use proptest_state_machine::ReferenceStateMachine;

use super::Checked;
use crate::{
    small::Small,
    supervision::{State, SupervisionReference},
};

fn states(model: &SupervisionModel) -> impl Iterator<Item = ModelState> {
    (0..model.len()).map(|node| model.state(node))
}

/// LC-1 and SV-6 in every state; and restarts and a root that has stopped are met.
#[must_use]
pub fn claims() -> Checked<SupervisionReference> {
    Checked::default()
        .always("LC-1: what has stopped is nobody's to run", |_, model: &SupervisionModel| {
            let idle = [ModelState::Stopped, ModelState::Uninitialized];
            (0..model.len()).all(|node| {
                let runs = model.view(node).order.is_some_and(|(_, order)| order == ModelOrder::Run);
                !(runs && idle.contains(&model.state(node)))
            })
        })
        .always("SV-6: nobody runs below a supervisor that has stopped", |_, model: &SupervisionModel| {
            (0..model.len()).all(|node| {
                let parent = model.parent(node).map(|parent| model.state(parent));
                parent != Some(ModelState::Stopped) || model.state(node) != ModelState::Running
            })
        })
        .sometimes("somebody recovers", |_, model: &SupervisionModel| {
            states(model).any(|one| one == ModelState::Recovering)
        })
        .sometimes("two run", |_, model: &SupervisionModel| {
            states(model).filter(|one| *one == ModelState::Running).count() > 1
        })
        .sometimes("the root has stopped", |_, model: &SupervisionModel| {
            model.state(0) == ModelState::Stopped
        })
}

/// What is ordered is done, and time goes on where nothing else is left to be done.
fn as_ordered(state: &State) -> Vec<T> {
    let model = &state.model;
    let orders = (0..model.len()).filter_map(|node| model.view(node).order.map(|(_, order)| (node, order)));
    let done = orders.filter_map(|(node, order)| match order {
        ModelOrder::Start | ModelOrder::Restart => Some(T::Started(node)),
        ModelOrder::Stop | ModelOrder::Drop => Some(T::Ended(node, false)),
        ModelOrder::Run => None,
    });
    let mut all: Vec<_> = done.collect();
    if all.is_empty() {
        all.extend(model.next_timer().map(|at| T::Advance(at.saturating_sub(model.now()))));
    }
    all
}

/// SV-10: after one failure and after two, each in the middle of what the others left to be done, everybody comes to run or
/// has stopped.
#[must_use]
pub fn recovers() -> Checked<SupervisionReference> {
    let child = ModelKind::Child { start_within: 20, stop_within: 20 };
    let add = |restart| T::Add { parent: 0, kind: child, restart };
    let built =
        [add(ModelStrategy::Fixed(2)), add(ModelStrategy::Always), T::Start(0), T::Started(1), T::Started(2)];
    let mut starts = Vec::new();
    for start in SupervisionReference::starts() {
        let running = built.iter().fold(start, SupervisionReference::apply);
        for failing in [&[1][..], &[2], &[1, 2], &[2, 1]] {
            let failed = failing.iter().map(|node| T::Ended(*node, true));
            starts.push(failed.fold(running.clone(), |state, one| SupervisionReference::apply(state, &one)));
        }
    }
    Checked::new(&starts, as_ordered).eventually("at rest", |_, model: &SupervisionModel| {
        states(model).all(|one| matches!(one, ModelState::Running | ModelState::Stopped))
    })
}

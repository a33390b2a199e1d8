//! What is claimed of the model of the lifecycle.

use alys_models::lifecycle::{
    LifecycleModel, LifecycleOutcome, LifecycleTransition as T, ModelState, ModelTrigger, allowed, next,
};
use proptest_state_machine::ReferenceStateMachine;

use super::Checked;
use crate::{
    lifecycle::{LifecycleReference, State},
    small::Small,
};

/// Whether the history of an actor is a chain of allowed moves.
fn is_chain(model: &LifecycleModel, actor: u8) -> bool {
    let LifecycleOutcome::Lived { state, entries, .. } = model.history(actor) else { return true };
    entries.iter().all(|one| allowed(one.from, one.to))
        && entries.windows(2).all(|pair| pair[0].to == pair[1].from)
        && entries.last().is_none_or(|last| last.to == state)
}

/// LC-2, LC-3, LC-6 in every state; and both actors can run, one can recover, and one can depend on the other.
#[must_use]
pub fn claims() -> Checked<LifecycleReference> {
    Checked::default()
        .always("LC-2: everybody is counted once", |_, model: &LifecycleModel| {
            model.census().iter().sum::<usize>() == model.registered().len()
        })
        .always("LC-3: histories are chains", |_, model: &LifecycleModel| {
            (0..2).all(|actor| is_chain(model, actor))
        })
        .always("LC-6: who is depended on starts first", |_, model: &LifecycleModel| {
            let order = model.start_order();
            let place = |name: u8| order.iter().position(|one| *one == name);
            model.registered().into_iter().all(|actor| {
                let depends = model.dependencies(actor).unwrap_or_default();
                depends.iter().all(|one| place(*one) < place(actor))
            })
        })
        .sometimes("both run", |_, model: &LifecycleModel| model.census()[ModelState::Running as usize] == 2)
        .sometimes("recovering", |_, model: &LifecycleModel| {
            model.census()[ModelState::Recovering as usize] == 1
        })
        .sometimes("one depends on the other", |_, model: &LifecycleModel| {
            model.dependencies(1) == Some(&[0])
        })
}

/// LC-1: from wherever it is told to stop, an actor comes to Stopped, whatever its hooks do.
#[must_use]
pub fn stops() -> Checked<LifecycleReference> {
    use ModelTrigger as G;
    let fire = |trigger| T::Fire { actor: 0, trigger, reason: None };
    let ways: [&[G]; 6] = [
        &[],
        &[G::Start],
        &[G::Start, G::Started],
        &[G::Start, G::StartFailed],
        &[G::Start, G::Started, G::RestartPlanned],
        &[G::Start, G::Started, G::HandlerFailed, G::RestartGranted],
    ];
    let registered = T::Register { actor: 0, dependencies: Vec::new() };
    let led = |way: &&[G]| {
        let start = LifecycleReference::starts().swap_remove(0);
        let calls = [registered.clone()].into_iter().chain(way.iter().copied().map(fire));
        calls.fold(start, |state, call| LifecycleReference::apply(state, &call))
    };
    let starts: Vec<_> = ways.iter().map(led).collect();
    let stopping = |state: &State| {
        let here = state.model.state(0).unwrap_or(ModelState::Stopped);
        let possible = [G::Stop, G::StopFinished].into_iter().filter(|one| next(here, *one).is_some());
        possible.map(|trigger| T::Fire { actor: 0, trigger, reason: None }).collect()
    };
    Checked::new(&starts, stopping)
        .eventually("stopped", |_, model: &LifecycleModel| model.state(0) == Some(ModelState::Stopped))
}

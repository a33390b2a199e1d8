//! The model against the sentences of the rules.

use super::*;

fn register(actor: u8, dependencies: &[u8]) -> LifecycleTransition {
    LifecycleTransition::Register { actor, dependencies: dependencies.to_vec() }
}

fn fire(actor: u8, trigger: ModelTrigger) -> LifecycleTransition {
    LifecycleTransition::Fire { actor, trigger, reason: None }
}

#[test]
fn the_table_has_fifteen_lines_between_fourteen_pairs_and_no_loop() {
    let states = ModelState::ALL;
    let lines = states.iter().flat_map(|from| ModelTrigger::ALL.map(|trigger| next(*from, trigger)));
    assert_eq!(lines.flatten().count(), 15);
    let pairs = states.iter().flat_map(|from| states.map(|to| allowed(*from, to)));
    assert_eq!(pairs.filter(|allowed| *allowed).count(), 14);
    assert!(states.iter().all(|state| !allowed(*state, *state)));
}

#[test]
fn a_longer_cycle_comes_from_a_name_that_is_used_again() {
    let mut model = LifecycleModel::default();
    for (actor, dependencies) in [(0, &[][..]), (1, &[0]), (2, &[1])] {
        assert_eq!(model.apply(&register(actor, dependencies)), LifecycleOutcome::Registered);
    }
    assert_eq!(model.apply(&register(0, &[2])), LifecycleOutcome::Cycle(vec![0, 2, 1, 0]));
    assert_eq!(model.apply(&register(0, &[])), LifecycleOutcome::Taken(ModelState::Uninitialized));
    model.apply(&fire(0, ModelTrigger::Stop));
    assert_eq!(model.apply(&register(0, &[])), LifecycleOutcome::Registered);
    assert_eq!((model.start_order(), model.stop_order()), (vec![0, 1, 2], vec![2, 1, 0]));
    assert_eq!(model.apply(&LifecycleTransition::Remove { actor: 0 }), LifecycleOutcome::Needed(vec![1]));
}

#[test]
fn a_new_actor_of_an_old_name_has_no_history() {
    let mut model = LifecycleModel::new(1);
    model.apply(&register(0, &[]));
    for trigger in [ModelTrigger::Start, ModelTrigger::StartFailed, ModelTrigger::GaveUp] {
        model.apply(&fire(0, trigger));
    }
    let LifecycleOutcome::Lived { dropped, entries, .. } = model.history(0) else { panic!("no history") };
    assert_eq!((dropped, entries.len(), entries[0].sequence), (2, 1, 2));
    model.apply(&register(0, &[]));
    assert!(model.verify(0, &[]));
}

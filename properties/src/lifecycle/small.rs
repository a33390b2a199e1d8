//! The small world of the lifecycle: two actors, of which one may depend on the other, and everything that can happen to them.
//!
//! All states of the real registry are searched by a suite of their own.

use std::rc::Rc;

use alys_models::lifecycle::{LifecycleModel, LifecycleTransition as T, ModelTrigger};

use super::{
    generate::{Profile, simpler},
    labels,
    reference::{LifecycleReference, State},
};
use crate::{
    cases::Stored,
    small::{Keyed, Small, all, fingerprint},
};

impl Stored for LifecycleReference {
    /// The entries kept of each history, and the number of shards.
    type Parameters = (usize, usize);

    fn parameters(initial: &State) -> Self::Parameters {
        (initial.profile().history_kept, initial.profile().shards)
    }

    fn initial((history_kept, shards): Self::Parameters) -> State {
        State::new(Profile::whole(history_kept, shards))
    }
}

impl Small for LifecycleReference {
    fn participant(transition: &T) -> String {
        labels::actor(transition).map_or("reader".to_owned(), |actor| format!("actor {actor}"))
    }

    fn fingerprint(state: &State) -> Option<u64> {
        Some(fingerprint(&*state.model))
    }

    fn simpler(transition: &T) -> Vec<T> {
        all(|n| simpler(transition, n))
    }

    fn starts() -> Vec<State> {
        [1024, 1].map(|kept| State::new(Profile::whole(kept, 1))).into()
    }

    fn alphabet(_: &State) -> Vec<T> {
        let mut all = vec![T::Register { actor: 1, dependencies: vec![0] }];
        for actor in 0..2 {
            all.extend([T::Register { actor, dependencies: Vec::new() }, T::Remove { actor }]);
            all.extend(ModelTrigger::ALL.map(|trigger| T::Fire { actor, trigger, reason: None }));
        }
        all
    }
}

impl Keyed for LifecycleReference {
    type Key = LifecycleModel;

    fn key(state: &State) -> LifecycleModel {
        LifecycleModel::clone(&state.model)
    }

    fn state(model: &LifecycleModel) -> State {
        State { model: Rc::new(model.clone()), ..State::new(Profile::whole(1024, 1)) }
    }
}

//! The small world of the lifecycle: what is simpler than a call. All its states are searched by a suite of their own.

use alys_models::lifecycle::LifecycleTransition;

use super::{
    generate::{Profile, simpler},
    labels,
    reference::{LifecycleReference, State},
};
use crate::{
    cases::Stored,
    small::{Small, all, fingerprint},
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
    fn participant(transition: &LifecycleTransition) -> String {
        labels::actor(transition).map_or("reader".to_owned(), |actor| format!("actor {actor}"))
    }

    fn simpler(transition: &LifecycleTransition) -> Vec<LifecycleTransition> {
        all(|n| simpler(transition, n))
    }

    fn fingerprint(state: &State) -> Option<u64> {
        Some(fingerprint(&*state.model))
    }
}

//! The small world of the tracker: one actor, two senders, the first few numbers.

use alys_models::tracker::{TrackerLimits, TrackerTransition as T};

use super::{
    generate::{Profile, simpler},
    reference::{State, TrackerReference},
};
use crate::small::{Small, all, fingerprint};

impl Small for TrackerReference {
    fn simpler_starts(state: &State) -> Vec<State> {
        let here = *state.profile();
        let plain = Profile::whole(here.limits);
        if here == plain { Vec::new() } else { vec![State::new(plain)] }
    }

    fn simpler(transition: &T) -> Vec<T> {
        all(|n| simpler(transition, n))
    }

    fn starts() -> Vec<State> {
        let limits = |kept| TrackerLimits { duplicates_kept: kept, reorderings_kept: kept, expected_max: 2 };
        [1, 0].map(|kept| State::new(Profile::whole(limits(kept)))).into()
    }

    fn alphabet(_: &State) -> Vec<T> {
        let actor = 0;
        let mut all = Vec::new();
        for sequence in 0..3 {
            all.push(T::Record { actor, sender: 0, sequence });
            all.push(T::RecordByHandle { actor, sender: 0, sequence });
        }
        all.extend([
            T::Record { actor, sender: 1, sequence: 0 },
            T::Record { actor, sender: 1, sequence: 1 },
            T::Resolve { actor, sender: 0 },
            T::SetExpected { actor, ordering: Vec::new() },
            T::SetExpected { actor, ordering: vec![0, 1] },
            T::SetExpected { actor, ordering: vec![0, 1, 2] },
            T::Verify { actor },
            T::Count { actor },
            T::Report { actor },
        ]);
        all
    }

    fn fingerprint(state: &State) -> Option<u64> {
        Some(fingerprint(&state.model))
    }
}

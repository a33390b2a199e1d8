//! The small world of the tracker: one actor, two senders, the first few numbers.

use alys_models::tracker::{TrackerLimits, TrackerModel, TrackerTransition as T};

use super::{
    generate::{Profile, simpler},
    reference::{State, TrackerReference},
};
use crate::{
    cases::Stored,
    small::{Keyed, Small, all, fingerprint},
};

impl Stored for TrackerReference {
    /// The limits and the number of shards.
    type Parameters = (TrackerLimits, usize);

    fn parameters(initial: &State) -> Self::Parameters {
        (initial.profile().limits, initial.profile().shards)
    }

    fn initial((limits, shards): Self::Parameters) -> State {
        let mut profile = Profile::whole(limits);
        profile.shards = shards;
        State::new(profile)
    }
}

impl Small for TrackerReference {
    fn simpler_starts(state: &State) -> Vec<State> {
        let here = *state.profile();
        let plain = Profile::whole(here.limits);
        if here == plain { Vec::new() } else { vec![State::new(plain)] }
    }

    fn simpler(transition: &T) -> Vec<T> {
        all(|n| simpler(transition, n))
    }

    fn participant(transition: &T) -> String {
        match transition {
            T::Record { actor, sender, .. }
            | T::RecordByHandle { actor, sender, .. }
            | T::Resolve { actor, sender } => format!("{sender} to {actor}"),
            _ => "reader".to_owned(),
        }
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

impl Keyed for TrackerReference {
    type Key = (TrackerLimits, TrackerModel);

    fn key(state: &State) -> (TrackerLimits, TrackerModel) {
        (state.profile().limits, state.model.clone())
    }

    /// What the generator remembers is forgotten: it guides what is drawn, and nothing else.
    fn state((limits, model): &(TrackerLimits, TrackerModel)) -> State {
        State { model: model.clone(), ..State::new(Profile::whole(*limits)) }
    }
}

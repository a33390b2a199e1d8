//! What the differential engine sees of a tracker: the answer, and everything about every actor.

use alys_models::tracker::{TrackerOutcome, TrackerTransition};

use super::{
    alys::tracker::OrderingTracker,
    calls::{self, Handles},
    look,
};
use crate::{
    differential::Observed,
    tracker::{ACTORS, State, TrackerReference, compare::View},
};

/// A real tracker, judged by nobody.
#[derive(Debug)]
pub struct Tracker {
    tracker: OrderingTracker,
    handles: Handles,
}

impl Observed for Tracker {
    type Reference = TrackerReference;
    type Seen = (TrackerOutcome, [View; ACTORS]);

    fn begin(state: &State) -> Self {
        let profile = state.profile();
        Tracker { tracker: calls::tracker(&profile.limits, profile.shards), handles: Handles::default() }
    }

    fn observe(&mut self, _: &State, transition: &TrackerTransition) -> Self::Seen {
        let answer = calls::call(&self.tracker, &mut self.handles, transition);
        (answer, std::array::from_fn(|actor| look::view(&self.tracker, actor as u8)))
    }
}

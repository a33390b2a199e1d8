//! The model as the specification of concurrent histories, and what threads are told to do.

use alys_models::tracker::{TrackerModel, TrackerOutcome, TrackerTransition};

use super::{ACTORS, compare, labels};
use crate::{
    concurrent::{Ran, Unexplained, ran, shown},
    linearizability::{History, SequentialSpec, check},
};

/// What several threads do at the same time, and what one did before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Done before the threads start; the handles made here are theirs as well.
    pub before: Vec<TrackerTransition>,
    /// What each thread does.
    pub threads: Vec<Vec<TrackerTransition>>,
}

impl Script {
    /// Everything that can be asked, about every actor in the script: asked when all threads are done, so that a
    /// record that was lost on the way is missed.
    pub(super) fn questions(&self) -> Vec<TrackerTransition> {
        let mut known = [false; ACTORS];
        let all = self.before.iter().chain(self.threads.iter().flatten());
        all.for_each(|transition| known[labels::actor(transition)] = true);
        let actors = (0..).zip(known).filter(|(_, known)| *known).map(|(actor, _)| actor);
        actors
            .flat_map(|actor| {
                use TrackerTransition::{Count, Report, Verify};
                [Count { actor }, Verify { actor }, Report { actor }]
            })
            .collect()
    }

    /// How many calls the threads make.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.threads.iter().map(Vec::len).sum()
    }
}

/// The model, as what a history is judged by.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Spec(TrackerModel);

impl SequentialSpec for Spec {
    type Call = TrackerTransition;
    type Return = TrackerOutcome;

    fn apply(&mut self, call: &TrackerTransition) -> TrackerOutcome {
        self.0.apply(call)
    }

    fn changes_nothing(call: &TrackerTransition, _: &TrackerOutcome) -> bool {
        use TrackerTransition as T;
        matches!(call, T::Count { .. } | T::Report { .. } | T::Verify { .. })
    }
}

/// Holds a history to the model.
///
/// # Errors
///
/// What no order of the calls explains: of the rule of the first call that the longest explained order leaves out.
pub fn judge(
    start: TrackerModel,
    history: &History<TrackerTransition, TrackerOutcome>,
) -> Result<Ran, Unexplained> {
    let Err(error) = check(Spec(start), history) else { return Ok(ran(history)) };
    let left_out = (0..history.len()).find(|index| !error.longest.contains(index));
    let rule = left_out.map_or("OT-2", |index| compare::rule_of(&history[index].call));
    let message = format!("{rule}: no order of the calls explains what the threads were told");
    Err(Unexplained { message, history: shown(history, &error) })
}

//! The model as the specification of concurrent histories, and what threads are told to do.

use alys_models::lifecycle::{LifecycleModel, LifecycleOutcome, LifecycleTransition};

use super::{ACTORS, compare, labels};
use crate::{
    linearizability::{History, SequentialSpec, check},
    violation::Violation,
};

/// What several threads do at the same time, and what one did before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Done before the threads start.
    pub before: Vec<LifecycleTransition>,
    /// What each thread does.
    pub threads: Vec<Vec<LifecycleTransition>>,
}

impl Script {
    /// Everything that can be asked about the actors of the script: asked when all threads are done, so that a
    /// transition that was lost on the way is missed.
    pub(super) fn questions(&self) -> Vec<LifecycleTransition> {
        use LifecycleTransition as T;
        let mut known = [false; ACTORS];
        let all = self.before.iter().chain(self.threads.iter().flatten());
        all.filter_map(labels::actor).for_each(|actor| known[usize::from(actor)] = true);
        let actors = (0..).zip(known).filter(|(_, known)| *known);
        let histories = actors.map(|(actor, _)| T::History { actor });
        histories.chain([T::Census, T::StartOrder, T::StopOrder]).collect()
    }

    /// How many calls the threads make.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.threads.iter().map(Vec::len).sum()
    }
}

/// The model, as what a history is judged by.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Spec(LifecycleModel);

impl SequentialSpec for Spec {
    type Call = LifecycleTransition;
    type Return = LifecycleOutcome;

    fn apply(&mut self, call: &LifecycleTransition) -> LifecycleOutcome {
        self.0.apply(call)
    }
}

/// Holds a history to the model.
///
/// # Errors
///
/// The text of a violation when no order of the calls explains every answer: of the rule of the first call that the
/// longest explained order leaves out.
pub fn judge(
    start: LifecycleModel,
    history: &History<LifecycleTransition, LifecycleOutcome>,
) -> Result<(), Violation> {
    let Err(error) = check(Spec(start), history) else { return Ok(()) };
    let left_out = (0..history.len()).find(|index| !error.longest.contains(index));
    let rule = left_out.map_or("LC-3", |index| compare::rule_of(&history[index].call));
    let calls: Vec<_> = history.iter().map(|one| (one.thread, &one.call, &one.returned)).collect();
    Err(Violation { rule, message: format!("{error}the history is {calls:?}") })
}

//! Calls of a real registry and its monitor in the model's words: names for numbers, and answers back.

use alys_models::lifecycle::{LifecycleOutcome, LifecycleTransition, ModelEntry, ModelState, ModelTrigger};

use super::alys::lifecycle::{
    ActorHistory, LifecycleConfig, LifecycleError, LifecycleState, RefusedTrigger, Registry, RegistryError,
    StateTransition, Trigger,
};
use crate::{
    lifecycle::{
        ACTORS,
        compare::{ActorView, View},
    },
    violation::{check_eq, violated},
};

/// The names of the actors. Their order is neither that of the numbers nor its reverse: an order by name shows.
pub const NAMES: [&str; ACTORS] = ["network", "chain", "storage", "miner", "bridge"];

/// Builds the registry of a case.
///
/// # Panics
///
/// Raises a violation when the configuration, which is valid, is refused.
#[must_use]
pub fn registry(history_kept: usize, shards: usize) -> Registry {
    match Registry::new(LifecycleConfig { shards, history_kept }) {
        Ok(registry) => registry,
        Err(error) => violated("LC-3", format!("a valid configuration is refused: {error}")),
    }
}

/// Makes a call and says how it was answered.
///
/// # Panics
///
/// Raises a violation when an answer is about somebody else.
pub fn call(registry: &Registry, transition: &LifecycleTransition) -> LifecycleOutcome {
    use LifecycleTransition as T;
    let monitor = registry.monitor();
    match *transition {
        T::Register { actor, ref dependencies } => {
            let dependencies: Vec<&str> = dependencies.iter().map(|one| name(*one)).collect();
            let answer = registry.register(name(actor), &dependencies);
            answer.map_or_else(|error| registry_refusal(actor, error), |()| LifecycleOutcome::Registered)
        }
        T::Remove { actor } => {
            let answer = registry.remove(name(actor));
            answer.map_or_else(|error| registry_refusal(actor, error), |()| LifecycleOutcome::Removed)
        }
        T::Fire { actor, trigger, reason } => {
            let answer = monitor.fire(name(actor), real_trigger(trigger), reason.map(reason_of));
            answer.map_or_else(|error| refusal(actor, error), |to| LifecycleOutcome::Moved(model_state(to)))
        }
        T::Report { actor, from, to, reason } => {
            let (left, entered) = (real_state(from), real_state(to));
            let answer = monitor.record_transition(name(actor), left, entered, reason.map(reason_of));
            answer.map_or_else(|error| refusal(actor, error), |()| LifecycleOutcome::Moved(to))
        }
        T::Verify { actor, ref expected } => {
            let expected: Vec<_> =
                expected.iter().map(|(from, to)| (real_state(*from), real_state(*to))).collect();
            LifecycleOutcome::Verified(monitor.verify_transitions(name(actor), &expected))
        }
        T::State { actor } => LifecycleOutcome::In(state(registry, actor)),
        T::History { actor } => history(registry, actor),
        T::Census => LifecycleOutcome::Counted(census(registry)),
        T::StartOrder => LifecycleOutcome::Ordered(numbers(&registry.start_order())),
        T::StopOrder => LifecycleOutcome::Ordered(numbers(&registry.stop_order())),
    }
}

/// Asks everything that can be asked.
///
/// # Panics
///
/// Raises a violation when two answers about one thing differ.
#[must_use]
pub fn view(registry: &Registry) -> View {
    let actor = |actor: u8| {
        let history = history(registry, actor);
        if let LifecycleOutcome::Lived { entries, .. } = &history {
            let told = registry.monitor().get_transitions(name(actor));
            let told: Vec<_> = told.into_iter().map(entry).collect();
            check_eq("LC-3", "the transitions told alone", entries, &told);
        }
        let dependencies = registry.dependencies(name(actor)).map(|names| numbers(&names));
        ActorView { state: state(registry, actor), dependencies, history }
    };
    View {
        census: census(registry),
        actors: (0..ACTORS as u8).map(actor).collect(),
        start_order: numbers(&registry.start_order()),
        stop_order: numbers(&registry.stop_order()),
    }
}

fn state(registry: &Registry, actor: u8) -> Option<ModelState> {
    registry.monitor().current_state(name(actor)).map(model_state)
}

fn history(registry: &Registry, actor: u8) -> LifecycleOutcome {
    let Some(ActorHistory { state, dropped, transitions }) = registry.monitor().history(name(actor)) else {
        return LifecycleOutcome::Unknown;
    };
    let entries = transitions.into_iter().map(entry).collect();
    LifecycleOutcome::Lived { state: model_state(state), dropped, entries }
}

fn census(registry: &Registry) -> [usize; 7] {
    let census = registry.monitor().census();
    let counts = ModelState::ALL.map(|state| census.count(real_state(state)));
    check_eq("LC-2", "the total of a census", &counts.iter().sum(), &census.total());
    counts
}

fn entry(StateTransition { from, to, reason, sequence }: StateTransition) -> ModelEntry {
    let reason = reason.map(|text| match text.strip_prefix("reason ").and_then(|rest| rest.parse().ok()) {
        Some(number) => number,
        None => violated("LC-3", format!("a reason that nobody gave: `{text}`")),
    });
    ModelEntry { from: model_state(from), to: model_state(to), reason, sequence }
}

/// A refusal of the monitor, which names whom it is about.
fn refusal(actor: u8, error: LifecycleError) -> LifecycleOutcome {
    let about = |other: &str| check_eq("LC-1", "whom the refusal is about", name(actor), other);
    match error {
        LifecycleError::Forbidden { actor, from, to } => {
            about(&actor);
            LifecycleOutcome::Forbidden { from: model_state(from), to: model_state(to) }
        }
        LifecycleError::Stale { actor, from, to, current } => {
            about(&actor);
            let (from, to) = (model_state(from), model_state(to));
            LifecycleOutcome::Stale { from, to, current: model_state(current) }
        }
        LifecycleError::Refused { actor, refused: RefusedTrigger { from, trigger } } => {
            about(&actor);
            LifecycleOutcome::Refused { from: model_state(from), trigger: model_trigger(trigger) }
        }
        LifecycleError::UnknownActor { actor } => {
            about(&actor);
            LifecycleOutcome::Unknown
        }
        other => violated("LC-1", format!("no refusal of a transition: {other}")),
    }
}

/// A refusal of the registry, which names whom it is about.
fn registry_refusal(actor: u8, error: RegistryError) -> LifecycleOutcome {
    let about = |other: &str| check_eq("LC-5", "whom the refusal is about", name(actor), other);
    match error {
        RegistryError::Taken { name, state } => {
            about(&name);
            LifecycleOutcome::Taken(model_state(state))
        }
        RegistryError::UnknownDependency { name, dependency } => {
            about(&name);
            LifecycleOutcome::UnknownDependency(number(&dependency))
        }
        RegistryError::Cycle { path } => LifecycleOutcome::Cycle(numbers(&path)),
        RegistryError::Unknown { name } => {
            about(&name);
            LifecycleOutcome::Unknown
        }
        RegistryError::NotStopped { name, state } => {
            about(&name);
            LifecycleOutcome::NotStopped(model_state(state))
        }
        RegistryError::Needed { name, dependents } => {
            about(&name);
            LifecycleOutcome::Needed(numbers(&dependents))
        }
        #[allow(unreachable_patterns, reason = "the twin of this source sees the enumeration whole")]
        other => violated("LC-5", format!("the model has no refusal like: {other}")),
    }
}

/// The name of an actor.
#[must_use]
pub fn name(actor: u8) -> &'static str {
    NAMES[usize::from(actor)]
}

fn number(name: &str) -> u8 {
    match (0..).zip(NAMES).find(|(_, known)| *known == name) {
        Some((number, _)) => number,
        None => violated("LC-5", format!("an actor `{name}` that there is not")),
    }
}

fn numbers(names: &[String]) -> Vec<u8> {
    names.iter().map(|name| number(name)).collect()
}

fn reason_of(reason: u8) -> String {
    format!("reason {reason}")
}

/// A state of the model as the real one.
#[must_use]
pub fn real_state(state: ModelState) -> LifecycleState {
    match state {
        ModelState::Uninitialized => LifecycleState::Uninitialized,
        ModelState::Starting => LifecycleState::Starting,
        ModelState::Running => LifecycleState::Running,
        ModelState::Stopping => LifecycleState::Stopping,
        ModelState::Stopped => LifecycleState::Stopped,
        ModelState::Failed => LifecycleState::Failed,
        ModelState::Recovering => LifecycleState::Recovering,
    }
}

/// A real state as the model's.
#[must_use]
pub fn model_state(state: LifecycleState) -> ModelState {
    let same = ModelState::ALL.into_iter().find(|one| real_state(*one) == state);
    same.unwrap_or_else(|| violated("LC-1", format!("a state {state} that the model does not have")))
}

/// A trigger of the model as the real one.
#[must_use]
pub fn real_trigger(trigger: ModelTrigger) -> Trigger {
    match trigger {
        ModelTrigger::Start => Trigger::Start,
        ModelTrigger::Started => Trigger::Started,
        ModelTrigger::StartFailed => Trigger::StartFailed,
        ModelTrigger::Stop => Trigger::Stop,
        ModelTrigger::StopFinished => Trigger::StopFinished,
        ModelTrigger::HandlerFailed => Trigger::HandlerFailed,
        ModelTrigger::RestartPlanned => Trigger::RestartPlanned,
        ModelTrigger::RestartGranted => Trigger::RestartGranted,
        ModelTrigger::Restarted => Trigger::Restarted,
        ModelTrigger::RestartFailed => Trigger::RestartFailed,
        ModelTrigger::GaveUp => Trigger::GaveUp,
    }
}

fn model_trigger(trigger: Trigger) -> ModelTrigger {
    let same = ModelTrigger::ALL.into_iter().find(|one| real_trigger(*one) == trigger);
    same.unwrap_or_else(|| violated("LC-1", format!("a trigger {trigger} that the model does not have")))
}

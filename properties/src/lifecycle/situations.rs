//! The situations that the lifecycle suite must meet.

use alys_models::lifecycle::{LifecycleModel, LifecycleOutcome, LifecycleTransition, ModelState};

use crate::coverage::Situation;

macro_rules! situations {
    ($($index:ident = $name:literal;)*) => {
        #[derive(Clone, Copy)]
        enum Met { $($index),* }
        pub(super) const SITUATIONS: &[Situation] = &[$(Situation { name: $name, minimum: 50 }),*];
    };
}

situations! {
    TakenWhileAlive = "a name in use is registered again";
    Reused = "the name of a stopped actor is registered again";
    ReusedOnTheWay = "a name that others depend on is registered again";
    DeclaredTwice = "a dependency is declared twice";
    Unordered = "the start order is not the order of registration";
    UnknownDependency = "a dependency is unknown";
    CycleOfOne = "an actor depends on itself";
    CycleOfTwo = "two actors would depend on each other";
    CycleOfThree = "a cycle of three";
    CycleOfFour = "a cycle of four";
    NeededStopped = "a stopped actor that others depend on is not removed";
    NotStopped = "an actor that has not stopped is not removed";
    Removed = "an actor is removed";
    StaleSame = "a transition is reported a second time";
    StaleOther = "a stale report of another transition";
    SelfLoop = "a state is reported to lead to itself";
    ForbiddenHere = "a forbidden transition is reported from the actor's state";
    ForbiddenOfNobody = "a forbidden transition of nobody is reported";
    AfterTheEnd = "a trigger comes after Stopped";
    NeverStarted = "an actor is stopped before it was started";
    StopOfFailed = "a failed actor is stopped";
    RestartPlanned = "a healthy actor is restarted";
    Recovered = "a restart succeeds";
    FailedAgain = "a restart fails";
    Dropped = "an entry is no longer kept";
    VerifiedAll = "a history of three or more is verified";
    VerifiedDropped = "a history of which entries are gone is asked about";
    EmptyOfNew = "the empty history of a new actor is verified";
}

/// What a transition met, told from the state of its actor before, and from the model after it.
pub(super) fn met(
    model: &LifecycleModel,
    former: Option<ModelState>,
    transition: &LifecycleTransition,
    outcome: &LifecycleOutcome,
) -> u32 {
    use LifecycleOutcome as O;
    use LifecycleTransition as T;
    let mut met = 0;
    let mut meet = |situation: Met, happened: bool| met |= u32::from(happened) << situation as u32;
    match (transition, outcome) {
        (T::Register { actor, dependencies }, outcome) => {
            registered(model, former, *actor, dependencies, outcome, &mut meet);
        }
        (T::Remove { .. }, O::Needed(_)) => meet(Met::NeededStopped, former == Some(ModelState::Stopped)),
        (T::Remove { .. }, O::NotStopped(_)) => meet(Met::NotStopped, true),
        (T::Remove { .. }, O::Removed) => meet(Met::Removed, true),
        (T::Report { .. }, O::Stale { to, current, .. }) => {
            meet(Met::StaleSame, to == current);
            meet(Met::StaleOther, to != current);
        }
        (T::Report { .. }, O::Forbidden { from, to }) => {
            meet(Met::SelfLoop, from == to && former == Some(*from));
            meet(Met::ForbiddenHere, from != to && former == Some(*from));
            meet(Met::ForbiddenOfNobody, former.is_none());
        }
        (T::Fire { .. }, O::Refused { from, .. }) => meet(Met::AfterTheEnd, *from == ModelState::Stopped),
        (T::Fire { actor, .. } | T::Report { actor, .. }, O::Moved(to)) => {
            moved(former, *to, &mut meet);
            let gone = |dropped: u64| dropped > 0;
            let lived = model.history(*actor);
            meet(Met::Dropped, matches!(lived, O::Lived { dropped, .. } if gone(dropped)));
        }
        (T::Verify { actor, expected }, O::Verified(all)) => {
            let lived = model.history(*actor);
            meet(Met::VerifiedAll, *all && expected.len() >= 3);
            meet(Met::VerifiedDropped, matches!(lived, O::Lived { dropped: 1.., .. }));
            meet(Met::EmptyOfNew, *all && expected.is_empty());
        }
        _ => {}
    }
    met
}

fn registered(
    model: &LifecycleModel,
    former: Option<ModelState>,
    actor: u8,
    dependencies: &[u8],
    outcome: &LifecycleOutcome,
    meet: &mut impl FnMut(Met, bool),
) {
    use LifecycleOutcome as O;
    match outcome {
        O::Registered => {
            let needed = |other: &u8| model.dependencies(*other).is_some_and(|all| all.contains(&actor));
            let names = model.registered();
            meet(Met::Reused, former.is_some());
            meet(Met::ReusedOnTheWay, names.iter().any(needed));
            let declared = model.dependencies(actor).map_or(0, <[u8]>::len);
            meet(Met::DeclaredTwice, declared < dependencies.len());
            meet(Met::Unordered, model.start_order() != names);
        }
        O::Taken(_) => meet(Met::TakenWhileAlive, true),
        O::UnknownDependency(_) => meet(Met::UnknownDependency, true),
        O::Cycle(path) => {
            meet(Met::CycleOfOne, path.len() == 2);
            meet(Met::CycleOfTwo, path.len() == 3);
            meet(Met::CycleOfThree, path.len() == 4);
            meet(Met::CycleOfFour, path.len() == 5);
        }
        _ => {}
    }
}

fn moved(former: Option<ModelState>, to: ModelState, meet: &mut impl FnMut(Met, bool)) {
    use ModelState::{Failed, Recovering, Running, Stopped, Uninitialized};
    let Some(from) = former else { return };
    meet(Met::NeverStarted, (from, to) == (Uninitialized, Stopped));
    meet(Met::StopOfFailed, (from, to) == (Failed, Stopped));
    meet(Met::RestartPlanned, (from, to) == (Running, Recovering));
    meet(Met::Recovered, (from, to) == (Recovering, Running));
    meet(Met::FailedAgain, (from, to) == (Recovering, Failed));
}

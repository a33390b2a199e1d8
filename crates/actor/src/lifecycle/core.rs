//! The actors of one shard and its part of the census: all decisions, without a lock.

use rustc_hash::FxHashMap;

use super::{
    actor::Actor,
    census::Census,
    error::LifecycleError,
    state::{LifecycleState, Trigger},
    table::{allowed, next},
};

/// Actors by name, and how many of them are in each state.
#[derive(Debug, Default)]
pub(super) struct Core {
    actors: FxHashMap<String, Actor>,
    // invariant: the census of `actors`.
    pub(super) census: Census,
}

impl Core {
    pub(super) fn get(&self, name: &str) -> Option<&Actor> {
        self.actors.get(name)
    }

    pub(super) fn state(&self, name: &str) -> Option<LifecycleState> {
        self.get(name).map(|actor| actor.state)
    }

    /// Adds an actor, in the place of a stopped one of its name if there is one.
    pub(super) fn register(&mut self, name: &str) -> Result<(), LifecycleError> {
        let former = self.state(name);
        let alive = former.filter(|state| !state.is_terminal());
        if let Some(state) = alive {
            return Err(LifecycleError::Taken { actor: name.to_owned(), state });
        }
        if let Some(state) = former {
            self.census.leave(state);
        }
        self.census.enter(LifecycleState::Uninitialized);
        self.actors.insert(name.to_owned(), Actor::new());
        Ok(())
    }

    /// Removes a stopped actor.
    pub(super) fn forget(&mut self, name: &str) -> Result<(), LifecycleError> {
        match self.state(name) {
            None => Err(unknown(name)),
            Some(state) if !state.is_terminal() => {
                Err(LifecycleError::NotStopped { actor: name.to_owned(), state })
            }
            Some(state) => {
                self.census.leave(state);
                self.actors.remove(name);
                Ok(())
            }
        }
    }

    /// Takes a report, unless it is stale. The caller has found the transition in the table.
    pub(super) fn report(
        &mut self,
        name: &str,
        from: LifecycleState,
        to: LifecycleState,
        reason: Option<String>,
        kept_max: usize,
    ) -> Result<(), LifecycleError> {
        debug_assert!(allowed(from, to), "{from} to {to}");
        let actor = self.actors.get_mut(name).ok_or_else(|| unknown(name))?;
        let current = actor.state;
        if current != from {
            return Err(LifecycleError::Stale { actor: name.to_owned(), from, to, current });
        }
        actor.enter(to, reason, kept_max);
        self.census.leave(from);
        self.census.enter(to);
        Ok(())
    }

    /// Makes the transition that a trigger stands for in the state of the actor.
    pub(super) fn fire(
        &mut self,
        name: &str,
        trigger: Trigger,
        reason: Option<String>,
        kept_max: usize,
    ) -> Result<LifecycleState, LifecycleError> {
        let from = self.state(name).ok_or_else(|| unknown(name))?;
        let refused = |refused| LifecycleError::Refused { actor: name.to_owned(), refused };
        let to = next(from, trigger).map_err(refused)?;
        self.report(name, from, to, reason, kept_max)?;
        Ok(to)
    }
}

pub(super) fn unknown(name: &str) -> LifecycleError {
    LifecycleError::UnknownActor { actor: name.to_owned() }
}

//! Reference model of the actor lifecycle (rules LC-1, LC-2, LC-3, LC-5 and LC-6).
//!
//! The model keeps the registered actors in one list, in the order of their registration, each with what it declared
//! and with everything that ever happened to it. States, census and orders are read off that list by their
//! definitions, each time anew. LC-4 and LC-7 speak of hooks and deadlines, which are not modelled here.
//!
//! # Examples
//!
//! ```
//! use alys_models::lifecycle::{
//!     LifecycleModel, LifecycleOutcome, LifecycleTransition, ModelState, ModelTrigger,
//! };
//!
//! let mut model = LifecycleModel::default();
//! let register = LifecycleTransition::Register { actor: 0, dependencies: vec![] };
//! assert_eq!(model.apply(&register), LifecycleOutcome::Registered);
//! let stop = LifecycleTransition::Fire { actor: 0, trigger: ModelTrigger::Stop, reason: None };
//! assert_eq!(model.apply(&stop), LifecycleOutcome::Moved(ModelState::Stopped));
//! assert_eq!(model.census()[ModelState::Stopped as usize], 1);
//! ```

#[cfg(test)]
mod tests;
mod transition;
mod words;

pub use transition::{LifecycleOutcome, LifecycleTransition, ModelEntry};
pub use words::{ModelState, ModelTrigger, allowed, next};

/// The reference state machine.
///
/// # Examples
///
/// ```
/// use alys_models::lifecycle::LifecycleModel;
///
/// let model = LifecycleModel::new(3);
/// assert!(model.start_order().is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LifecycleModel {
    history_kept: usize,
    /// In the order of registration.
    actors: Vec<ActorModel>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct ActorModel {
    name: u8,
    dependencies: Vec<u8>,
    history: Vec<ModelEntry>,
}

impl ActorModel {
    fn state(&self) -> ModelState {
        self.history.last().map_or(ModelState::Uninitialized, |entry| entry.to)
    }
}

impl Default for LifecycleModel {
    fn default() -> Self {
        Self::new(1024)
    }
}

impl LifecycleModel {
    /// Nobody registered; of each history so many of the last entries are shown.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_models::lifecycle::LifecycleModel;
    ///
    /// assert_eq!(LifecycleModel::new(1024), LifecycleModel::default());
    /// ```
    #[must_use]
    pub fn new(history_kept: usize) -> Self {
        Self { history_kept, actors: Vec::new() }
    }

    /// Applies one call and answers what the real thing must answer.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_models::lifecycle::{LifecycleModel, LifecycleOutcome, LifecycleTransition};
    ///
    /// let remove = LifecycleTransition::Remove { actor: 0 };
    /// assert_eq!(LifecycleModel::default().apply(&remove), LifecycleOutcome::Unknown);
    /// ```
    pub fn apply(&mut self, transition: &LifecycleTransition) -> LifecycleOutcome {
        use LifecycleTransition as T;
        match *transition {
            T::Register { actor, ref dependencies } => self.register(actor, dependencies),
            T::Remove { actor } => self.remove(actor),
            T::Fire { actor, trigger, reason } => self.fire(actor, trigger, reason),
            T::Report { actor, from, to, reason } => self.report(actor, from, to, reason),
            T::Verify { actor, ref expected } => LifecycleOutcome::Verified(self.verify(actor, expected)),
            T::State { actor } => LifecycleOutcome::In(self.state(actor)),
            T::History { actor } => self.history(actor),
            T::Census => LifecycleOutcome::Counted(self.census()),
            T::StartOrder => LifecycleOutcome::Ordered(self.start_order()),
            T::StopOrder => LifecycleOutcome::Ordered(self.stop_order()),
        }
    }

    fn find(&self, actor: u8) -> Option<&ActorModel> {
        self.actors.iter().find(|one| one.name == actor)
    }

    /// LC-5, LC-6: dependencies exist, nobody depends on itself, and a name is taken until Stopped.
    fn register(&mut self, actor: u8, dependencies: &[u8]) -> LifecycleOutcome {
        let unknown = |one: &&u8| **one != actor && self.find(**one).is_none();
        if let Some(unknown) = dependencies.iter().find(unknown) {
            return LifecycleOutcome::UnknownDependency(*unknown);
        }
        if let Some(path) = self.cycle(actor, dependencies) {
            return LifecycleOutcome::Cycle(path);
        }
        if let Some(state) = self.state(actor).filter(|state| *state != ModelState::Stopped) {
            return LifecycleOutcome::Taken(state);
        }
        let mut declared = Vec::new();
        for one in dependencies {
            if !declared.contains(one) {
                declared.push(*one);
            }
        }
        self.actors.retain(|one| one.name != actor);
        self.actors.push(ActorModel { name: actor, dependencies: declared, history: Vec::new() });
        LifecycleOutcome::Registered
    }

    /// All paths along dependencies, the shorter ones first, until one is back where it began. No path is longer than
    /// there are actors, since those that are registered form no cycle.
    fn cycle(&self, actor: u8, dependencies: &[u8]) -> Option<Vec<u8>> {
        let mut paths: Vec<Vec<u8>> = dependencies.iter().map(|one| vec![actor, *one]).collect();
        while !paths.is_empty() {
            if let Some(closed) = paths.iter().find(|path| path.last() == Some(&actor)) {
                return Some(closed.clone());
            }
            let longer = |path: &Vec<u8>| -> Vec<Vec<u8>> {
                let last = path.last().and_then(|last| self.find(*last));
                let further = last.map(|one| one.dependencies.clone()).unwrap_or_default();
                further.into_iter().map(|one| [path.clone(), vec![one]].concat()).collect()
            };
            paths = paths.iter().flat_map(longer).collect();
        }
        None
    }

    fn remove(&mut self, actor: u8) -> LifecycleOutcome {
        let Some(state) = self.state(actor) else { return LifecycleOutcome::Unknown };
        let dependents = self.actors.iter().filter(|one| one.dependencies.contains(&actor));
        let dependents: Vec<u8> = dependents.map(|one| one.name).collect();
        if !dependents.is_empty() {
            return LifecycleOutcome::Needed(dependents);
        }
        if state != ModelState::Stopped {
            return LifecycleOutcome::NotStopped(state);
        }
        self.actors.retain(|one| one.name != actor);
        LifecycleOutcome::Removed
    }

    fn fire(&mut self, actor: u8, trigger: ModelTrigger, reason: Option<u8>) -> LifecycleOutcome {
        let Some(from) = self.state(actor) else { return LifecycleOutcome::Unknown };
        match next(from, trigger) {
            Some(to) => {
                self.note(actor, ModelEntry { from, to, reason, sequence: 0 });
                LifecycleOutcome::Moved(to)
            }
            None => LifecycleOutcome::Refused { from, trigger },
        }
    }

    /// LC-1: what the table does not have is refused first, then who is unknown, then what is stale.
    fn report(
        &mut self,
        actor: u8,
        from: ModelState,
        to: ModelState,
        reason: Option<u8>,
    ) -> LifecycleOutcome {
        if !allowed(from, to) {
            return LifecycleOutcome::Forbidden { from, to };
        }
        match self.state(actor) {
            None => LifecycleOutcome::Unknown,
            Some(current) if current != from => LifecycleOutcome::Stale { from, to, current },
            Some(_) => {
                self.note(actor, ModelEntry { from, to, reason, sequence: 0 });
                LifecycleOutcome::Moved(to)
            }
        }
    }

    /// Writes an entry down, under the number of those before it.
    fn note(&mut self, actor: u8, entry: ModelEntry) {
        for one in self.actors.iter_mut().filter(|one| one.name == actor) {
            let sequence = one.history.len() as u64;
            one.history.push(ModelEntry { sequence, ..entry });
        }
    }

    /// The state of an actor, if anybody has the name.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(alys_models::lifecycle::LifecycleModel::default().state(0), None);
    /// ```
    #[must_use]
    pub fn state(&self, actor: u8) -> Option<ModelState> {
        self.find(actor).map(ActorModel::state)
    }

    /// What an actor declared, each dependency once.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(alys_models::lifecycle::LifecycleModel::default().dependencies(0), None);
    /// ```
    #[must_use]
    pub fn dependencies(&self, actor: u8) -> Option<&[u8]> {
        self.find(actor).map(|one| &*one.dependencies)
    }

    /// The last entries of an actor's history, and how many came before them (LC-3).
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_models::lifecycle::{LifecycleModel, LifecycleOutcome};
    ///
    /// assert_eq!(LifecycleModel::default().history(0), LifecycleOutcome::Unknown);
    /// ```
    #[must_use]
    pub fn history(&self, actor: u8) -> LifecycleOutcome {
        let Some(one) = self.find(actor) else { return LifecycleOutcome::Unknown };
        let dropped = one.history.len().saturating_sub(self.history_kept);
        LifecycleOutcome::Lived {
            state: one.state(),
            dropped: dropped as u64,
            entries: one.history[dropped..].to_vec(),
        }
    }

    /// Whether an actor made exactly these transitions, and all of them are kept.
    ///
    /// # Examples
    ///
    /// ```
    /// assert!(!alys_models::lifecycle::LifecycleModel::default().verify(0, &[]));
    /// ```
    #[must_use]
    pub fn verify(&self, actor: u8, expected: &[(ModelState, ModelState)]) -> bool {
        let Some(one) = self.find(actor) else { return false };
        let went: Vec<_> = one.history.iter().map(|entry| (entry.from, entry.to)).collect();
        went.len() <= self.history_kept && went == expected
    }

    /// Every registered actor, in the order of registration.
    ///
    /// # Examples
    ///
    /// ```
    /// assert!(alys_models::lifecycle::LifecycleModel::default().registered().is_empty());
    /// ```
    #[must_use]
    pub fn registered(&self) -> Vec<u8> {
        self.actors.iter().map(|one| one.name).collect()
    }

    /// How many actors are in each state, by its number (LC-2).
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(alys_models::lifecycle::LifecycleModel::default().census(), [0; 7]);
    /// ```
    #[must_use]
    pub fn census(&self) -> [usize; 7] {
        ModelState::ALL.map(|state| self.actors.iter().filter(|one| one.state() == state).count())
    }

    /// Again and again the first registered actor that is not in the order yet and whose dependencies are (LC-6).
    ///
    /// # Examples
    ///
    /// ```
    /// assert!(alys_models::lifecycle::LifecycleModel::default().start_order().is_empty());
    /// ```
    #[must_use]
    pub fn start_order(&self) -> Vec<u8> {
        let mut order: Vec<u8> = Vec::new();
        let ready = |order: &[u8]| {
            let mut left = self.actors.iter().filter(|one| !order.contains(&one.name));
            left.find(|one| one.dependencies.iter().all(|name| order.contains(name))).map(|one| one.name)
        };
        while let Some(name) = ready(&order) {
            order.push(name);
        }
        order
    }

    /// The start order from its end (LC-6).
    ///
    /// # Examples
    ///
    /// ```
    /// assert!(alys_models::lifecycle::LifecycleModel::default().stop_order().is_empty());
    /// ```
    #[must_use]
    pub fn stop_order(&self) -> Vec<u8> {
        self.start_order().into_iter().rev().collect()
    }
}

//! One tree for many threads: the lock around it, its clock, its names, and whom to wake.

use std::{
    sync::Arc as StdArc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use rustc_hash::FxHashMap;

use super::{
    config::SupervisionConfig,
    end::{End, Fatal, Unresponsive},
    error::{Refusal, SpecError},
    inner::{Calls, Inner},
    lifecycle::{LifecycleState, Registry, RegistryError, Trigger},
    mailbox::Clock,
    notice::{Book, Notices},
    policy::SupervisorSpec,
    signal::Signal,
    sync::{Arc, Mutex},
    tree::Tree,
    words::{Action, Event, NodeId},
};

/// A supervised system: a [`Tree`] behind one lock, with its registry of names and its clock.
///
/// Every report and request is one step of the tree under the lock. What follows is carried out in that order: state
/// transitions are recorded before the lock is released, shells are woken after it, and each asks for its order itself,
/// so that none can be overtaken. Handles are cheap to clone; all of them mean the same system.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use alys_actor::{
///     TokioClock,
///     lifecycle::LifecycleState,
///     supervision::{Supervision, SupervisionConfig, SupervisorSpec},
/// };
///
/// let supervision = Supervision::new(&SupervisionConfig::default(), Arc::new(TokioClock::new()))?;
/// supervision.add_supervisor("sync", "root", &SupervisorSpec::default())?;
/// supervision.start("root")?;
/// assert_eq!(supervision.registry().monitor().current_state("sync"), Some(LifecycleState::Running));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Supervision {
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    clock: StdArc<dyn Clock>,
    registry: Registry,
    pub(super) inner: Mutex<Inner>,
    /// Raised when the next timer of the tree is another one.
    pub(super) timer_changed: Signal,
}

impl Supervision {
    /// A system with nothing but its root supervisor, which is called `root` unless the configuration says otherwise.
    ///
    /// # Errors
    ///
    /// * [`SpecError::Policy`] when the root's specification is out of range;
    /// * [`SpecError::Lifecycle`] when the configuration of the monitor is.
    ///
    /// # Examples
    ///
    /// See [`Supervision`].
    pub fn new(config: &SupervisionConfig, clock: StdArc<dyn Clock>) -> Result<Self, SpecError> {
        let SupervisionConfig { root, spec, seed, lifecycle, notices_kept } = config;
        let tree = Tree::new(root, spec, *seed)?;
        let registry = Registry::new(*lifecycle)?;
        registry.register(root, &[])?;
        let mut names = FxHashMap::default();
        names.insert(root.clone(), tree.root());
        let inner = Inner {
            tree,
            root: root.clone(),
            names,
            shells: FxHashMap::default(),
            armed: None,
            book: Book::new(*notices_kept),
            end: None,
            waiting_for_the_end: Vec::new(),
        };
        let timer_changed = Signal::new();
        Ok(Supervision {
            shared: Arc::new(Shared { clock, registry, inner: Mutex::new(inner), timer_changed }),
        })
    }

    /// The names, states, histories and orders of everybody in the system.
    ///
    /// To be read: what a tree decides is recorded here, and a transition that somebody else records makes it a lie.
    ///
    /// # Examples
    ///
    /// See [`Supervision`].
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.shared.registry
    }

    /// The clock of the system.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use alys_actor::{TokioClock, supervision::{Supervision, SupervisionConfig}};
    /// let supervision = Supervision::new(&SupervisionConfig::default(), Arc::new(TokioClock::new()))?;
    /// assert!(supervision.clock().now() <= supervision.clock().now());
    /// # Ok::<(), alys_actor::supervision::SpecError>(())
    /// ```
    #[must_use]
    pub fn clock(&self) -> &StdArc<dyn Clock> {
        &self.shared.clock
    }

    /// Puts a supervisor under another one; it starts with [`start`](Supervision::start).
    ///
    /// # Errors
    ///
    /// As [`Tree::add_supervisor`], and [`SpecError::Registry`] when the name is taken.
    ///
    /// # Examples
    ///
    /// See [`Supervision`].
    pub fn add_supervisor(&self, name: &str, parent: &str, spec: &SupervisorSpec) -> Result<(), SpecError> {
        self.add(name, parent, &[], |tree, parent| tree.add_supervisor(name, parent, spec)).map(|_| ())
    }

    /// Registers a name and puts its node into the tree, or does neither.
    pub(super) fn add(
        &self,
        name: &str,
        parent: &str,
        dependencies: &[&str],
        add: impl FnOnce(&mut Tree, NodeId) -> Result<NodeId, SpecError>,
    ) -> Result<(NodeId, impl std::ops::DerefMut<Target = Inner>), SpecError> {
        let mut inner = self.shared.inner.lock();
        let Some(above) = inner.names.get(parent).copied() else {
            return Err(SpecError::UnknownParent { name: name.to_owned(), parent: parent.to_owned() });
        };
        inner.tree.check_parent(name, above)?;
        let former = inner.names.get(name).copied();
        let stopped = former.filter(|former| inner.tree.state(*former) == Some(LifecycleState::Stopped));
        if let Some(dependents) = stopped.map(|former| inner.children(former)).filter(|all| !all.is_empty()) {
            return Err(RegistryError::Needed { name: name.to_owned(), dependents }.into());
        }
        let dependencies: Vec<&str> = dependencies.iter().copied().chain([parent]).collect();
        // The tree refuses what its specification does not allow before the name is taken, and a name that is refused
        // takes its node out again.
        let node = add(&mut inner.tree, above)?;
        if let Err(refused) = self.shared.registry.register(name, &dependencies) {
            inner.tree.discard(node);
            return Err(refused.into());
        }
        if let Some(former) = former {
            inner.forget(former);
        }
        // Where nobody must come after it, it is last, as it is in the tree: no other place changes.
        if former.is_some() && self.shared.registry.is_needed(name) {
            let order: Vec<NodeId> = self.in_start_order(&inner, name, node);
            inner.tree.reorder(&order);
        }
        inner.names.insert(name.to_owned(), node);
        Ok((node, inner))
    }

    /// The nodes in the order of the registry, with a new one that has no name yet.
    fn in_start_order(&self, inner: &Inner, name: &str, node: NodeId) -> Vec<NodeId> {
        let order = self.shared.registry.start_order();
        let id = |one: &String| if one == name { Some(node) } else { inner.names.get(one).copied() };
        order.iter().filter_map(id).collect()
    }

    /// Starts what was not started yet at and below this name, in the order of dependencies, each after the start hook
    /// of the one before it.
    ///
    /// # Errors
    ///
    /// A [`Refusal`]; nothing was changed.
    ///
    /// # Examples
    ///
    /// See [`Supervision`].
    pub fn start(&self, name: &str) -> Result<(), Refusal> {
        self.request(name, Event::Start)
    }

    /// Stops this name and what is below it, in the reverse order.
    ///
    /// # Errors
    ///
    /// * [`Refusal::Unknown`] when nobody has the name.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use alys_actor::{TokioClock, supervision::{Refusal, Supervision, SupervisionConfig}};
    /// let supervision = Supervision::new(&SupervisionConfig::default(), Arc::new(TokioClock::new()))?;
    /// assert_eq!(supervision.stop("peer"), Err(Refusal::Unknown { name: "peer".to_owned() }));
    /// # Ok::<(), alys_actor::supervision::SpecError>(())
    /// ```
    pub fn stop(&self, name: &str) -> Result<(), Refusal> {
        self.request(name, Event::Stop)
    }

    /// Restarts this name, which must run, and what is below it; no grant is needed for that.
    ///
    /// # Errors
    ///
    /// A [`Refusal`]; nothing was changed.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use alys_actor::{TokioClock, supervision::{Supervision, SupervisionConfig}};
    /// let supervision = Supervision::new(&SupervisionConfig::default(), Arc::new(TokioClock::new()))?;
    /// assert!(supervision.restart("root").is_err(), "it was not started");
    /// # Ok::<(), alys_actor::supervision::SpecError>(())
    /// ```
    pub fn restart(&self, name: &str) -> Result<(), Refusal> {
        self.request(name, Event::Restart)
    }

    /// Begins to stop everything: stop hooks have `graceful` from now on; then actors are dropped as they are, and what
    /// is not gone `forced` later is unresponsive. [`ended`](Supervision::ended) says when it is over (LC-7).
    ///
    /// # Examples
    ///
    /// See [`adopt`](crate::supervised::adopt).
    pub fn shut_down(&self, graceful: Duration, forced: Duration) {
        // Only requests about names are refused.
        let _ = self.handle(Event::Shutdown { graceful, forced });
    }

    fn request(&self, name: &str, event: fn(NodeId) -> Event) -> Result<(), Refusal> {
        let unknown = || Refusal::Unknown { name: name.to_owned() };
        // The name means whoever has it in the very step that acts on it.
        self.step(|inner| inner.names.get(name).copied().map(event).ok_or_else(unknown))
    }

    /// One step of the tree at the present time; what follows is carried out before this returns.
    ///
    /// For shells, and for those who write one.
    ///
    /// # Errors
    ///
    /// A [`Refusal`]; reports, ticks and shutdowns are never refused.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use alys_actor::{TokioClock, supervision::{Event, Supervision, SupervisionConfig}};
    /// let supervision = Supervision::new(&SupervisionConfig::default(), Arc::new(TokioClock::new()))?;
    /// assert_eq!(supervision.handle(Event::Tick), Ok(()));
    /// # Ok::<(), alys_actor::supervision::SpecError>(())
    /// ```
    pub fn handle(&self, event: Event) -> Result<(), Refusal> {
        self.step(|_| Ok(event))
    }

    fn step(&self, event: impl FnOnce(&Inner) -> Result<Event, Refusal>) -> Result<(), Refusal> {
        let mut calls = Calls::default();
        {
            let mut inner = self.shared.inner.lock();
            let event = event(&inner)?;
            let actions = inner.tree.handle(event, self.shared.clock.now())?;
            for action in actions {
                self.carry_out(&mut inner, action, &mut calls);
            }
            let next = inner.tree.next_timer();
            calls.timer_changed = inner.armed != next;
            inner.armed = next;
        }
        if calls.timer_changed {
            self.shared.timer_changed.raise();
        }
        calls.shells.iter().for_each(|shell| shell.raise());
        calls.ended.into_iter().for_each(Waker::wake);
        Ok(())
    }

    /// Does what must be done under the lock, and notes what is to be done after it.
    fn carry_out(&self, inner: &mut Inner, action: Action, calls: &mut Calls) {
        match action {
            Action::Transition { node, trigger, reason, .. } => self.record(inner, node, trigger, reason),
            Action::Wake(node) => {
                calls.shells.extend(inner.shells.get(&node).map(|one| Arc::clone(&one.signal)))
            }
            Action::Down { unresponsive } => {
                inner.end = Some(unresponsive.into_iter().map(|node| inner.unresponsive(node)).collect());
            }
            other => inner.note(other),
        }
        let down = inner.tree.state(inner.tree.root()) == Some(LifecycleState::Stopped);
        if down || inner.end.is_some() {
            calls.ended.append(&mut inner.waiting_for_the_end);
        }
    }

    /// Writes a transition down in the monitor, which must know it as the tree does.
    fn record(&self, inner: &Inner, node: NodeId, trigger: Trigger, reason: Option<String>) {
        let Some(name) = inner.tree.name(node) else { return };
        let recorded = self.shared.registry.monitor().fire(name, trigger, reason);
        debug_assert!(recorded.is_ok(), "LC-1: {recorded:?}");
    }

    /// Forgets somebody who has stopped, so that its name and its history take no room any more.
    ///
    /// # Errors
    ///
    /// * [`RegistryError::Root`] for the root; otherwise as [`Registry::remove`]. Nothing was changed.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use alys_actor::{TokioClock, supervision::{Supervision, SupervisionConfig, SupervisorSpec}};
    /// let supervision = Supervision::new(&SupervisionConfig::default(), Arc::new(TokioClock::new()))?;
    /// supervision.add_supervisor("sync", "root", &SupervisorSpec::default())?;
    /// assert!(supervision.remove("sync").is_err(), "it has not stopped");
    /// supervision.stop("sync")?;
    /// supervision.remove("sync")?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn remove(&self, name: &str) -> Result<(), RegistryError> {
        let mut inner = self.shared.inner.lock();
        if name == inner.root {
            return Err(RegistryError::Root { name: name.to_owned() });
        }
        self.shared.registry.remove(name)?;
        if let Some(former) = inner.names.remove(name) {
            inner.forget(former);
        }
        Ok(())
    }

    /// Takes the notices that have come since the last call.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use alys_actor::{TokioClock, supervision::{Supervision, SupervisionConfig}};
    /// let supervision = Supervision::new(&SupervisionConfig::default(), Arc::new(TokioClock::new()))?;
    /// assert!(supervision.take_notices().kept.is_empty());
    /// # Ok::<(), alys_actor::supervision::SpecError>(())
    /// ```
    #[must_use]
    pub fn take_notices(&self) -> Notices {
        self.shared.inner.lock().book.take()
    }

    /// Waits until the system is down, or has come to the deadline of its shutdown.
    ///
    /// # Errors
    ///
    /// * [`Fatal`] when the root failed: the path says through whom (SV-6).
    ///
    /// # Examples
    ///
    /// See [`adopt`](crate::supervised::adopt).
    pub fn ended(&self) -> End {
        End::new(self.clone())
    }

    pub(super) fn poll_ended(&self, context: &Context<'_>) -> Poll<Result<Vec<Unresponsive>, Fatal>> {
        let mut inner = self.shared.inner.lock();
        let down = inner.tree.state(inner.tree.root()) == Some(LifecycleState::Stopped);
        if !down && inner.end.is_none() {
            inner.waiting_for_the_end.push(context.waker().clone());
            return Poll::Pending;
        }
        let unresponsive = inner.end.clone().unwrap_or_default();
        Poll::Ready(match inner.tree.fatal() {
            Some(path) => Err(Fatal { path: path.to_vec(), unresponsive }),
            None => Ok(unresponsive),
        })
    }
}

impl Clone for Supervision {
    fn clone(&self) -> Self {
        Supervision { shared: Arc::clone(&self.shared) }
    }
}

//! Reference model of supervision (rules SV-1, SV-3 to SV-6, SV-9, SV-10, and LC-6 and LC-7 for trees).
//!
//! Nodes in one list, rounds of restarts in another, stops in a third; what a node waits for is found by looking through
//! them. After each event everything that can go on does, until nothing can.
//!
//! # Examples
//!
//! ```
//! use alys_models::{
//!     lifecycle::ModelState,
//!     supervision::{ModelGroup, ModelKind, ModelStrategy, SupervisionModel, SupervisionTransition as T},
//! };
//!
//! let root = ModelKind::Supervisor { group: ModelGroup::OneForOne, max_restarts: 1, window: 10 };
//! let child = ModelKind::Child { start_within: 5, stop_within: 5 };
//! let mut model = SupervisionModel::new(root);
//! for transition in [
//!     T::Add { parent: 0, kind: child, restart: ModelStrategy::Fixed(3) },
//!     T::Start(0),
//!     T::Started(1),
//!     T::Ended(1, true),
//! ] {
//!     model.apply(&transition);
//! }
//! assert_eq!(model.state(1), ModelState::Failed);
//! model.apply(&T::Advance(3));
//! assert_eq!(model.state(1), ModelState::Recovering);
//! ```

mod abstracted;
mod failure;
mod going;
#[cfg(test)]
mod tests;
mod words;
mod world;
mod world_run;
mod world_words;

pub use words::{
    ModelGroup, ModelKind, ModelOrder, ModelRefusal, ModelStrategy, ModelVerdict, NodeNumber, NodeView,
    SupervisionOutcome, SupervisionTransition, Ticks,
};
pub use world::WorldModel;
pub use world_words::{
    Deed, HookKind, HookPlan, Opening, PostAnswer, WorldDeath, WorldOutcome, WorldTransition,
};

use crate::lifecycle::{ModelState, ModelTrigger, next};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Node {
    parent: Option<NodeNumber>,
    kind: ModelKind,
    restart: ModelStrategy,
    went: Vec<ModelState>,
    attempt: u32,
    running_since: Ticks,
    stop_wanted: bool,
    /// How many incarnations it has had.
    incarnations: u64,
    incarnation: Option<Incarnation>,
    grants: Vec<Ticks>,
    brought_down_by: Option<NodeNumber>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Incarnation {
    order: ModelOrder,
    going_down: bool,
    hook_until: Option<Ticks>,
}

/// A restart that was granted and has not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Grant {
    /// Who failed.
    failed: NodeNumber,
    /// When it may begin.
    due: Ticks,
}

/// Nodes that are started or restarted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Round {
    /// Whose old incarnation is still to be ended, in start order: the last one goes first.
    down: Vec<NodeNumber>,
    /// Who is still to be started, in start order.
    up: Vec<NodeNumber>,
    current: Option<NodeNumber>,
}

/// Nodes that stop one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Stop {
    left: Vec<NodeNumber>,
    given_up: Option<NodeNumber>,
}

/// How far a shutdown has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Shutdown {
    force_at: Option<Ticks>,
    deadline: Ticks,
    over: bool,
}

/// The reference state machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SupervisionModel {
    now: Ticks,
    nodes: Vec<Node>,
    /// The oldest first.
    to_come: Vec<Grant>,
    rounds: Vec<Round>,
    stops: Vec<Stop>,
    shutdown: Option<Shutdown>,
    /// Whose order has changed, in order.
    woken: Vec<NodeNumber>,
    outcome: SupervisionOutcome,
}

impl SupervisionModel {
    /// Nothing but a root, which is not started; the kind of the root is a supervisor.
    ///
    /// # Examples
    ///
    /// See the module.
    #[must_use]
    pub fn new(root: ModelKind) -> Self {
        let mut model = SupervisionModel {
            now: 0,
            nodes: Vec::new(),
            to_come: Vec::new(),
            rounds: Vec::new(),
            stops: Vec::new(),
            shutdown: None,
            woken: Vec::new(),
            outcome: SupervisionOutcome::default(),
        };
        model.insert(None, root, ModelStrategy::Never);
        model
    }

    fn insert(&mut self, parent: Option<NodeNumber>, kind: ModelKind, restart: ModelStrategy) {
        self.nodes.push(Node {
            parent,
            kind,
            restart,
            went: Vec::new(),
            attempt: 0,
            running_since: 0,
            stop_wanted: false,
            incarnations: 0,
            incarnation: None,
            grants: Vec::new(),
            brought_down_by: None,
        });
    }

    /// Whether a transition is about somebody there is, and reports what can be reported.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_models::supervision::{ModelGroup, ModelKind, SupervisionModel, SupervisionTransition as T};
    ///
    /// let root = ModelKind::Supervisor { group: ModelGroup::OneForOne, max_restarts: 1, window: 10 };
    /// assert!(!SupervisionModel::new(root).allows(&T::Started(0)));
    /// ```
    #[must_use]
    pub fn allows(&self, transition: &SupervisionTransition) -> bool {
        use SupervisionTransition as T;
        let exists = |node: NodeNumber| node < self.nodes.len();
        match *transition {
            T::Add { parent, .. } => exists(parent),
            T::Start(node) | T::Stop(node) | T::Restart(node) => exists(node),
            T::Started(node) | T::Ended(node, _) => exists(node) && self.nodes[node].incarnation.is_some(),
            T::Stale(node, _) => exists(node) && self.former(node) > 0,
            T::Shutdown(..) | T::Advance(_) => true,
        }
    }

    /// How many incarnations of a node are gone.
    #[must_use]
    pub fn former(&self, node: NodeNumber) -> u64 {
        self.nodes[node].incarnations - u64::from(self.nodes[node].incarnation.is_some())
    }

    /// Applies one transition and answers what the real thing must answer.
    ///
    /// # Examples
    ///
    /// See the module.
    pub fn apply(&mut self, transition: &SupervisionTransition) -> SupervisionOutcome {
        use SupervisionTransition as T;
        self.outcome = SupervisionOutcome::default();
        self.woken.clear();
        match *transition {
            T::Add { parent, kind, restart } => self.add(parent, kind, restart),
            T::Start(node) => self.start(node),
            T::Stop(node) => self.stop(node, None),
            T::Restart(node) => self.restart_planned(node),
            T::Shutdown(graceful, forced) => self.shut_down(graceful, forced),
            T::Started(node) => self.started(node),
            T::Ended(node, failed) => self.ended(node, failed),
            T::Stale(..) => {}
            T::Advance(ticks) => self.advance(ticks),
        }
        self.go_on();
        self.outcome.clone()
    }

    fn add(&mut self, parent: NodeNumber, kind: ModelKind, restart: ModelStrategy) {
        let refused = match self.nodes[parent].kind {
            ModelKind::Child { .. } => Some(ModelRefusal::ParentNotSupervisor),
            ModelKind::Supervisor { .. } if self.nodes[parent].stop_wanted => {
                Some(ModelRefusal::ParentStopped(self.state(parent)))
            }
            ModelKind::Supervisor { .. } => None,
        };
        match refused {
            None => self.insert(Some(parent), kind, restart),
            refused => self.outcome.refused = refused,
        }
    }

    /// The state of a node.
    ///
    /// # Examples
    ///
    /// See the module.
    #[must_use]
    pub fn state(&self, node: NodeNumber) -> ModelState {
        self.nodes[node].went.last().copied().unwrap_or(ModelState::Uninitialized)
    }

    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Never: there is the root.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// What a node is.
    #[must_use]
    pub fn kind(&self, node: NodeNumber) -> ModelKind {
        self.nodes[node].kind
    }

    /// How a node is restarted.
    #[must_use]
    pub fn restart(&self, node: NodeNumber) -> ModelStrategy {
        self.nodes[node].restart
    }

    /// The supervisor of a node.
    #[must_use]
    pub fn parent(&self, node: NodeNumber) -> Option<NodeNumber> {
        self.nodes[node].parent
    }

    /// Everything about a node that can be seen from outside.
    #[must_use]
    pub fn view(&self, node: NodeNumber) -> NodeView<'_> {
        let one = &self.nodes[node];
        let order = one.incarnation.map(|incarnation| (one.incarnations, incarnation.order));
        NodeView { state: self.state(node), order, went: &one.went }
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Ticks {
        self.now
    }

    /// Every time at which something is due, or at which the oldest grant of a supervisor leaves its window, the
    /// earliest first: where a test should look just before, at and just after.
    #[must_use]
    pub fn edges(&self) -> Vec<Ticks> {
        let mut edges: Vec<Ticks> = self.timers();
        for node in &self.nodes {
            if let ModelKind::Supervisor { window, .. } = node.kind {
                edges.extend(node.grants.first().map(|granted| granted + window));
            }
            let window = node.parent.and_then(|parent| match self.nodes[parent].kind {
                ModelKind::Supervisor { window, .. } => Some(window),
                ModelKind::Child { .. } => None,
            });
            let runs = node.went.last() == Some(&ModelState::Running) && node.attempt > 0;
            edges.extend(window.filter(|_| runs).map(|window| node.running_since + window));
        }
        edges.retain(|at| *at > self.now);
        edges.sort_unstable();
        edges.dedup();
        edges
    }

    /// How many timers are due by then.
    #[must_use]
    pub fn timers_due(&self, by: Ticks) -> usize {
        self.timers().into_iter().filter(|at| *at <= by).count()
    }

    /// Whose order the last transition has changed, in order.
    #[must_use]
    pub fn woken(&self) -> &[NodeNumber] {
        &self.woken
    }

    /// When the next timer is due.
    #[must_use]
    pub fn next_timer(&self) -> Option<Ticks> {
        self.timers().into_iter().min()
    }

    fn timers(&self) -> Vec<Ticks> {
        let backoffs = self.to_come.iter().map(|grant| grant.due).filter(|due| *due > self.now);
        let hooks = self.nodes.iter().filter_map(|node| node.incarnation).filter_map(|one| one.hook_until);
        let shutdown = self.shutdown.filter(|shutdown| !shutdown.over);
        let shutdown = shutdown.into_iter().flat_map(|one| one.force_at.into_iter().chain([one.deadline]));
        backoffs.chain(hooks).chain(shutdown).collect()
    }

    /// Sends a node along the table.
    fn fire(&mut self, node: NodeNumber, trigger: ModelTrigger) {
        let from = self.state(node);
        let to = next(from, trigger).unwrap_or_else(|| panic!("{trigger:?} in {from:?}"));
        if from == ModelState::Running
            && let Some(parent) = self.nodes[node].parent
            && let ModelKind::Supervisor { window, .. } = self.nodes[parent].kind
            && self.now - self.nodes[node].running_since >= window
        {
            self.nodes[node].attempt = 0;
        }
        if to == ModelState::Running {
            self.nodes[node].running_since = self.now;
        }
        self.nodes[node].went.push(to);
    }

    /// The node, and all below it, in start order.
    fn below(&self, node: NodeNumber) -> Vec<NodeNumber> {
        let is_below = |one: &NodeNumber| {
            let mut up = Some(*one);
            while let Some(here) = up {
                if here == node {
                    return true;
                }
                up = self.nodes[here].parent;
            }
            false
        };
        (0..self.nodes.len()).filter(is_below).collect()
    }

    /// Whether its turn in a round under way is still to come, or is now.
    fn is_ahead(&self, node: NodeNumber) -> bool {
        self.rounds.iter().any(|round| round.up.contains(&node) || round.current == Some(node))
    }

    /// Whom the restart of a failed node restarts: its group, and all below it.
    fn scope(&self, failed: NodeNumber) -> Vec<NodeNumber> {
        let Some(parent) = self.nodes[failed].parent else { return vec![failed] };
        let ModelKind::Supervisor { group, .. } = self.nodes[parent].kind else { return vec![failed] };
        let goes_along = |one: &NodeNumber| match group {
            ModelGroup::OneForOne => *one == failed,
            ModelGroup::OneForAll => self.nodes[*one].parent == Some(parent),
            ModelGroup::RestForOne => self.nodes[*one].parent == Some(parent) && *one >= failed,
        };
        let heads = (0..self.nodes.len()).filter(goes_along);
        let mut scope: Vec<NodeNumber> = heads.flat_map(|head| self.below(head)).collect();
        scope.sort_unstable();
        scope
    }

    /// Whether a restart that has not begun will restart it.
    fn is_granted(&self, node: NodeNumber) -> bool {
        self.to_come.iter().any(|grant| self.scope(grant.failed).contains(&node))
    }

    fn is_restartable(&self, node: NodeNumber) -> bool {
        use ModelState::{Stopped, Stopping, Uninitialized};
        let over = matches!(self.state(node), Uninitialized | Stopping | Stopped);
        !over && !self.nodes[node].stop_wanted
    }
}

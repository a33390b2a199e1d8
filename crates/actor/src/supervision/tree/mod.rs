//! The decisions of supervision: a plain state machine of a whole tree, told what happens and when.

mod decide;
mod node;
mod report;
mod round;
mod stop;

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use self::{
    node::{Kind, Node, Number},
    round::Round,
    stop::StopPlan,
};
use super::{
    error::{Refusal, SpecError},
    jitter::Jitter,
    lifecycle::{LifecycleState, Trigger, next},
    mailbox::Time,
    policy::{ChildSpec, SupervisorSpec},
    words::{Action, Event, IncarnationId, NodeId, Order},
};

/// What a timer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Timer {
    /// The backoff of a child of this supervisor ends.
    Backoff(NodeId, NodeId),
    /// A hook must be done.
    Hook(NodeId, IncarnationId),
    /// What is left of a shutdown is dropped.
    Force,
    /// A shutdown must be over.
    Deadline,
}

/// A tree of supervisors and children: every decision of supervision, without a lock, a clock or an actor.
///
/// [`handle`](Tree::handle) is told an [`Event`] and the time, and answers with what follows from it. A shell does what
/// [`order`](Tree::order) says with the incarnation of its child, and reports; it asks again whenever an
/// [`Action::Wake`] names its child. [`next_timer`](Tree::next_timer) says when to tell an [`Event::Tick`].
///
/// # Examples
///
/// ```
/// use alys_actor::{
///     lifecycle::LifecycleState,
///     mailbox::Time,
///     supervision::{ChildSpec, Event, FailureReason, Order, SupervisorSpec, Tree},
/// };
///
/// let mut tree = Tree::new("root", &SupervisorSpec::default(), 0)?;
/// let child = tree.add_child("chain", tree.root(), &ChildSpec::default())?;
/// tree.handle(Event::Start(tree.root()), Time::ZERO)?;
/// let (first, order) = tree.order(child).unwrap();
/// assert_eq!(order, Order::Start { first: true });
/// tree.handle(Event::Started(child, first), Time::ZERO)?;
///
/// let reason = Some(FailureReason::Panicked("no such block".to_owned()));
/// tree.handle(Event::Ended(child, first, reason), Time::ZERO)?;
/// let (second, order) = tree.order(child).unwrap();
/// assert_eq!(order, Order::Start { first: false });
/// assert_eq!(tree.state(child), Some(LifecycleState::Recovering));
/// assert_ne!(first, second);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Tree {
    nodes: FxHashMap<NodeId, Node>,
    root: NodeId,
    /// Under way, by number, which is their age.
    rounds: BTreeMap<Number, Round>,
    /// Granted restarts whose backoff is over and that wait for a round: their age, the supervisor, and who failed.
    held_up: BTreeSet<(Number, NodeId, NodeId)>,
    stops: BTreeMap<Number, StopPlan>,
    timers: BTreeSet<(Time, Number, Timer)>,
    issued: u64,
    jitter: Jitter,
    fatal: Option<Vec<String>>,
    shutdown: Shutdown,
    /// What the event under way has led to so far.
    actions: Vec<Action>,
}

/// How far a shutdown has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shutdown {
    No,
    Graceful,
    Forced,
    Over,
}

impl Tree {
    /// A tree with nothing but its root; the seed is where random jitter starts.
    ///
    /// # Errors
    ///
    /// * [`SpecError::Policy`] when the specification is out of range.
    ///
    /// # Examples
    ///
    /// See [`Tree`].
    pub fn new(name: &str, spec: &SupervisorSpec, seed: u64) -> Result<Self, SpecError> {
        spec.validate().map_err(|policy| SpecError::Policy { name: name.to_owned(), policy })?;
        let root = NodeId(0);
        let mut nodes = FxHashMap::default();
        nodes.insert(root, Node::supervisor(name, None, 0, spec));
        Ok(Tree {
            nodes,
            root,
            rounds: BTreeMap::new(),
            held_up: BTreeSet::new(),
            stops: BTreeMap::new(),
            timers: BTreeSet::new(),
            issued: 1,
            jitter: Jitter::seeded(seed),
            fatal: None,
            shutdown: Shutdown::No,
            actions: Vec::new(),
        })
    }

    /// The supervisor of all.
    ///
    /// # Examples
    ///
    /// See [`Tree`].
    #[must_use]
    pub fn root(&self) -> NodeId {
        self.root
    }

    /// Puts a supervisor under another one, last in the start order; it is not started yet.
    ///
    /// # Errors
    ///
    /// * [`SpecError::Policy`] when the specification is out of range;
    /// * [`SpecError::UnknownParent`], [`SpecError::ParentNotSupervisor`] or [`SpecError::ParentStopped`] when nobody can
    ///   be put there.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::supervision::{ChildSpec, SupervisorSpec, Tree};
    ///
    /// let mut tree = Tree::new("root", &SupervisorSpec::default(), 0)?;
    /// let sync = tree.add_supervisor("sync", tree.root(), &SupervisorSpec::default())?;
    /// let peer = tree.add_child("peer", sync, &ChildSpec::default())?;
    /// assert!(tree.add_child("stream", peer, &ChildSpec::default()).is_err());
    /// # Ok::<(), alys_actor::supervision::SpecError>(())
    /// ```
    pub fn add_supervisor(
        &mut self,
        name: &str,
        parent: NodeId,
        spec: &SupervisorSpec,
    ) -> Result<NodeId, SpecError> {
        spec.validate().map_err(|policy| SpecError::Policy { name: name.to_owned(), policy })?;
        self.check_parent(name, parent)?;
        let place = self.issue();
        Ok(self.insert(parent, NodeId(place), Node::supervisor(name, Some(parent), place, spec)))
    }

    /// Puts a child under a supervisor, last in the start order; it is not started yet.
    ///
    /// # Errors
    ///
    /// As [`add_supervisor`](Tree::add_supervisor).
    ///
    /// # Examples
    ///
    /// See [`Tree`].
    pub fn add_child(&mut self, name: &str, parent: NodeId, spec: &ChildSpec) -> Result<NodeId, SpecError> {
        spec.validate().map_err(|policy| SpecError::Policy { name: name.to_owned(), policy })?;
        self.check_parent(name, parent)?;
        let place = self.issue();
        Ok(self.insert(parent, NodeId(place), Node::child(name, parent, place, spec)))
    }

    pub(super) fn check_parent(&self, name: &str, parent: NodeId) -> Result<(), SpecError> {
        let name = name.to_owned();
        let Some(node) = self.nodes.get(&parent) else {
            return Err(SpecError::UnknownParent { name, parent: format!("{parent:?}") });
        };
        let parent = node.name.clone();
        if !node.is_supervisor() {
            return Err(SpecError::ParentNotSupervisor { name, parent });
        }
        if node.stop_wanted || node.state.is_terminal() {
            return Err(SpecError::ParentStopped { name, parent, state: node.state });
        }
        Ok(())
    }

    fn insert(&mut self, parent: NodeId, id: NodeId, node: Node) -> NodeId {
        if let Kind::Supervisor(supervisor) = &mut self.node_mut(parent).kind {
            supervisor.children.push(id);
            supervisor.live += 1;
        }
        self.nodes.insert(id, node);
        id
    }

    /// Forgets a node that has stopped and has nothing below it any more; `false` when it is not such a one.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::supervision::{SupervisorSpec, Tree};
    ///
    /// let mut tree = Tree::new("root", &SupervisorSpec::default(), 0)?;
    /// assert!(!tree.remove(tree.root()));
    /// # Ok::<(), alys_actor::supervision::SpecError>(())
    /// ```
    pub fn remove(&mut self, node: NodeId) -> bool {
        let Some(gone) = self.nodes.get(&node) else { return false };
        let childless = gone.as_supervisor().is_none_or(|supervisor| supervisor.children.is_empty());
        if gone.parent.is_none() || !gone.state.is_terminal() || !childless {
            return false;
        }
        self.discard(node);
        true
    }

    /// Takes a node out that was added last and that nothing has happened to yet.
    pub(super) fn discard(&mut self, node: NodeId) {
        let Some(gone) = self.nodes.remove(&node) else { return };
        let Some(parent) = gone.parent else { return };
        if let Kind::Supervisor(supervisor) = &mut self.node_mut(parent).kind {
            supervisor.children.retain(|child| *child != node);
            supervisor.live -= usize::from(!gone.state.is_terminal());
        }
    }

    /// Gives the nodes other places in the start order: those that are named come in this order.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::supervision::{ChildSpec, SupervisorSpec, Tree};
    ///
    /// let mut tree = Tree::new("root", &SupervisorSpec::default(), 0)?;
    /// let chain = tree.add_child("chain", tree.root(), &ChildSpec::default())?;
    /// let storage = tree.add_child("storage", tree.root(), &ChildSpec::default())?;
    /// tree.reorder(&[tree.root(), storage, chain]);
    /// assert_eq!(tree.start_order(tree.root()), [tree.root(), storage, chain]);
    /// # Ok::<(), alys_actor::supervision::SpecError>(())
    /// ```
    pub fn reorder(&mut self, order: &[NodeId]) {
        for node in order {
            let place = self.issue();
            if let Some(node) = self.nodes.get_mut(node) {
                node.place = place;
            }
        }
    }

    /// A node and all that is below it, in the order in which they start; the reverse is the order in which they stop.
    ///
    /// # Examples
    ///
    /// See [`reorder`](Tree::reorder).
    #[must_use]
    pub fn start_order(&self, node: NodeId) -> Vec<NodeId> {
        self.ordered([node])
    }

    /// All that is at or below these nodes, in start order.
    fn ordered(&self, nodes: impl IntoIterator<Item = NodeId>) -> Vec<NodeId> {
        let mut found: Vec<NodeId> = nodes.into_iter().filter(|node| self.nodes.contains_key(node)).collect();
        let mut looked_at = 0;
        while let Some(node) = found.get(looked_at) {
            if let Some(supervisor) = self.node(*node).as_supervisor() {
                found.extend_from_slice(&supervisor.children);
            }
            looked_at += 1;
        }
        found.sort_unstable_by_key(|node| self.node(*node).place);
        found
    }

    /// What an event leads to.
    ///
    /// Reports about an incarnation that its tree does not have any more change nothing (SV-9).
    ///
    /// # Errors
    ///
    /// A request that cannot be met: see [`Refusal`]; it changed nothing. Reports and ticks are never refused.
    ///
    /// # Examples
    ///
    /// See [`Tree`].
    pub fn handle(&mut self, event: Event, now: Time) -> Result<Vec<Action>, Refusal> {
        match event {
            Event::Start(node) => self.start(node, now)?,
            Event::Stop(node) => {
                self.known(node)?;
                self.stop(node, now);
            }
            Event::Restart(node) => self.restart(node, now)?,
            Event::Shutdown { graceful, forced } => self.shut_down(graceful, forced, now),
            Event::Started(node, incarnation) => self.started(node, incarnation, now),
            Event::Ended(node, incarnation, reason) => self.ended(node, incarnation, reason, now),
            Event::Tick => self.tick(now),
        }
        self.begin_the_held_up(now);
        Ok(std::mem::take(&mut self.actions))
    }

    /// When the next timer is due: the time at which an [`Event::Tick`] has something to do.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::supervision::{SupervisorSpec, Tree};
    ///
    /// assert_eq!(Tree::new("root", &SupervisorSpec::default(), 0)?.next_timer(), None);
    /// # Ok::<(), alys_actor::supervision::SpecError>(())
    /// ```
    #[must_use]
    pub fn next_timer(&self) -> Option<Time> {
        self.timers.first().map(|(at, ..)| *at)
    }

    /// The incarnation that a child has, and what its shell is to do with it.
    ///
    /// # Examples
    ///
    /// See [`Tree`].
    #[must_use]
    pub fn order(&self, node: NodeId) -> Option<(IncarnationId, Order)> {
        let incarnation = self.nodes.get(&node)?.incarnation()?;
        Some((incarnation.id, incarnation.order))
    }

    /// The state of a node; `None` when there is no such node.
    ///
    /// # Examples
    ///
    /// See [`Tree`].
    #[must_use]
    pub fn state(&self, node: NodeId) -> Option<LifecycleState> {
        self.nodes.get(&node).map(|node| node.state)
    }

    /// The name of a node.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::supervision::{SupervisorSpec, Tree};
    ///
    /// let tree = Tree::new("node", &SupervisorSpec::default(), 0)?;
    /// assert_eq!(tree.name(tree.root()), Some("node"));
    /// # Ok::<(), alys_actor::supervision::SpecError>(())
    /// ```
    #[must_use]
    pub fn name(&self, node: NodeId) -> Option<&str> {
        self.nodes.get(&node).map(|node| &*node.name)
    }

    /// The supervisor of a node; the root has none.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::supervision::{SupervisorSpec, Tree};
    ///
    /// let tree = Tree::new("node", &SupervisorSpec::default(), 0)?;
    /// assert_eq!(tree.parent(tree.root()), None);
    /// # Ok::<(), alys_actor::supervision::SpecError>(())
    /// ```
    #[must_use]
    pub fn parent(&self, node: NodeId) -> Option<NodeId> {
        self.nodes.get(&node)?.parent
    }

    /// The path of the failure that stopped the system, from the root to the child, if one did (SV-6).
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::supervision::{SupervisorSpec, Tree};
    ///
    /// assert_eq!(Tree::new("node", &SupervisorSpec::default(), 0)?.fatal(), None);
    /// # Ok::<(), alys_actor::supervision::SpecError>(())
    /// ```
    #[must_use]
    pub fn fatal(&self) -> Option<&[String]> {
        self.fatal.as_deref()
    }

    fn known(&self, node: NodeId) -> Result<&Node, Refusal> {
        self.nodes.get(&node).ok_or_else(|| Refusal::Unknown { name: format!("{node:?}") })
    }

    fn node(&self, node: NodeId) -> &Node {
        self.nodes.get(&node).expect("ids inside a tree are of its nodes")
    }

    fn node_mut(&mut self, node: NodeId) -> &mut Node {
        self.nodes.get_mut(&node).expect("ids inside a tree are of its nodes")
    }

    fn issue(&mut self) -> u64 {
        self.issued += 1;
        self.issued
    }

    /// Sends a node along the table of the lifecycle.
    fn fire(&mut self, id: NodeId, trigger: Trigger, reason: Option<String>, now: Time) {
        let node = self.node_mut(id);
        let from = node.state;
        let Ok(to) = next(from, trigger) else {
            debug_assert!(false, "LC-1: {trigger} in {from}");
            return;
        };
        node.state = to;
        if to == LifecycleState::Running {
            node.running_since = now;
        }
        if from == LifecycleState::Running {
            self.forgive(id, now);
        }
        self.actions.push(Action::Transition { node: id, from, trigger, reason });
        if to == LifecycleState::Stopped {
            self.actions.push(Action::Wake(id));
            self.note_stopped(id);
        }
    }

    fn note_stopped(&mut self, id: NodeId) {
        if let Some(parent) = self.node(id).parent
            && let Kind::Supervisor(supervisor) = &mut self.node_mut(parent).kind
        {
            supervisor.live -= 1;
        }
    }

    fn set_timer(&mut self, at: Time, timer: Timer) -> (Time, Number) {
        let number = self.issue();
        self.timers.insert((at, number, timer));
        (at, number)
    }
}

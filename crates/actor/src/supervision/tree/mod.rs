//! The decisions of supervision: a plain state machine of a whole tree, told what happens and when.

mod decide;
mod members;
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
    policy::SupervisorSpec,
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
#[derive(Debug, Clone)]
pub struct Tree {
    nodes: FxHashMap<NodeId, Node>,
    root: NodeId,
    /// Under way, by number, which is their age.
    rounds: BTreeMap<Number, Round>,
    /// Granted restarts whose backoff is over and that wait for a round: their age, the supervisor, and who failed.
    held_up: BTreeSet<(Number, NodeId, NodeId)>,
    stops: BTreeMap<Number, StopPlan>,
    /// The nodes that stops under way wait for, each with the stop.
    awaited: BTreeSet<(NodeId, Number)>,
    /// The stops whose node has stopped, and that have not gone on yet.
    stops_to_advance: BTreeSet<Number>,
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
            awaited: BTreeSet::new(),
            stops_to_advance: BTreeSet::new(),
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
            self.release_stops(id);
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

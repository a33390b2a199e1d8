//! The adapter of the sequential suite: every answer of a real tree is compared, then everything that can be seen; at
//! the end all hooks succeed, and everybody must be where rule SV-10 says.

use alys_models::{
    lifecycle::ModelState,
    supervision::{
        ModelKind, ModelOrder, ModelStrategy, NodeNumber, NodeView, SupervisionModel, SupervisionOutcome,
        SupervisionTransition as T,
    },
};
use proptest_state_machine::StateMachineTest;

use super::{
    alys::{
        lifecycle::next,
        mailbox::Time,
        supervision::{Action, Event, FailureReason, IncarnationId, NodeId, SpecError, Tree},
    },
    words,
};
use crate::{
    supervision::{
        State, SupervisionReference,
        compare::{self, View},
        record,
    },
    violation::{check_eq, violated},
};

/// Steps after which a tree whose hooks all succeed must have come to rest.
const STEPS_TO_REST: usize = 1000;

/// The real tree, and what was seen of each node by its number.
#[derive(Clone, Debug)]
pub struct Machine {
    tree: Tree,
    now: Time,
    ids: Vec<NodeId>,
    seen: Vec<Seen>,
}

/// What the actions said about a node.
#[derive(Clone, Debug, Default)]
struct Seen {
    went: Vec<ModelState>,
    incarnations: Vec<IncarnationId>,
}

impl Machine {
    /// A tree whose root is of this kind.
    ///
    /// # Panics
    ///
    /// Raises a violation when a valid specification is refused.
    #[must_use]
    pub fn new(root: ModelKind) -> Self {
        let spec = words::supervisor(root, ModelStrategy::Never, words::FINEST);
        let tree = Tree::new("0", &spec, 0)
            .unwrap_or_else(|error| violated("SV-4", format!("a valid root is refused: {error}")));
        Machine { ids: vec![tree.root()], tree, now: Time::ZERO, seen: vec![Seen::default()] }
    }

    /// Makes one step and says what it was answered with.
    ///
    /// # Panics
    ///
    /// Raises a violation when an answer contradicts itself.
    pub fn step(&mut self, transition: &T) -> SupervisionOutcome {
        let event = match *transition {
            T::Add { parent, kind, restart } => return self.add(parent, kind, restart),
            T::Start(node) => Event::Start(self.ids[node]),
            T::Stop(node) => Event::Stop(self.ids[node]),
            T::Restart(node) => Event::Restart(self.ids[node]),
            T::Shutdown(graceful, forced) => Event::Shutdown {
                graceful: words::ticks(graceful, words::FINEST),
                forced: words::ticks(forced, words::FINEST),
            },
            T::Started(node) => self.report(node, false, Event::Started),
            T::Ended(node, failed) => {
                self.report(node, false, |id, name| Event::Ended(id, name, reason(failed)))
            }
            T::Stale(node, false) => self.report(node, true, Event::Started),
            T::Stale(node, true) => self.report(node, true, |id, name| Event::Ended(id, name, reason(true))),
            T::Advance(ticks) => {
                self.now = self.now.saturating_add(words::ticks(ticks, words::FINEST));
                Event::Tick
            }
        };
        match self.tree.handle(event, self.now) {
            Ok(actions) => self.read(actions),
            Err(refusal) => {
                SupervisionOutcome { refused: Some(words::refusal(refusal)), ..SupervisionOutcome::default() }
            }
        }
    }

    fn add(&mut self, parent: NodeNumber, kind: ModelKind, restart: ModelStrategy) -> SupervisionOutcome {
        let (name, parent) = (self.ids.len().to_string(), self.ids[parent]);
        let added = match kind {
            ModelKind::Supervisor { .. } => {
                self.tree.add_supervisor(&name, parent, &words::supervisor(kind, restart, words::FINEST))
            }
            ModelKind::Child { .. } => {
                self.tree.add_child(&name, parent, &words::child(kind, restart, words::FINEST))
            }
        };
        let added = added.map(|id| {
            self.ids.push(id);
            self.seen.push(Seen::default());
        });
        let refused = added.err().map(|error: SpecError| words::spec_refusal(error));
        SupervisionOutcome { refused, ..SupervisionOutcome::default() }
    }

    /// A report about the incarnation that a node has, or about the one before it.
    fn report(
        &self,
        node: NodeNumber,
        former: bool,
        event: impl Fn(NodeId, IncarnationId) -> Event,
    ) -> Event {
        let id = self.ids[node];
        let current = self.tree.order(id).map(|(name, _)| name);
        let mut known = self.seen[node].incarnations.iter().rev().filter(|name| Some(**name) != current);
        let name = if former { known.next().copied() } else { current };
        match name {
            Some(name) => event(id, name),
            None => violated("SV-9", format!("the model gives {node} an incarnation that it does not have")),
        }
    }

    /// Reads actions in the model's words.
    fn read(&mut self, actions: Vec<Action>) -> SupervisionOutcome {
        let mut outcome = SupervisionOutcome::default();
        for action in actions {
            match action {
                Action::Transition { node, from, trigger, .. } => {
                    let number = words::number(&self.ids, node);
                    let last = self.seen[number].went.last().copied();
                    check_eq(
                        "LC-3",
                        "the state that is left",
                        &last.unwrap_or(ModelState::Uninitialized),
                        &words::state(from),
                    );
                    match next(from, trigger) {
                        Ok(to) => self.seen[number].went.push(words::state(to)),
                        Err(refused) => violated("LC-1", refused.to_string()),
                    }
                }
                Action::Wake(node) => self.look(words::number(&self.ids, node)),
                Action::Decided { node, verdict } => {
                    outcome
                        .verdicts
                        .push((words::number(&self.ids, node), words::verdict(verdict, words::FINEST)));
                }
                Action::StopHookFailed { node, .. } => {
                    outcome.stop_hooks_failed.push(words::number(&self.ids, node));
                }
                Action::Fatal { path } => {
                    outcome.fatal = Some(path.iter().map(|name| numbered(name)).collect())
                }
                Action::Down { unresponsive } => {
                    let numbers = unresponsive.into_iter().map(|node| words::number(&self.ids, node));
                    outcome.down = Some(numbers.collect());
                }
                #[allow(unreachable_patterns, reason = "the twin of this source sees the enumeration whole")]
                other => violated("SV-1", format!("an action that the model does not have: {other:?}")),
            }
        }
        outcome
    }

    /// A shell that is called looks at its order; an incarnation is new to it once.
    fn look(&mut self, node: NodeNumber) {
        let Some((name, _)) = self.tree.order(self.ids[node]) else { return };
        if !self.seen[node].incarnations.contains(&name) {
            self.seen[node].incarnations.push(name);
        }
    }

    /// Everything that can be seen.
    ///
    /// # Panics
    ///
    /// Raises a violation when a child got an incarnation and its shell was not called.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        let nodes = self.ids.iter().zip(&self.seen);
        View {
            nodes: nodes.map(|(id, seen)| self.node(*id, seen)).collect(),
            next_timer: self.tree.next_timer().map(|at| words::in_ticks(at, words::FINEST)),
        }
    }

    fn node<'a>(&self, id: NodeId, seen: &'a Seen) -> NodeView<'a> {
        let order = self.tree.order(id).map(|(name, order)| {
            let ordinal = seen.incarnations.iter().position(|one| *one == name);
            let ordinal = ordinal
                .unwrap_or_else(|| violated("SV-10", "a shell was not called for its new incarnation"));
            (ordinal as u64 + 1, words::order(order))
        });
        let state = self.tree.state(id).map_or(ModelState::Uninitialized, words::state);
        NodeView { state, order, went: &seen.went }
    }

    /// Compares one step on both sides.
    ///
    /// # Panics
    ///
    /// Raises a violation when they differ.
    pub fn check(&mut self, transition: &T, expected: &SupervisionOutcome, model: &SupervisionModel) {
        let real = self.step(transition);
        compare::outcomes(transition, expected, &real);
        compare::views(&View::of(model), &self.view());
    }

    /// SV-10: every hook succeeds from now on, and time goes from timer to timer until nothing is left to wait for.
    fn come_to_rest(&mut self, mut model: SupervisionModel) {
        for _ in 0..STEPS_TO_REST {
            let Some(transition) = towards_rest(&model) else { break };
            let expected = model.apply(&transition);
            self.check(&transition, &expected, &model);
        }
        use ModelState::{Running, Stopped, Uninitialized};
        for (node, view) in self.view().nodes.iter().enumerate() {
            if !matches!(view.state, Running | Stopped | Uninitialized) {
                violated("SV-10", format!("{node} has come to rest in {:?}", view.state));
            }
        }
    }
}

/// What happens next when nothing fails any more.
fn towards_rest(model: &SupervisionModel) -> Option<T> {
    let step = |node: NodeNumber| match model.view(node).order {
        Some((_, ModelOrder::Start | ModelOrder::Restart)) => Some(T::Started(node)),
        Some((_, ModelOrder::Stop | ModelOrder::Drop)) => Some(T::Ended(node, false)),
        Some((_, ModelOrder::Run)) | None => None,
    };
    let report = (0..model.len()).find_map(step);
    report.or_else(|| model.next_timer().map(|at| T::Advance(at.saturating_sub(model.now()))))
}

fn reason(failed: bool) -> Option<FailureReason> {
    failed.then(|| FailureReason::Erred("on purpose".to_owned()))
}

fn numbered(name: &str) -> NodeNumber {
    name.parse().unwrap_or_else(|_| violated("SV-6", format!("a name `{name}` that nobody has")))
}

impl StateMachineTest for Machine {
    type SystemUnderTest = Machine;
    type Reference = SupervisionReference;

    fn init_test(state: &State) -> Machine {
        let machine = Machine::new(state.model.kind(0));
        compare::views(&View::of(&state.model), &machine.view());
        machine
    }

    fn apply(mut machine: Machine, state: &State, transition: T) -> Machine {
        record(state, &transition);
        machine.check(&transition, &state.outcome, &state.model);
        machine
    }

    fn teardown(mut machine: Machine, state: State) {
        machine.come_to_rest((*state.model).clone());
    }
}

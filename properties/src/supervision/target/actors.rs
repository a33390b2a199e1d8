//! The adapter with real Actix actors: a fresh paused runtime and `LocalSet` a case, a supervised system on it, and a
//! performer for each child. After each transition everything that can run does; then every log, answer, dead letter,
//! state and counter is compared.

use std::{
    cell::RefCell,
    fmt,
    future::Future,
    pin::Pin,
    rc::Rc,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Waker},
};

use alys_models::{
    lifecycle::ModelState,
    supervision::{
        ModelKind, ModelStrategy, NodeNumber, PostAnswer, SupervisionModel, SupervisionTransition as T,
        Ticks, WorldDeath, WorldModel, WorldOutcome, WorldTransition,
    },
};
use proptest_state_machine::StateMachineTest;
use tokio::{
    runtime::{Builder, Runtime},
    task::LocalSet,
};

use super::{
    alys::{
        TokioClock,
        mailbox::{AskError, DeadReason, Lane, MailboxConfig, Overflow, SendError, Sender},
        supervised::{Adopted, adopt, keep_time},
        supervision::{Notice, Supervision, SupervisionConfig},
    },
    performer::{Log, Message, Performer, Props, Reply, TICK},
    words,
};
use crate::{
    supervision::{
        WorldReference, WorldState, record_world,
        world_compare::{self, ChildView},
    },
    violation::{check_eq, guarded, violated},
    wakes::{CountingWaker, settle},
};

/// A dead letter: whose mailbox, the lane, and what became of it.
type Dead = (NodeNumber, u8, WorldDeath);

/// An ask under way, by the number of its message.
type Asking = (u32, Pin<Box<dyn Future<Output = PostAnswer>>>);

/// Everything on one stage.
pub struct Stage {
    // Dropped first, with every task and actor in it, while the runtime still exists.
    local: LocalSet,
    runtime: Runtime,
    supervision: Supervision,
    /// The address of each child; supervisors have none.
    senders: Vec<Option<Sender<Message, Reply>>>,
    props: Vec<Rc<Props>>,
    log: Rc<RefCell<Log>>,
    dead: Arc<Mutex<Vec<Dead>>>,
    asking: Vec<Asking>,
    posts: Vec<(u32, PostAnswer)>,
    token: Arc<()>,
    capacity: usize,
    wakes: CountingWaker,
    /// How long the history of each child was when it was looked at.
    went: Vec<usize>,
}

impl fmt::Debug for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stage")
            .field("supervision", &self.supervision)
            .field("log", &self.log)
            .finish_non_exhaustive()
    }
}

impl Stage {
    fn new(model: &WorldModel) -> Self {
        let runtime = match Builder::new_current_thread().enable_time().start_paused(true).build() {
            Ok(runtime) => runtime,
            Err(error) => panic!("no runtime: {error}"),
        };
        let local = LocalSet::new();
        let supervision = {
            let _inside = runtime.enter();
            let spec = words::supervisor(model.tree.kind(0), ModelStrategy::Never, TICK);
            let config = SupervisionConfig { root: "0".to_owned(), spec, ..SupervisionConfig::default() };
            match Supervision::new(&config, Arc::new(TokioClock::new())) {
                Ok(supervision) => supervision,
                Err(error) => violated("SV-4", format!("a valid root is refused: {error}")),
            }
        };
        local.spawn_local(keep_time(supervision.clone()));
        let mut stage = Stage {
            local,
            runtime,
            supervision,
            senders: vec![None],
            props: vec![Rc::default()],
            log: Rc::default(),
            dead: Arc::default(),
            asking: Vec::new(),
            posts: Vec::new(),
            token: Arc::new(()),
            capacity: model.capacity(),
            wakes: CountingWaker::new(),
            went: Vec::new(),
        };
        stage.run();
        stage
    }

    /// Runs every task and actor until none of them can go on, and sees which asks have ended.
    fn run(&mut self) {
        let _inside = self.runtime.enter();
        if !settle(&mut self.local, &self.wakes) {
            violated("SV-2", "a system with nothing to do is woken for ever");
        }
        let mut context = Context::from_waker(Waker::noop());
        let posts = &mut self.posts;
        self.asking.retain_mut(|(id, asking)| match asking.as_mut().poll(&mut context) {
            Poll::Ready(answer) => {
                posts.push((*id, answer));
                false
            }
            Poll::Pending => true,
        });
    }

    fn step(&mut self, transition: &WorldTransition, id: u32) -> bool {
        // Outside its runtime the clock would be that of the wall.
        let runtime = self.runtime.handle().clone();
        let _inside = runtime.enter();
        let name = |node: NodeNumber| node.to_string();
        match *transition {
            WorldTransition::Tree(T::Add { parent, kind, restart }) => {
                return self.add(parent, kind, restart);
            }
            WorldTransition::Tree(T::Start(node)) => return self.supervision.start(&name(node)).is_err(),
            WorldTransition::Tree(T::Stop(node)) => return self.supervision.stop(&name(node)).is_err(),
            WorldTransition::Tree(T::Restart(node)) => return self.supervision.restart(&name(node)).is_err(),
            WorldTransition::Tree(T::Shutdown(graceful, forced)) => {
                self.supervision.shut_down(ticks(graceful), ticks(forced));
            }
            WorldTransition::Tree(T::Advance(count)) => {
                for _ in 0..count {
                    self.runtime.block_on(tokio::time::advance(TICK));
                    self.run();
                }
            }
            WorldTransition::Tree(T::Started(_) | T::Ended(..) | T::Stale(..)) => {
                panic!("{transition:?} is the actors' own business")
            }
            WorldTransition::Plan(node, kind, plan) => self.props[node].plan(kind, plan),
            WorldTransition::Post { node, lane, deed, ask } => {
                let message = Message { id, deed, _token: Arc::clone(&self.token) };
                self.post(node, words::lane(lane), message, ask);
            }
            WorldTransition::Open(node, index, opening) => {
                let (_, gate) = self.props[node].gates.borrow_mut().remove(usize::from(index));
                // Nobody may be there to hear: then the comparison says so.
                let _ = gate.send(opening);
            }
            WorldTransition::OpenHook(node, opening) => {
                if let Some(gate) = self.props[node].hook_gate.take() {
                    // As above.
                    let _ = gate.send(opening);
                }
            }
        }
        false
    }

    /// Says whether it was refused.
    fn add(&mut self, parent: NodeNumber, kind: ModelKind, restart: ModelStrategy) -> bool {
        let (node, parent) = (self.senders.len(), parent.to_string());
        let (name, props) = (node.to_string(), Rc::<Props>::default());
        let sender = match kind {
            ModelKind::Supervisor { .. } => {
                let spec = words::supervisor(kind, restart, TICK);
                self.supervision.add_supervisor(&name, &parent, &spec).map(|()| None).map_err(|_| ())
            }
            ModelKind::Child { .. } => {
                let (_runtime, _local) = (self.runtime.enter(), self.local.enter());
                let dead = Arc::clone(&self.dead);
                let adopted = Adopted {
                    spec: words::child(kind, restart, TICK),
                    mailbox: MailboxConfig {
                        overflow: Overflow::Reject,
                        ..MailboxConfig::with_capacity(self.capacity)
                    },
                    dead_letters: Some(Arc::new(move |letter| {
                        let death = match (letter.reason, letter.message) {
                            (DeadReason::Drained, Some(Message { id, .. })) => WorldDeath::Drained(id),
                            (DeadReason::Interrupted, None) => WorldDeath::Interrupted,
                            (reason, message) => {
                                violated("SV-7", format!("a dead letter {reason:?} with {message:?}"))
                            }
                        };
                        let buried = (node, words::rank(letter.lane), death);
                        dead.lock().unwrap_or_else(PoisonError::into_inner).push(buried);
                    })),
                    ..Adopted::new(&name, &parent)
                };
                let (made, log) = (Rc::clone(&props), Rc::clone(&self.log));
                let supervision = self.supervision.clone();
                let factory = move || Performer::make(node, &made, &log, &supervision);
                adopt(&self.supervision, adopted, factory).map(Some).map_err(|_| ())
            }
        };
        let Ok(sender) = sender else { return true };
        self.senders.push(sender);
        self.props.push(props);
        false
    }

    fn post(&mut self, node: NodeNumber, lane: Lane, message: Message, ask: bool) {
        let Some(sender) = self.senders[node].clone() else { panic!("a supervisor has no mailbox") };
        let id = message.id;
        if ask {
            self.asking.push((
                id,
                Box::pin(async move {
                    match sender.ask((lane, message)).await {
                        Ok(Reply { incarnation, handled }) => PostAnswer::Reply { incarnation, handled },
                        Err(AskError::Full(_)) => PostAnswer::Full,
                        Err(AskError::Closed(_)) => PostAnswer::Closed,
                        Err(AskError::Failed) => PostAnswer::Failed,
                        Err(AskError::Dropped(DeadReason::Drained)) => PostAnswer::Drained,
                        Err(other) => violated("MB-12", format!("an ask that ended with {other:?}")),
                    }
                }),
            ));
            // Offered now: a message is offered at the first poll.
            let mut context = Context::from_waker(Waker::noop());
            if let Some((_, asking)) = self.asking.last_mut()
                && let Poll::Ready(answer) = asking.as_mut().poll(&mut context)
            {
                self.asking.pop();
                self.posts.push((id, answer));
            }
            return;
        }
        self.posts.push((
            id,
            match sender.try_send((lane, message)) {
                Ok(()) => PostAnswer::Accepted,
                Err(SendError::Full(_)) => PostAnswer::Full,
                Err(SendError::Closed(_)) => PostAnswer::Closed,
            },
        ));
    }

    /// What has happened since the last look.
    fn outcome(&mut self, refused: bool) -> WorldOutcome {
        let Log { hooks, handled, gone, timers, strays } = std::mem::take(&mut *self.log.borrow_mut());
        check_eq("SV-8", "the hooks that Actix ran on actors that are dropped", &0, &strays);
        let dead = std::mem::take(&mut *self.dead.lock().unwrap_or_else(PoisonError::into_inner));
        let posts = std::mem::take(&mut self.posts);
        let mut outcome =
            WorldOutcome { refused, hooks, handled, gone, timers, posts, dead, ..WorldOutcome::default() };
        for notice in self.supervision.take_notices().kept {
            match notice {
                Notice::Decided { name, verdict } => {
                    outcome.verdicts.push((numbered(&name), words::verdict(verdict, TICK)));
                }
                Notice::StopHookFailed { name, .. } => outcome.stop_hooks_failed.push(numbered(&name)),
                Notice::Fatal { path } => {
                    outcome.fatal = Some(path.iter().map(|name| numbered(name)).collect());
                }
                #[allow(unreachable_patterns, reason = "the twin of this source sees the enumeration whole")]
                other => violated("SV-1", format!("a notice that the model does not have: {other:?}")),
            }
        }
        outcome.sort();
        outcome
    }

    fn view(&self, node: NodeNumber) -> ChildView {
        let props = &self.props[node];
        props.gates.borrow_mut().retain(|(_, gate)| !gate.is_closed());
        let monitor = self.supervision.registry().monitor();
        let name = node.to_string();
        let state = monitor.current_state(&name).map_or(ModelState::Uninitialized, words::state);
        let stats = self.senders[node].as_ref().map(Sender::stats);
        ChildView {
            state,
            living: Rc::strong_count(&props.token) - 1,
            waiting_handlers: props.gates.borrow().len(),
            queued: stats.map_or(0, |stats| stats.len),
            in_handler: stats.map_or(0, |stats| stats.in_handler as usize),
            closed: stats.is_some_and(|stats| stats.closed),
        }
    }

    /// Compares the histories that are longer than they were, which says nothing of the others; so all at the end.
    fn check_histories(&mut self, tree: &SupervisionModel, all: bool) {
        self.went.resize(tree.len(), 0);
        for (node, known) in self.went.iter_mut().enumerate() {
            let went = tree.view(node).went;
            if all || went.len() != *known {
                let history = self.supervision.registry().monitor().get_transitions(&node.to_string());
                let real: Vec<_> = history.into_iter().map(|entry| words::state(entry.to)).collect();
                world_compare::histories(node, went, &real);
                *known = went.len();
            }
        }
    }

    fn check(&mut self, state: &WorldState, refused: bool) {
        let outcome = self.outcome(refused);
        world_compare::outcomes(&state.outcome, &outcome);
        for node in 0..self.senders.len() {
            world_compare::children(node, &ChildView::of(&state.model, node), &self.view(node));
        }
        self.check_histories(&state.model.tree, false);
        let census = self.supervision.registry().monitor().census();
        check_eq("LC-2", "the number of nodes in the census", &state.model.tree.len(), &census.total());
    }
}

fn ticks(count: Ticks) -> std::time::Duration {
    words::ticks(count, TICK)
}

fn numbered(name: &str) -> NodeNumber {
    name.parse().unwrap_or_else(|_| violated("SV-6", format!("a name `{name}` that nobody has")))
}

impl StateMachineTest for Stage {
    type SystemUnderTest = Stage;
    type Reference = WorldReference;

    fn init_test(state: &WorldState) -> Stage {
        Stage::new(&state.model)
    }

    fn apply(stage: Stage, state: &WorldState, transition: WorldTransition) -> Stage {
        record_world(state, &transition);
        guarded(stage, |stage| {
            let posted = state.model.next_id().wrapping_sub(1);
            let refused = stage.step(&transition, posted);
            stage.run();
            stage.check(state, refused);
        })
    }

    /// What a case leaves behind when everything is dropped: no message, and no incarnation.
    fn teardown(stage: Stage, state: WorldState) {
        let stage = guarded(stage, |stage| stage.check_histories(&state.model.tree, true));
        let Stage { local, runtime, supervision, senders, props, log, asking, token, dead, .. } = stage;
        drop((senders, asking));
        {
            let _inside = runtime.enter();
            drop((local, supervision));
        }
        drop((runtime, log, dead));
        let living: usize = props.iter().map(|props| Rc::strong_count(&props.token) - 1).sum();
        check_eq("LC-4", "the incarnations left when everything is dropped", &0, &living);
        check_eq("MB-5", "the messages left when everything is dropped", &1, &Arc::strong_count(&token));
    }
}

//! Reference model of supervised actors: the tree, and in each child a mailbox and at most one incarnation that does what
//! its messages say (rules SV-2, SV-7, SV-8, LC-4, MB-3 and MB-12).
//!
//! Children act in the order in which they are woken, each until it has to wait or has reported an end. What could end two
//! of them at the same moment is kept apart by [`WorldModel::allows`]: the order of timers does not show.

use std::collections::VecDeque;

use super::{
    ModelKind, NodeNumber, SupervisionModel, SupervisionTransition as T, Ticks,
    world_words::{Deed, HookKind, HookPlan, Opening, PostAnswer, WorldDeath, WorldOutcome, WorldTransition},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Message {
    pub(super) id: u32,
    pub(super) lane: u8,
    pub(super) deed: Deed,
    pub(super) ask: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Phase {
    StartGate,
    Running,
    StopGate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct TimerModel {
    pub(super) number: u64,
    pub(super) due: Ticks,
    pub(super) panics: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Living {
    pub(super) phase: Phase,
    pub(super) handled: u32,
    /// Begun and not answered, the oldest first, with how many had been begun by then.
    pub(super) in_hand: Vec<(Message, u32)>,
    /// Whether it waits for the last of them alone.
    pub(super) busy: bool,
    pub(super) timer: Option<TimerModel>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct ChildModel {
    pub(super) plans: [HookPlan; 4],
    pub(super) queue: Vec<Message>,
    pub(super) closed: bool,
    /// Whether the start hook that waits was told to end well.
    pub(super) may_start: bool,
    /// How many incarnations were made.
    pub(super) made: u64,
    pub(super) living: Option<Living>,
    pub(super) timers_set: u64,
    /// The incarnation and the timer whose handle is kept.
    pub(super) kept: Option<(u64, u64)>,
}

/// The reference state machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WorldModel {
    /// The tree.
    pub tree: SupervisionModel,
    pub(super) capacity: usize,
    pub(super) children: Vec<ChildModel>,
    pub(super) next_id: u32,
    /// Who is to act, the first one first.
    pub(super) woken: VecDeque<NodeNumber>,
    /// Who acts, and whether it has reported an end and lets the others go first.
    pub(super) acting: Option<(NodeNumber, bool)>,
    pub(super) outcome: WorldOutcome,
}

impl WorldModel {
    /// Nothing but a root; mailboxes will have so many places.
    #[must_use]
    pub fn new(root: ModelKind, capacity: usize) -> Self {
        WorldModel {
            tree: SupervisionModel::new(root),
            capacity,
            children: vec![ChildModel::default()],
            next_id: 0,
            woken: VecDeque::new(),
            acting: None,
            outcome: WorldOutcome::default(),
        }
    }

    /// The number of the next message.
    #[must_use]
    pub fn next_id(&self) -> u32 {
        self.next_id
    }

    /// The places in each mailbox.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Whether a child has an incarnation.
    #[must_use]
    pub fn lives(&self, node: NodeNumber) -> bool {
        self.children[node].living.is_some()
    }

    /// How many messages a child has queued.
    #[must_use]
    pub fn queued(&self, node: NodeNumber) -> usize {
        self.children[node].queue.len()
    }

    /// How many handlers of a child wait to be told how to end.
    #[must_use]
    pub fn waiting_handlers(&self, node: NodeNumber) -> usize {
        self.children[node].living.as_ref().map_or(0, |living| living.in_hand.len())
    }

    /// Whether a hook of a child waits to be told how to end.
    #[must_use]
    pub fn has_waiting_hook(&self, node: NodeNumber) -> bool {
        self.children[node].living.as_ref().is_some_and(|living| living.phase != Phase::Running)
    }

    /// Whether a timer of a child is set.
    #[must_use]
    pub fn has_timer(&self, node: NodeNumber) -> bool {
        self.children[node].living.as_ref().is_some_and(|living| living.timer.is_some())
    }

    /// Whether a handle is kept.
    #[must_use]
    pub fn keeps_handle(&self, node: NodeNumber) -> bool {
        self.children[node].kept.is_some()
    }

    /// Whether the kept handle is that of an incarnation that is gone, while the present one has a timer.
    #[must_use]
    pub fn has_stale_handle(&self, node: NodeNumber) -> bool {
        let child = &self.children[node];
        self.has_timer(node) && child.kept.is_some_and(|(incarnation, _)| incarnation < child.made)
    }

    /// Whether something is laid that ends an incarnation as soon as it is come upon.
    #[must_use]
    pub fn has_bomb(&self) -> bool {
        let planned = |plan: &HookPlan| matches!(plan, HookPlan::Err | HookPlan::Panic);
        let deadly = |child: &ChildModel| {
            child.plans.iter().any(planned) || child.queue.iter().any(|message| message.deed.is_deadly())
        };
        self.children.iter().any(deadly)
    }

    /// Whether a transition makes sense, and leads to nothing that the order of tasks could show.
    #[must_use]
    pub fn allows(&self, transition: &WorldTransition) -> bool {
        let is_child = |node: NodeNumber| {
            node < self.tree.len() && matches!(self.tree.kind(node), ModelKind::Child { .. })
        };
        match *transition {
            WorldTransition::Tree(T::Started(_) | T::Ended(..) | T::Stale(..)) => false,
            WorldTransition::Tree(T::Advance(ticks)) => self.can_advance(ticks),
            WorldTransition::Tree(ref transition) => self.tree.allows(transition),
            WorldTransition::Plan(node, kind, plan) => {
                let bomb = matches!(plan, HookPlan::Err | HookPlan::Panic);
                let factory = kind == HookKind::Make && matches!(plan, HookPlan::Err | HookPlan::Later);
                is_child(node) && !factory && !(bomb && self.has_bomb())
            }
            WorldTransition::Post { node, deed, .. } => {
                is_child(node) && !(deed.is_deadly() && self.has_bomb())
            }
            WorldTransition::Open(node, index, _) => {
                is_child(node)
                    && usize::from(index) < self.waiting_handlers(node)
                    && self.may_open(node, index)
            }
            WorldTransition::OpenHook(node, _) => is_child(node) && self.has_waiting_hook(node),
        }
    }

    /// A handler that has the actor for itself goes on only while the actor runs.
    fn may_open(&self, node: NodeNumber, index: u8) -> bool {
        self.children[node].living.as_ref().is_some_and(|living| {
            let last = usize::from(index) + 1 == living.in_hand.len();
            living.phase == Phase::Running || !(living.busy && last)
        })
    }

    /// Whether at most one thing is due at each instant: a timer of a child, or one of the tree.
    fn can_advance(&self, ticks: Ticks) -> bool {
        let mut ahead = self.clone();
        for _ in 0..ticks {
            let now = ahead.tree.now() + 1;
            let timers = ahead.children.iter().filter_map(|child| child.living.as_ref()?.timer);
            let due = timers.filter(|timer| timer.due <= now).count();
            if due + ahead.tree.timers_due(now) > 1 {
                return false;
            }
            ahead.tick();
        }
        true
    }

    /// Applies one transition and answers what the real actors must do.
    pub fn apply(&mut self, transition: &WorldTransition) -> WorldOutcome {
        self.outcome = WorldOutcome::default();
        match *transition {
            WorldTransition::Tree(T::Advance(ticks)) => (0..ticks).for_each(|_| self.tick()),
            WorldTransition::Tree(transition) => {
                self.tell(transition);
                self.children.resize_with(self.tree.len(), ChildModel::default);
            }
            WorldTransition::Plan(node, kind, plan) => self.children[node].plans[kind as usize] = plan,
            WorldTransition::Post { node, lane, deed, ask } => self.post(node, lane, deed, ask),
            WorldTransition::Open(node, index, opening) => self.open(node, usize::from(index), opening),
            WorldTransition::OpenHook(node, opening) => self.open_hook(node, opening),
        }
        self.run();
        self.outcome.sort();
        self.outcome.clone()
    }

    /// Tells the tree, and keeps what it answers.
    pub(super) fn tell(&mut self, transition: T) {
        let told = self.tree.apply(&transition);
        self.outcome.refused |= told.refused.is_some();
        self.outcome.verdicts.extend(told.verdicts);
        self.outcome.stop_hooks_failed.extend(told.stop_hooks_failed);
        self.outcome.fatal = self.outcome.fatal.take().or(told.fatal);
        for node in self.tree.woken().to_vec() {
            self.wake(node);
        }
    }

    /// Who acts is woken already.
    pub(super) fn wake(&mut self, node: NodeNumber) {
        let acts = self.acting.is_some_and(|(acting, _)| acting == node);
        if !acts && !self.woken.contains(&node) {
            self.woken.push_back(node);
        }
    }

    pub(super) fn tick(&mut self) {
        self.tell(T::Advance(1));
        self.run();
        for node in 0..self.children.len() {
            let now = self.tree.now();
            let Some(living) = &mut self.children[node].living else { continue };
            let Some(timer) = living.timer.take_if(|timer| timer.due <= now) else { continue };
            self.outcome.timers.push((node, self.children[node].made));
            if timer.panics {
                self.end(node, true);
            }
        }
        self.run();
    }

    fn post(&mut self, node: NodeNumber, lane: u8, deed: Deed, ask: bool) {
        let id = self.next_id;
        self.next_id += 1;
        let child = &mut self.children[node];
        if child.closed {
            self.outcome.posts.push((id, PostAnswer::Closed));
        } else if child.queue.len() >= self.capacity {
            self.outcome.posts.push((id, PostAnswer::Full));
        } else {
            child.queue.push(Message { id, lane, deed, ask });
            if !ask {
                self.outcome.posts.push((id, PostAnswer::Accepted));
            }
            self.wake(node);
        }
    }

    fn open(&mut self, node: NodeNumber, index: usize, opening: Opening) {
        if opening == Opening::Panic {
            return self.end(node, true);
        }
        let made = self.children[node].made;
        let Some(living) = &mut self.children[node].living else { return };
        let (message, handled) = living.in_hand.remove(index);
        if living.busy && index == living.in_hand.len() {
            living.busy = false;
        }
        let answer = match opening {
            Opening::Good => PostAnswer::Reply { incarnation: made, handled },
            Opening::Bad | Opening::Panic => PostAnswer::Failed,
        };
        self.answer(message, answer);
        self.wake(node);
    }

    pub(super) fn answer(&mut self, message: Message, answer: PostAnswer) {
        if message.ask {
            self.outcome.posts.push((message.id, answer));
        }
    }

    fn open_hook(&mut self, node: NodeNumber, opening: Opening) {
        let phase = self.children[node].living.as_ref().map(|living| living.phase);
        match (phase, opening) {
            (Some(Phase::StartGate), Opening::Good) => {
                self.children[node].may_start = true;
                self.wake(node);
            }
            (_, opening) => self.end(node, opening != Opening::Good),
        }
    }

    pub(super) fn started(&mut self, node: NodeNumber) {
        if let Some(living) = &mut self.children[node].living {
            living.phase = Phase::Running;
        }
        self.tell(T::Started(node));
    }

    /// An incarnation is gone: what it had not answered is interrupted, then its shell reports.
    pub(super) fn end(&mut self, node: NodeNumber, failed: bool) {
        if let Some(living) = self.children[node].living.take() {
            for (message, _) in living.in_hand {
                self.outcome.dead.push((node, message.lane, WorldDeath::Interrupted));
                self.answer(message, PostAnswer::Failed);
            }
            self.outcome.gone.push((node, self.children[node].made, self.tree.state(node)));
        }
        self.tell(T::Ended(node, failed));
        match &mut self.acting {
            Some((acting, reported)) if *acting == node => *reported = true,
            _ => self.wake(node),
        }
    }
}

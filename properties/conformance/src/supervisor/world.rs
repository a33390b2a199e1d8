//! The reference model of supervised actors, in the words of the kit.

use alys_models::supervision::{
    Deed, HookKind, ModelGroup, ModelKind, ModelStrategy, ModelVerdict, Opening, PostAnswer,
    SupervisionTransition as T, WorldDeath, WorldModel, WorldOutcome, WorldTransition,
};

use super::{
    ABOVE, PLACES,
    life::Reply,
    steps::{Act, Ending, SupervisorStep},
    subject::{Answered, SupervisorParameters, Told},
};

/// What can be seen after a step: sums, and what the step brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Observed {
    /// How many incarnations each child has had.
    pub(super) born: Vec<u64>,
    /// How many of them exist.
    pub(super) living: Vec<u64>,
    /// What was begun in this step, by child.
    pub(super) begun: Vec<(usize, u64, u32)>,
    /// The timers that ran in this step, by child.
    pub(super) timers: Vec<(usize, u64)>,
    /// The asks that ended in this step, by message.
    pub(super) answers: Vec<(u32, Answered)>,
    /// What was told of failures in this step, by child.
    pub(super) told: Vec<(usize, Told)>,
}

/// What the model knows of a step besides.
#[derive(Clone, Debug, Default)]
pub(super) struct Moment {
    /// What became of failures of children.
    pub(super) verdicts: Vec<(usize, ModelVerdict)>,
    /// Whether the supervisor itself has failed.
    pub(super) above: bool,
    /// Whether everything is stopped because of a failure.
    pub(super) over: bool,
    /// The children in whose hands a message was when they ended.
    pub(super) interrupted: Vec<usize>,
}

/// The model, and what it has told.
#[derive(Clone, Debug)]
pub(super) struct World {
    model: WorldModel,
    /// The node of the first child.
    first: usize,
    born: Vec<u64>,
}

const CHILD: ModelKind = ModelKind::Child { start_within: 1_000_000, stop_within: 1_000_000 };

fn tell(model: &mut WorldModel, transition: T) -> WorldOutcome {
    model.apply(&WorldTransition::Tree(transition))
}

impl World {
    pub(super) fn new(parameters: &SupervisorParameters) -> Self {
        let SupervisorParameters { ref children, group, max_restarts, window, above } = *parameters;
        let kind = ModelKind::Supervisor { group, max_restarts, window };
        let mut model = WorldModel::new(if above.is_some() { root() } else { kind }, PLACES);
        if let Some(restart) = above {
            tell(&mut model, T::Add { parent: 0, kind, restart });
        }
        let first = model.tree.len();
        for restart in children {
            tell(&mut model, T::Add { parent: first - 1, kind: CHILD, restart: *restart });
        }
        tell(&mut model, T::Start(0));
        World { model, first, born: vec![1; children.len()] }
    }

    /// How the children stand.
    pub(super) fn stands(&self) -> Observed {
        let living = (0..self.born.len()).map(|child| u64::from(self.model.lives(self.first + child)));
        Observed { born: self.born.clone(), living: living.collect(), ..Observed::default() }
    }

    /// How many handlers of a child wait.
    pub(super) fn waiting(&self, child: usize) -> usize {
        self.model.waiting_handlers(self.first + child)
    }

    pub(super) fn has_timer(&self, child: usize) -> bool {
        self.model.has_timer(self.first + child)
    }

    pub(super) fn queued(&self, child: usize) -> usize {
        self.model.queued(self.first + child)
    }

    /// The transition of a step; nothing where it has nothing to work on.
    ///
    /// Children and handlers are those that the step names, modulo how many there are; time passes by one tick.
    pub(super) fn transition(&self, step: SupervisorStep) -> Option<WorldTransition> {
        let node = |child: u8| self.first + usize::from(child) % self.born.len();
        let transition = match step {
            SupervisorStep::Ask(child, act) => {
                WorldTransition::Post { node: node(child), lane: 0, deed: deed(act), ask: true }
            }
            SupervisorStep::Release(child, nth, ending) => {
                let waiting = u8::try_from(self.model.waiting_handlers(node(child))).ok()?;
                let opening = match ending {
                    Ending::Answer => Opening::Good,
                    Ending::Panic => Opening::Panic,
                };
                WorldTransition::Open(node(child), nth.checked_rem(waiting)?, opening)
            }
            SupervisorStep::Advance(_) => WorldTransition::Tree(T::Advance(1)),
            SupervisorStep::Stop(child) => WorldTransition::Tree(T::Stop(node(child))),
            SupervisorStep::Restart(child) => WorldTransition::Tree(T::Restart(node(child))),
        };
        let full = matches!(step, SupervisorStep::Ask(child, _)
            if self.model.queued(node(child)) + 1 >= PLACES);
        // A planned restart that the model would refuse is not asked for: what a refusal looks like is not judged.
        let refused =
            matches!(step, SupervisorStep::Restart(_)) && self.model.clone().apply(&transition).refused;
        // Whether timers run while a handler waits is not judged either.
        let held = matches!(step, SupervisorStep::Advance(_))
            && (0..self.born.len()).any(|child| self.has_timer(child) && self.waiting(child) > 0);
        (!full && !refused && !held && self.model.allows(&transition)).then_some(transition)
    }

    /// Applies a transition, and says what must be seen.
    pub(super) fn apply(&mut self, transition: &WorldTransition) -> (Observed, Moment) {
        let outcome = self.model.apply(transition);
        let first = self.first;
        for (node, _, kind) in &outcome.hooks {
            self.born[node - first] += u64::from(*kind == HookKind::Make);
        }
        let verdicts: Vec<_> = outcome
            .verdicts
            .iter()
            .filter(|(node, _)| *node >= first)
            .map(|(node, verdict)| (node - first, *verdict))
            .collect();
        let observed = Observed {
            begun: outcome.handled.iter().map(|(node, made, id)| (node - first, *made, *id)).collect(),
            timers: outcome.timers.iter().map(|(node, made)| (node - first, *made)).collect(),
            answers: outcome.posts.iter().map(|(id, answer)| (*id, answered(*answer))).collect(),
            told: sorted(verdicts.iter().map(|(child, verdict)| (*child, told(*verdict))).collect()),
            ..self.stands()
        };
        let above = outcome.verdicts.iter().any(|(node, _)| *node < first);
        let interrupted = outcome.dead.iter().filter(|(.., death)| *death == WorldDeath::Interrupted);
        let interrupted = interrupted.map(|(node, ..)| node - first).collect();
        (observed, Moment { verdicts, above, over: outcome.fatal.is_some(), interrupted })
    }
}

/// The supervisor above the one that is judged.
fn root() -> ModelKind {
    let (max_restarts, window) = ABOVE;
    ModelKind::Supervisor { group: ModelGroup::OneForOne, max_restarts, window }
}

fn deed(act: Act) -> Deed {
    match act {
        Act::Answer => Deed::Answer,
        Act::Fail => Deed::GiveOut,
        Act::Panic => Deed::Panic,
        Act::Stop => Deed::Stop,
        Act::Wait => Deed::Exclusive,
        Act::WaitAside => Deed::Later,
        Act::SetTimer(ticks) => Deed::Timer { after: u64::from(ticks), panics: false },
    }
}

fn answered(answer: PostAnswer) -> Answered {
    match answer {
        PostAnswer::Reply { incarnation, handled } => Answered::Reply(Reply { incarnation, handled }),
        _ => Answered::Failed,
    }
}

fn told(verdict: ModelVerdict) -> Told {
    match verdict {
        ModelVerdict::Restart(..) => Told::Restarted,
        ModelVerdict::Join => Told::Joined,
        ModelVerdict::Stop => Told::Stopped,
        ModelVerdict::Escalate => Told::Escalated,
    }
}

/// What is of different children in the order of their positions, which no schedule changes.
pub(super) fn sorted<T>(mut told: Vec<(usize, T)>) -> Vec<(usize, T)> {
    told.sort_by_key(|(child, _)| *child);
    told
}

/// Whether a strategy restarts only after a time.
pub(super) fn is_delayed(strategy: ModelStrategy) -> bool {
    strategy.delay(0).is_some_and(|delay| delay > 0)
}

//! What the suite with supervised actors counts: transitions by kind, state and what they led to, and the situations it
//! must meet.

use alys_models::{
    lifecycle::ModelState,
    supervision::{
        Deed, HookKind, ModelVerdict, Opening, PostAnswer, SupervisionTransition as T, WorldDeath,
        WorldModel, WorldOutcome, WorldTransition as W,
    },
};

use super::{labels::about, world_reference::WorldState};
use crate::coverage::{self, Labels, Situation};

/// The coverage of the suite.
#[derive(Clone, Copy, Debug)]
pub struct WorldLabels;

const KINDS: &[&str] = &["request", "advance", "plan", "send", "ask", "open handler", "open hook"];

const CLASSES: &[&str] =
    &["Uninitialized", "Starting", "Running", "Stopping", "Stopped", "Failed", "Recovering", "the tree"];

const OUTCOMES: &[&str] = &["done", "refused", "restart", "join", "stop", "escalate", "fatal"];

macro_rules! situations {
    ($($index:ident = $name:literal;)*) => {
        #[derive(Clone, Copy)]
        enum Met { $($index),* }
        const SITUATIONS: &[Situation] = &[$(Situation { name: $name, minimum: 50 }),*];
    };
}

situations! {
    HandlerPanics = "a handler panics";
    LaterPanics = "a handler that waits panics";
    SpawnedPanics = "a spawned future panics";
    TimerPanics = "a timer panics";
    GivesOut = "an actor says that it cannot go on";
    FactoryPanics = "a factory panics";
    HookFails = "a start or restart hook errs or panics";
    WaitingHookFails = "a start or restart hook that waits errs or panics";
    StopHookFails = "a stop hook fails";
    HookLate = "a hook that waits is not told to end in time";
    StopsItself = "an actor stops itself";
    Queued = "messages queued behind a panic are handled by the next incarnation";
    QueuedInBackoff = "a message waits for the end of a backoff";
    FullInBackoff = "a mailbox runs full while its child is down";
    InterruptedThree = "an incarnation ends with three messages or more in its hands";
    InterruptedAsk = "an asker hears that the incarnation ended";
    Drained = "what a stopped child leaves is drained";
    Closed = "a message comes after the end";
    TimerDue = "a timer is due";
    TimerDied = "a timer dies with its incarnation";
    StaleHandle = "a handle of an incarnation that is gone is cancelled while the new one has a timer";
    SiblingTaken = "a sibling is restarted with its group";
    RunsOnWhileDown = "a sibling handles a message while a child is down";
    Fatal = "the root fails";
    ShutDown = "everything is stopped by a shutdown";
    StopInHook = "a child is stopped while a hook of it waits";
    AnsweredWhileStopping = "a handler is told to end while the stop hook waits";
}

impl Labels for WorldLabels {
    const KINDS: &'static [&'static str] = KINDS;
    const CLASSES: &'static [&'static str] = CLASSES;
    const OUTCOMES: &'static [&'static str] = OUTCOMES;
    const SITUATIONS: &'static [Situation] = SITUATIONS;
}

pub(super) fn class(model: &WorldModel, transition: &W) -> usize {
    let node = match transition {
        W::Tree(transition) => about(transition),
        W::Plan(node, ..) | W::Post { node, .. } | W::Open(node, ..) | W::OpenHook(node, _) => Some(*node),
    };
    node.map_or(CLASSES.len() - 1, |node| model.tree.state(node) as usize)
}

fn kind(transition: &W) -> usize {
    match transition {
        W::Tree(T::Advance(_)) => 1,
        W::Tree(_) => 0,
        W::Plan(..) => 2,
        W::Post { ask: false, .. } => 3,
        W::Post { ask: true, .. } => 4,
        W::Open(..) => 5,
        W::OpenHook(..) => 6,
    }
}

fn outcome(outcome: &WorldOutcome) -> usize {
    match (outcome.refused, outcome.fatal.is_some(), outcome.verdicts.first().map(|(_, verdict)| *verdict)) {
        (true, ..) => 1,
        (_, true, _) => 6,
        (_, _, None) => 0,
        (_, _, Some(ModelVerdict::Restart(..))) => 2,
        (_, _, Some(ModelVerdict::Join)) => 3,
        (_, _, Some(ModelVerdict::Stop)) => 4,
        (_, _, Some(ModelVerdict::Escalate)) => 5,
    }
}

/// Counts what the last transition of the suite was.
pub fn record(state: &WorldState, transition: &W) {
    coverage::record::<WorldLabels>(kind(transition), state.class, outcome(&state.outcome));
    let mut situations = met(&state.before, &state.model, transition, &state.outcome);
    while situations != 0 {
        coverage::reached::<WorldLabels>(situations.trailing_zeros() as usize);
        situations &= situations - 1;
    }
}

/// What a transition met, told from the model before and after it.
fn met(before: &WorldModel, after: &WorldModel, transition: &W, outcome: &WorldOutcome) -> u64 {
    let mut met = 0;
    let mut meet = |situation: Met, happened: bool| met |= u64::from(happened) << situation as u64;
    let failed = !outcome.verdicts.is_empty();
    match *transition {
        W::Post { node, deed, .. } => {
            let begun = !outcome.handled.is_empty();
            meet(Met::HandlerPanics, begun && deed == Deed::Panic);
            meet(Met::SpawnedPanics, begun && deed == Deed::SpawnPanic);
            meet(Met::GivesOut, begun && deed == Deed::GiveOut);
            meet(Met::StopsItself, begun && deed == Deed::Stop);
            meet(Met::StaleHandle, begun && deed == Deed::CancelKept && before.has_stale_handle(node));
            let down = (0..before.tree.len()).any(|one| before.tree.state(one) == ModelState::Failed);
            meet(Met::RunsOnWhileDown, begun && down);
            let full = outcome.posts.iter().any(|(_, answer)| *answer == PostAnswer::Full);
            meet(Met::FullInBackoff, full && before.tree.state(node) == ModelState::Failed);
        }
        W::Open(node, _, opening) => {
            meet(Met::LaterPanics, opening == Opening::Panic);
            meet(Met::AnsweredWhileStopping, before.tree.state(node) == ModelState::Stopping);
        }
        W::OpenHook(node, opening) => {
            let starts = matches!(before.tree.state(node), ModelState::Starting | ModelState::Recovering);
            meet(Met::WaitingHookFails, starts && opening != Opening::Good && failed);
        }
        W::Tree(T::Advance(_)) => {
            meet(Met::TimerDue, !outcome.timers.is_empty());
            meet(Met::TimerPanics, !outcome.timers.is_empty() && failed);
            let late = |node: usize| before.has_waiting_hook(node) && !after.has_waiting_hook(node);
            meet(Met::HookLate, (0..before.tree.len()).any(late));
        }
        W::Tree(T::Stop(node)) => meet(Met::StopInHook, before.has_waiting_hook(node)),
        W::Tree(T::Shutdown(..)) => meet(Met::ShutDown, true),
        W::Tree(_) | W::Plan(..) => {}
    }
    endings(before, after, outcome, &mut meet);
    met
}

fn endings(
    before: &WorldModel,
    after: &WorldModel,
    outcome: &WorldOutcome,
    meet: &mut impl FnMut(Met, bool),
) {
    let failed = !outcome.verdicts.is_empty();
    let hooks = |kind: HookKind| outcome.hooks.iter().filter(move |(_, _, one)| *one == kind).count();
    let hooked = hooks(HookKind::Start) + hooks(HookKind::Restart);
    meet(Met::FactoryPanics, failed && hooks(HookKind::Make) > hooked);
    meet(
        Met::HookFails,
        outcome.verdicts.len() > 1 && hooked > 1 || failed && hooked > 0 && outcome.handled.is_empty(),
    );
    meet(Met::StopHookFails, !outcome.stop_hooks_failed.is_empty());
    let again = hooks(HookKind::Restart) > 0;
    meet(Met::Queued, failed && again && outcome.handled.len() > 1);
    meet(Met::QueuedInBackoff, !failed && again && !outcome.handled.is_empty());
    meet(Met::SiblingTaken, failed && hooks(HookKind::Stop) > 0 && again);
    meet(Met::Fatal, outcome.fatal.is_some());
    let interrupted = outcome.dead.iter().filter(|(_, _, death)| *death == WorldDeath::Interrupted).count();
    meet(Met::InterruptedThree, interrupted >= 3);
    let asker = outcome.posts.iter().any(|(_, answer)| *answer == PostAnswer::Failed);
    meet(Met::InterruptedAsk, interrupted > 0 && asker);
    let drained = outcome.dead.iter().any(|(_, _, death)| matches!(death, WorldDeath::Drained(_)));
    meet(Met::Drained, drained);
    meet(Met::Closed, outcome.posts.iter().any(|(_, answer)| *answer == PostAnswer::Closed));
    let lost = |node: usize| before.has_timer(node) && !after.has_timer(node) && outcome.timers.is_empty();
    meet(Met::TimerDied, !outcome.hooks.is_empty() && (0..before.tree.len()).any(lost));
}

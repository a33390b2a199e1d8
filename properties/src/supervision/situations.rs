//! The situations that the supervision suite must meet.

use alys_models::{
    lifecycle::ModelState,
    supervision::{
        ModelGroup, ModelKind, ModelOrder, ModelRefusal, ModelStrategy, ModelVerdict, SupervisionModel,
        SupervisionOutcome, SupervisionTransition as T,
    },
};

use crate::coverage::Situation;

macro_rules! situations {
    ($($index:ident = $name:literal;)*) => {
        #[derive(Clone, Copy)]
        enum Met { $($index),* }
        pub(super) const SITUATIONS: &[Situation] = &[$(Situation { name: $name, minimum: 50 }),*];
    };
}

situations! {
    AtOnce = "a restart is granted at once";
    Delayed = "a restart is granted after a backoff";
    SecondAttempt = "a restart is granted for a second attempt in a row or a later one";
    Forgiven = "a child that ran for a whole window is at attempt 0 again";
    BackoffOver = "a backoff ends";
    JustBefore = "time stops one tick short of an edge";
    TwoEdges = "time passes more than one edge at once";
    Escalated = "a failure is escalated to a supervisor that is restarted";
    EscalatedTwice = "a failure is escalated twice in a row";
    Fatal = "the root fails";
    DeepFatal = "the root fails through another supervisor";
    GivenUpChild = "a child that is never restarted stops";
    GivenUpSupervisor = "a supervisor that is never restarted stops, and what is below it";
    AllRestarted = "a failed child takes a running sibling along, one for all";
    RestRestarted = "a failed child takes a running sibling along, rest for one";
    JoinedInBackoff = "a child fails while its group waits for the end of a backoff";
    JoinedUnderWay = "a child fails whose turn in a restart under way is still to come";
    SupervisorDown = "a child fails while its supervisor has failed";
    AttemptFailed = "a restart attempt fails";
    StartFailed = "a first start fails";
    HookTimedOut = "a hook is not done in time";
    StopHookFailed = "a stop hook fails";
    StopHookOfRestartFailed = "a stop hook fails in a restart of a group";
    StopOfBackoff = "a child is stopped while in backoff";
    StopOfStarting = "a child is stopped while its start hook runs";
    StopOfRecovering = "a child is stopped while it is restarted";
    StopOfSupervisor = "a supervisor with running children is stopped";
    Planned = "a restart is asked for";
    PlannedOfSupervisor = "a restart of a supervisor with running children is asked for";
    RestartUnderWay = "a restart is asked for while one is under way";
    StaleReport = "an incarnation that is gone reports";
    Late = "a child is added to a tree that runs";
    EndedByItself = "a child ends by itself";
    ShutDown = "a shutdown ends with everybody gone";
    Unresponsive = "a shutdown ends with somebody who is not gone";
}

/// What a transition met, told from the model before and after it.
pub(super) fn met(
    before: &SupervisionModel,
    after: &SupervisionModel,
    transition: &T,
    outcome: &SupervisionOutcome,
) -> u64 {
    let mut met = 0;
    let mut meet = |situation: Met, happened: bool| met |= u64::from(happened) << situation as u64;
    verdicts(before, after, outcome, &mut meet);
    match *transition {
        T::Add { .. } => {
            meet(Met::Late, outcome.refused.is_none() && before.state(0) == ModelState::Running);
        }
        T::Stop(node) => {
            let state = before.state(node);
            meet(Met::StopOfBackoff, state == ModelState::Failed);
            meet(Met::StopOfStarting, state == ModelState::Starting);
            meet(Met::StopOfRecovering, state == ModelState::Recovering);
            meet(Met::StopOfSupervisor, runs_with_children(before, node));
        }
        T::Restart(node) => {
            meet(Met::Planned, outcome.refused.is_none());
            meet(Met::PlannedOfSupervisor, outcome.refused.is_none() && runs_with_children(before, node));
            meet(Met::RestartUnderWay, outcome.refused == Some(ModelRefusal::UnderWay));
        }
        T::Ended(node, failed) => {
            let order = before.view(node).order.map(|(_, order)| order);
            meet(Met::AttemptFailed, order == Some(ModelOrder::Restart));
            meet(Met::StartFailed, order == Some(ModelOrder::Start));
            meet(Met::EndedByItself, order == Some(ModelOrder::Run) && !failed);
            let failed = outcome.stop_hooks_failed.first() == Some(&node);
            meet(Met::StopHookFailed, failed);
            meet(Met::StopHookOfRestartFailed, failed && before.state(node) == ModelState::Recovering);
        }
        T::Stale(..) => meet(Met::StaleReport, true),
        T::Advance(_) => advanced(before, after, &mut meet),
        T::Start(_) | T::Shutdown(..) | T::Started(_) => {}
    }
    meet(Met::ShutDown, outcome.down.as_ref().is_some_and(Vec::is_empty));
    meet(Met::Unresponsive, outcome.down.as_ref().is_some_and(|left| !left.is_empty()));
    met
}

fn runs_with_children(model: &SupervisionModel, node: usize) -> bool {
    let below = |one: usize| model.parent(one) == Some(node) && model.state(one) == ModelState::Running;
    model.state(node) == ModelState::Running && (0..model.len()).any(below)
}

fn advanced(before: &SupervisionModel, after: &SupervisionModel, meet: &mut impl FnMut(Met, bool)) {
    let edges = before.edges();
    meet(Met::JustBefore, edges.contains(&(after.now() + 1)));
    meet(Met::TwoEdges, edges.iter().filter(|at| **at <= after.now()).count() > 1);
    let came_back =
        |node: usize| before.state(node) == ModelState::Failed && after.state(node) == ModelState::Recovering;
    meet(Met::BackoffOver, (0..before.len()).any(came_back));
    let dropped = |node: usize| after.view(node).order.is_some_and(|(_, order)| order == ModelOrder::Drop);
    meet(
        Met::HookTimedOut,
        (0..before.len()).any(|node| dropped(node) && before.view(node) != after.view(node)),
    );
}

fn verdicts(
    before: &SupervisionModel,
    after: &SupervisionModel,
    outcome: &SupervisionOutcome,
    meet: &mut impl FnMut(Met, bool),
) {
    let escalations = outcome.verdicts.iter().filter(|(_, one)| *one == ModelVerdict::Escalate).count();
    meet(Met::EscalatedTwice, escalations > 1);
    meet(Met::Fatal, outcome.fatal.is_some());
    meet(Met::DeepFatal, outcome.fatal.as_ref().is_some_and(|path| path.len() > 2));
    for (node, verdict) in &outcome.verdicts {
        let supervises = matches!(after.kind(*node), ModelKind::Supervisor { .. });
        match *verdict {
            ModelVerdict::Restart(attempt, at) => {
                meet(Met::AtOnce, at == after.now());
                meet(Met::Delayed, at > after.now());
                meet(Met::SecondAttempt, attempt > 0);
                meet(Met::Forgiven, attempt == 0 && before.view(*node).went.len() > 4);
                meet(Met::Escalated, escalations > 0 && supervises);
                taken_along(before, after, *node, meet);
            }
            ModelVerdict::Join => {
                let parent = after.parent(*node).map(|parent| after.state(parent));
                meet(Met::SupervisorDown, parent == Some(ModelState::Failed));
                let under_way = (0..after.len()).any(|one| after.state(one) == ModelState::Recovering);
                meet(Met::JoinedUnderWay, under_way && parent == Some(ModelState::Running));
                meet(Met::JoinedInBackoff, !under_way && parent == Some(ModelState::Running));
            }
            ModelVerdict::Stop if supervises && *node > 0 => meet(Met::GivenUpSupervisor, true),
            ModelVerdict::Stop => meet(Met::GivenUpChild, *node > 0 && gave_up(after, *node)),
            ModelVerdict::Escalate => {}
        }
    }
}

fn gave_up(after: &SupervisionModel, node: usize) -> bool {
    after.restart(node) == ModelStrategy::Never && after.state(node) == ModelState::Stopped
}

fn taken_along(
    before: &SupervisionModel,
    after: &SupervisionModel,
    node: usize,
    meet: &mut impl FnMut(Met, bool),
) {
    let Some(parent) = after.parent(node) else { return };
    let taken = |one: usize| {
        after.parent(one) == Some(parent)
            && before.state(one) == ModelState::Running
            && after.state(one) == ModelState::Recovering
    };
    let along = (0..before.len()).any(|one| one != node && taken(one));
    let ModelKind::Supervisor { group, .. } = after.kind(parent) else { return };
    meet(Met::AllRestarted, along && group == ModelGroup::OneForAll);
    meet(Met::RestRestarted, along && group == ModelGroup::RestForOne);
}

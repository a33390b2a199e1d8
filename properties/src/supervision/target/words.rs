//! A real tree in the model's words, and the model's words at a tree.

use std::time::Duration;

use alys_models::{
    lifecycle::ModelState,
    supervision::{
        ModelGroup, ModelKind, ModelOrder, ModelRefusal, ModelStrategy, ModelVerdict, NodeNumber, Ticks,
    },
};

use super::alys::{
    lifecycle::LifecycleState,
    mailbox::{Lane, Time},
    supervision::{
        ChildSpec, Group, NodeId, Order, Ratio, Refusal, RestartStrategy, SpecError, SupervisorSpec, Verdict,
    },
};
use crate::violation::violated;

/// The finest tick: the model rounds where the real thing does.
pub const FINEST: Duration = Duration::from_nanos(1);

/// So many ticks of this length.
#[must_use]
pub fn ticks(count: Ticks, tick: Duration) -> Duration {
    tick * u32::try_from(count).unwrap_or(u32::MAX)
}

/// A time in ticks of this length.
#[must_use]
pub fn in_ticks(time: Time, tick: Duration) -> Ticks {
    time.as_nanos() / tick.as_nanos() as u64
}

/// The lane of a rank of the model.
#[must_use]
pub fn lane(rank: u8) -> Lane {
    match Lane::from_rank(usize::from(rank)) {
        Some(lane) => lane,
        None => panic!("there is no lane {rank}"),
    }
}

/// The rank in the model of a lane.
#[must_use]
pub fn rank(lane: Lane) -> u8 {
    lane.rank() as u8
}

/// A strategy of the model as the real one.
#[must_use]
pub fn strategy(strategy: ModelStrategy, tick: Duration) -> RestartStrategy {
    match strategy {
        ModelStrategy::Always => RestartStrategy::Always,
        ModelStrategy::Never => RestartStrategy::Never,
        ModelStrategy::Fixed(delay) => RestartStrategy::FixedDelay { delay: ticks(delay, tick) },
        ModelStrategy::Backoff { initial, numerator, denominator, max } => {
            RestartStrategy::ExponentialBackoff {
                initial: ticks(initial, tick),
                multiplier: Ratio::of(numerator, denominator),
                max: ticks(max, tick),
            }
        }
    }
}

/// The specification of a supervisor.
///
/// # Panics
///
/// When it is a child.
#[must_use]
pub fn supervisor(kind: ModelKind, restart: ModelStrategy, tick: Duration) -> SupervisorSpec {
    let ModelKind::Supervisor { group, max_restarts, window } = kind else { panic!("a child") };
    let group = match group {
        ModelGroup::OneForOne => Group::OneForOne,
        ModelGroup::OneForAll => Group::OneForAll,
        ModelGroup::RestForOne => Group::RestForOne,
    };
    let max_restarts = u32::try_from(max_restarts).unwrap_or(u32::MAX);
    let window = ticks(window, tick);
    SupervisorSpec { restart: strategy(restart, tick), jitter_permille: 0, group, max_restarts, window }
}

/// The specification of a child.
///
/// # Panics
///
/// When it is a supervisor.
#[must_use]
pub fn child(kind: ModelKind, restart: ModelStrategy, tick: Duration) -> ChildSpec {
    let ModelKind::Child { start_within, stop_within } = kind else { panic!("a supervisor") };
    ChildSpec {
        restart: strategy(restart, tick),
        jitter_permille: 0,
        start_within: ticks(start_within, tick),
        stop_within: ticks(stop_within, tick),
    }
}

/// A real state as the model's.
#[must_use]
pub fn state(state: LifecycleState) -> ModelState {
    match state {
        LifecycleState::Uninitialized => ModelState::Uninitialized,
        LifecycleState::Starting => ModelState::Starting,
        LifecycleState::Running => ModelState::Running,
        LifecycleState::Stopping => ModelState::Stopping,
        LifecycleState::Stopped => ModelState::Stopped,
        LifecycleState::Failed => ModelState::Failed,
        LifecycleState::Recovering => ModelState::Recovering,
    }
}

/// A real order as the model's.
#[must_use]
pub fn order(order: Order) -> ModelOrder {
    match order {
        Order::Start { first: true } => ModelOrder::Start,
        Order::Start { first: false } => ModelOrder::Restart,
        Order::Run => ModelOrder::Run,
        Order::Stop => ModelOrder::Stop,
        Order::Drop => ModelOrder::Drop,
    }
}

/// A real verdict as the model's.
#[must_use]
pub fn verdict(verdict: Verdict, tick: Duration) -> ModelVerdict {
    match verdict {
        Verdict::Restart { attempt, at } => ModelVerdict::Restart(attempt, in_ticks(at, tick)),
        Verdict::Join => ModelVerdict::Join,
        Verdict::Stop => ModelVerdict::Stop,
        Verdict::Escalate => ModelVerdict::Escalate,
    }
}

/// The refusal of a request in the model's words.
///
/// # Panics
///
/// Raises a violation when it is one that the model does not have.
#[must_use]
pub fn refusal(refusal: Refusal) -> ModelRefusal {
    match refusal {
        Refusal::Stopped { state: real, .. } => ModelRefusal::Stopped(state(real)),
        Refusal::NotRunning { state: real, .. } => ModelRefusal::NotRunning(state(real)),
        Refusal::RestartUnderWay { .. } => ModelRefusal::UnderWay,
        Refusal::ParentNotRunning { state: real, .. } => ModelRefusal::ParentNotRunning(state(real)),
        other => violated("SV-9", format!("the model has no refusal like: {other}")),
    }
}

/// The refusal of a registration in the model's words.
///
/// # Panics
///
/// Raises a violation when it is one that the model does not have.
#[must_use]
pub fn spec_refusal(error: SpecError) -> ModelRefusal {
    match error {
        SpecError::ParentNotSupervisor { .. } => ModelRefusal::ParentNotSupervisor,
        SpecError::ParentStopped { state: real, .. } => ModelRefusal::ParentStopped(state(real)),
        other => violated("LC-5", format!("a valid registration is refused: {other}")),
    }
}

/// The number of a node among these.
///
/// # Panics
///
/// Raises a violation when it is none of them.
#[must_use]
pub fn number(nodes: &[NodeId], node: NodeId) -> NodeNumber {
    match nodes.iter().position(|one| *one == node) {
        Some(number) => number,
        None => violated("SV-6", format!("a node {node:?} that there is not")),
    }
}

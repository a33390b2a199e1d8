//! The steps of a case: children are named by position, and a step that has nothing to work on does nothing.

use super::capabilities::SupervisorCapabilities;

/// What a message tells a child to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Answer.
    Answer,
    /// Answer, and say that it cannot go on.
    Fail,
    /// Panic.
    Panic,
    /// Answer, and stop for good.
    Stop,
    /// Answer when told to, taking no other message meanwhile.
    Wait,
    /// Answer when told to, taking other messages meanwhile.
    WaitAside,
    /// Answer, and set a timer for so many ticks, unless one is set.
    SetTimer(u8),
}

/// How a handler that waits ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With its answer.
    Answer,
    /// With a panic.
    Panic,
}

/// One step of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SupervisorStep {
    /// Somebody asks a child, and everything runs until nothing can.
    Ask(u8, Act),
    /// The n-th handler of a child that waits is told to end.
    Release(u8, u8, Ending),
    /// So many ticks pass.
    Advance(u8),
    /// A child is stopped from outside.
    Stop(u8),
    /// A child is restarted from outside.
    Restart(u8),
}

/// Steps that are simpler than this one, the simplest first.
pub(super) fn simpler(step: SupervisorStep) -> Vec<SupervisorStep> {
    match step {
        SupervisorStep::Ask(child, act) => {
            let plainer = (act != Act::Answer).then_some(SupervisorStep::Ask(child, Act::Answer));
            let shorter = match act {
                Act::SetTimer(ticks) if ticks > 1 => Some(SupervisorStep::Ask(child, Act::SetTimer(1))),
                Act::WaitAside => Some(SupervisorStep::Ask(child, Act::Wait)),
                _ => None,
            };
            let first = (child > 0).then_some(SupervisorStep::Ask(0, act));
            plainer.into_iter().chain(shorter).chain(first).collect()
        }
        SupervisorStep::Release(child, nth, ending) => {
            let first = (child > 0).then_some(SupervisorStep::Release(0, nth, ending));
            first.into_iter().chain((nth > 0).then_some(SupervisorStep::Release(child, 0, ending))).collect()
        }
        SupervisorStep::Advance(ticks) => (1..ticks).map(SupervisorStep::Advance).collect(),
        SupervisorStep::Stop(child) if child > 0 => vec![SupervisorStep::Stop(0)],
        SupervisorStep::Restart(child) if child > 0 => vec![SupervisorStep::Restart(0)],
        SupervisorStep::Stop(_) | SupervisorStep::Restart(_) => Vec::new(),
    }
}

/// Whether the capabilities have what a step needs.
pub(super) fn is_possible(able: &SupervisorCapabilities, step: SupervisorStep) -> bool {
    match step {
        SupervisorStep::Ask(_, act) => match act {
            Act::Answer => true,
            Act::Fail => able.fails,
            Act::Panic => able.panics,
            Act::Stop => able.stops_itself,
            Act::Wait => able.waits,
            Act::WaitAside => able.waits_aside,
            Act::SetTimer(_) => able.timers,
        },
        SupervisorStep::Release(_, _, ending) => {
            (able.waits || able.waits_aside) && (ending == Ending::Answer || able.panics)
        }
        SupervisorStep::Advance(_) => true,
        SupervisorStep::Stop(_) => able.stop,
        SupervisorStep::Restart(_) => able.restart,
    }
}

/// The steps that are tried where all sequences are, as far as they are possible.
pub(super) fn alphabet() -> Vec<SupervisorStep> {
    let acts = [Act::Answer, Act::Fail, Act::Panic, Act::Stop, Act::Wait, Act::WaitAside, Act::SetTimer(1)];
    let mut all: Vec<_> = acts.iter().map(|act| SupervisorStep::Ask(0, *act)).collect();
    all.extend([Act::Answer, Act::Fail, Act::Panic].map(|act| SupervisorStep::Ask(1, act)));
    all.extend([
        SupervisorStep::Release(0, 0, Ending::Answer),
        SupervisorStep::Release(0, 0, Ending::Panic),
        SupervisorStep::Advance(1),
        SupervisorStep::Stop(0),
        SupervisorStep::Restart(0),
    ]);
    all
}

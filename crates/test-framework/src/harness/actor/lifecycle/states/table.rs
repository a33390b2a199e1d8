//! The table itself: every state, and every state that somebody may want to enter from it.

use alys_actor::lifecycle::{LifecycleMonitor, LifecycleState, TRANSITIONS, Trigger};

use crate::{
    event::TestEventType::{Observed, StateTransition},
    evidence::Evidence,
    judge::Judge,
    stage::{DriveError, Driven, Stage},
};

/// A state, a way to it, and the states that may be entered from it.
struct Row {
    state: &'static str,
    way: &'static [Trigger],
    allowed: &'static str,
}

/// The table, written down a second time.
const TABLE: [Row; 7] = {
    use Trigger as T;
    [
        Row { state: "Uninitialized", way: &[], allowed: "Starting Stopped" },
        Row { state: "Starting", way: &[T::Start], allowed: "Running Stopping Failed" },
        Row { state: "Running", way: &[T::Start, T::Started], allowed: "Stopping Failed Recovering" },
        Row { state: "Stopping", way: &[T::Start, T::Stop], allowed: "Stopped" },
        Row { state: "Stopped", way: &[T::Stop], allowed: "" },
        Row { state: "Failed", way: &[T::Start, T::StartFailed], allowed: "Stopped Recovering" },
        Row {
            state: "Recovering",
            way: &[T::Start, T::StartFailed, T::RestartGranted],
            allowed: "Running Stopping Failed",
        },
    ]
};

/// Tries to enter each state from each, and writes down which could be entered and whether a refusal changed anything.
pub(super) fn walk(stage: &Stage) -> Driven {
    for row in &TABLE {
        let (mut allowed, mut changed) = (Vec::new(), 0_u64);
        for to in LifecycleState::ALL {
            let monitor = at(row)?;
            let before = monitor.history("tried");
            let from = monitor.current_state("tried").unwrap_or(LifecycleState::Uninitialized);
            match monitor.record_transition("tried", from, to, None) {
                Ok(()) => allowed.push(format!("{to}")),
                Err(_) => changed += u64::from(monitor.history("tried") != before),
            }
        }
        let told = [("allowed", allowed.join(" ").into()), ("changed by refusals", changed.into())];
        stage.record(Observed, &format!("from {}", row.state), told);
    }
    Ok(())
}

/// A monitor with one actor in the state of a row.
fn at(row: &Row) -> Result<LifecycleMonitor, DriveError> {
    let monitor = LifecycleMonitor::default();
    monitor.register("tried").map_err(|error| DriveError::new("register", error))?;
    for trigger in row.way {
        monitor.fire("tried", *trigger, None).map_err(|error| DriveError::new(row.state, error))?;
    }
    Ok(monitor)
}

/// Judges the table, and whether the actors have taken all of it.
pub(super) fn judge(seen: Evidence<'_>, judge: &mut Judge, actors: &[&str]) {
    for Row { state, allowed, .. } in &TABLE {
        let source = format!("from {state}");
        judge.same(
            "LC-1",
            &format!("states entered {source}"),
            &[*allowed],
            &seen.words(Observed, &source, "allowed"),
        );
        let changed = seen.counts(Observed, &source, "changed by refusals");
        judge.same("LC-1", &format!("refusals {source} that changed something"), &[0], &changed);
    }
    let of_actors = || seen.of(StateTransition).filter(|event| actors.contains(&&*event.source.0));
    let taken = |from: &str, to: &str| {
        of_actors().any(|event| event.words("from") == from && event.words("to") == to)
    };
    let missed =
        TRANSITIONS.iter().filter(|(from, _, to)| !taken(&from.to_string(), &to.to_string())).count();
    judge.equal("LC-1", "transitions of the table that no actor took", 0_u64, missed);
}

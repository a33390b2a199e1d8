//! The states of an actor: every way through the table that a real actor can go, and the ways that there are not.

mod table;

use std::time::Duration;

use alys_actor::supervision::{ChildSpec, RestartStrategy, SupervisorSpec};

use super::super::{
    cast::{Deed, Line},
    troupe::{Reach, Role, Troupe},
};
use crate::{
    case::{Pace, Suite, TestCase, no_gates},
    event::TestEventType::{Observed, ReplyReceived, StateTransition},
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::ActorCore,
    stage::{DriveError, Driven, Stage},
};

pub(in super::super) const STATE_TRANSITIONS: TestCase = TestCase {
    name: "test_actor_state_transitions",
    phase: ActorCore,
    category: "lifecycle",
    summary: "Actors take every transition of the table, with its hooks and reasons; every other one is refused, and \
              changes nothing.",
    pace: Pace::Virtual,
    suite: Some(Suite::Lifecycle),
    drive: |stage| Box::pin(state_transitions(stage)),
    judge: |seen, judge| {
        for actor in ACTORS {
            judge_actor(seen, judge, actor);
        }
        judge_requests(seen, judge);
        table::judge(seen, judge, &ACTORS.map(|actor| actor.name));
    },
    gates: no_gates,
};

/// How long the hooks of the slow ones take, and how long the impatient wait for them.
const SLOW: Duration = Duration::from_millis(10);
const IMPATIENT: Duration = Duration::from_millis(5);
const BACKOFF: Duration = Duration::from_secs(1);

/// An actor, and what must become of it.
#[derive(Clone, Copy)]
struct Actor {
    name: &'static str,
    restart: RestartStrategy,
    false_starts: u64,
    start_takes: Duration,
    start_within: Duration,
    /// The states that it enters, one after another.
    states: &'static [&'static str],
    /// The hooks that run.
    hooks: &'static [&'static str],
    /// Why it fails, each time that it does.
    reasons: &'static [&'static str],
}

/// One that starts, runs and stops, and is restarted always.
const ORDINARY: Actor = Actor {
    name: "ordinary",
    restart: RestartStrategy::Always,
    false_starts: 0,
    start_takes: Duration::ZERO,
    start_within: Duration::from_secs(30),
    states: &["Starting", "Running", "Stopping", "Stopped"],
    hooks: &["start", "stop"],
    reasons: &[],
};

const FALSE_START: &str = "erred: an injected false start";
const FAILED: &str = "erred: an injected failure";
const PANICKED: &str = "panicked: an injected panic";

/// In the order of their start; the last three take a while, one after another.
const ACTORS: [Actor; 12] = [
    Actor { name: "never started", states: &["Stopped"], hooks: &[], ..ORDINARY },
    ORDINARY,
    Actor {
        name: "false starter",
        false_starts: 2,
        states: &[
            "Starting",
            "Failed",
            "Recovering",
            "Failed",
            "Recovering",
            "Running",
            "Stopping",
            "Stopped",
        ],
        hooks: &["start", "restart", "restart", "stop"],
        reasons: &[FALSE_START, FALSE_START],
        ..ORDINARY
    },
    Actor {
        name: "given up at its start",
        restart: RestartStrategy::Never,
        false_starts: 1,
        states: &["Starting", "Failed", "Stopped"],
        hooks: &["start"],
        reasons: &[FALSE_START],
        ..ORDINARY
    },
    Actor {
        name: "recovered",
        states: &["Starting", "Running", "Failed", "Recovering", "Running", "Stopping", "Stopped"],
        hooks: &["start", "restart", "stop"],
        reasons: &[FAILED],
        ..ORDINARY
    },
    Actor {
        name: "given up",
        restart: RestartStrategy::Never,
        states: &["Starting", "Running", "Failed", "Stopped"],
        hooks: &["start"],
        reasons: &[PANICKED],
        ..ORDINARY
    },
    Actor {
        name: "stopped in its backoff",
        restart: RestartStrategy::FixedDelay { delay: BACKOFF },
        states: &["Starting", "Running", "Failed", "Stopped"],
        hooks: &["start"],
        reasons: &[FAILED],
        ..ORDINARY
    },
    Actor { name: "stopped by itself", ..ORDINARY },
    Actor {
        name: "restarted as planned",
        states: &["Starting", "Running", "Recovering", "Running", "Stopping", "Stopped"],
        hooks: &["start", "stop", "restart", "stop"],
        ..ORDINARY
    },
    Actor {
        name: "too slow",
        restart: RestartStrategy::Never,
        start_takes: SLOW,
        start_within: IMPATIENT,
        states: &["Starting", "Failed", "Stopped"],
        hooks: &["start"],
        reasons: &["timed out"],
        ..ORDINARY
    },
    Actor {
        name: "stopped while it recovers",
        start_takes: SLOW,
        states: &["Starting", "Running", "Failed", "Recovering", "Stopping", "Stopped"],
        hooks: &["start", "restart", "stop"],
        reasons: &[PANICKED],
        ..ORDINARY
    },
    Actor {
        name: "stopped while it starts",
        start_takes: SLOW,
        states: &["Starting", "Stopping", "Stopped"],
        ..ORDINARY
    },
];

async fn state_transitions(stage: Stage) -> Driven {
    let spec = SupervisorSpec { max_restarts: 100, ..SupervisorSpec::default() };
    let mut troupe = Troupe::new(&stage, spec)?;
    let players: Result<Vec<_>, _> = ACTORS.iter().map(|actor| engage(&mut troupe, actor)).collect();
    let players = players?;
    stop(&troupe, "never started")?;
    troupe.start("root")?;
    // `too slow` times out, the next one starts, and the last one is on its way.
    stage.pass(IMPATIENT + SLOW + SLOW / 2).await;
    stop(&troupe, "stopped while it starts")?;
    mishaps(&stage, &troupe, &players).await?;
    troupe.record_census();
    requests(&stage, &troupe);
    table::walk(&stage)?;
    troupe.end().await
}

fn engage(troupe: &mut Troupe, actor: &Actor) -> Result<Reach, DriveError> {
    let Actor { name, restart, false_starts, start_takes, start_within, .. } = *actor;
    let spec = ChildSpec { restart, start_within, ..ChildSpec::default() };
    troupe.engage(name, Role { spec, false_starts, start_takes, ..Role::default() })
}

fn stop(troupe: &Troupe, name: &str) -> Driven {
    troupe.system().stop(name).map_err(|error| DriveError::new("stop", error))
}

/// What the actors are told once they run, and what they must answer: nothing where they fail.
const TOLD: [(&str, Deed, &str); 6] = [
    ("ordinary", Deed::Answer, "answered"),
    ("recovered", Deed::Fail, "Failed"),
    ("given up", Deed::Panic, "Failed"),
    ("stopped in its backoff", Deed::Fail, "Failed"),
    ("stopped by itself", Deed::Stop, "answered"),
    ("stopped while it recovers", Deed::Panic, "Failed"),
];

async fn mishaps(stage: &Stage, troupe: &Troupe, players: &[Reach]) -> Driven {
    for (name, deed, _) in TOLD {
        for player in players.iter().filter(|player| &*player.name == name) {
            player.ask(Line::new(name, 1).with(deed)).await;
        }
    }
    let restarted = troupe.system().restart("restarted as planned");
    restarted.map_err(|error| DriveError::new("restart", error))?;
    stage.pass(SLOW / 2).await;
    stop(troupe, "stopped while it recovers")?;
    stage.pass(BACKOFF / 2).await;
    stop(troupe, "stopped in its backoff")?;
    // Nothing may come of the backoff any more.
    stage.pass(BACKOFF).await;
    Ok(())
}

fn judge_actor(seen: Evidence<'_>, judge: &mut Judge, actor: Actor) {
    let Actor { name, states, hooks, reasons, .. } = actor;
    judge.same(
        "LC-1",
        &format!("states of the actor `{name}`"),
        states,
        &seen.words(StateTransition, name, "to"),
    );
    let from: Vec<_> =
        ["Uninitialized"].into_iter().chain(states.iter().copied()).take(states.len()).collect();
    judge.same(
        "LC-3",
        &format!("states that `{name}` left"),
        &from,
        &seen.words(StateTransition, name, "from"),
    );
    let ran: Vec<_> =
        seen.words(Observed, name, "hook").into_iter().filter(|(_, hook)| !hook.is_empty()).collect();
    judge.same("LC-4", &format!("hooks of `{name}`"), hooks, &ran);
    let failures = seen.from(StateTransition, name).filter(|event| event.words("to") == "Failed");
    let given: Vec<_> = failures.map(|event| (event.event_id, event.words("reason"))).collect();
    judge.same("LC-3", &format!("why `{name}` failed"), reasons, &given);
}

/// Requests that the system must refuse, and its words.
const REFUSED: [(&str, &str, &str); 5] = [
    (
        "start",
        "never started",
        "`never started` stops or has stopped, and cannot be started (it is in Stopped): allowed is a new registration",
    ),
    (
        "start",
        "given up",
        "`given up` stops or has stopped, and cannot be started (it is in Stopped): allowed is a new registration",
    ),
    (
        "restart",
        "stopped by itself",
        "`stopped by itself` in Stopped cannot be restarted: allowed is Running, with no stop on its way",
    ),
    ("start", "nobody", "`nobody` is unknown: allowed are names in the tree"),
    ("stop", "nobody", "`nobody` is unknown: allowed are names in the tree"),
];

fn requests(stage: &Stage, troupe: &Troupe) {
    let system = troupe.system();
    for (request, name, _) in REFUSED {
        let answer = match request {
            "start" => system.start(name),
            "restart" => system.restart(name),
            _ => system.stop(name),
        };
        let said = answer.map_or_else(|refusal| refusal.to_string(), |()| "granted".to_owned());
        stage.record(Observed, "requests", [("said", said.into())]);
    }
}

fn judge_requests(seen: Evidence<'_>, judge: &mut Judge) {
    let refused = REFUSED.map(|(_, _, words)| words);
    judge.same("LC-1", "what was said to requests", &refused, &seen.words(Observed, "requests", "said"));
    for (name, _, expected) in TOLD {
        let said = seen.from(ReplyReceived, name).map(|event| {
            let answered = event.count("answer") == Some(2);
            (event.event_id, if answered { "answered" } else { event.words("error") })
        });
        judge.same(
            "MB-12",
            &format!("what the asker of `{name}` got"),
            &[expected],
            &said.collect::<Vec<_>>(),
        );
    }
    // The root, and four of the actors.
    judge.same("LC-2", "census", &["Running 5, Stopped 8"], &census(seen));
}

fn census(seen: Evidence<'_>) -> Vec<(u64, &str)> {
    let told = seen.told(Observed, "census").into_iter();
    told.map(|(event, (_, census))| (event, census)).collect()
}

//! Lifecycle: actors are created, go through their states, and end.

use alys_actor::supervision::SupervisorSpec;

use super::{
    cast::Line,
    troupe::{Role, Troupe},
};
use crate::{
    case::{Pace, Suite, TestCase, no_gates},
    event::TestEventType::{ActorCreated, ActorStopped, MessageReceived, ReplyReceived, StateTransition},
    phase::MigrationPhase::ActorCore,
    stage::{Driven, Stage},
};

pub(super) const CREATION: TestCase = TestCase {
    name: "test_actor_creation_lifecycle",
    phase: ActorCore,
    category: "lifecycle",
    summary: "Actors are created, start, handle a message and end; nothing of them is left.",
    pace: Pace::Virtual,
    suite: Some(Suite::Supervision),
    drive: |stage| Box::pin(creation(stage)),
    judge: |seen, judge| {
        for name in ACTORS {
            judge.equal(
                "LC-4",
                &format!("incarnations of {name}"),
                1_u64,
                seen.count_from(ActorCreated, name),
            );
            judge.equal("LC-4", &format!("ends of {name}"), 1_u64, seen.count_from(ActorStopped, name));
            judge.equal(
                "MB-7",
                &format!("messages that {name} got"),
                1_u64,
                seen.count_from(MessageReceived, name),
            );
            let went = seen.words(StateTransition, name, "to");
            judge.same(
                "LC-1",
                &format!("states of {name}"),
                &["Starting", "Running", "Stopping", "Stopped"],
                &went,
            );
        }
        let answers = seen.counts(ReplyReceived, "driver", "answer");
        judge.same("MB-12", "answers", &[0, 2, 4], &answers);
    },
    gates: no_gates,
};

const ACTORS: [&str; 3] = ["first", "second", "third"];

async fn creation(stage: Stage) -> Driven {
    let mut troupe = Troupe::new(&stage, SupervisorSpec::default())?;
    let players: Result<Vec<_>, _> = ACTORS.iter().map(|name| troupe.engage(name, Role::default())).collect();
    let players = players?;
    troupe.start("root")?;
    for (number, player) in (0..).zip(&players) {
        player.ask(Line::new("driver", number)).await;
    }
    troupe.end().await
}

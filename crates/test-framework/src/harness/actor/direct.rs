//! Communication: directly from actor to actor.

use alys_actor::supervision::SupervisorSpec;

use super::{
    cast::{Deed, Line},
    troupe::{Role, Troupe},
};
use crate::{
    case::{Pace, Suite, TestCase, no_gates},
    event::{
        TestEvent,
        TestEventType::{MessageReceived, ReplyReceived},
    },
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::ActorCore,
    stage::{Driven, Stage},
};

const SENDER: &str = "driver";

pub(super) const DIRECT: TestCase = TestCase {
    name: "test_direct_actor_messaging",
    phase: ActorCore,
    category: "communication",
    summary: "Two actors exchange ten messages and answers; a third one gets nothing.",
    pace: Pace::Virtual,
    suite: Some(Suite::Mailbox),
    drive: |stage| Box::pin(direct(stage)),
    judge: judge_direct,
    gates: no_gates,
};

/// Who asks, who answers, and who has nothing to do with it.
const ASKS: &str = "alice";
const ANSWERS: &str = "bob";
const ALOOF: &str = "carol";
const CYCLES: u64 = 10;

async fn direct(stage: Stage) -> Driven {
    let mut troupe = Troupe::new(&stage, SupervisorSpec::default())?;
    let answers = troupe.engage(ANSWERS, Role::default())?;
    let asks = troupe.engage(ASKS, Role { next: Some(&answers), ..Role::default() })?;
    troupe.engage(ALOOF, Role::default())?;
    troupe.start("root")?;
    for cycle in 1..=CYCLES {
        asks.ask(Line::new(SENDER, cycle).with(Deed::AskOn)).await;
    }
    troupe.end().await
}

fn judge_direct(seen: Evidence<'_>, judge: &mut Judge) {
    // Each cycle from its beginning to its end: who got what, from whom, and what came back to whom.
    let course: Vec<_> = seen.all().filter_map(|event| Some((event.event_id, step(event)?))).collect();
    let expected = (1..=CYCLES).flat_map(|cycle| {
        [
            format!("{ASKS} gets {cycle} of {SENDER}"),
            format!("{ANSWERS} gets {cycle} of {ASKS}"),
            format!("{ASKS} is answered {}", 2 * cycle),
            format!("{SENDER} is answered {}", 2 * cycle),
        ]
    });
    judge.same("CM-1", "the course of the exchanges", &expected.collect::<Vec<_>>(), &course);
    judge.equal("CM-1", "messages that went elsewhere", 0_u64, seen.count_from(MessageReceived, ALOOF));
    let delivered = seen.count(MessageReceived) as u64;
    judge.equal("gate", "messages delivered, in percent", 100_u64, delivered * 100 / (2 * CYCLES));
}

/// What an event is of an exchange, if anything.
fn step(event: &TestEvent) -> Option<String> {
    let who = &event.source.0;
    let number =
        |key: &str| event.count(key).map_or_else(|| "nothing".to_owned(), |number| number.to_string());
    match event.event_type {
        MessageReceived => Some(format!("{who} gets {} of {}", number("number"), event.words("from"))),
        ReplyReceived => Some(format!("{who} is answered {}", number("answer"))),
        _ => None,
    }
}

//! Failures injected into a queue: the message in hand is lost, and nothing else.

use std::time::Duration;

use alys_actor::mailbox::Lane;
use tokio::task::{JoinSet, yield_now};

use super::{
    super::{
        cast::{Deed, Line},
        troupe::{Reach, Role, Troupe},
    },
    PATIENT,
};
use crate::{
    case::{Pace, Suite, TestCase, no_gates},
    event::TestEventType::{
        ActorCreated, ActorStopped, FailureInjected, MessageDropped, MessageReceived, RecoveryCompleted,
        ReplyReceived,
    },
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::ActorCore,
    stage::{Driven, Stage},
};

pub(in super::super) const PANIC_INJECTION: TestCase = TestCase {
    name: "test_panic_injection_recovery",
    phase: ActorCore,
    category: "recovery",
    summary: "Panics and failures anywhere in a queue cost the message in hand: the next incarnation begins afresh, \
              and handles the rest in order.",
    pace: Pace::Virtual,
    suite: Some(Suite::Supervision),
    drive: |stage| Box::pin(panic_injection(stage)),
    judge: |seen, judge| {
        judge_queue(seen, judge);
        judge_juggler(seen, judge);
        judge_late(seen, judge);
        for (actor, letters) in DEAD_LETTERS {
            let dead = seen.words(MessageDropped, actor, "reason");
            judge.same("SV-7", &format!("dead letters of {actor}"), &vec!["interrupted"; letters], &dead);
        }
    },
    gates: no_gates,
};

/// How many messages each actor had not answered when an incarnation of it ended; a handler that fails has answered.
const DEAD_LETTERS: [(&str, usize); 3] = [("worker", 3), ("juggler", 4), ("late", 0)];

/// How many messages the queue has.
const QUEUED: u64 = 24;

/// Which of them do what: the first and the last one, two in a row, some far from others.
const FAULTS: [(u64, Deed); 6] = [
    (0, Deed::Panic),
    (3, Deed::Fail),
    (4, Deed::Panic),
    (11, Deed::Fail),
    (12, Deed::Fail),
    (23, Deed::Panic),
];

fn fault(number: u64) -> Option<Deed> {
    FAULTS.iter().find(|(at, _)| *at == number).map(|(_, deed)| *deed)
}

/// Every third message is sent, and the others are asked; there are faults among both.
fn asked(number: u64) -> bool {
    number % 3 != 2
}

async fn panic_injection(stage: Stage) -> Driven {
    let mut troupe = Troupe::new(&stage, PATIENT)?;
    let worker = troupe.engage("worker", Role::default())?;
    let juggler = troupe.engage("juggler", Role::default())?;
    let late = troupe.engage("late", Role { false_starts: FALSE_STARTS, ..Role::default() })?;
    let mut asks = JoinSet::new();
    for number in 0..QUEUED {
        let line = Line::new("queue", number).with(fault(number).unwrap_or(Deed::Answer));
        if asked(number) {
            ask(&mut asks, &worker, line).await;
        } else {
            worker.try_send(line);
        }
    }
    for (number, deed) in JUGGLED {
        ask(&mut asks, &juggler, Line::new("audience", number).with(deed)).await;
    }
    for (number, lane) in (0..).zip(LANES) {
        ask(&mut asks, &late, Line::new("guest", number).in_lane(lane)).await;
    }
    troupe.start("root")?;
    asks.join_all().await;
    // Long enough for whatever an incarnation has left behind to show itself.
    stage.pass(3 * JUGGLING).await;
    troupe.end().await
}

/// Asks in a task of its own, and returns once the message is offered.
async fn ask(asks: &mut JoinSet<()>, player: &Reach, line: Line) {
    let player = player.clone();
    asks.spawn_local(async move {
        player.ask(line).await;
    });
    yield_now().await;
}

/// What a handler saw of a message: its number, the incarnation, and how many that one had got.
type Handled = (u64, u64, u64);

fn handled(seen: Evidence<'_>, actor: &str) -> Vec<(u64, Handled)> {
    let of = seen.from(MessageReceived, actor);
    let told = of.filter_map(|event| {
        Some((event.event_id, (event.count("number")?, event.count("incarnation")?, event.count("got")?)))
    });
    told.collect()
}

/// What must be seen of the queue: each fault ends an incarnation, and the next one counts from 1.
fn expected() -> Vec<Handled> {
    let (mut incarnation, mut got) = (0, 0);
    let next = |number| {
        got += 1;
        let seen = (number, incarnation, got);
        if fault(number).is_some() {
            (incarnation, got) = (incarnation + 1, 0);
        }
        seen
    };
    (0..QUEUED).map(next).collect()
}

/// What askers were told, with the number of their message: the answer, or why there is none.
fn replies<'a>(seen: Evidence<'a>, asker: &str) -> Vec<(u64, (u64, String))> {
    let said = |event: &'a crate::event::TestEvent| {
        let error = || event.words("error").to_owned();
        let said = event.count("answer").map_or_else(error, |answer| answer.to_string());
        Some((event.event_id, (event.count("number")?, said)))
    };
    seen.from(ReplyReceived, asker).filter_map(said).collect()
}

fn judge_queue(seen: Evidence<'_>, judge: &mut Judge) {
    judge.same("SV-7", "what the handlers of the queue got", &expected(), &handled(seen, "worker"));
    let incarnations: Vec<_> = (0..=FAULTS.len() as u64).collect();
    for (kind, what) in
        [(ActorCreated, "incarnations that began"), (ActorStopped, "incarnations that are gone")]
    {
        judge.same("SV-8", what, &incarnations, &seen.counts(kind, "worker", "incarnation"));
    }
    let injected = FAULTS.map(|(_, deed)| format!("{deed:?}"));
    let injected: Vec<_> = injected.iter().map(String::as_str).collect();
    judge.same("SV-1", "faults injected", &injected, &seen.words(FailureInjected, "worker", "what"));
    judge.equal("SV-10", "recoveries", FAULTS.len(), seen.count_from(RecoveryCompleted, "worker"));
    let told = |number| if fault(number).is_some() { "Failed".to_owned() } else { (2 * number).to_string() };
    let told: Vec<_> =
        (0..QUEUED).filter(|number| asked(*number)).map(|number| (number, told(number))).collect();
    judge.same("MB-12", "what the askers of the queue were told", &told, &replies(seen, "queue"));
}

/// How long the juggler takes for each message that it keeps in the air.
const JUGGLING: Duration = Duration::from_millis(100);

/// Three messages in the air when a panic comes, and one behind it.
const JUGGLED: [(u64, Deed); 5] = [
    (0, Deed::AnswerLater(JUGGLING)),
    (1, Deed::AnswerLater(JUGGLING)),
    (2, Deed::AnswerLater(JUGGLING)),
    (3, Deed::Panic),
    (4, Deed::AnswerLater(JUGGLING)),
];

fn judge_juggler(seen: Evidence<'_>, judge: &mut Judge) {
    let expected = [(0, 0, 1), (1, 0, 2), (2, 0, 3), (3, 0, 4), (4, 1, 1)];
    judge.same("SV-7", "what the juggler got", &expected, &handled(seen, "juggler"));
    let told = [(0, "Failed"), (1, "Failed"), (2, "Failed"), (3, "Failed"), (4, "8")];
    let told = told.map(|(number, said)| (number, said.to_owned()));
    let said = replies(seen, "audience");
    judge.same("SV-7", "what the audience was told", &told, &said);
    let at = seen.instants_ms(ReplyReceived, "audience");
    judge.same("SV-7", "when the audience was told, in ms", &[0.0, 0.0, 0.0, 0.0, 100.0], &at);
}

/// How many of the first incarnations of the late one cannot start.
const FALSE_STARTS: u64 = 2;

/// The lanes of the messages that wait for it, and their numbers in the order in which they must be handled.
const LANES: [Lane; 6] = [Lane::Low, Lane::Normal, Lane::Emergency, Lane::Normal, Lane::Critical, Lane::High];
const URGENT_FIRST: [u64; 6] = [2, 4, 5, 1, 3, 0];

fn judge_late(seen: Evidence<'_>, judge: &mut Judge) {
    let expected: Vec<_> = (1..).zip(URGENT_FIRST).map(|(got, number)| (number, FALSE_STARTS, got)).collect();
    judge.same("MB-2", "what waited for somebody who could not start", &expected, &handled(seen, "late"));
    let told = URGENT_FIRST.map(|number| (number, (2 * number).to_string()));
    judge.same("MB-12", "what the guests were told", &told, &replies(seen, "guest"));
    judge.equal(
        "SV-10",
        "recoveries of who could not start",
        1_u64,
        seen.count_from(RecoveryCompleted, "late"),
    );
}

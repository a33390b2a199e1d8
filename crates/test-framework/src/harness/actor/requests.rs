//! Communication: requests, their answers, and what becomes of those without one.

use std::num::NonZeroUsize;

use alys_actor::{
    comm::{BatchError, BatchLimits, ask_all},
    mailbox::{Lane, MailboxConfig, Post},
    supervision::SupervisorSpec,
};

use super::{
    books,
    cast::{Deed, Line},
    plan::{at_ms, got, hold, instants, ms, numbers},
    troupe::{Reach, Role, Troupe, why},
};
use crate::{
    case::{Pace, Suite, TestCase, no_gates},
    event::{
        TestEvent,
        TestEventType::{Observed, ReplyReceived},
    },
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::ActorCore,
    stage::{Driven, Stage},
};

pub(super) const REQUEST_RESPONSE: TestCase = TestCase {
    name: "test_request_response_patterns",
    phase: ActorCore,
    category: "communication",
    summary: "Each request gets its own answer, or times out at its very instant; a batch keeps to one deadline.",
    pace: Pace::Virtual,
    suite: Some(Suite::Mailbox),
    drive: |stage| Box::pin(requests(stage)),
    judge: judge_requests,
    gates: no_gates,
};

const RESPONDER: &str = "responder";
const NARROW: &str = "narrow";
const BATCHED: &str = "batched";

/// How long an answer may take, in milliseconds.
const PATIENCE: u64 = 10;
/// How long each takes: some too long by the least that a clock can tell.
const TAKES: [u64; 6] = [0, 1, PATIENCE - 1, PATIENCE + 1, 3 * PATIENCE, 1];

async fn requests(stage: Stage) -> Driven {
    let mut troupe = Troupe::new(&stage, SupervisorSpec::default())?;
    let responder = troupe.engage(RESPONDER, Role::default())?;
    let small = Role { mailbox: MailboxConfig::with_capacity(1), ..Role::default() };
    let narrow = troupe.engage(NARROW, small)?;
    let batched = troupe.engage(BATCHED, Role::default())?;
    troupe.start("root")?;
    one_by_one(&stage, &responder).await;
    without_room(&stage, &narrow).await;
    in_a_batch(&stage, &batched).await;
    for actor in [&responder, &narrow, &batched] {
        books::write(actor, "at the end");
    }
    troupe.end().await
}

/// Every request begins at a full second.
async fn next_second(stage: &Stage) {
    let now = stage.clock().now().as_nanos();
    stage.pass(std::time::Duration::from_nanos(SECOND_NANOS - now % SECOND_NANOS)).await;
}

const SECOND_NANOS: u64 = 1_000_000_000;

async fn one_by_one(stage: &Stage, responder: &Reach) {
    for (number, takes) in (1..).zip(TAKES) {
        next_second(stage).await;
        let line = Line::new("asker", number).with(Deed::AnswerAfter(ms(takes)));
        responder.ask_within(line, ms(PATIENCE)).await;
        // While a late answer is still under way, the next one asks already, and must not get it.
        responder.ask(Line::new("follower", 100 + number)).await;
    }
}

/// A request that waits for room is withdrawn at its timeout: nobody ever gets it.
async fn without_room(stage: &Stage, narrow: &Reach) {
    next_second(stage).await;
    hold(narrow, 0, ms(5 * PATIENCE)).await;
    narrow.try_send(Line::new("filler", 0));
    narrow.ask_within(Line::new("outside", 1), ms(PATIENCE)).await;
    stage.pass(ms(5 * PATIENCE)).await;
    narrow.ask(Line::new("outside", 2)).await;
}

const REQUESTS: u64 = 12;
const IN_FLIGHT: usize = 3;
/// In time for three answers, and for as many requests as have begun by then.
const DEADLINE: u64 = 3 * PATIENCE + PATIENCE / 2;

async fn in_a_batch(stage: &Stage, batched: &Reach) {
    next_second(stage).await;
    let limits = BatchLimits {
        within: ms(DEADLINE),
        in_flight: NonZeroUsize::new(IN_FLIGHT).unwrap_or(NonZeroUsize::MIN),
    };
    let request = |number| Line::new("batch", number).with(Deed::AnswerAfter(ms(PATIENCE)));
    let requests = (1..=REQUESTS).map(|number| (&batched.sender, Post::new(Lane::Normal, request(number))));
    let clock = stage.clock();
    for (number, result) in (1_u64..).zip(ask_all(requests, limits, &*clock).await) {
        let said = match result {
            Ok(answer) => answer.number.to_string(),
            Err(BatchError::NotOffered(line)) => format!("{} not offered", line.number),
            Err(BatchError::Asked(error)) => why(&error),
        };
        stage.record(Observed, "batch", [("number", number.into()), ("said", said.into())]);
    }
    stage.pass(ms(PATIENCE * REQUESTS)).await;
}

fn judge_requests(seen: Evidence<'_>, judge: &mut Judge) {
    judge_one_by_one(seen, judge);
    judge_without_room(seen, judge);
    judge_batch(seen, judge);
}

/// What an asker was told.
fn told(event: &TestEvent) -> (u64, String) {
    let answer = event.count("answer").map(|answer| answer.to_string());
    (event.event_id, answer.unwrap_or_else(|| event.words("error").to_owned()))
}

fn judge_one_by_one(seen: Evidence<'_>, judge: &mut Judge) {
    let numbered = || (1_u64..).zip(TAKES);
    let ending = |(number, takes): (u64, u64)| {
        if takes < PATIENCE { (2 * number).to_string() } else { "Timeout".to_owned() }
    };
    let endings: Vec<_> = numbered().map(ending).collect();
    let said: Vec<_> = seen.from(ReplyReceived, "asker").map(told).collect();
    judge.same("MB-12", "what askers are told", &endings, &said);
    // Where an answer took longer than a second's share, the next begins a second later all the same.
    let at = |second: u64, takes: u64| at_ms(1000 * second + takes);
    let ended: Vec<_> = numbered().map(|(second, takes)| at(second, takes.min(PATIENCE))).collect();
    judge.same(
        "MB-12",
        "instants at which they are told",
        &ended,
        &instants(seen.from(ReplyReceived, "asker")),
    );
    let own: Vec<_> = numbered().map(|(number, _)| (2 * (100 + number)).to_string()).collect();
    let said: Vec<_> = seen.from(ReplyReceived, "follower").map(told).collect();
    judge.same("MB-12", "what those are told who ask next", &own, &said);
    let done: Vec<_> = numbered().map(|(second, takes)| at(second, takes)).collect();
    let instants = instants(seen.from(ReplyReceived, "follower"));
    judge.same("MB-12", "instants at which they are told, behind the late answer", &done, &instants);
    let all: Vec<_> = numbered().map(|(number, _)| number).collect();
    judge.same("MB-12", "requests that were handled", &all, &numbers(got(seen, RESPONDER, "asker")));
    books::check(judge, seen, RESPONDER, "at the end", &[("answered", (2 * TAKES.len()).into())]);
    books::audit(judge, seen, RESPONDER, 2_u64);
}

fn judge_without_room(seen: Evidence<'_>, judge: &mut Judge) {
    let said: Vec<_> = seen.from(ReplyReceived, "outside").map(told).collect();
    judge.same("MB-12", "what who waits for room is told", &["Timeout".to_owned(), "4".to_owned()], &said);
    let second = 1000 * (TAKES.len() as u64 + 1);
    let ended = [at_ms(second + 1 + PATIENCE), at_ms(second + 1 + 6 * PATIENCE)];
    judge.same("MB-12", "instants of that", &ended, &instants(seen.from(ReplyReceived, "outside")));
    let arrived = numbers(got(seen, NARROW, "outside"));
    judge.same("MB-7", "requests that arrived, without the one that was withdrawn", &[2], &arrived);
    let end = [("cancelled", 1_u64.into()), ("answered", 3_u64.into()), ("offered", 4_u64.into())];
    books::check(judge, seen, NARROW, "at the end", &end);
}

fn judge_batch(seen: Evidence<'_>, judge: &mut Judge) {
    let answered = DEADLINE / PATIENCE;
    let offered = answered + IN_FLIGHT as u64;
    let ending = |number: u64| match number {
        _ if number <= answered => (2 * number).to_string(),
        _ if number <= offered => "Timeout".to_owned(),
        _ => format!("{number} not offered"),
    };
    let endings: Vec<_> = (1..=REQUESTS).map(ending).collect();
    let said =
        seen.words(Observed, "batch", "said").into_iter().map(|(event, said)| (event, said.to_owned()));
    judge.same(
        "CM-2",
        "results of the batch, in the order of its requests",
        &endings,
        &said.collect::<Vec<_>>(),
    );
    let ended = at_ms(1000 * (TAKES.len() as u64 + 2) + DEADLINE);
    let at = instants(seen.from(Observed, "batch"));
    judge.same("CM-2", "instant at which the batch ends", &vec![ended; endings.len()], &at);
    let arrived = numbers(got(seen, BATCHED, "batch"));
    judge.same("CM-2", "requests that were offered", &(1..=offered).collect::<Vec<_>>(), &arrived);
    books::check(
        judge,
        seen,
        BATCHED,
        "at the end",
        &[("offered", offered.into()), ("answered", offered.into())],
    );
}

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
    plan::{at_ms, got, hold, instants, ms, numbers, told},
    troupe::{Reach, Role, Troupe, why},
};
use crate::{
    case::{Pace, Suite, TestCase, no_gates},
    event::TestEventType::{Observed, ReplyReceived},
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
const BATCHED: [&str; 2] = ["odd", "even"];

/// How long an answer may take, in milliseconds.
const PATIENCE: u64 = 10;
/// How long each takes: some too long by the least that a clock can tell.
const TAKES: [u64; 6] = [0, 1, PATIENCE - 1, PATIENCE + 1, 3 * PATIENCE, 1];

async fn requests(stage: Stage) -> Driven {
    let mut troupe = Troupe::new(&stage, SupervisorSpec::default())?;
    let responder = troupe.engage(RESPONDER, Role::default())?;
    let small = Role { mailbox: MailboxConfig::with_capacity(1), ..Role::default() };
    let narrow = troupe.engage(NARROW, small)?;
    let [odd, even] = BATCHED.map(|name| troupe.engage(name, Role::default()));
    let batched = [odd?, even?];
    troupe.start("root")?;
    one_by_one(&stage, &responder).await;
    without_room(&stage, &narrow).await;
    in_a_batch(&stage, &batched).await;
    [responder, narrow].iter().chain(&batched).for_each(|actor| books::write(actor, "at the end"));
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
/// In time for three answers of each of the two, and too early for those that have begun by then.
const DEADLINE: u64 = 3 * PATIENCE + PATIENCE / 2;
const ANSWERED: u64 = 6;
/// Those that have begun, each as soon as one before it had ended: three are under way when the deadline comes.
const OFFERED: u64 = ANSWERED + IN_FLIGHT as u64;

/// Whom each request of the batch goes to: by turns.
const fn batched_at(number: u64) -> usize {
    if number % 2 == 1 { 0 } else { 1 }
}

async fn in_a_batch(stage: &Stage, batched: &[Reach; 2]) {
    next_second(stage).await;
    let limits = BatchLimits {
        within: ms(DEADLINE),
        in_flight: NonZeroUsize::new(IN_FLIGHT).unwrap_or(NonZeroUsize::MIN),
    };
    let request = |number| Line::new("batch", number).with(Deed::AnswerAfter(ms(PATIENCE)));
    let requests = (1..=REQUESTS)
        .map(|number| (&batched[batched_at(number)].sender, Post::new(Lane::Normal, request(number))));
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
    let ending = |number: u64| match number {
        1..=ANSWERED => (2 * number).to_string(),
        ..=OFFERED => "Timeout".to_owned(),
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
    for (at, name) in BATCHED.into_iter().enumerate() {
        let its: Vec<_> = (1..=OFFERED).filter(|number| batched_at(*number) == at).collect();
        let arrived = numbers(got(seen, name, "batch"));
        judge.same("CM-2", &format!("requests that were offered to {name}"), &its, &arrived);
        let end = [("offered", its.len().into()), ("answered", its.len().into())];
        books::check(judge, seen, name, "at the end", &end);
    }
}

//! Overflow: a burst that no mailbox can hold is noticed, told, and got over.

use alys_actor::{
    mailbox::{MailboxConfig, Overflow},
    supervision::SupervisorSpec,
};

use super::{
    books,
    cast::Line,
    plan::{self, came_back, got, hold, ms, numbers, offered},
    troupe::{Reach, Role, Troupe},
};
use crate::{
    case::{Pace, Suite, TestCase, no_gates},
    event::TestEventType::{MessageDropped, MessageRefused, MessageSent, ReplyReceived},
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::ActorCore,
    stage::{Driven, Stage},
};

const RECEIVER: &str = "receiver";
const SENDER: &str = "driver";
/// How long the receiver is kept busy.
const BUSY: u64 = 100;

pub(super) const DETECTION: TestCase = TestCase {
    name: "test_mailbox_overflow_detection",
    phase: ActorCore,
    category: "overflow",
    summary: "Of a burst a mailbox accepts exactly its capacity, and gives every other message back.",
    pace: Pace::Virtual,
    suite: Some(Suite::Mailbox),
    drive: |stage| Box::pin(detection(stage)),
    judge: judge_detection,
    gates: no_gates,
};

/// An actor that refuses what it has no room for.
fn engage(stage: &Stage, troupe: &mut Troupe) -> Result<Reach, crate::stage::DriveError> {
    let capacity = stage.config().actor_system.mailbox_capacity;
    let mailbox = MailboxConfig { overflow: Overflow::Reject, ..MailboxConfig::with_capacity(capacity) };
    troupe.engage(RECEIVER, Role { mailbox, ..Role::default() })
}

async fn detection(stage: Stage) -> Driven {
    plan::announce(&stage);
    let mut troupe = Troupe::new(&stage, SupervisorSpec::default())?;
    let receiver = engage(&stage, &mut troupe)?;
    troupe.start("root")?;
    hold(&receiver, 0, ms(BUSY)).await;
    for number in 0..stage.config().actor_system.burst.into() {
        receiver.try_send(Line::new(SENDER, number));
    }
    books::write(&receiver, "after the burst");
    stage.pass(ms(BUSY)).await;
    books::write(&receiver, "at the end");
    troupe.end().await
}

fn judge_detection(seen: Evidence<'_>, judge: &mut Judge) {
    let (burst, capacity) = (plan::size(seen, "burst"), plan::size(seen, "capacity"));
    let (fit, rest): (Vec<_>, Vec<_>) = (0..burst).partition(|number| *number < capacity);
    judge_burst(seen, judge, &fit, &rest);
    let after = [
        ("offered", (1 + burst).into()),
        ("accepted", (1 + capacity).into()),
        ("rejected", burst.saturating_sub(capacity).into()),
        ("in_handler", 1_u64.into()),
        ("len", capacity.into()),
        ("high_water", capacity.into()),
        ("backpressure", "Blocked".into()),
    ];
    books::check(judge, seen, RECEIVER, "after the burst", &after);
    let end = [
        ("answered", (1 + capacity).into()),
        ("rejected", burst.saturating_sub(capacity).into()),
        ("len", 0_u64.into()),
        ("high_water", capacity.into()),
        ("backpressure", "Normal".into()),
    ];
    books::check(judge, seen, RECEIVER, "at the end", &end);
    books::audit(judge, seen, RECEIVER, capacity);
}

/// Checks which numbers were accepted and handled, and that the others came back as they were.
fn judge_burst(seen: Evidence<'_>, judge: &mut Judge, fit: &[u64], rest: &[u64]) {
    let of = |kind| offered(seen, kind, SENDER, RECEIVER);
    judge.same("MB-1", "numbers that were accepted", fit, &numbers(of(MessageSent)));
    judge.same("MB-4", "numbers that were refused", rest, &numbers(of(MessageRefused)));
    let back: Vec<_> = rest.iter().map(|number| format!("full {SENDER}/{number}")).collect();
    judge.same("MB-4", "why messages came back, and which", &back, &came_back(of(MessageRefused)));
    let handled = numbers(got(seen, RECEIVER, SENDER));
    judge.same("MB-3", "numbers that were handled", fit, &handled);
    judge.equal("MB-5", "dead letters", 0_u64, seen.count_from(MessageDropped, RECEIVER));
    let percent = handled.len() as u64 * 100 / (fit.len() as u64).max(1);
    judge.equal("gate", "accepted messages delivered, in percent", 100_u64, percent);
}

pub(super) const RECOVERY: TestCase = TestCase {
    name: "test_overflow_recovery",
    phase: ActorCore,
    category: "overflow",
    summary: "After each overflow all that was accepted is handled, and the mailbox accepts as before.",
    pace: Pace::Virtual,
    suite: Some(Suite::Mailbox),
    drive: |stage| Box::pin(recovery(stage)),
    judge: judge_recovery,
    gates: no_gates,
};

const ROUNDS: u64 = 5;

/// By how much the burst of each round is too large.
fn excesses(rng: &mut fastrand::Rng) -> Vec<u64> {
    (0..ROUNDS).map(|_| rng.u64(1..100)).collect()
}

async fn recovery(stage: Stage) -> Driven {
    plan::announce(&stage);
    let capacity = stage.config().actor_system.mailbox_capacity as u64;
    let mut troupe = Troupe::new(&stage, SupervisorSpec::default())?;
    let receiver = engage(&stage, &mut troupe)?;
    troupe.start("root")?;
    let mut number = 0;
    for (round, excess) in (0..).zip(excesses(&mut stage.rng())) {
        hold(&receiver, round, ms(BUSY)).await;
        for _ in 0..capacity + excess {
            receiver.try_send(Line::new(SENDER, number));
            number += 1;
        }
        books::write(&receiver, &format!("full in round {round}"));
        stage.pass(ms(BUSY)).await;
        books::write(&receiver, &format!("empty in round {round}"));
        receiver.ask(Line::new("probe", round)).await;
    }
    books::write(&receiver, "at the end");
    troupe.end().await
}

fn judge_recovery(seen: Evidence<'_>, judge: &mut Judge) {
    let capacity = plan::size(seen, "capacity");
    let (mut fit, mut rest, mut first) = (Vec::new(), Vec::new(), 0);
    for (round, excess) in (0_u64..).zip(excesses(&mut plan::rng(seen))) {
        fit.extend(first..first + capacity);
        rest.extend(first + capacity..first + capacity + excess);
        first += capacity + excess;
        let (full, empty) = (format!("full in round {round}"), format!("empty in round {round}"));
        let accepted = fit.len() as u64 + 2 * round + 1;
        let common =
            [("accepted", accepted.into()), ("rejected", rest.len().into()), ("high_water", capacity.into())];
        books::check(judge, seen, RECEIVER, &full, &common);
        books::check(judge, seen, RECEIVER, &empty, &common);
        let levels = [(full, capacity, "Blocked"), (empty, 0, "Normal")];
        for (page, len, level) in levels {
            books::check(
                judge,
                seen,
                RECEIVER,
                &page,
                &[("len", len.into()), ("backpressure", level.into())],
            );
        }
    }
    judge_burst(seen, judge, &fit, &rest);
    let doubled: Vec<_> = (0..ROUNDS).map(|round| 2 * round).collect();
    judge.same(
        "MB-12",
        "answers after each overflow",
        &doubled,
        &seen.counts(ReplyReceived, "probe", "answer"),
    );
    books::audit(judge, seen, RECEIVER, capacity);
}

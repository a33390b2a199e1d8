//! Backpressure across actors: a chain slows down from its end.

use alys_actor::{mailbox::MailboxConfig, supervision::SupervisorSpec};

use super::{
    books,
    cast::{Deed, Line},
    plan::{at_ms, got, instants, ms, numbers, offered},
    troupe::{Reach, Role, Troupe},
};
use crate::{
    case::{Pace, Suite, TestCase, no_gates},
    event::TestEventType::{MessageSent, ReplyReceived},
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::ActorCore,
    stage::{Driven, Stage},
};

pub(super) const CASCADE: TestCase = TestCase {
    name: "test_cascading_overflow_prevention",
    phase: ActorCore,
    category: "overflow",
    summary: "The last actor of a chain is slow: its pressure reaches the first, no mailbox overflows, nothing is lost.",
    pace: Pace::Virtual,
    suite: Some(Suite::Mailbox),
    drive: |stage| Box::pin(cascade(stage)),
    judge: judge_cascade,
    gates: no_gates,
};

const SENDER: &str = "driver";
/// From the first to the last.
const CHAIN: [&str; 3] = ["intake", "middle", "outlet"];
/// Has nothing to do with the chain.
const BYSTANDER: &str = "bystander";
const CHAIN_ROOM: usize = 4;
const CHAIN_MESSAGES: u64 = 60;
/// How long each message takes the last.
const SLOW: u64 = 10;

async fn cascade(stage: Stage) -> Driven {
    let mut troupe = Troupe::new(&stage, SupervisorSpec::default())?;
    let role = Role { mailbox: MailboxConfig::with_capacity(CHAIN_ROOM), ..Role::default() };
    let mut chain: Vec<Reach> = Vec::new();
    for name in CHAIN.into_iter().rev() {
        let next = chain.last().cloned();
        chain.push(troupe.engage(name, Role { next: next.as_ref(), ..role })?);
    }
    let bystander = troupe.engage(BYSTANDER, role)?;
    troupe.start("root")?;
    for number in 0..CHAIN_MESSAGES {
        if let Some(first) = chain.last() {
            first.send(Line::new(SENDER, number).with(Deed::PassOn(ms(SLOW)))).await;
        }
        bystander.ask(Line::new("neighbour", number)).await;
        chain.iter().for_each(|actor| books::write(actor, &format!("after {number}")));
    }
    stage.pass(ms(SLOW * CHAIN_MESSAGES)).await;
    chain.iter().for_each(|actor| books::write(actor, "at the end"));
    troupe.end().await
}

/// How many messages the chain holds: each actor has one in hand, and a full mailbox.
const HELD_BY_CHAIN: u64 = CHAIN.len() as u64 * (CHAIN_ROOM as u64 + 1);

fn judge_cascade(seen: Evidence<'_>, judge: &mut Judge) {
    let all: Vec<_> = (0..CHAIN_MESSAGES).collect();
    let senders = [SENDER, CHAIN[0], CHAIN[1]];
    for (actor, from) in CHAIN.into_iter().zip(senders) {
        let arrived = numbers(got(seen, actor, from));
        judge.same("MB-3", &format!("numbers that {actor} got from {from}"), &all, &arrived);
        let percent = arrived.len() as u64 * 100 / CHAIN_MESSAGES;
        judge.equal("gate", &format!("messages delivered to {actor}, in percent"), 100_u64, percent);
        let end =
            [("high_water", CHAIN_ROOM.into()), ("len", 0_u64.into()), ("answered", CHAIN_MESSAGES.into())];
        books::check(judge, seen, actor, "at the end", &end);
        books::audit(judge, seen, actor, CHAIN_ROOM);
    }
    // What the chain holds goes in at once; then one for each that the last has done.
    let let_in = |number: &u64| at_ms((number + 1).saturating_sub(HELD_BY_CHAIN) * SLOW);
    let expected: Vec<_> = all.iter().map(let_in).collect();
    let sent = instants(offered(seen, MessageSent, SENDER, CHAIN[0]));
    judge.same("MB-4", "instants at which the first lets its sender in", &expected, &sent);
    let answered: Vec<_> = seen.from(ReplyReceived, "neighbour").collect();
    judge.same(
        "MB-14",
        "instants of the bystander's answers",
        &expected,
        &instants(answered.iter().copied()),
    );
    let doubled: Vec<_> = all.iter().map(|number| 2 * number).collect();
    judge.same(
        "MB-14",
        "the bystander's answers",
        &doubled,
        &seen.counts(ReplyReceived, "neighbour", "answer"),
    );
}

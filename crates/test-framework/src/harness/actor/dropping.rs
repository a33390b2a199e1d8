//! Dropping: what a full mailbox throws out or gives back, by its policy, and that nothing else is lost.

use alys_actor::{
    mailbox::{Lane, MailboxConfig, Overflow},
    supervision::SupervisorSpec,
};

use super::{
    books,
    cast::Deed,
    expected::{Expected, Posted},
    plan::{self, all_shown, came_back, got, hold, ms, occupy, offered, posts_of},
    troupe::{Reach, Role, Troupe},
};
use crate::{
    case::{Pace, Suite, TestCase, no_gates},
    event::TestEventType::{MessageDropped, MessageRefused, MessageSent, ReplyReceived},
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::ActorCore,
    stage::{DriveError, Driven, Stage},
};

const SENDER: &str = "driver";

/// The policies under which nobody waits, each with its actor.
const POLICIES: [(&str, Overflow); 3] = [
    ("rejects", Overflow::Reject),
    ("drops oldest", Overflow::DropOldest),
    ("drops lowest", Overflow::DropLowest),
];

/// One actor a policy, with mailboxes of one size.
fn engage(troupe: &mut Troupe, capacity: usize) -> Result<Vec<Reach>, DriveError> {
    let engaged = POLICIES.iter().map(|(name, overflow)| {
        let mailbox = MailboxConfig { overflow: *overflow, ..MailboxConfig::with_capacity(capacity) };
        troupe.engage(name, Role { mailbox, ..Role::default() })
    });
    engaged.collect()
}

pub(super) const POLICY: TestCase = TestCase {
    name: "test_message_dropping_policies",
    phase: ActorCore,
    category: "overflow",
    summary: "DropOldest, DropLowest and Reject throw out or give back exactly the messages that they must.",
    pace: Pace::Virtual,
    suite: Some(Suite::Mailbox),
    drive: |stage| Box::pin(policy(stage)),
    judge: judge_policy,
    gates: no_gates,
};

const ROOM: usize = 8;
const POSTS: u64 = 80;
/// The first message waits for an answer, which does not come where it is thrown out.
const ASKED: Posted = Posted { lane: Lane::Background, number: POSTS };

async fn policy(stage: Stage) -> Driven {
    plan::announce(&stage);
    let posts = Posted::drawn(&mut stage.rng(), POSTS);
    let mut troupe = Troupe::new(&stage, SupervisorSpec::default())?;
    let receivers = engage(&mut troupe, ROOM)?;
    troupe.start("root")?;
    for receiver in &receivers {
        hold(receiver, 0, ms(10)).await;
        let (asked, line) = (receiver.clone(), plan::line(SENDER, ASKED, Deed::Answer));
        actix::spawn(async move { asked.ask(line).await });
        stage.pass(ms(1)).await;
        for post in &posts {
            receiver.try_send(plan::line(SENDER, *post, Deed::Answer));
        }
        books::write(receiver, "after all came");
    }
    stage.pass(ms(10)).await;
    receivers.iter().for_each(|receiver| books::write(receiver, "at the end"));
    troupe.end().await
}

fn judge_policy(seen: Evidence<'_>, judge: &mut Judge) {
    let posts = Posted::drawn(&mut plan::rng(seen), POSTS);
    for (name, overflow) in POLICIES {
        let mut expected = Expected::new(ROOM, overflow);
        [ASKED].iter().chain(&posts).for_each(|post| expected.offer(*post));
        expected.take_all();
        let told = seen.from(ReplyReceived, SENDER).filter(|event| event.words("of") == name);
        let dropped = expected.evicted.contains(&ASKED);
        let ending = if dropped { "Dropped".to_owned() } else { (2 * ASKED.number).to_string() };
        let told: Vec<_> = told.map(plan::told).collect();
        judge.same("MB-12", &format!("what the asker of `{name}` is told"), &[ending], &told);
        judge_outcome(seen, judge, name, &expected);
        // A plan in which a policy has nothing to do shows nothing of it.
        judge.at_least(
            "MB-4",
            &format!("messages that `{name}` has to give back"),
            5_u64,
            expected.refused.len(),
        );
        let thrown_out_min = if overflow == Overflow::Reject { 0_u64 } else { 5 };
        judge.at_least(
            "MB-4",
            &format!("messages that `{name}` has to throw out"),
            thrown_out_min,
            expected.evicted.len(),
        );
        let full =
            [("len", ROOM.into()), ("offered", (2 + POSTS).into()), ("backpressure", "Blocked".into())];
        books::check(judge, seen, name, "after all came", &full);
        books::audit(judge, seen, name, ROOM);
    }
}

/// Checks what became of each message at one actor, and that only what was accepted was handled or died.
fn judge_outcome(seen: Evidence<'_>, judge: &mut Judge, name: &str, expected: &Expected) {
    let is = |what: &str| format!("{what} by `{name}`");
    let accepted = offered(seen, MessageSent, SENDER, name);
    judge.same("MB-4", &is("accepted"), &all_shown(&expected.accepted), &posts_of(accepted));
    let refused = || offered(seen, MessageRefused, SENDER, name);
    judge.same("MB-4", &is("refused"), &all_shown(&expected.refused), &posts_of(refused()));
    let back: Vec<_> = expected.refused.iter().map(|post| format!("full {SENDER}/{}", post.number)).collect();
    judge.same("MB-4", &is("given back"), &back, &came_back(refused()));
    let dead = || seen.from(MessageDropped, name).filter(|event| event.words("from") == SENDER);
    judge.same("MB-4", &is("thrown out"), &all_shown(&expected.evicted), &posts_of(dead()));
    let reasons: Vec<_> = dead().map(|event| (event.event_id, event.words("reason"))).collect();
    judge.same("MB-5", &is("reasons of dead letters"), &vec!["evicted"; expected.evicted.len()], &reasons);
    let handled = posts_of(got(seen, name, SENDER));
    judge.same("MB-2", &is("handled"), &all_shown(&expected.taken), &handled);
    let kept = (expected.accepted.len() - expected.evicted.len()) as u64;
    let percent = handled.len() as u64 * 100 / kept.max(1);
    judge.equal("gate", &is("kept messages delivered, in percent"), 100_u64, percent);
}

pub(super) const UNDER_LOAD: TestCase = TestCase {
    name: "test_overflow_under_load",
    phase: ActorCore,
    category: "overflow",
    summary: "Under three times the load that an actor can handle, offered is accepted and refused, and accepted is handled and dropped.",
    pace: Pace::Virtual,
    suite: Some(Suite::Mailbox),
    drive: |stage| Box::pin(under_load(stage)),
    judge: judge_under_load,
    gates: no_gates,
};

/// A message comes at each even millisecond from 2 on ...
const EVERY: u64 = 2;
/// ... and takes its actor thrice as long, from 1 on: so no two things happen at one instant.
const TAKES: u64 = 3 * EVERY;

async fn under_load(stage: Stage) -> Driven {
    plan::announce(&stage);
    let sizes = &stage.config().actor_system;
    let posts = Posted::drawn(&mut stage.rng(), sizes.messages.into());
    let mut troupe = Troupe::new(&stage, SupervisorSpec::default())?;
    let receivers = engage(&mut troupe, sizes.mailbox_capacity)?;
    troupe.start("root")?;
    stage.pass(ms(1)).await;
    receivers.iter().for_each(|receiver| occupy(receiver, 0, ms(TAKES)));
    stage.pass(ms(1)).await;
    for post in &posts {
        for receiver in &receivers {
            receiver.try_send(plan::line(SENDER, *post, Deed::AnswerAfter(ms(TAKES))));
        }
        stage.pass(ms(EVERY)).await;
    }
    receivers.iter().for_each(|receiver| books::write(receiver, "under load"));
    stage.pass(ms(TAKES * (sizes.mailbox_capacity as u64 + 1))).await;
    receivers.iter().for_each(|receiver| books::write(receiver, "at the end"));
    troupe.end().await
}

fn judge_under_load(seen: Evidence<'_>, judge: &mut Judge) {
    let (messages, capacity) = (plan::size(seen, "messages"), plan::size(seen, "capacity"));
    let posts = Posted::drawn(&mut plan::rng(seen), messages);
    let room = usize::try_from(capacity).unwrap_or(usize::MAX);
    for (name, overflow) in POLICIES {
        let mut expected = Expected::new(room, overflow);
        let mut free = 1 + TAKES;
        for (comes, post) in (1..).map(|nth: u64| EVERY * nth).zip(&posts) {
            if free < comes {
                expected.take();
                free += TAKES;
            }
            expected.offer(*post);
        }
        let handled_in_time = expected.taken.len() as u64;
        expected.take_all();
        judge_outcome(seen, judge, name, &expected);
        judge_conserved(seen, judge, name, &expected);
        books::check(judge, seen, name, "under load", &[("high_water", capacity.into())]);
        judge.at_most(
            "FW-1",
            "handled while the load lasted, of thrice as many",
            messages / 2,
            handled_in_time,
        );
        books::audit(judge, seen, name, capacity);
    }
}

/// Checks the balance of one mailbox on its last page: the sums are those of the plan, one more for the holder.
fn judge_conserved(seen: Evidence<'_>, judge: &mut Judge, name: &str, expected: &Expected) {
    let (accepted, refused) = (expected.accepted.len(), expected.refused.len());
    let (dropped, handled) = (expected.evicted.len(), expected.taken.len());
    let end = [
        ("offered", (1 + accepted + refused).into()),
        ("accepted", (1 + handled + dropped).into()),
        ("rejected", refused.into()),
        ("evicted", dropped.into()),
        ("answered", (1 + handled).into()),
        ("len", 0_u64.into()),
        ("waiting", 0_u64.into()),
    ];
    books::check(judge, seen, name, "at the end", &end);
}

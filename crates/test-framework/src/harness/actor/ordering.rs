//! Ordering: what one sender sends in one lane arrives in that order, and urgent lanes go first.

use alys_actor::{mailbox::MailboxConfig, supervision::SupervisorSpec};

use super::{
    books,
    cast::{Deed, Line},
    expected::{Posted, URGENCY, by_turn},
    plan::{self, all_shown, got, hold, ms, numbers, posts_of},
    troupe::{Role, Troupe},
};
use crate::{
    case::{Pace, Suite, TestCase, no_gates},
    event::TestEventType::{ActorCreated, MessageRefused, ReplyReceived},
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::ActorCore,
    stage::{Driven, Stage},
};

pub(super) const FIFO: TestCase = TestCase {
    name: "test_fifo_message_ordering",
    phase: ActorCore,
    category: "ordering",
    summary: "What one sender sends, tries and asks in one lane arrives in that order, across a restart.",
    pace: Pace::Virtual,
    suite: Some(Suite::Mailbox),
    drive: |stage| Box::pin(fifo(stage)),
    judge: judge_fifo,
    gates: no_gates,
};

const RECEIVER: &str = "receiver";
const SENDER: &str = "driver";

/// How many messages are sent in order.
const IN_ORDER: u64 = 1000;
/// Far fewer fit into the mailbox, so that senders wait.
const ROOM: usize = 8;

async fn fifo(stage: Stage) -> Driven {
    plan::announce(&stage);
    let mut rng = stage.rng();
    let mut troupe = Troupe::new(&stage, SupervisorSpec::default())?;
    let mailbox = MailboxConfig::with_capacity(ROOM);
    let receiver = troupe.engage(RECEIVER, Role { mailbox, ..Role::default() })?;
    troupe.start("root")?;
    let fails = rng.u64(IN_ORDER / 4..IN_ORDER / 2);
    for number in 0..IN_ORDER {
        let line = Line::new(SENDER, number);
        match rng.u8(..16) {
            _ if number == fails => receiver.send(line.with(Deed::Fail)).await,
            0 => receiver.ask(line).await.is_some(),
            // Who is refused waits: the order of acceptance is still that of the numbers.
            1..8 => receiver.try_send(line.clone()) || receiver.send(line).await,
            _ => receiver.send(line).await,
        };
    }
    receiver.ask(Line::new("last", 0)).await;
    books::write(&receiver, "at the end");
    troupe.end().await
}

fn judge_fifo(seen: Evidence<'_>, judge: &mut Judge) {
    let arrived = numbers(got(seen, RECEIVER, SENDER));
    let sent: Vec<_> = (0..IN_ORDER).collect();
    judge.same("MB-3", "numbers in the order of arrival", &sent, &arrived);
    let in_place = (0..).zip(&arrived).filter(|(expected, (_, number))| expected == number).count() as u64;
    judge.equal("gate", "messages in their order, in percent", 100_u64, in_place * 100 / IN_ORDER);
    judge.equal("SV-7", "incarnations that they went to", 2_u64, seen.count_from(ActorCreated, RECEIVER));
    // The rule is empty where nobody ever had to wait, and where nobody asked.
    judge.at_least(
        "MB-7",
        "senders that were refused before they waited",
        10_u64,
        seen.count(MessageRefused),
    );
    judge.at_least("MB-12", "answers", 10_u64, seen.count_from(ReplyReceived, SENDER));
}

pub(super) const PRIORITY: TestCase = TestCase {
    name: "test_priority_message_ordering",
    phase: ActorCore,
    category: "ordering",
    summary: "Messages of all six lanes arrive by urgency, those of one lane in the order of sending.",
    pace: Pace::Virtual,
    suite: Some(Suite::Mailbox),
    drive: |stage| Box::pin(priority(stage)),
    judge: judge_priority,
    gates: no_gates,
};

const WAVES: u64 = 5;
/// How many messages a wave has.
const POSTS: u64 = 60;
/// How long each of them takes its receiver.
const TAKES: u64 = 2;

/// A wave of messages: a part of them is there when the receiver begins, the others come when it has taken some.
struct Wave {
    posts: Vec<Posted>,
    early: usize,
    taken: usize,
}

fn waves(rng: &mut fastrand::Rng) -> Vec<Wave> {
    let wave = |first: u64| {
        let mut posts = Posted::drawn(rng, POSTS);
        for (at, post) in posts.iter_mut().enumerate() {
            post.number += first;
            // Every lane is there.
            post.lane = URGENCY.get(at).copied().unwrap_or(post.lane);
        }
        rng.shuffle(&mut posts[..]);
        Wave { posts, early: rng.usize(20..40), taken: rng.usize(1..20) }
    };
    (0..WAVES).map(|wave| wave * POSTS).map(wave).collect()
}

impl Wave {
    /// The order in which they must arrive: a plain sort, and once more when the others have come.
    fn by_turn(&self) -> Vec<Posted> {
        let (early, late) = self.posts.split_at(self.early);
        let mut early = early.to_vec();
        by_turn(&mut early);
        let mut rest = early.split_off(self.taken);
        rest.extend(late);
        by_turn(&mut rest);
        early.extend(rest);
        early
    }
}

fn judge_priority(seen: Evidence<'_>, judge: &mut Judge) {
    let plan = waves(&mut plan::rng(seen));
    let arrived = posts_of(got(seen, RECEIVER, SENDER));
    let expected: Vec<_> = plan.iter().flat_map(|wave| all_shown(&wave.by_turn())).collect();
    judge.same("MB-2", "lanes and numbers in the order of arrival", &expected, &arrived);
    // Each wave is at its highest when the first part has come, or the second.
    let highest =
        plan.iter().map(|wave| wave.early.max(wave.posts.len() - wave.taken)).max().unwrap_or_default();
    let offered = WAVES * (POSTS + 1);
    let last = [("high_water", highest.into()), ("len", 0_u64.into()), ("offered", offered.into())];
    books::check(judge, seen, RECEIVER, "at the end", &last);
    books::audit(judge, seen, RECEIVER, highest);
}

async fn priority(stage: Stage) -> Driven {
    plan::announce(&stage);
    let mut troupe = Troupe::new(&stage, SupervisorSpec::default())?;
    let receiver = troupe.engage(RECEIVER, Role::default())?;
    troupe.start("root")?;
    for (number, wave) in (0..).zip(waves(&mut stage.rng())) {
        hold(&receiver, number, ms(TAKES)).await;
        let (early, late) = wave.posts.split_at(wave.early);
        let post = |post: &Posted| {
            receiver.try_send(plan::line(SENDER, *post, Deed::AnswerAfter(ms(TAKES))));
        };
        early.iter().for_each(&post);
        // In the middle of the last one that is taken before the others come.
        stage.pass(ms(TAKES * wave.taken as u64)).await;
        late.iter().for_each(&post);
        stage.pass(ms(TAKES * (POSTS + 1))).await;
    }
    books::write(&receiver, "at the end");
    troupe.end().await
}

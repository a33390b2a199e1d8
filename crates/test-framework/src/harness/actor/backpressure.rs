//! Backpressure: senders wait for room, in their order, and a chain of actors slows down from its end.

use alys_actor::{
    mailbox::{MailboxConfig, Overflow},
    supervision::SupervisorSpec,
};

use super::{
    books,
    cast::{Deed, Line},
    expected::{Expected, Posted, URGENCY},
    plan::{self, all_shown, at_ms, came_back, got, hold, instants, ms, numbers, offered, posts_of},
    troupe::{Reach, Role, Troupe},
};
use crate::{
    case::{Pace, Suite, TestCase, no_gates},
    event::TestEventType::{MessageRefused, MessageSent},
    evidence::Evidence,
    judge::{Judge, Quantity},
    phase::MigrationPhase::ActorCore,
    stage::{DriveError, Driven, Stage},
};

pub(super) const MECHANISMS: TestCase = TestCase {
    name: "test_backpressure_mechanisms",
    phase: ActorCore,
    category: "overflow",
    summary: "Senders wait for room, are let in by lane and then by turn, and each level begins at its exact fill.",
    pace: Pace::Virtual,
    suite: Some(Suite::Mailbox),
    drive: |stage| Box::pin(mechanisms(stage)),
    judge: judge_mechanisms,
    gates: no_gates,
};

/// A mailbox, and the level that it must show at each fill from 0 on.
struct Scale {
    name: &'static str,
    warning_permille: u16,
    critical_permille: u16,
    /// At how many messages each level begins: Warning, Critical, Blocked, which is the capacity.
    begins: [usize; 3],
}

/// By hand: the least `len` with `1000 len >= permille * capacity`.
const SCALES: [Scale; 4] = [
    Scale { name: "round", warning_permille: 500, critical_permille: 800, begins: [10, 16, 20] },
    // 7 * 333 = 2331 and 7 * 667 = 4669 thousandths: neither is a whole number of messages.
    Scale { name: "crooked", warning_permille: 333, critical_permille: 667, begins: [3, 5, 7] },
    // Both begin at the same fill, and only the higher one shows.
    Scale { name: "one step", warning_permille: 600, critical_permille: 600, begins: [3, 3, 5] },
    // Full is Blocked, never Critical.
    Scale { name: "late", warning_permille: 1000, critical_permille: 1000, begins: [4, 4, 4] },
];

impl Scale {
    fn capacity(&self) -> usize {
        self.begins[2]
    }

    fn level(&self, len: usize) -> &'static str {
        let passed = self.begins.iter().filter(|begin| len >= **begin).count();
        ["Normal", "Warning", "Critical", "Blocked"][passed]
    }

    fn mailbox(&self) -> MailboxConfig {
        let (warning_permille, critical_permille) = (self.warning_permille, self.critical_permille);
        MailboxConfig { warning_permille, critical_permille, ..MailboxConfig::with_capacity(self.capacity()) }
    }
}

const SENDER: &str = "driver";
/// Tries to push in where others wait.
const PUSHER: &str = "pusher";
const WAITERS: u64 = 24;
/// How long each message takes its receiver.
const TAKES: u64 = 2;
/// How long a receiver is held first: long enough for all to come, one a millisecond.
const HELD: u64 = 2 * (WAITERS + 1);

/// Who waits at a full mailbox, in the order of coming.
fn waiters(rng: &mut fastrand::Rng, scale: &Scale) -> Vec<Posted> {
    let mut posts = Posted::drawn(rng, WAITERS);
    posts.iter_mut().for_each(|post| post.number += scale.capacity() as u64);
    posts
}

/// What fills a mailbox.
fn filling(rng: &mut fastrand::Rng, scale: &Scale) -> Vec<Posted> {
    Posted::drawn(rng, scale.capacity() as u64)
}

async fn mechanisms(stage: Stage) -> Driven {
    plan::announce(&stage);
    let (mut rng, mut troupe) = (stage.rng(), Troupe::new(&stage, SupervisorSpec::default())?);
    let mut receivers = Vec::new();
    for scale in &SCALES {
        receivers.push(troupe.engage(scale.name, Role { mailbox: scale.mailbox(), ..Role::default() })?);
    }
    let mailbox = MailboxConfig::with_capacity(CLOSING_ROOM);
    let closing = troupe.engage(CLOSING, Role { mailbox, ..Role::default() })?;
    troupe.start("root")?;
    for (scale, receiver) in SCALES.iter().zip(receivers) {
        let (filling, waiters) = (filling(&mut rng, scale), waiters(&mut rng, scale));
        press(&stage, &receiver, &filling, &waiters).await?;
    }
    close(&stage, &closing).await;
    troupe.end().await
}

/// Its mailbox closes while senders wait for room in it.
const CLOSING: &str = "closing";
const CLOSING_ROOM: usize = 2;
const SENT_TO_CLOSING: u64 = 5;

/// Closes a mailbox before which senders wait.
async fn close(stage: &Stage, closing: &Reach) {
    hold(closing, 0, ms(HELD)).await;
    for number in 0..SENT_TO_CLOSING {
        let closing = closing.clone();
        actix::spawn(async move { closing.send(Line::new(SENDER, number)).await });
        stage.pass(ms(1)).await;
    }
    closing.sender.close();
    stage.pass(ms(1)).await;
    books::write(closing, "closed");
    stage.pass(ms(HELD)).await;
    books::write(closing, "at the end");
}

/// Checks that who waits is told of the close at once, and gets the message back; what was accepted is handled.
fn judge_close(seen: Evidence<'_>, judge: &mut Judge, begins: u64) {
    let (fit, rest): (Vec<_>, Vec<_>) =
        (0..SENT_TO_CLOSING).partition(|number| *number < CLOSING_ROOM as u64);
    judge.same(
        "MB-9",
        "numbers that a closed mailbox hands over",
        &fit,
        &numbers(got(seen, CLOSING, SENDER)),
    );
    let refused = || offered(seen, MessageRefused, SENDER, CLOSING);
    let back: Vec<_> = rest.iter().map(|number| format!("closed {SENDER}/{number}")).collect();
    judge.same("MB-9", "what comes back to who waited", &back, &came_back(refused()));
    let closed = at_ms(begins + 1 + SENT_TO_CLOSING);
    judge.same("MB-9", "instants at which it comes back", &vec![closed; rest.len()], &instants(refused()));
    let page = [("rejected", rest.len().into()), ("waiting", 0_u64.into()), ("len", fit.len().into())];
    books::check(judge, seen, CLOSING, "closed", &page);
    books::audit(judge, seen, CLOSING, CLOSING_ROOM);
}

/// Fills a mailbox message by message, has senders wait, and watches how it empties.
async fn press(stage: &Stage, receiver: &Reach, filling: &[Posted], waiters: &[Posted]) -> Driven {
    let line = |post: &Posted| plan::line(SENDER, *post, Deed::AnswerAfter(ms(TAKES)));
    hold(receiver, 0, ms(HELD)).await;
    books::write(receiver, "empty");
    for post in filling {
        receiver.try_send(line(post));
        books::write(receiver, "filling");
    }
    let mut waiting = Vec::new();
    for post in waiters {
        let (receiver, line) = (receiver.clone(), line(post));
        waiting.push(actix::spawn(async move { receiver.send(line).await }));
        stage.pass(ms(1)).await;
    }
    receiver.try_send(Line::new(PUSHER, 0).in_lane(URGENCY[0]));
    books::write(receiver, "pressed");
    stage.pass(ms(HELD - WAITERS)).await;
    for _ in 0..filling.len() + waiters.len() {
        books::write(receiver, "emptying");
        stage.pass(ms(TAKES)).await;
    }
    books::write(receiver, "at the end");
    for sender in waiting {
        sender.await.map_err(|error| DriveError::new("a sender", error))?;
    }
    Ok(())
}

fn judge_mechanisms(seen: Evidence<'_>, judge: &mut Judge) {
    let (mut rng, mut begins) = (plan::rng(seen), 0);
    for scale in &SCALES {
        let name = scale.name;
        let mut expected = Expected::new(scale.capacity(), Overflow::Backpressure);
        filling(&mut rng, scale)
            .into_iter()
            .chain(waiters(&mut rng, scale))
            .for_each(|post| expected.offer(post));
        expected.take_all();
        let sent = offered(seen, MessageSent, SENDER, name);
        let is = |what: &str| format!("{what} at {name}");
        judge.same("MB-8", &is("let in"), &all_shown(&expected.accepted), &posts_of(sent));
        judge.same("MB-2", &is("received"), &all_shown(&expected.taken), &posts_of(got(seen, name, SENDER)));
        // One for each that is taken, in the very instant.
        let let_in: Vec<_> = (0..WAITERS).map(|at| at_ms(begins + HELD + TAKES * at)).collect();
        let waited = offered(seen, MessageSent, SENDER, name).skip(scale.capacity());
        judge.same("MB-7", &is("instants at which senders are let in"), &let_in, &instants(waited));
        let pushed = numbers(offered(seen, MessageRefused, PUSHER, name));
        judge.same("MB-8", &is("refused, although urgent"), &[0], &pushed);
        judge_levels(seen, judge, scale);
        begins += HELD + 1 + TAKES * (scale.capacity() as u64 + WAITERS);
    }
    judge_close(seen, judge, begins);
    let offered: u64 = SCALES.iter().map(|scale| scale.capacity() as u64 + WAITERS).sum();
    let delivered: usize = SCALES.iter().map(|scale| got(seen, scale.name, SENDER).count()).sum();
    judge.equal("gate", "messages delivered, in percent", 100_u64, delivered as u64 * 100 / offered);
}

/// Checks how full the mailbox is on each page, and that its level is that of the scale.
fn judge_levels(seen: Evidence<'_>, judge: &mut Judge, scale: &Scale) {
    let (capacity, name) = (scale.capacity(), scale.name);
    let filling = 0..=capacity;
    let emptying = (0..capacity + WAITERS as usize).rev().map(|left| left.min(capacity));
    let lens: Vec<_> = filling.chain([capacity]).chain(emptying).chain([0]).collect();
    let counts: Vec<Quantity> = lens.iter().map(|len| (*len).into()).collect();
    judge.same("MB-1", &format!("fill of {name}"), &counts, &books::entries(seen, name, "len"));
    let levels: Vec<Quantity> = lens.iter().map(|len| scale.level(*len).into()).collect();
    judge.same("MB-6", &format!("level of {name}"), &levels, &books::entries(seen, name, "backpressure"));
    let (waiting, high) = (("waiting", WAITERS.into()), ("high_water", capacity.into()));
    books::check(judge, seen, name, "pressed", &[waiting, high]);
    books::audit(judge, seen, name, capacity);
}

//! Ordering among several senders: whatever their interleaving, each one's order holds, and the tracker sees it.

use std::sync::Arc;

use alys_actor::{
    mailbox::MailboxConfig,
    supervision::SupervisorSpec,
    tracker::{OrderingTracker, SenderReport},
};

use super::{
    books,
    cast::{Deed, Line},
    plan::{self, got, ms, numbers},
    troupe::{Reach, Role, Troupe},
};
use crate::{
    case::{Pace, Suite, TestCase, no_gates},
    event::TestEventType::{MessageReceived, Observed},
    evidence::Evidence,
    judge::{Judge, Quantity},
    phase::MigrationPhase::ActorCore,
    stage::{DriveError, Driven, Stage},
};

pub(super) const CONCURRENT: TestCase = TestCase {
    name: "test_concurrent_ordering_verification",
    phase: ActorCore,
    category: "ordering",
    summary: "Senders that interleave keep their order, each its own; numbers that are held back show as that gap.",
    pace: Pace::Virtual,
    suite: Some(Suite::Tracker),
    drive: |stage| Box::pin(concurrent(stage)),
    judge: judge_concurrent,
    gates: no_gates,
};

const SENDERS: [&str; 4] = ["network", "peer", "engine", "bridge"];
/// The first gets everything in order, the second one number late, the third some numbers not at all.
const WHOLE: &str = "chain";
const MENDED: &str = "journal";
const HOLED: &str = "index";
const RECEIVERS: [&str; 3] = [WHOLE, MENDED, HOLED];
const NUMBERS: u64 = 60;
const ROOM: usize = 4;

/// Whose numbers are held back, and from which on.
#[derive(Clone, Copy)]
struct Gap {
    sender: &'static str,
    first: u64,
}

impl Gap {
    fn drawn(rng: &mut fastrand::Rng) -> Self {
        Self { sender: SENDERS[rng.usize(..SENDERS.len())], first: rng.u64(1..NUMBERS - 5) }
    }

    /// The numbers of a sender for a receiver, in the order of sending: of four that are held back at the third
    /// receiver, and of one at the second, the first comes in the end.
    fn stream(self, sender: &str, receiver: &str) -> Vec<u64> {
        let held = match receiver {
            _ if sender != self.sender => 0,
            WHOLE => 0,
            MENDED => 1,
            _ => 4,
        };
        let back = self.first..self.first + held;
        (0..NUMBERS).filter(|number| !back.contains(number)).chain(back.clone().take(1)).collect()
    }
}

async fn concurrent(stage: Stage) -> Driven {
    plan::announce(&stage);
    let mut rng = stage.rng();
    let gap = Gap::drawn(&mut rng);
    let tracker = Arc::new(OrderingTracker::default());
    let mut troupe = Troupe::new(&stage, SupervisorSpec::default())?;
    let role =
        Role { mailbox: MailboxConfig::with_capacity(ROOM), tracker: Some(&tracker), ..Role::default() };
    let receivers = RECEIVERS.map(|name| troupe.engage(name, role));
    let receivers: Vec<_> = receivers.into_iter().collect::<Result<_, _>>()?;
    troupe.start("root")?;
    let senders = SENDERS.map(|name| actix::spawn(send_all(name, receivers.clone(), gap, rng.fork())));
    for sender in senders {
        sender.await.map_err(|error| DriveError::new("a sender", error))?;
    }
    stage.pass(ms(ROOM as u64 * 2)).await;
    for receiver in &receivers {
        books::write(receiver, "at the end");
        write_report(&stage, &tracker, &receiver.name)?;
    }
    troupe.end().await
}

/// Sends to every receiver by turns, with pauses by lot; each message takes its receiver a while, or none.
async fn send_all(name: &'static str, receivers: Vec<Reach>, gap: Gap, mut rng: fastrand::Rng) {
    let streams: Vec<_> =
        receivers.iter().map(|receiver| (receiver, gap.stream(name, &receiver.name))).collect();
    for at in 0..NUMBERS as usize {
        for (receiver, stream) in &streams {
            receiver.stage.pass(ms(rng.u64(..3))).await;
            let deed = if rng.bool() { Deed::AnswerAfter(ms(1)) } else { Deed::Answer };
            if let Some(number) = stream.get(at) {
                receiver.send(Line::new(name, *number).with(deed)).await;
            }
        }
    }
}

/// How a report without gaps is shown.
const NO_GAPS: &str = "none";

/// Writes down what the tracker says of an actor.
fn write_report(stage: &Stage, tracker: &OrderingTracker, actor: &str) -> Driven {
    let report = tracker.report(actor).map_err(|error| DriveError::new("report", error))?;
    let ordered = if tracker.verify_ordering(actor) { "yes" } else { "no" };
    let told = [("count", tracker.message_count(actor).into()), ("ordered", ordered.into())];
    stage.record(Observed, &format!("tracker of {actor}"), told);
    for SenderReport { sender, recorded, gaps, gaps_seen, duplicates_total, reordered_total, .. } in
        report.senders
    {
        let gaps: Vec<_> = gaps.iter().map(ToString::to_string).collect();
        let gaps = if gaps.is_empty() { NO_GAPS.to_owned() } else { gaps.join(", ") };
        let told = [
            ("recorded", recorded.into()),
            ("gaps", gaps.into()),
            ("gaps seen", gaps_seen.into()),
            ("duplicates", duplicates_total.into()),
            ("reordered", reordered_total.into()),
        ];
        stage.record(Observed, &format!("tracker of {actor} from {sender}"), told);
    }
    Ok(())
}

fn judge_concurrent(seen: Evidence<'_>, judge: &mut Judge) {
    let gap = Gap::drawn(&mut plan::rng(seen));
    let (mut arrived, mut sent) = (0, 0);
    for actor in RECEIVERS {
        let streams = SENDERS.map(|sender| (sender, gap.stream(sender, actor)));
        let due: usize = streams.iter().map(|(_, stream)| stream.len()).sum();
        for (sender, stream) in &streams {
            judge_stream(seen, judge, actor, sender, stream);
        }
        sent += due;
        arrived += seen.count_from(MessageReceived, actor);
        let said = |entry: &str| shown(seen, &format!("tracker of {actor}"), entry);
        judge.equal("OT-2", &format!("messages that the tracker counts for {actor}"), due, said("count"));
        let ordered = if actor == WHOLE { "yes" } else { "no" };
        judge.equal("OT-3", &format!("whether the tracker finds {actor} in order"), ordered, said("ordered"));
        books::audit(judge, seen, actor, ROOM);
        books::check(judge, seen, actor, "at the end", &[("len", 0_u64.into()), ("high_water", ROOM.into())]);
        // Four streams one after the other change three times.
        let from: Vec<_> =
            seen.words(MessageReceived, actor, "from").into_iter().map(|(_, from)| from).collect();
        let changes = from.windows(2).filter(|pair| pair[0] != pair[1]).count();
        judge.at_least("MB-3", &format!("changes of sender at {actor}"), NUMBERS, changes);
    }
    judge.equal("gate", "messages delivered, in percent", 100_usize, arrived * 100 / sent);
}

/// Checks one sender's messages at one actor, and what the tracker says of each and of all.
fn judge_stream(seen: Evidence<'_>, judge: &mut Judge, actor: &str, sender: &str, stream: &[u64]) {
    let of_it = format!("from {sender} at {actor}");
    judge.same("MB-3", &format!("numbers {of_it}"), stream, &numbers(got(seen, actor, sender)));
    let judged = seen.from(Observed, actor).filter(|event| event.words("from") == sender);
    let judged: Vec<_> = judged.map(|event| (event.event_id, event.words("verdict").to_owned())).collect();
    let verdicts: Vec<_> = (0..stream.len()).map(|at| verdict(&stream[..at], stream[at])).collect();
    judge.same("OT-1", &format!("verdicts {of_it}"), &verdicts, &judged);
    let missing: Vec<_> = (0..NUMBERS).filter(|number| !stream.contains(number)).collect();
    let gaps = match missing[..] {
        [] => NO_GAPS.to_owned(),
        [first, .., last] => format!("{first}-{last}"),
        [only] => only.to_string(),
    };
    let late = stream.windows(2).filter(|pair| pair[1] < pair[0]).count();
    let entries: [(&str, Quantity); 5] = [
        ("recorded", stream.len().into()),
        ("gaps", gaps.into()),
        ("gaps seen", late.into()),
        ("duplicates", 0_u64.into()),
        ("reordered", late.into()),
    ];
    for (entry, value) in entries {
        let told = shown(seen, &format!("tracker of {actor} from {sender}"), entry);
        judge.equal("OT-3", &format!("{entry} {of_it}"), value, told);
    }
}

/// What the tracker must say of a number after those before it, all of them different.
fn verdict(before: &[u64], got: u64) -> String {
    let expected = before.iter().max().map_or(0, |highest| highest + 1);
    if got < expected {
        return "Reordered".to_owned();
    }
    if got == expected { "InOrder".to_owned() } else { format!("Gap {{ expected: {expected}, got: {got} }}") }
}

fn shown(seen: Evidence<'_>, source: &str, entry: &str) -> Quantity {
    seen.observed(source, entry).cloned().unwrap_or_else(|| "not observed".into())
}

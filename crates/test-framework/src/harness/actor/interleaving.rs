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
    summary: "Senders that interleave keep their order, each its own; a number that is withheld shows as that gap.",
    pace: Pace::Virtual,
    suite: Some(Suite::Tracker),
    drive: |stage| Box::pin(concurrent(stage)),
    judge: judge_concurrent,
    gates: no_gates,
};

const SENDERS: [&str; 4] = ["network", "peer", "engine", "bridge"];
/// The first gets everything; from the second one number is withheld.
const WHOLE: &str = "chain";
const HOLED: &str = "index";
const RECEIVERS: [&str; 2] = [WHOLE, HOLED];
const NUMBERS: u64 = 60;
const ROOM: usize = 4;

/// Whose number does not come, and which.
fn withheld(rng: &mut fastrand::Rng) -> (&'static str, u64) {
    (SENDERS[rng.usize(..SENDERS.len())], rng.u64(1..NUMBERS - 1))
}

async fn concurrent(stage: Stage) -> Driven {
    plan::announce(&stage);
    let mut rng = stage.rng();
    let missing = withheld(&mut rng);
    let tracker = Arc::new(OrderingTracker::default());
    let mut troupe = Troupe::new(&stage, SupervisorSpec::default())?;
    let role =
        Role { mailbox: MailboxConfig::with_capacity(ROOM), tracker: Some(&tracker), ..Role::default() };
    let receivers = RECEIVERS.map(|name| troupe.engage(name, role));
    let receivers: Vec<_> = receivers.into_iter().collect::<Result<_, _>>()?;
    troupe.start("root")?;
    let senders = SENDERS.map(|name| {
        let missing = (missing.0 == name).then_some(missing.1);
        actix::spawn(send_all(name, receivers.clone(), missing, rng.fork()))
    });
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

/// Sends every number to every receiver but one, with pauses by lot; each takes its receiver a while, or none.
async fn send_all(name: &str, receivers: Vec<Reach>, missing: Option<u64>, mut rng: fastrand::Rng) {
    for number in 0..NUMBERS {
        for receiver in &receivers {
            receiver.stage.pass(ms(rng.u64(..3))).await;
            let deed = if rng.bool() { Deed::AnswerAfter(ms(1)) } else { Deed::Answer };
            if *receiver.name != *HOLED || missing != Some(number) {
                receiver.send(Line::new(name, number).with(deed)).await;
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
    let missing = withheld(&mut plan::rng(seen));
    let mut arrived = 0;
    for actor in RECEIVERS {
        for sender in SENDERS {
            let missing = (actor == HOLED && missing.0 == sender).then_some(missing.1);
            arrived += judge_stream(seen, judge, actor, sender, missing);
        }
        let whole = actor == WHOLE;
        let expected = NUMBERS * SENDERS.len() as u64 - u64::from(!whole);
        let said = |entry: &str| shown(seen, &format!("tracker of {actor}"), entry);
        judge.equal(
            "OT-2",
            &format!("messages that the tracker counts for {actor}"),
            expected,
            said("count"),
        );
        let ordered = if whole { "yes" } else { "no" };
        judge.equal("OT-3", &format!("whether the tracker finds {actor} in order"), ordered, said("ordered"));
        books::audit(judge, seen, actor, ROOM);
        books::check(judge, seen, actor, "at the end", &[("len", 0_u64.into()), ("high_water", ROOM.into())]);
        // Four streams one after the other change three times.
        let from: Vec<_> =
            seen.words(MessageReceived, actor, "from").into_iter().map(|(_, from)| from).collect();
        let changes = from.windows(2).filter(|pair| pair[0] != pair[1]).count();
        judge.at_least("MB-3", &format!("changes of sender at {actor}"), NUMBERS, changes);
    }
    let sent = RECEIVERS.len() as u64 * SENDERS.len() as u64 * NUMBERS - 1;
    judge.equal("gate", "messages delivered, in percent", 100_u64, arrived * 100 / sent);
}

/// Checks one sender's messages at one actor, and what the tracker says of them; returns how many came.
fn judge_stream(
    seen: Evidence<'_>,
    judge: &mut Judge,
    actor: &str,
    sender: &str,
    missing: Option<u64>,
) -> u64 {
    let stream = format!("from {sender} at {actor}");
    let expected: Vec<_> = (0..NUMBERS).filter(|number| Some(*number) != missing).collect();
    let arrived = numbers(got(seen, actor, sender));
    judge.same("MB-3", &format!("numbers {stream}"), &expected, &arrived);
    let gap = |number: u64| format!("Gap {{ expected: {}, got: {number} }}", number - 1);
    let after_gap = |number: &u64| missing == number.checked_sub(1) && missing.is_some();
    let verdict = |number: &u64| if after_gap(number) { gap(*number) } else { "InOrder".to_owned() };
    let verdicts: Vec<_> = expected.iter().map(verdict).collect();
    let judged = seen.from(Observed, actor).filter(|event| event.words("from") == sender);
    let judged: Vec<_> = judged.map(|event| (event.event_id, event.words("verdict").to_owned())).collect();
    judge.same("OT-1", &format!("verdicts {stream}"), &verdicts, &judged);
    let report = format!("tracker of {actor} from {sender}");
    let entries: [(&str, Quantity); 5] = [
        ("recorded", expected.len().into()),
        ("gaps", missing.map_or_else(|| NO_GAPS.to_owned(), |number| number.to_string()).into()),
        ("gaps seen", u64::from(missing.is_some()).into()),
        ("duplicates", 0_u64.into()),
        ("reordered", 0_u64.into()),
    ];
    for (entry, value) in entries {
        judge.equal("OT-3", &format!("{entry} {stream}"), value, shown(seen, &report, entry));
    }
    arrived.len() as u64
}

fn shown(seen: Evidence<'_>, source: &str, entry: &str) -> Quantity {
    seen.observed(source, entry).cloned().unwrap_or_else(|| "not observed".into())
}

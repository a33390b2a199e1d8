//! Threads send to one actor through a small mailbox: each message is handled once, in its sender's order.

use std::sync::{Arc, Barrier};

use alys_actor::{
    mailbox::{Lane, MailboxConfig},
    tracker::{OrderingTracker, SenderReport},
};
use alys_properties::measure::Stopwatch;
use tokio::task::JoinSet;

use super::{
    MESSAGES_MIN, SENDERS,
    crew::{Crew, Hand, Parcel, record_book, sender},
};
use crate::{
    case::{Pace, Suite, TestCase, no_gates},
    event::TestEventType::{MessageReceived, MessageSent, Observed, ReplyReceived},
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::ActorCore,
    stage::{DriveError, Driven, Stage},
};

pub(in super::super) const CONCURRENT_PROCESSING: TestCase = TestCase {
    name: "test_concurrent_message_processing",
    phase: ActorCore,
    category: "concurrency",
    summary: "Eight threads send a thousand messages and more to one actor: each is handled exactly once, and in the \
              order of its sender.",
    pace: Pace::Real,
    suite: Some(Suite::Mailbox),
    drive: |stage| Box::pin(concurrent_processing(stage)),
    judge: |seen, judge| {
        judge_messages(seen, judge);
        judge_tracker(seen, judge);
    },
    gates: no_gates,
};

/// Few enough that the senders must wait for room.
const CAPACITY: usize = 64;

async fn concurrent_processing(stage: Stage) -> Driven {
    let (crew, tracker) = (Crew::new(&stage)?, OrderingTracker::default());
    let tracked = (0..SENDERS).map(|from| tracker.handle("sink", &sender(from)));
    let sink = crew.hire("sink", MailboxConfig::with_capacity(CAPACITY), tracked.collect())?;
    crew.start()?;
    for (from, accepted) in send_from_threads(&stage, &sink).await?.into_iter().enumerate() {
        stage.record(MessageSent, &sender(from), [("to", "sink".into()), ("messages", accepted.into())]);
    }
    // Accepted after all others, and of the same lane: handled after them.
    let last = Parcel { from: SENDERS, number: 0, sent: Stopwatch::start() };
    let handled =
        sink.sender.ask((Lane::Normal, last)).await.map_err(|error| DriveError::new("ask", error))?;
    stage.record(ReplyReceived, "driver", [("handled", handled.into())]);
    record_book(&stage, "sink", &sink.book.lock());
    record_tracker(&stage, &tracker)?;
    record_mailbox(&stage, &sink);
    crew.end().await;
    Ok(())
}

/// Sends from threads that all begin at once; returns how many of each thread's messages were accepted.
async fn send_from_threads(stage: &Stage, sink: &Hand) -> Result<Vec<u64>, DriveError> {
    let each = u64::from(stage.config().actor_system.messages).div_ceil(SENDERS as u64);
    let (mut threads, together) = (JoinSet::new(), Arc::new(Barrier::new(SENDERS)));
    for from in 0..SENDERS {
        let (way, together) = (sink.sender.clone(), Arc::clone(&together));
        threads.spawn_blocking(move || {
            together.wait();
            let send =
                |number| way.blocking_send((Lane::Normal, Parcel { from, number, sent: Stopwatch::start() }));
            (from, (0..each).filter(|number| send(*number).is_ok()).count() as u64)
        });
    }
    let mut accepted = vec![0; SENDERS];
    while let Some(ended) = threads.join_next().await {
        let (from, count) = ended.map_err(|error| DriveError::new("a thread that sends", error))?;
        accepted[from] = count;
    }
    Ok(accepted)
}

fn record_tracker(stage: &Stage, tracker: &OrderingTracker) -> Driven {
    let report = tracker.report("sink").map_err(|error| DriveError::new("report", error))?;
    for SenderReport { sender, recorded, gaps_seen, duplicates_total, reordered_total, .. } in report.senders
    {
        let told = [
            ("recorded", recorded.into()),
            ("gaps", gaps_seen.into()),
            ("duplicates", duplicates_total.into()),
            ("reordered", reordered_total.into()),
        ];
        stage.record(Observed, &format!("tracker of {sender}"), told);
    }
    let order = if tracker.verify_ordering("sink") { "in order" } else { "out of order" };
    stage.record(
        Observed,
        "tracker",
        [("count", tracker.message_count("sink").into()), ("order", order.into())],
    );
    Ok(())
}

fn record_mailbox(stage: &Stage, sink: &Hand) {
    let stats = sink.sender.stats();
    let told = [
        ("accepted", stats.accepted.into()),
        ("rejected", stats.rejected.into()),
        ("delivered", stats.delivered.into()),
        ("answered", stats.answered.into()),
        ("failed", stats.failed.into()),
        ("queued", stats.len.into()),
        // Not the mark itself, which every schedule sets anew.
        ("above the capacity", stats.high_water.saturating_sub(CAPACITY).into()),
    ];
    stage.record(Observed, "mailbox", told);
}

/// Returns how many messages each sender says that it got rid of.
fn accepted(seen: Evidence<'_>) -> Vec<u64> {
    let of =
        |from| seen.counts(MessageSent, &sender(from), "messages").into_iter().map(|(_, count)| count).sum();
    (0..SENDERS).map(of).collect()
}

fn judge_messages(seen: Evidence<'_>, judge: &mut Judge) {
    let accepted = accepted(seen);
    let all: u64 = accepted.iter().sum();
    judge.at_least("MB-5", "messages accepted", MESSAGES_MIN, all);
    let arrived = seen.from(MessageReceived, "sink");
    let arrived: Vec<_> = arrived
        .map(|event| (event.event_id, (event.words("from").to_owned(), event.words("numbers").to_owned())))
        .collect();
    let whole = |(from, count): (usize, &u64)| (sender(from), format!("0-{}", count.saturating_sub(1)));
    let mut expected: Vec<_> = accepted.iter().enumerate().map(whole).collect();
    // The question that the driver asked last.
    expected.push((sender(SENDERS), "0".to_owned()));
    judge.same("MB-3", "what came of each sender, in its order", &expected, &arrived);
    judge.same(
        "MB-12",
        "messages handled before the last answer",
        &[all + 1],
        &seen.counts(ReplyReceived, "driver", "handled"),
    );
    let expected = [
        ("accepted", all + 1),
        ("rejected", 0),
        ("delivered", all + 1),
        ("answered", all + 1),
        ("failed", 0),
        ("queued", 0),
    ];
    for (key, expected) in expected {
        judge.same("MB-5", &format!("messages {key}"), &[expected], &seen.counts(Observed, "mailbox", key));
    }
    judge.same(
        "MB-1",
        "messages above the capacity",
        &[0],
        &seen.counts(Observed, "mailbox", "above the capacity"),
    );
    super::judge_end(seen, judge, 1);
}

fn judge_tracker(seen: Evidence<'_>, judge: &mut Judge) {
    let accepted = accepted(seen);
    for (from, count) in accepted.iter().enumerate() {
        let source = format!("tracker of {}", sender(from));
        for (key, expected) in [("recorded", *count), ("gaps", 0), ("duplicates", 0), ("reordered", 0)] {
            let subject = format!("messages of {} that the tracker has {key}", sender(from));
            judge.same("OT-2", &subject, &[expected], &seen.counts(Observed, &source, key));
        }
    }
    let all: u64 = accepted.iter().sum();
    judge.same(
        "OT-2",
        "messages that the tracker counts",
        &[all],
        &seen.counts(Observed, "tracker", "count"),
    );
    judge.same("OT-3", "what the tracker says", &["in order"], &seen.words(Observed, "tracker", "order"));
}

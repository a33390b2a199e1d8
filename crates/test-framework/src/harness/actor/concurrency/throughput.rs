//! How many messages a second one actor handles, and how long each is on its way.

use alys_actor::mailbox::{Lane, MailboxConfig, Sender};
use alys_properties::measure::Stopwatch;
use tokio::task::JoinSet;

use super::{
    MESSAGES_MIN, SENDERS,
    crew::{Crew, Hand, Parcel, record_book, sender},
};
use crate::{
    case::{Pace, Suite, TestCase},
    event::TestEventType::{MessageReceived, MessageSent},
    evidence::Evidence,
    judge::{Judge, Limit},
    phase::MigrationPhase::ActorCore,
    stage::{DriveError, Driven, Stage},
};

pub(in super::super) const HIGH_THROUGHPUT: TestCase = TestCase {
    name: "test_high_throughput_messaging",
    phase: ActorCore,
    category: "concurrency",
    summary: "Eight tasks send to one actor as fast as they can: so many messages a second, each so long on its way, \
              and none lost.",
    pace: Pace::Real,
    suite: Some(Suite::Mailbox),
    drive: |stage| Box::pin(high_throughput(stage)),
    judge: judge_messages,
    gates: |measured, config, judge| {
        let gates = &config.performance;
        let speed =
            measured.values.get(THROUGHPUT).map_or_else(|| "not measured".into(), |value| (*value).into());
        judge.check("throughput_min", THROUGHPUT, Limit::AtLeast(gates.throughput_min.into()), speed, None);
        let mean = measured.mean_ms(LATENCY).map_or_else(|| "not measured".into(), Into::into);
        judge.check(
            "latency_mean_ms_max",
            LATENCY_MEAN,
            Limit::AtMost(gates.latency_mean_ms_max.into()),
            mean,
            None,
        );
        let messages = u64::from(config.actor_system.messages) * (ROUNDS / SAMPLED_EVERY);
        let sampled = measured.samples.get(LATENCY).map_or(0, Vec::len);
        judge.at_least("FW-4", "samples of the latency", messages, sampled);
    },
};

/// How often all messages are sent: the throughput is the median of the rounds.
const ROUNDS: u64 = 55;

/// The latency of each message is kept in one of so many rounds: enough for any percentile, and no more.
const SAMPLED_EVERY: u64 = 5;

const THROUGHPUT: &str = "messages per second";
const LATENCY: &str = "latency of a message";
const LATENCY_MEAN: &str = "mean latency of a message in milliseconds";

async fn high_throughput(stage: Stage) -> Driven {
    let crew = Crew::new(&stage)?;
    let sink = crew.hire("sink", MailboxConfig::with_capacity(1024), [].into())?;
    crew.start()?;
    let each = u64::from(stage.config().actor_system.messages).div_ceil(SENDERS as u64);
    let (mut accepted, mut speeds, mut latencies) = (vec![0; SENDERS], Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let watch = Stopwatch::start();
        send_all(&sink, round * each..(round + 1) * each, &mut accepted).await?;
        speeds.push((each * SENDERS as u64) as f64 / watch.elapsed().as_secs_f64());
        let of_round = std::mem::take(&mut sink.book.lock().latencies);
        if round % SAMPLED_EVERY == 0 {
            latencies.extend(of_round);
        }
    }
    speeds.sort_by(f64::total_cmp);
    stage.measured(THROUGHPUT, speeds[speeds.len() / 2]);
    for (from, accepted) in accepted.into_iter().enumerate() {
        stage.record(MessageSent, &sender(from), [("to", "sink".into()), ("messages", accepted.into())]);
    }
    record_book(&stage, "sink", &sink.book.lock());
    stage.sampled(LATENCY, latencies);
    crew.end().await;
    Ok(())
}

/// Has each sender send these numbers, and waits until all were handled.
async fn send_all(sink: &Hand, numbers: std::ops::Range<u64>, accepted: &mut [u64]) -> Driven {
    let mut tasks = JoinSet::new();
    for from in 0..accepted.len() {
        tasks.spawn_local(send(sink.sender.clone(), from, numbers.clone()));
    }
    while let Some(ended) = tasks.join_next().await {
        let (from, count) = ended.map_err(|error| DriveError::new("a task that sends", error))?;
        accepted[from] += count;
    }
    Ok(())
}

/// Sends all but the last, and asks that: one lane is first come, first served, so all are handled when it is answered.
async fn send(way: Sender<Parcel, u64>, from: usize, numbers: std::ops::Range<u64>) -> (usize, u64) {
    let (mut accepted, last) = (0, numbers.end - 1);
    for number in numbers {
        let post = (Lane::Normal, Parcel { from, number, sent: Stopwatch::start() });
        let taken = if number == last { way.ask(post).await.is_ok() } else { way.send(post).await.is_ok() };
        accepted += u64::from(taken);
    }
    (from, accepted)
}

fn judge_messages(seen: Evidence<'_>, judge: &mut Judge) {
    let sent = |from| -> u64 {
        seen.counts(MessageSent, &sender(from), "messages").iter().map(|(_, count)| count).sum()
    };
    let expected: Vec<_> = (0..SENDERS).map(|from| format!("0-{}", sent(from).saturating_sub(1))).collect();
    let arrived =
        seen.from(MessageReceived, "sink").map(|event| (event.event_id, event.words("numbers").to_owned()));
    judge.same("MB-3", "what came of each sender, in its order", &expected, &arrived.collect::<Vec<_>>());
    judge.at_least("MB-5", "messages sent", MESSAGES_MIN * ROUNDS, (0..SENDERS).map(sent).sum::<u64>());
    super::judge_end(seen, judge, 1);
}

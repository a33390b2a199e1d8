//! A thousand actors and more, all alive at once; what they held is given back.

use alys_actor::mailbox::{Lane, MailboxConfig};
use alys_properties::measure::Stopwatch;

use super::crew::{Crew, Hand, Parcel};
use crate::{
    case::{Pace, Suite, TestCase},
    config::TestConfig,
    event::TestEventType::Observed,
    evidence::Evidence,
    judge::Judge,
    measurement::Measurement,
    metrics::resident_bytes,
    phase::MigrationPhase::ActorCore,
    stage::{DriveError, Driven, Stage},
};

pub(in super::super) const ACTORS_AT_ONCE: TestCase = TestCase {
    name: "test_actors_at_once",
    phase: ActorCore,
    category: "concurrency",
    summary: "A thousand actors and more are alive at once and answer, again and again; the memory of each crowd is \
              given back.",
    pace: Pace::Real,
    suite: Some(Suite::Supervision),
    drive: |stage| Box::pin(actors_at_once(stage)),
    judge: judge_crowds,
    gates: gate,
};

/// How many crowds come and go, one after another; the first ones warm the allocator up, which keeps what it has.
const CROWDS: usize = 16;
const WARMING: usize = 6;

/// The least number of actors, whatever the configuration.
const ACTORS_MIN: u64 = 1000;

/// Resident memory: before the first crowd, and each time that one was there and had gone.
const RESIDENT: &str = "resident memory in bytes";

async fn actors_at_once(stage: Stage) -> Driven {
    let mut resident: Vec<_> = resident_bytes().into_iter().collect();
    for _ in 0..CROWDS {
        resident.extend(crowd(&stage).await?);
        resident.extend(resident_bytes());
    }
    stage.sampled(RESIDENT, resident);
    Ok(())
}

/// One crowd from its making to its end.
async fn crowd(stage: &Stage) -> Result<Option<u64>, DriveError> {
    let crew = Crew::new(stage)?;
    let hire = |number| crew.hire(&format!("actor {number}"), MailboxConfig::with_capacity(8), [].into());
    let hands: Result<Vec<Hand>, _> = (0..stage.config().actor_system.actors).map(hire).collect();
    let hands = hands?;
    crew.start()?;
    // The last one to start answers when all have started.
    let mut answered = ask_all(&hands[hands.len() - 1..]).await;
    let (running, alive) = crew.running();
    answered += ask_all(&hands[..hands.len() - 1]).await;
    let full = resident_bytes();
    let hired = hands.len().into();
    let told = [
        ("hired", hired),
        ("running", running.into()),
        ("alive", alive.into()),
        ("answered", answered.into()),
    ];
    stage.record(Observed, "crowd", told);
    drop(hands);
    crew.end().await;
    Ok(full)
}

/// Returns how many answered that they had got one message.
async fn ask_all(hands: &[Hand]) -> u64 {
    let mut answered = 0;
    for hand in hands {
        let parcel = Parcel { from: 0, number: 0, sent: Stopwatch::start() };
        answered += u64::from(hand.sender.ask((Lane::Normal, parcel)).await.is_ok_and(|got| got == 1));
    }
    answered
}

fn judge_crowds(seen: Evidence<'_>, judge: &mut Judge) {
    let hired = seen.counts(Observed, "crowd", "hired");
    judge.equal("LC-2", "crowds", CROWDS, hired.len());
    let least = hired.iter().map(|(_, count)| *count).min().unwrap_or_default();
    judge.at_least("LC-2", "actors hired for each crowd", ACTORS_MIN, least);
    let hired: Vec<_> = hired.into_iter().map(|(_, count)| count).collect();
    for key in ["running", "alive", "answered"] {
        judge.same("LC-2", &format!("actors {key} at once"), &hired, &seen.counts(Observed, "crowd", key));
    }
    super::judge_end(seen, judge, CROWDS);
}

/// What a later crowd may leave behind for each of its actors, in bytes, in the middle of all of them. An actor holds some thousands.
const KEPT_MAX: f64 = 128.0;

fn gate(measured: &Measurement, config: &TestConfig, judge: &mut Judge) {
    // Elsewhere the system does not say.
    if !cfg!(target_os = "linux") {
        return;
    }
    let samples = measured.samples.get(RESIDENT).map_or(&[][..], Vec::as_slice);
    judge.equal("FW-4", "samples of the resident memory", 1 + 2 * CROWDS, samples.len());
    let ends: Vec<_> = samples.iter().step_by(2).skip(WARMING).collect();
    let mut grown: Vec<_> = ends.windows(2).map(|pair| pair[1].saturating_sub(*pair[0])).collect();
    grown.sort_unstable();
    // Whoever else runs in the process takes memory now and then; what a crowd leaves behind, each of them does.
    let Some(usual) = grown.get(grown.len() / 2) else { return };
    let kept = *usual as f64 / f64::from(config.actor_system.actors);
    judge.at_most("LC-4", "bytes usually left behind for each actor of a later crowd", KEPT_MAX, kept);
}

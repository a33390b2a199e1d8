//! The steps in virtual time: each does its harm to one worker, waits until that answers again, and looks at what the
//! system itself has counted.

use std::time::Duration;

use alys_wire_properties::real::Wire;

use super::{
    super::{
        cast::{Deed, Line},
        troupe::Reach,
    },
    course::Course,
    disk::disk,
    noise::noise,
};
use crate::{
    chaos::{Seen, Strategy, name},
    harness::{governance::attacked, lighthouse::failed, sync::stormed},
};

/// How long a worker may take to answer again.
const RECOVER_WITHIN: Duration = Duration::from_secs(3600);

/// Who sends what does harm.
const CHAOS: &str = "chaos";

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn harm(number: u64, deed: Deed) -> Line {
    Line::new(CHAOS, number).with(deed)
}

impl Course {
    pub(super) async fn inject(&self, strategy: &Strategy, worker: usize, seed: u64) -> Seen {
        let reach = self.worker(worker);
        match *strategy {
            Strategy::Panics { count, .. } => self.panics(reach, count).await,
            Strategy::Stalls { for_ms, .. } => {
                let sent = async |seen: &mut Seen| {
                    let taken = reach.try_send(harm(0, Deed::AnswerAfter(ms(for_ms))));
                    seen.count(name::TAKEN, taken.into());
                };
                self.watched(worker, sent).await
            }
            Strategy::Floods { messages, each_ms, .. } => {
                let sent = async |seen: &mut Seen| flood(seen, reach, messages, ms(each_ms));
                self.watched(worker, sent).await
            }
            Strategy::SlowConsumers { messages, each_ms, .. } => {
                let sent = async |seen: &mut Seen| self.slow(seen, reach, messages, ms(each_ms)).await;
                self.watched(worker, sent).await
            }
            Strategy::ClockSkew { by_ms, timeout_ms, .. } => {
                let sent = async |seen: &mut Seen| self.skew(seen, reach, ms(by_ms), ms(timeout_ms)).await;
                self.watched(worker, sent).await
            }
            Strategy::MessageCorruption { frames, permille } => noise::<Wire>(seed, frames, permille),
            Strategy::DiskFailures { failure, count } => {
                disk(seed, failure, count).unwrap_or_else(|error| Seen::failed(error.0))
            }
            Strategy::ByzantineActors { members, count } => {
                attacked(seed, members, count).unwrap_or_else(|error| Seen::failed(error.0))
            }
            Strategy::ClientFailures { .. } | Strategy::LyingClients { .. } => failed(seed, strategy),
            Strategy::KilledArbiter {} | Strategy::MemoryPressure { .. } | Strategy::CpuStress { .. } => {
                Seen::failed(format!("{} does not run in virtual time", strategy.name()))
            }
            _ => stormed(seed, strategy).await.unwrap_or_else(|error| Seen::failed(error.0)),
        }
    }

    /// Does one thing to a worker, waits until it answers again, and counts the probes that felt it.
    async fn watched(&self, worker: usize, act: impl AsyncFnOnce(&mut Seen)) -> Seen {
        let (began, mut seen) = (self.now_ns(), Seen { attempted: 1, ..Seen::default() });
        act(&mut seen).await;
        self.recover(self.worker(worker), began, &mut seen).await;
        self.settle().await;
        seen.count(name::LATE, self.late_since(worker, began));
        seen
    }

    /// Waits until a worker answers again.
    async fn recover(&self, reach: &Reach, began_ns: u64, seen: &mut Seen) {
        let until = began_ns.saturating_add(u64::try_from(RECOVER_WITHIN.as_nanos()).unwrap_or(u64::MAX));
        let mut number = 0;
        while self.now_ns() < until {
            if reach.ask_within(Line::new("recovery", number), RECOVER_WITHIN).await.is_some() {
                seen.recovered += 1;
                return seen.recover_ns.push(self.now_ns() - began_ns);
            }
            if reach.sender.stats().closed {
                seen.note = Some(format!("`{}` has stopped", reach.name));
                return;
            }
            number += 1;
            self.stage.pass(ms(self.plan.probe_every_ms)).await;
        }
        seen.note = Some(format!("`{}` did not answer within {RECOVER_WITHIN:?}", reach.name));
    }

    async fn panics(&self, reach: &Reach, count: u32) -> Seen {
        let mut seen = Seen { attempted: count.into(), ..Seen::default() };
        let mut restarted = 0;
        for number in 0..count {
            let (began, before) = (self.now_ns(), self.failures(reach));
            // Its answer is its failure, which is looked for where the system counts failures.
            let _ = reach.ask(harm(number.into(), Deed::Panic)).await;
            self.recover(reach, began, &mut seen).await;
            let after = self.failures(reach);
            restarted += u64::from(after.0 > before.0 && after.1 > before.1);
        }
        seen.count(name::FAILED, restarted);
        seen
    }

    /// How many handlers of a worker have failed, and how many transitions it went through.
    fn failures(&self, reach: &Reach) -> (u64, u64) {
        let history = self.troupe.monitor().history(&reach.name);
        let transitions = history.map_or(0, |history| history.dropped + history.transitions.len() as u64);
        (reach.sender.stats().failed, transitions)
    }

    async fn slow(&self, seen: &mut Seen, reach: &Reach, messages: u32, each: Duration) {
        let (began, mut taken) = (self.now_ns(), 0);
        for number in 0..messages {
            taken += u64::from(reach.send(harm(number.into(), Deed::AnswerAfter(each))).await);
        }
        seen.count(name::TAKEN, taken);
        seen.count("nanoseconds that their sender waited for room", self.now_ns() - began);
        seen.count("longest queue so far", reach.sender.stats().high_water as u64);
    }

    /// The answer comes after half of its timeout; the clock jumps after a quarter of it.
    async fn skew(&self, seen: &mut Seen, reach: &Reach, by: Duration, timeout: Duration) {
        let began = self.now_ns();
        let asked = async {
            let answer = reach.ask_within(harm(0, Deed::AnswerAfter(timeout / 2)), timeout).await;
            (answer.is_some(), self.now_ns() - began)
        };
        let jumped = async {
            self.stage.pass(timeout / 4).await;
            self.clock.jump(by);
        };
        let ((answered, took_ns), ()) = tokio::join!(asked, jumped);
        // Whoever is told before the jump was not told because of it.
        let since_the_jump = (timeout / 4).as_nanos()..timeout.as_nanos();
        let early = !answered && since_the_jump.contains(&u128::from(took_ns));
        seen.count(name::EARLY, early.into());
        seen.count("nanoseconds until the asker was told", took_ns);
    }
}

fn flood(seen: &mut Seen, reach: &Reach, messages: u32, each: Duration) {
    let deed = if each.is_zero() { Deed::Answer } else { Deed::AnswerAfter(each) };
    let sent = |number: u32| reach.try_send(harm(number.into(), deed));
    let taken = (0..messages).filter(|number| sent(*number)).count() as u64;
    seen.count(name::TAKEN, taken);
    seen.count(name::REFUSED, u64::from(messages) - taken);
    seen.count("longest queue so far", reach.sender.stats().high_water as u64);
}

//! What the ordering tracker is measured against: maps behind locks that judge the same way.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Mutex,
};

use alys_actor::tracker::{OrderingTracker, Verdict};
use dashmap::DashMap;

/// Judges records by name.
pub trait Judge: Sync + Default + 'static {
    /// What the tables call it.
    const NAME: &'static str;

    /// Records a number of a sender for an actor.
    fn record(&self, actor: &str, sender: &str, sequence: u64) -> Verdict;
}

impl Judge for OrderingTracker {
    const NAME: &'static str = "tracker, by name";

    fn record(&self, actor: &str, sender: &str, sequence: u64) -> Verdict {
        OrderingTracker::record(self, actor, sender, sequence)
    }
}

/// What is known of one actor and sender.
#[derive(Debug, Default)]
pub struct State {
    expected: u64,
    missing: BTreeSet<u64>,
}

impl State {
    fn record(&mut self, sequence: u64) -> Verdict {
        if sequence < self.expected {
            let fills = self.missing.remove(&sequence);
            return if fills { Verdict::Reordered } else { Verdict::Duplicate };
        }
        let expected = self.expected;
        self.expected = sequence + 1;
        if sequence == expected {
            return Verdict::InOrder;
        }
        self.missing.extend(expected..sequence);
        Verdict::Gap { expected, got: sequence }
    }
}

type Senders = HashMap<String, State>;
type Actors = HashMap<String, Senders>;

fn judge(senders: &mut Senders, sender: &str, sequence: u64) -> Verdict {
    match senders.get_mut(sender) {
        Some(state) => state.record(sequence),
        None => senders.entry(sender.to_owned()).or_default().record(sequence),
    }
}

fn judge_all(actors: &mut Actors, actor: &str, sender: &str, sequence: u64) -> Verdict {
    match actors.get_mut(actor) {
        Some(senders) => judge(senders, sender, sequence),
        None => judge(actors.entry(actor.to_owned()).or_default(), sender, sequence),
    }
}

/// One map behind the standard mutex: the baseline.
#[derive(Debug, Default)]
pub struct StdMutex(Mutex<Actors>);

impl Judge for StdMutex {
    const NAME: &'static str = "std Mutex<HashMap>";

    fn record(&self, actor: &str, sender: &str, sequence: u64) -> Verdict {
        judge_all(&mut self.0.lock().expect("no judge panics"), actor, sender, sequence)
    }
}

/// The same map behind `parking_lot`'s mutex.
#[derive(Debug, Default)]
pub struct ParkingLot(parking_lot::Mutex<Actors>);

impl Judge for ParkingLot {
    const NAME: &'static str = "parking_lot Mutex<HashMap>";

    fn record(&self, actor: &str, sender: &str, sequence: u64) -> Verdict {
        judge_all(&mut self.0.lock(), actor, sender, sequence)
    }
}

/// A sharded map of actors.
#[derive(Debug, Default)]
pub struct Dash(DashMap<String, Senders>);

impl Judge for Dash {
    const NAME: &'static str = "DashMap";

    fn record(&self, actor: &str, sender: &str, sequence: u64) -> Verdict {
        match self.0.get_mut(actor) {
            Some(mut senders) => judge(&mut senders, sender, sequence),
            None => judge(&mut self.0.entry(actor.to_owned()).or_default(), sender, sequence),
        }
    }
}

/// Sums verdicts up so that two judges who differ anywhere differ in the sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdicts(u64);

impl Verdicts {
    /// Adds a verdict.
    #[inline]
    pub fn add(&mut self, verdict: Verdict) {
        let code = match verdict {
            Verdict::InOrder => 1,
            Verdict::Gap { expected, got } => 2 ^ (expected << 8) ^ (got << 32),
            Verdict::Duplicate => 3,
            Verdict::Reordered => 4,
        };
        self.0 = (self.0.rotate_left(5) ^ code).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

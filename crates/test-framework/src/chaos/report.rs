//! What a chaos run came to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    plan::ChaosPlan,
    strategy::{ChaosTime, Strategy},
};

/// What was seen of the real system around one step; whether the step had an effect is computed from it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seen {
    /// The virtual time at which it began.
    pub(crate) at_ns: Option<u64>,
    /// Who was hit.
    pub(crate) worker: Option<String>,
    /// How often it was tried.
    pub(crate) attempted: u64,
    /// Counts that no schedule changes.
    pub(crate) counts: BTreeMap<String, u64>,
    /// What the wall clock said.
    pub(crate) measured: BTreeMap<String, f64>,
    /// How often what was hit answered again, and how long each took in virtual time, where there is one.
    pub(crate) recovered: u64,
    pub(crate) recover_ns: Vec<u64>,
    /// Why something is missing.
    pub(crate) note: Option<String>,
}

impl Seen {
    pub(crate) fn count(&mut self, what: &str, count: u64) {
        self.counts.insert(what.to_owned(), count);
    }

    pub(crate) fn measure(&mut self, what: &str, value: f64) {
        self.measured.insert(what.to_owned(), value);
    }

    /// What could not even be tried to its end.
    pub(crate) fn failed(why: impl Into<String>) -> Self {
        Self { attempted: 1, note: Some(why.into()), ..Self::default() }
    }

    fn counted(&self, what: &str) -> u64 {
        self.counts.get(what).copied().unwrap_or(0)
    }
}

/// The names of counts and measurements that effects are computed from.
pub(crate) mod name {
    pub(crate) const FAILED: &str = "handlers that failed and took their actor along";
    pub(crate) const TAKEN: &str = "messages that were taken in";
    pub(crate) const LATE: &str = "probes that were late or unanswered";
    pub(crate) const REFUSED: &str = "refused";
    pub(crate) const EARLY: &str = "timeouts before their time";
    pub(crate) const BEFORE: &str = "answers before";
    pub(crate) const AFTER: &str = "answers after";
    pub(crate) const FRAMES_REFUSED: &str = "corrupted frames that were refused with a typed error";
    pub(crate) const FRAMES_NOTICED: &str = "corrupted frames that left a failure, or nothing, for an answer";
    pub(crate) const TAKEN_FOR_ANOTHER: &str = "corrupted frames that were taken for another";
    pub(crate) const INTACT_LOST: &str = "intact frames that did not arrive";
    pub(crate) const DISK_NOTICED: &str = "failures of the disk that were told by a typed error";
    pub(crate) const BLOCKS_LOST: &str = "failures that cost an acknowledged block";
    pub(crate) const ROT_SERVED: &str = "rotten checkpoints that were served";
    pub(crate) const ATTACKS_NOTICED: &str = "votes of liars that were refused, or kept as evidence";
    pub(crate) const ATTACKS_COUNTED: &str = "votes of liars that counted";
    pub(crate) const STORMS_MET: &str = "syncs that met the bad network";
    pub(crate) const WENT_ASTRAY: &str = "syncs that ended on no honest chain";
    pub(crate) const CLIENT_NOTICED: &str =
        "failures and lies of a client that were told by their typed error";
    pub(crate) const CLIENT_BLOCKS_LOST: &str = "blocks that a client's failure has cost";
    pub(crate) const CLIENT_BELIEVED: &str = "blocks that were proposed although the client failed or lied";
    pub(crate) const SLOWDOWN_PERMILLE: &str = "slowdown in thousandths";
}

/// Says how often a step had its effect: by what was seen, never by its having been tried.
fn effective(strategy: &Strategy, seen: &Seen) -> u64 {
    let once = |happened: bool| u64::from(happened);
    // A worker that is gone is late and refuses as well, but not for what was done to it.
    let taken_and = |what: &str| once(seen.counted(name::TAKEN) > 0 && seen.counted(what) > 0);
    match *strategy {
        Strategy::Panics { .. } => seen.counted(name::FAILED),
        Strategy::Stalls { .. } | Strategy::SlowConsumers { .. } => taken_and(name::LATE),
        Strategy::Floods { .. } => taken_and(name::REFUSED),
        Strategy::MemoryPressure { .. } => once(seen.counted(name::REFUSED) > 0),
        Strategy::ClockSkew { .. } => once(seen.counted(name::EARLY) > 0),
        Strategy::KilledArbiter {} => once(seen.counted(name::BEFORE) > 0 && seen.counted(name::AFTER) == 0),
        Strategy::DiskFailures { .. } => seen.counted(name::DISK_NOTICED),
        Strategy::ByzantineActors { .. } => seen.counted(name::ATTACKS_NOTICED),
        Strategy::ClientFailures { .. } | Strategy::LyingClients { .. } => seen.counted(name::CLIENT_NOTICED),
        Strategy::RandomDisconnects { .. }
        | Strategy::SlowNetwork { .. }
        | Strategy::LossyNetwork { .. }
        | Strategy::NoisyNetwork { .. }
        | Strategy::Congestion { .. }
        | Strategy::NetworkPartition { .. }
        | Strategy::ByzantinePeers { .. } => seen.counted(name::STORMS_MET),
        Strategy::MessageCorruption { .. } => {
            seen.counted(name::FRAMES_REFUSED) + seen.counted(name::FRAMES_NOTICED)
        }
        #[allow(clippy::cast_precision_loss, reason = "a limit is far below 2^53")]
        Strategy::CpuStress { slowdown_permille_min, .. } => {
            let slowdown = seen.measured.get(name::SLOWDOWN_PERMILLE);
            once(slowdown.is_some_and(|slowdown| *slowdown >= slowdown_permille_min as f64))
        }
    }
}

/// What one step came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InjectionReport {
    /// Its number in the plan, from 0.
    pub step: usize,
    /// What was made to go wrong.
    pub strategy: String,
    /// Whose time it ran in.
    pub time: ChaosTime,
    /// The virtual time at which it began, in nanoseconds.
    pub at_ns: Option<u64>,
    /// Who was hit, where it was a worker.
    pub worker: Option<String>,
    /// How often it was tried.
    pub attempted: u64,
    /// How often it was seen to have happened.
    pub effective: u64,
    /// How often what was hit answered again.
    pub recovered: u64,
    /// How long that took each time, in nanoseconds of virtual time; empty where time is real, and where none goes by.
    pub recover_ns: Vec<u64>,
    /// What was counted: the same for the same seed.
    pub counts: BTreeMap<String, u64>,
    /// What was measured by the wall clock: differs from run to run.
    pub measured: BTreeMap<String, f64>,
    /// Why something is missing, where it is.
    pub note: Option<String>,
}

impl InjectionReport {
    pub(super) fn new(step: usize, strategy: &Strategy, seen: Seen) -> Self {
        let effective = effective(strategy, &seen);
        let Seen { at_ns, worker, attempted, counts, measured, recovered, recover_ns, note } = seen;
        let (strategy, time) = (strategy.name().to_owned(), strategy.time());
        // What never happened cannot be recovered from.
        let (recovered, recover_ns) = if effective == 0 { (0, Vec::new()) } else { (recovered, recover_ns) };
        Self {
            step,
            strategy,
            time,
            at_ns,
            worker,
            attempted,
            effective,
            recovered,
            recover_ns,
            counts,
            measured,
            note,
        }
    }

    /// Counts what no harm may bring about: a corrupted frame that was taken for another, an intact one that did not
    /// arrive, an acknowledged block that is gone, a rotten checkpoint that was served, a vote of a liar that counted, a sync that ended on no
    /// honest chain, a block that a client's failure has cost, and one that was proposed on a client's lie.
    #[must_use]
    pub fn broken(&self) -> u64 {
        let never = [
            name::TAKEN_FOR_ANOTHER,
            name::INTACT_LOST,
            name::BLOCKS_LOST,
            name::ROT_SERVED,
            name::ATTACKS_COUNTED,
            name::WENT_ASTRAY,
            name::CLIENT_BLOCKS_LOST,
            name::CLIENT_BELIEVED,
        ];
        never.iter().filter_map(|what| self.counts.get(*what)).sum()
    }
}

/// What a chaos run came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChaosReport {
    /// Where all randomness started.
    pub seed: u64,
    /// What each step came to, in the order of the plan.
    pub injections: Vec<InjectionReport>,
    /// How often something was tried.
    pub attempted: u64,
    /// How often it was seen to have happened.
    pub effective: u64,
    /// How often what was hit answered again.
    pub recoveries: u64,
    /// How many probes the workers were sent in virtual time.
    pub probes: u64,
    /// How many of them were answered in time.
    pub probes_answered: u64,
    /// The virtual time from the beginning to the end, in nanoseconds.
    pub ended_ns: u64,
    /// Why the course in virtual time did not come to its end, where it did not.
    pub failure: Option<String>,
}

/// What was seen of the workers all along.
#[derive(Clone, Debug, Default)]
pub(crate) struct Probed {
    pub(crate) probes: u64,
    pub(crate) answered: u64,
    pub(crate) ended_ns: u64,
    pub(crate) failure: Option<String>,
}

impl ChaosReport {
    pub(super) fn new(plan: &ChaosPlan, injections: Vec<InjectionReport>, probed: Probed) -> Self {
        let sum = |of: fn(&InjectionReport) -> u64| injections.iter().map(of).sum();
        let Probed { probes, answered, ended_ns, failure } = probed;
        Self {
            seed: plan.seed,
            attempted: sum(|one| one.attempted),
            effective: sum(|one| one.effective),
            recoveries: sum(|one| one.recovered),
            probes,
            probes_answered: answered,
            ended_ns,
            failure,
            injections,
        }
    }

    /// Returns the share of probes that were answered, in thousandths, rounded down; `None` of none.
    #[must_use]
    pub fn availability_permille(&self) -> Option<u64> {
        (self.probes_answered * 1000).checked_div(self.probes)
    }

    /// Returns the longest time to recover in virtual time, in nanoseconds.
    #[must_use]
    pub fn recover_ns_max(&self) -> Option<u64> {
        self.injections.iter().flat_map(|one| &one.recover_ns).copied().max()
    }

    /// Says whether the run showed what it was made for: it came to its end, every step was seen to have happened, nothing
    /// that must never happen was, and what was hit in virtual time answered again.
    ///
    /// In real time a killed arbiter takes its children along for good, and a process that got no memory is over.
    #[must_use]
    pub fn holds(&self) -> bool {
        let shown = |one: &InjectionReport| {
            one.effective > 0
                && one.broken() == 0
                && (one.time == ChaosTime::Real || one.recovered == one.effective)
        };
        self.failure.is_none() && self.injections.iter().all(shown)
    }

    /// Returns the steps that were tried at least once without effect, and why where it is known.
    pub fn without_effect(&self) -> impl Iterator<Item = &InjectionReport> {
        self.injections.iter().filter(|one| one.effective < one.attempted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FW-1: a step of which nothing was seen had no effect, whatever it is; and no recovery.
    #[test]
    fn what_was_not_seen_has_not_happened() {
        for step in ChaosPlan::default().steps {
            let seen = Seen { attempted: 3, recovered: 3, recover_ns: vec![1, 2, 3], ..Seen::default() };
            let report = InjectionReport::new(0, &step.strategy, seen);
            assert_eq!((report.attempted, report.effective, report.recovered), (3, 0, 0), "{report:?}");
            assert!(report.recover_ns.is_empty());
        }
    }
}

//! Checkpoints at every interval of the configuration, and a store that keeps its interval.

use alys_chain::{
    checkpoint::Interval,
    store::{OpenError, RedbStore, StoreConfig},
};
use alys_properties::crash::Disk;

use super::{at, due, harm, ideal, import, judge_node, planned, rows, started};
use crate::{
    case::{Pace, TestCase, no_gates},
    event::TestEventType::{MessageRefused, Observed},
    evidence::Evidence,
    judge::{Judge, Quantity},
    phase::MigrationPhase::SyncImprovement,
    simulated::ChainPlan,
    stage::{DriveError, Driven, Stage},
};

pub(in super::super) const CONFIGURABLE_INTERVALS: TestCase = TestCase {
    name: "test_configurable_checkpoint_intervals",
    phase: SyncImprovement,
    category: "checkpoints",
    summary: "At every configured interval there are exactly the checkpoints that are due, and a store keeps its interval.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(configurable(stage)),
    judge,
    gates: no_gates,
};

/// So many checkpoints at the largest interval, and a few blocks more.
const CHECKPOINTS_MIN: u64 = 2;
const BEYOND: u64 = 23;

async fn configurable(stage: Stage) -> Driven {
    let intervals = stage.config().sync.checkpoint_intervals.clone();
    let largest = intervals.iter().copied().max().unwrap_or(1);
    let blocks = largest.saturating_mul(CHECKPOINTS_MIN).saturating_add(BEYOND);
    for interval in intervals {
        one(&stage, interval, blocks)?;
    }
    Ok(())
}

/// One chain and one node; what is seen of them stands between this mark and the next.
fn one(stage: &Stage, interval: u64, blocks: u64) -> Driven {
    let plan = ChainPlan {
        authorities: 1,
        checkpoint_interval: interval,
        fork_every: 40,
        transfers: 1,
        ..ChainPlan::default()
    };
    let mut chain = ideal(stage, plan)?;
    stage.record(Observed, "interval", [("is", interval.into())]);
    planned(stage, &chain)?;
    let disk = Disk::new();
    let mut node = started(&disk, &chain)?;
    while chain.height() < blocks {
        let Some(block) = chain.next() else { break };
        due(stage, &block);
        import(stage, &name(interval), &mut node, &block)?;
    }
    stage.record(Observed, "interval", [("final", chain.stats().finalised.into())]);
    rows(stage, &name(interval), node.store())?;
    drop(node);
    let config = chain.store_config().map_err(at("the plan of a chain"))?;
    other(stage, &disk, &config)
}

/// Tries to open a store with another interval.
fn other(stage: &Stage, disk: &Disk, config: &StoreConfig) -> Driven {
    let interval = Interval::new(config.interval.get() + 1).map_err(at("an interval"))?;
    match RedbStore::open(&harm::disk(disk), &StoreConfig { interval, ..config.clone() }) {
        Err(OpenError::OtherInterval { found, wanted, .. }) => {
            stage.record(
                MessageRefused,
                "other interval",
                [("found", found.into()), ("wanted", wanted.into())],
            );
            Ok(())
        }
        Err(error) => Err(DriveError::new("opening a store with another interval", error)),
        Ok(_) => Ok(()),
    }
}

fn name(interval: u64) -> String {
    format!("node with interval {interval}")
}

fn judge(seen: Evidence<'_>, judge: &mut Judge) {
    let marks: Vec<_> = seen.counts(Observed, "interval", "is");
    judge.at_least("gate", "intervals", 1_u64, marks.len());
    for (at, (begin, interval)) in marks.iter().enumerate() {
        let end = marks.get(at + 1).map_or(u64::MAX, |(next, _)| *next);
        let events: Vec<_> =
            seen.all().filter(|event| (*begin..end).contains(&event.event_id)).cloned().collect();
        let seen = Evidence::new(&events);
        judge_node(seen, judge, &name(*interval));
        let last = seen.observed("interval", "final").and_then(Quantity::count).unwrap_or_default();
        let due = seen.counts(Observed, super::CHAIN, "due");
        let multiples: Vec<_> = (1..=last / (*interval).max(1)).map(|number| number * interval).collect();
        judge.same("CH-6", &format!("heights that are due at interval {interval}"), &multiples, &due);
        judge.at_least("gate", &format!("checkpoints at interval {interval}"), CHECKPOINTS_MIN, due.len());
        let refused = seen.counts(MessageRefused, "other interval", "found");
        judge.same("CH-6", "the interval that a store keeps", &[*interval], &refused);
    }
}

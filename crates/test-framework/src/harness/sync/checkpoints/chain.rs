//! The chain of checkpoints, verified end to end: whole, with a forged link, with one that is not due, and after pruning.

use alys_chain::store::{ChainStore as _, RedbStore, StoreConfig};
use alys_chain_store_properties::oracle::{self, Harm};
use alys_models::chain_store::Field;
use alys_properties::crash::Disk;

use super::{at, defined, due, harm, ideal, import, judge_node, planned, rows, started};
use crate::{
    case::{Pace, TestCase, no_gates},
    event::TestEventType::{FailureInjected, MessageRefused, Observed, RecoveryCompleted},
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::SyncImprovement,
    simulated::ChainPlan,
    stage::{DriveError, Driven, Stage},
};

pub(in super::super) const CHAIN_VALIDATION: TestCase = TestCase {
    name: "test_checkpoint_chain_validation",
    phase: SyncImprovement,
    category: "checkpoints",
    summary: "The chain of checkpoints is verified end to end: every forged field, link and stray one is found and mended.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(validation(stage)),
    judge,
    gates: no_gates,
};

const BLOCKS: usize = 130;
const INTERVAL: u64 = 10;
const NODE: &str = "node";

/// Fields that are forged, each with a true id, and the fault that is told.
const FORGED: [(Field, &str); 5] = [
    (Field::Previous, "Unlinked"),
    (Field::Height, "Height"),
    (Field::BlockRoot, "BlockRoot"),
    (Field::StateRoot, "StateRoot"),
    (Field::Interval, "Interval"),
];

async fn validation(stage: Stage) -> Driven {
    let plan = ChainPlan { checkpoint_interval: INTERVAL, fork_every: 11, ..ChainPlan::default() };
    let mut chain = ideal(&stage, plan)?;
    planned(&stage, &chain)?;
    let disk = Disk::new();
    let mut node = started(&disk, &chain)?;
    for block in chain.by_ref().take(BLOCKS) {
        due(&stage, &block);
        import(&stage, NODE, &mut node, &block)?;
    }
    rows(&stage, NODE, node.store())?;
    drop(node);
    let config = chain.store_config().map_err(at("the plan of a chain"))?;
    let mut rng = stage.rng();
    let mut store = harm::opened(&disk, &config)?;
    let count = store.finalised().height / INTERVAL;
    for (field, fault) in FORGED {
        // The last two are looked at on start.
        let height = INTERVAL * rng.u64(2..count - 1);
        store = forged(&stage, &disk, store, &config, (height, field, fault))?;
    }
    store = stray(&stage, &disk, store, &config, INTERVAL * rng.u64(1..count) + rng.u64(1..INTERVAL))?;
    let below = INTERVAL * (count / 2);
    store.prune(below).map_err(at("pruning"))?;
    stage.record(Observed, "pruned", [("below", below.into())]);
    harm::verify(&stage, &store)?;
    forged(&stage, &disk, store, &config, (INTERVAL * 2, Field::StateRoot, "StateRoot")).map(drop)
}

/// Forges a field; then whoever reads it, or the one behind it, is told.
fn forged(
    stage: &Stage,
    disk: &Disk,
    store: RedbStore,
    config: &StoreConfig,
    (height, field, fault): (u64, Field, &str),
) -> Result<RedbStore, DriveError> {
    drop(store);
    harm::behind(disk, |database| oracle::harm_checkpoint(database, height, Harm::Forged(field)))?;
    stage.record(FailureInjected, "forger", [("height", height.into()), ("fault", fault.into())]);
    let mut store = harm::opened(disk, config)?;
    harm::mended(stage, &store);
    harm::verify(stage, &store)?;
    for height in [height, height + INTERVAL, height - INTERVAL] {
        harm::read(stage, &store, height)?;
    }
    harm::rebuild(stage, &mut store)?;
    Ok(store)
}

/// Puts a copy of a checkpoint where none is due.
fn stray(
    stage: &Stage,
    disk: &Disk,
    store: RedbStore,
    config: &StoreConfig,
    height: u64,
) -> Result<RedbStore, DriveError> {
    drop(store);
    harm::behind(disk, |database| oracle::stray_checkpoint(database, INTERVAL, height))?;
    stage.record(FailureInjected, "stray", [("height", height.into()), ("fault", "Stray".into())]);
    let mut store = harm::opened(disk, config)?;
    harm::verify(stage, &store)?;
    harm::rebuild(stage, &mut store)?;
    harm::verify(stage, &store)?;
    Ok(store)
}

fn judge(seen: Evidence<'_>, judge: &mut Judge) {
    judge_node(seen, judge, NODE);
    let rows = defined(seen);
    let injected: Vec<_> = seen.of(FailureInjected).collect();
    judge.equal("gate", "forged and stray checkpoints", FORGED.len() + 2, injected.len());
    let marks: Vec<_> = injected.iter().map(|event| event.event_id).chain([u64::MAX]).collect();
    for (event, window) in injected.iter().zip(marks.windows(2)) {
        let (height, fault) = (event.count("height").unwrap_or_default(), event.words("fault"));
        let within: Vec<_> =
            seen.all().filter(|event| (window[0]..window[1]).contains(&event.event_id)).cloned().collect();
        let seen = Evidence::new(&within);
        let of = |what: &str| format!("{what} at height {height} ({fault})");
        let found = seen.from(Observed, "verify").next();
        let told = found.map(|event| (event.count("height"), event.words("fault")));
        judge.equal(
            "CH-7",
            &of("what verify finds"),
            format!("{:?}", Some((Some(height), fault))),
            format!("{told:?}"),
        );
        let rebuilt: Vec<_> = seen.words(RecoveryCompleted, "store", "row");
        if fault == "Stray" {
            let afterwards: Vec<_> =
                seen.counts(Observed, "verify", "height").into_iter().skip(1).take(1).collect();
            judge.same("CH-7", &of("what verify finds afterwards"), &[0], &afterwards);
            continue;
        }
        let last_valid = found.and_then(|event| event.count("last_valid"));
        judge.equal(
            "CH-7",
            &of("the last valid one"),
            height.saturating_sub(INTERVAL),
            last_valid.unwrap_or(u64::MAX),
        );
        let refused = seen.counts(MessageRefused, "reader", "height");
        judge.same("CH-7", &of("what readers are refused"), &[height, height + INTERVAL], &refused);
        let row = rows.iter().find(|(due, _)| *due == height).map_or("none", |(_, row)| row.as_str());
        judge.same("CH-7", &of("what is rebuilt"), &[row], &rebuilt);
    }
    let after = seen.counts(Observed, "pruned", "below").first().map_or(0, |(event, _)| *event);
    let verified = seen.counts(Observed, "verify", "checked").into_iter().find(|(event, _)| *event > after);
    judge.equal(
        "CH-7",
        "checkpoints that are verified after pruning",
        rows.len(),
        verified.map_or(0, |(_, checked)| checked),
    );
}

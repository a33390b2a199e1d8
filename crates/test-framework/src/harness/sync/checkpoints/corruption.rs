//! Corrupted checkpoints: every flipped bit is told to whoever reads, found by a verification, and mended from intact
//! blocks; where the block is damaged as well, nothing is made up.

use alys_chain::store::{ChainStore as _, StoreConfig};
use alys_chain_store_properties::oracle::{self, Harm};
use alys_properties::crash::Disk;

use super::{at, defined, due, harm, ideal, import, judge_node, planned, rows, started};
use crate::{
    case::{Pace, TestCase, no_gates},
    event::TestEventType::{FailureInjected, MessageRefused, Observed, RecoveryCompleted, ReplyReceived},
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::SyncImprovement,
    simulated::ChainPlan,
    stage::{Driven, Stage},
};

pub(in super::super) const CORRUPTION_HANDLING: TestCase = TestCase {
    name: "test_checkpoint_corruption_handling",
    phase: SyncImprovement,
    category: "checkpoints",
    summary: "A checkpoint of which any bit flips is never served, and is rebuilt from intact blocks, or reported.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(handling(stage)),
    judge,
    gates: no_gates,
};

const BLOCKS: usize = 110;
const INTERVAL: u64 = 10;
const NODE: &str = "node";
/// How many bits flip, each in one checkpoint.
const FLIPS: u32 = 40;
/// How many bits a stored checkpoint has.
const BITS: u32 = 144 * 8;

async fn handling(stage: Stage) -> Driven {
    let plan = ChainPlan { checkpoint_interval: INTERVAL, fork_every: 0, ..ChainPlan::default() };
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
    let store = harm::opened(&disk, &config)?;
    let count = store.finalised().height / INTERVAL;
    drop(store);
    let mut rng = stage.rng();
    for flip in 0..FLIPS {
        // A bit of each part of the row comes up: they go around.
        let bit = (flip * (BITS / FLIPS) + rng.u32(..BITS / FLIPS)) % BITS;
        flipped(&stage, &disk, &config, INTERVAL * rng.u64(1..=count), bit)?;
    }
    beyond_repair(&stage, &disk, &config, INTERVAL * rng.u64(2..count - 1), rng.usize(..1000))
}

fn flipped(stage: &Stage, disk: &Disk, config: &StoreConfig, height: u64, bit: u32) -> Driven {
    harm::behind(disk, |database| oracle::harm_checkpoint(database, height, Harm::Rotten(bit)))?;
    stage.record(FailureInjected, "rot", [("height", height.into()), ("bit", bit.into())]);
    let mut store = harm::opened(disk, config)?;
    harm::mended(stage, &store);
    if store.opening().rebuilt.is_empty() {
        harm::read(stage, &store, height)?;
        harm::verify(stage, &store)?;
        harm::rebuild(stage, &mut store)?;
    }
    harm::read(stage, &store, height)?;
    store.close().map_err(at("closing a store"))
}

/// Damages a checkpoint and the block that it is about.
fn beyond_repair(stage: &Stage, disk: &Disk, config: &StoreConfig, height: u64, bit: usize) -> Driven {
    let store = harm::opened(disk, config)?;
    let block = store.block_at(height).map_err(at("reading a block"))?;
    let root = block.map(|block| block.root).unwrap_or_default();
    drop(store);
    harm::behind(disk, |database| oracle::harm_checkpoint(database, height, Harm::Lost))?;
    let rotten = harm::behind(disk, |database| harm::rot_block(database, height, &root, bit))?;
    stage.record(
        FailureInjected,
        "rot of a block",
        [("height", height.into()), ("blocks", u64::from(rotten).into())],
    );
    let mut store = harm::opened(disk, config)?;
    for other in [height, height - INTERVAL] {
        harm::read(stage, &store, other)?;
    }
    harm::verify(stage, &store)?;
    harm::rebuild(stage, &mut store)?;
    harm::read(stage, &store, height)
}

fn judge(seen: Evidence<'_>, judge: &mut Judge) {
    judge_node(seen, judge, NODE);
    let rows = defined(seen);
    let row_at = |height: u64| rows.iter().find(|(due, _)| *due == height).map_or("none", |(_, row)| row);
    let flips: Vec<_> = seen.from(FailureInjected, "rot").collect();
    judge.equal("gate", "flipped bits", u64::from(FLIPS), flips.len());
    let broken = seen.from(FailureInjected, "rot of a block").next();
    let end = broken.map_or(u64::MAX, |event| event.event_id);
    let marks: Vec<_> = flips.iter().map(|event| event.event_id).chain([end]).collect();
    let (mut by_start, mut by_rebuild) = (0_u64, 0_u64);
    for (event, window) in flips.iter().zip(marks.windows(2)) {
        let (height, bit) =
            (event.count("height").unwrap_or_default(), event.count("bit").unwrap_or_default());
        let within: Vec<_> =
            seen.all().filter(|event| (window[0]..window[1]).contains(&event.event_id)).cloned().collect();
        let seen = Evidence::new(&within);
        let of = |what: &str| format!("{what} of height {height}, bit {bit}");
        let by = seen.words(RecoveryCompleted, "store", "by");
        if by.first().is_some_and(|(_, by)| *by == "start") {
            by_start += 1;
        } else {
            by_rebuild += 1;
            let told = seen.words(MessageRefused, "reader", "fault");
            judge.same("CH-7", &of("what a reader is told"), &["Id"], &told);
            let found = seen.words(Observed, "verify", "fault");
            judge.same("CH-7", &of("what verify says"), &["Id"], &found);
            judge.same(
                "CH-7",
                &of("what a reader is refused"),
                &[height],
                &seen.counts(MessageRefused, "reader", "height"),
            );
            judge.same(
                "CH-7",
                &of("what verify finds"),
                &[height],
                &seen.counts(Observed, "verify", "height"),
            );
            judge.same(
                "CH-7",
                &of("the last valid one"),
                &[height.saturating_sub(INTERVAL)],
                &seen.counts(Observed, "verify", "last_valid"),
            );
        }
        judge.same(
            "CH-7",
            &of("what is rebuilt"),
            &[row_at(height)],
            &seen.words(RecoveryCompleted, "store", "row"),
        );
        judge.same(
            "CH-7",
            &of("what is served then"),
            &[row_at(height)],
            &seen.words(ReplyReceived, "reader", "row"),
        );
    }
    judge.at_least("gate", "checkpoints that were mended on start", 1_u64, by_start);
    judge.at_least("gate", "checkpoints that were rebuilt when asked", 10_u64, by_rebuild);
    judge_broken(
        seen,
        judge,
        broken.map(|event| (event.event_id, event.count("height").unwrap_or_default())),
    );
}

/// What cannot be rebuilt is reported with the last valid one, before and after.
fn judge_broken(seen: Evidence<'_>, judge: &mut Judge, broken: Option<(u64, u64)>) {
    let (since, height) = broken.unwrap_or_default();
    let events: Vec<_> = seen.all().filter(|event| event.event_id >= since).cloned().collect();
    let seen = Evidence::new(&events);
    judge.same(
        "gate",
        "blocks that were damaged",
        &[1],
        &seen.counts(FailureInjected, "rot of a block", "blocks"),
    );
    let refused = seen.counts(MessageRefused, "reader", "height");
    judge.same("CH-7", "what readers are refused while its block is damaged", &[height, height], &refused);
    let served = seen.counts(ReplyReceived, "reader", "height");
    let below = height.saturating_sub(INTERVAL);
    judge.same("CH-7", "what is still served", &[below], &served);
    judge.same("CH-7", "what verify finds", &[height], &seen.counts(Observed, "verify", "height"));
    judge.same("CH-7", "what is not rebuilt", &[height], &seen.counts(MessageRefused, "rebuild", "height"));
    judge.same("CH-7", "the last valid one", &[below], &seen.counts(MessageRefused, "rebuild", "last_valid"));
    judge.equal("CH-7", "what is made up", 0_u64, seen.count(RecoveryCompleted));
}

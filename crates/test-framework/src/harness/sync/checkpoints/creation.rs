//! Checkpoints are a function of the chain: two nodes that import it in different orders, one of which is restarted again
//! and again, have the same ones, byte for byte.

use alys_properties::crash::Disk;

use super::{at, due, import, judge_node, planned, rows, started};
use crate::{
    case::{Pace, TestCase, no_gates},
    event::TestEventType::Observed,
    evidence::Evidence,
    judge::{Judge, Quantity},
    phase::MigrationPhase::SyncImprovement,
    simulated::{Branch, ChainPlan, SimulatedBlock, SimulatedBlockchain},
    stage::{Driven, Stage},
};

pub(in super::super) const CREATION_CONSISTENCY: TestCase = TestCase {
    name: "test_checkpoint_creation_consistency",
    phase: SyncImprovement,
    category: "checkpoints",
    summary: "Checkpoints are a function of the chain: nodes that import it otherwise have the same, byte for byte.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(consistency(stage)),
    judge,
    gates: no_gates,
};

const BLOCKS: usize = 84;
const INTERVAL: u64 = 10;
/// A node that is stopped after so many blocks, again and again.
const RESTART_EVERY: usize = 17;
const NODES: [&str; 2] = ["in order", "forks late"];

async fn consistency(stage: Stage) -> Driven {
    let plan = ChainPlan {
        seed: stage.seed(),
        checkpoint_interval: INTERVAL,
        fork_every: 9,
        block_rate: 950,
        ..ChainPlan::default()
    };
    let mut chain = SimulatedBlockchain::bls(plan).map_err(at("the plan of a chain"))?;
    planned(&stage, &chain)?;
    let blocks: Vec<_> = chain.by_ref().take(BLOCKS).collect();
    blocks.iter().for_each(|block| due(&stage, block));
    stage.record(
        Observed,
        "drawn",
        [("forks", chain.stats().forks.into()), ("final", chain.stats().finalised.into())],
    );

    let disk = Disk::new();
    let mut node = started(&disk, &chain)?;
    let mut reorgs = 0_u64;
    for block in &blocks {
        let before = node.engine().head().root;
        import(&stage, NODES[0], &mut node, block)?;
        let parent = block.block.signed_block.block.header.parent_root;
        let head = node.engine().head().root;
        reorgs += u64::from(head != before && parent != before);
    }
    stage.record(Observed, "drawn", [("reorgs", reorgs.into())]);
    rows(&stage, NODES[0], node.store())?;

    let disk = Disk::new();
    let mut node = started(&disk, &chain)?;
    for (number, block) in forks_late(&blocks).into_iter().enumerate() {
        if number % RESTART_EVERY == RESTART_EVERY - 1 {
            drop(node);
            node = started(&disk, &chain)?;
        }
        import(&stage, NODES[1], &mut node, block)?;
    }
    rows(&stage, NODES[1], node.store())
}

/// Every block of a fork behind the two canonical ones that follow it.
fn forks_late(blocks: &[SimulatedBlock]) -> Vec<&SimulatedBlock> {
    let place = |(number, block): (usize, &SimulatedBlock)| match block.branch {
        Branch::Canonical => (number, 0),
        Branch::Fork(_) => (number + 3, 1),
    };
    let mut order: Vec<_> = blocks.iter().enumerate().map(|one| (place(one), one.0, one.1)).collect();
    order.sort_by_key(|(place, number, _)| (*place, *number));
    order.into_iter().map(|(_, _, block)| block).collect()
}

fn judge(seen: Evidence<'_>, judge: &mut Judge) {
    for name in NODES {
        judge_node(seen, judge, name);
    }
    let drawn = |key| seen.observed("drawn", key).and_then(Quantity::count).unwrap_or_default();
    judge.at_least("gate", "forks of the chain", 6_u64, drawn("forks"));
    judge.at_least("gate", "reorganisations of the node that imports in order", 1_u64, drawn("reorgs"));
    let due = seen.counts(Observed, super::CHAIN, "due").len() as u64;
    judge.at_least("gate", "checkpoints that are due", 5_u64, due);
    judge.equal("CH-6", "checkpoints that are due, by the final height", drawn("final") / INTERVAL, due);
}

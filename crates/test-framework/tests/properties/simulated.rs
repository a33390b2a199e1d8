//! Simulated chains: what a real node makes of them, and that they are a function of their plan.

use std::sync::Arc;

use alys_chain::{
    scheme::{Bls, Ideal},
    store::{ChainStore as _, MemoryDisk},
};
use alys_properties::sequential::announce;
use alys_test_framework::{
    Branch, ChainPlan, ChainPlanError, SimulatedBlock, SimulatedBlockchain, SimulatedNode,
};
use alys_wire::containers::CertifiedBlock;

fn plan() -> ChainPlan {
    ChainPlan { seed: 11, checkpoint_interval: 10, fork_every: 7, block_rate: 900, ..ChainPlan::default() }
}

fn ideal(plan: ChainPlan) -> SimulatedBlockchain<Ideal> {
    SimulatedBlockchain::ideal(plan).unwrap()
}

fn bls(plan: ChainPlan) -> SimulatedBlockchain<Bls> {
    SimulatedBlockchain::bls(plan).unwrap()
}

/// CH-1, CH-2, CH-3, CH-5, CH-6: a node that verifies everything refuses nothing; after every block, what it holds to be final
/// and its checkpoints are what the chain says, through forks, reorganisations and slots without a block.
///
/// Engine: actor
#[test]
fn a_node_agrees_with_the_chain_after_every_block() {
    let mut chain = bls(plan());
    let mut node = SimulatedNode::open(&MemoryDisk::new(), &chain).unwrap();
    let (mut finalised, mut due, mut reorgs) = (0, Vec::new(), 0);
    for block in chain.by_ref().take(80) {
        let before = node.store().head();
        assert_eq!(node.import(&block).unwrap(), None, "at height {}", block.height());
        finalised = block.finalises.unwrap_or(finalised);
        assert_eq!(
            node.store().finalised().height,
            finalised,
            "after the block at height {}",
            block.height()
        );
        due.extend(block.checkpoints.iter().map(|due| (due.height, due.block_root.0, due.state_root.0)));
        let after = node.store().head();
        let parent = block.block.signed_block.block.header.parent_root.0;
        reorgs += u32::from(after != before && parent != before.root);
    }
    let served: Vec<_> =
        (1..=finalised).filter_map(|height| node.store().checkpoint(height).unwrap()).collect();
    let served: Vec<_> = served.iter().map(|one| (one.height, one.block_root, one.state_root)).collect();
    let stats = chain.stats();
    announce(&format!("simulated chain: {stats:?}, {reorgs} reorganisations"));
    assert_eq!(served, due);
    assert!(due.len() >= 4 && reorgs >= 2 && stats.forks >= 6 && stats.empty_slots > 0, "{due:?}, {stats:?}");
    assert_eq!((stats.checkpoints, stats.finalised), (due.len() as u64, finalised));
    assert_eq!(stats.blocks + stats.fork_blocks, 80);
    assert_eq!(stats.signatures, 80 * 4, "of the proposer, and of three out of four");
    assert_eq!(stats.transfers, 80 * 2);
}

/// Bytes of the first blocks.
fn bytes(chain: impl Iterator<Item = SimulatedBlock>) -> Vec<([u8; 32], String)> {
    chain.take(30).map(|block| (block.root.0, format!("{:?}", block.block))).collect()
}

/// FW-2: one plan gives one chain, byte for byte, signatures included; another seed gives another one from the first block
/// on.
///
/// Engine: law
#[test]
fn a_chain_is_a_function_of_its_plan() {
    assert_eq!(bytes(bls(plan())), bytes(bls(plan())));
    assert_eq!(bytes(ideal(plan())), bytes(ideal(plan())));
    let other = bytes(ideal(ChainPlan { seed: 12, ..plan() }));
    let same = bytes(ideal(plan())).iter().zip(&other).filter(|(one, other)| one == other).count();
    assert_eq!(same, 0);
}

/// CH-1, CH-2: what is changed of a block, its signatures or its certificate is refused, and leaves no trace.
///
/// Engine: law
#[test]
fn a_block_that_was_changed_is_refused() {
    let mut chain = bls(plan());
    let mut node = SimulatedNode::open(&MemoryDisk::new(), &chain).unwrap();
    let first = chain.next().unwrap();
    let second = chain.next().unwrap();
    let changed = |change: fn(&mut CertifiedBlock)| {
        let mut block = CertifiedBlock::clone(&first.block);
        change(&mut block);
        SimulatedBlock { block: Arc::new(block), ..first.clone() }
    };
    let refused = [
        (changed(|block| block.signed_block.signature.0[7] ^= 1), "signature of proposer"),
        (changed(|block| block.certificate.signature.0[7] ^= 1), "certificate does not count"),
        (changed(|block| block.signed_block.block.header.state_root.0[0] ^= 1), "certificate is of block"),
        (second.clone(), "must wait for Parent"),
    ];
    for (block, words) in refused {
        let said = node.import(&block).unwrap().expect(words);
        assert!(said.contains(words), "{said}");
        assert_eq!(node.store().head().height, 0);
    }
    assert_eq!((node.import(&first).unwrap(), node.import(&second).unwrap()), (None, None));
    assert_eq!(node.store().head().height, 2);
}

/// CH-8, CH-9: a node that is stopped and started again goes on where it was, whatever it is given once more.
///
/// Engine: law
#[test]
fn a_node_goes_on_where_it_was() {
    let (mut chain, disk) = (ideal(plan()), MemoryDisk::new());
    let blocks: Vec<_> = chain.by_ref().take(60).collect();
    for stop in [0, 1, 25, 60] {
        let mut node = SimulatedNode::open(&disk, &chain).unwrap();
        for block in &blocks[..stop] {
            assert_eq!(node.import(block).unwrap(), None);
        }
        let canonical = blocks[..stop].iter().filter(|block| block.branch == Branch::Canonical);
        let height = canonical.map(SimulatedBlock::height).max().unwrap_or(0);
        assert!(node.store().head().height >= height);
    }
    assert_eq!(SimulatedNode::open(&disk, &chain).unwrap().engine().head().height, chain.height());
}

/// CH-9, FW-2: what a chain keeps in memory does not grow with its length, and its rate is that of the plan.
///
/// Engine: law
#[test]
fn a_chain_keeps_no_more_the_longer_it_gets() {
    let plan = ChainPlan { authorities: 1, block_rate: 500, checkpoint_interval: 50, transfers: 1, ..plan() };
    let mut chain = bls(plan);
    chain.by_ref().take(200).for_each(drop);
    let before = chain.stats();
    let kept = allocation_counter::measure(|| chain.by_ref().take(1000).for_each(drop));
    let (stats, slots) = (chain.stats(), chain.now() / 2);
    announce(&format!(
        "a chain of {} blocks keeps {} bytes more than one of 200",
        stats.blocks, kept.bytes_current
    ));
    assert_eq!(stats.blocks + stats.fork_blocks - before.blocks - before.fork_blocks, 1000);
    assert!(kept.bytes_current.abs() < 32_768, "{} bytes more", kept.bytes_current);
    assert_eq!(slots, stats.blocks + stats.fork_blocks + stats.empty_slots);
    let permille = (stats.blocks + stats.fork_blocks) * 1000 / slots;
    assert!((450..=550).contains(&permille), "{permille} of 1000 slots have a block");
}

/// FW-5: a plan that makes no chain is refused with the field, the value and what is allowed.
///
/// Engine: law
#[test]
fn plans_of_chains_are_refused_by_field() {
    let refused = [
        (ChainPlan { authorities: 0, ..plan() }, "`authorities` is 0; allowed is 1 to 256"),
        (ChainPlan { authorities: 257, ..plan() }, "`authorities` is 257; allowed is 1 to 256"),
        (ChainPlan { block_rate: 0, ..plan() }, "`block_rate` is 0; allowed is 1 to 1000"),
        (ChainPlan { block_rate: 1001, ..plan() }, "`block_rate` is 1001; allowed is 1 to 1000"),
        (ChainPlan { checkpoint_interval: 0, ..plan() }, "`checkpoint_interval` is 0; allowed is 1 and more"),
        (ChainPlan { fork_every: 5, ..plan() }, "`fork_every` is 5; allowed is 6 and more, or 0 for never"),
        (ChainPlan { transfers: 1025, ..plan() }, "`transfers` is 1025; allowed is 0 to 1024"),
    ];
    for (plan, words) in refused {
        let said = SimulatedBlockchain::ideal(plan).expect_err(words);
        assert!(matches!(said, ChainPlanError::OutOfRange { .. }));
        assert_eq!(said.to_string(), words);
        assert_eq!(SimulatedBlockchain::bls(plan).expect_err(words).to_string(), words);
    }
    for plan in [ChainPlan { fork_every: 0, ..plan() }, ChainPlan { fork_every: 6, transfers: 0, ..plan() }] {
        let forks = ideal(plan).take(14).filter(|block| block.branch != Branch::Canonical).count();
        assert_eq!(forks > 0, plan.fork_every > 0);
    }
    assert!(ChainPlan::default().validate().is_ok());
    let (most, one) = (ChainPlan { authorities: 256, ..plan() }, ChainPlan { block_rate: 1, ..plan() });
    assert!(most.validate().is_ok() && one.validate().is_ok());
}

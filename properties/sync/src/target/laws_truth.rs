//! The truth of a simulation, and what is durable of a node, beside what they must be.

use std::collections::BTreeMap;
use std::sync::Arc;

use alys_chain::engine::{Event, Signatures};
use alys_chain::node::{Durable as _, Node};
use alys_chain::scheme::Ideal;
use alys_chain::tree::BlockRef;
use alys_engines::violation::{check_eq, violated};
use alys_wire::containers::Hash256;

use super::alys::simulated::{Branch, Journal, LongRange, TrueBlock, Truth, TruthPlan};

/// The plans whose truths are looked at.
fn plans() -> Vec<TruthPlan> {
    let plain = TruthPlan { blocks: 30, ..TruthPlan::default() };
    vec![
        plain.clone(),
        TruthPlan { fork_every: 6, seed: 3, ..plain.clone() },
        TruthPlan { fork_every: 7, block_permille: 600, seed: 4, ..plain.clone() },
        TruthPlan { long_range: Some(LongRange { from: 2, blocks: 9 }), fork_every: 9, ..plain.clone() },
        TruthPlan { long_range: Some(LongRange { from: 0, blocks: 29 }), transfers: 3, ..plain.clone() },
        TruthPlan { authorities: 1, blocks: 3, ..plain },
    ]
}

fn truth(plan: &TruthPlan) -> Truth<Ideal> {
    Truth::ideal(plan).unwrap_or_else(|error| violated("NW-5", format!("no truth of {plan:?}: {error}")))
}

/// The best tip of some blocks, by the rule, and the last final one of its chain by three in consecutive slots.
fn decided(all: &BTreeMap<Hash256, &TrueBlock>, genesis: BlockRef) -> (BlockRef, u64) {
    let better = |one: &&&TrueBlock, other: &&&TrueBlock| {
        (one.height(), std::cmp::Reverse(one.root)).cmp(&(other.height(), std::cmp::Reverse(other.root)))
    };
    let Some(tip) = all.values().max_by(better) else { return (genesis, 0) };
    let place = |root: &Hash256| match all.get(root) {
        Some(block) => Some((block.slot(), block.height(), block.header().parent_root)),
        None => (*root == genesis.root).then_some((0, 0, Hash256::ZERO)),
    };
    let finals = all.values().filter_map(|block| {
        let (slot, height, parent) = place(&block.header().parent_root)?;
        let (below, ..) = place(&parent)?;
        (block.slot() == slot + 1 && slot == below + 1).then_some(height)
    });
    (BlockRef { root: tip.root, height: tip.height() }, finals.max().unwrap_or(0))
}

/// Whatever an honest node can know at a time is what follows from the blocks whose slots have begun.
pub fn a_view_is_what_follows_from_its_blocks() -> u64 {
    let mut looked = 0;
    for plan in plans() {
        let truth = truth(&plan);
        let clock = truth.config().clock;
        let last = truth.blocks().last().map_or(0, TrueBlock::slot);
        for slot in 0..=last + 1 {
            let begins = clock.start_of(slot).unwrap_or_default() * 1_000;
            for now in [begins, begins + 1_000 * clock.slot_duration.get() - 1] {
                let there = truth.blocks().iter().filter(|block| block.slot() <= slot);
                let there: BTreeMap<_, _> = there.map(|block| (block.root, block)).collect();
                let (head, finalised) = decided(&there, truth.genesis_ref());
                let view = truth.view(now);
                check_eq("CH-3", &format!("the tip at {now}"), &head, &view.head());
                check_eq("CH-5", &format!("the final height at {now}"), &finalised, &view.finalised().height);
                check_eq(
                    "CH-3",
                    "the tip as a block",
                    &there.get(&head.root).map(|tip| tip.root),
                    &view.tip().map(|tip| tip.root),
                );
                let slot_of_tip = there.get(&head.root).map_or(0, |tip| tip.slot());
                check_eq("CH-3", "the slot of the tip", &slot_of_tip, &view.head_slot());
                below(&truth, &there, &view.at(head.height + 1), head);
                let fork =
                    there.values().filter(|block| block.branch == Branch::Fork).map(|block| block.height());
                let shown = truth.last_fork(now);
                check_eq("SY-4", "the height of the last fork", &fork.max(), &shown.map(TrueBlock::height));
                looked += 1;
            }
        }
        let before = clock.genesis_time * 1_000;
        check_eq(
            "CH-3",
            "the tip before the first slot",
            &truth.genesis_ref(),
            &truth.view(before.saturating_sub(1)).head(),
        );
        check_eq("NW-5", "when it begins", &Some(before), &truth.starts(0));
    }
    looked
}

/// The blocks of every height on the chain of a tip.
fn below(
    truth: &Truth<Ideal>,
    there: &BTreeMap<Hash256, &TrueBlock>,
    above: &Option<&TrueBlock>,
    head: BlockRef,
) {
    check_eq("CH-3", "what is above the tip", &None, &above.map(|block| block.root));
    let Some(tip) = there.get(&head.root) else { return };
    let mut root = head.root;
    for height in (0..=head.height).rev() {
        let found = truth.below(tip, height).map(|block| block.root);
        check_eq("CH-3", &format!("the block of height {height}"), &(height > 0).then_some(root), &found);
        root = there.get(&root).map_or(Hash256::ZERO, |block| block.header().parent_root);
    }
}

/// As many blocks are hidden as the plan says, each on the one before it.
fn the_hidden_are_linked(plan: &TruthPlan, truth: &Truth<Ideal>) {
    let hidden = plan.long_range.map_or(0, |branch| branch.blocks);
    check_eq("NW-5", "how many are hidden", &hidden, &(truth.hidden().len() as u64));
    if let (Some(branch), Some(first)) = (plan.long_range, truth.hidden().first()) {
        let from = truth.canonical(branch.from).map_or(truth.genesis_ref().root, |block| block.root);
        check_eq("NW-5", "where they begin", &from, &first.header().parent_root);
        for pair in truth.hidden().windows(2) {
            check_eq("NW-5", "whether they are linked", &pair[0].root, &pair[1].header().parent_root);
        }
        // Three in consecutive slots would be final.
        let below = [branch.from.saturating_sub(1), branch.from].map(|height| truth.canonical(height));
        let slots: Vec<u64> =
            below.into_iter().flatten().chain(truth.hidden()).map(TrueBlock::slot).collect();
        let in_a_row = slots.windows(3).filter(|three| three[2] == three[0] + 2).count();
        check_eq("CH-5", "how many of them would be final", &0, &in_a_row);
    }
}

/// Every block is one of the chain, the hidden ones included; a real node takes all that are shown, and comes to the same tip.
pub fn a_truth_is_a_chain() -> u64 {
    let mut blocks = 0;
    for plan in plans() {
        let truth = truth(&plan);
        let journal = Journal::new(truth.config(), truth.genesis());
        let engine = journal.engine(*truth.config(), truth.scheme().clone(), truth.authorities().clone());
        let engine = engine.unwrap_or_else(|error| violated("SY-9", format!("no chain: {error}")));
        let mut node = Node::new(engine, journal.clone());
        let mut take = |block: &TrueBlock| {
            let event = Event::Import { block: Arc::clone(&block.block), signatures: Signatures::Verified };
            let done = node.handle(event, u64::MAX, |_| {});
            done.unwrap_or_else(|error| violated("SY-9", format!("the medium fails: {error}")));
            node.engine().tree().get(&block.root).is_some()
        };
        for block in truth.blocks() {
            check_eq("SY-3", "whether a block is taken", &true, &take(block));
            let found = truth.block(&block.root).map(|found| found.root);
            check_eq("NW-5", "the block of its root", &Some(block.root), &found);
            blocks += 1;
        }
        let canonical: Vec<_> =
            truth.blocks().iter().filter(|block| block.branch == Branch::Canonical).collect();
        check_eq("NW-5", "how many there are", &plan.blocks, &(canonical.len() as u64));
        for (height, block) in (1..).zip(&canonical) {
            check_eq(
                "NW-5",
                "the canonical block",
                &Some(block.root),
                &truth.canonical(height).map(|one| one.root),
            );
            check_eq("NW-5", "its height", &height, &block.height());
            let begins = truth.config().clock.start_of(block.slot()).map(|start| start * 1_000);
            check_eq(
                "NW-5",
                "when it begins",
                &(begins, begins),
                &(truth.begins(block), truth.starts(height)),
            );
        }
        let edges =
            [truth.canonical(0), truth.canonical(plan.blocks + 1)].map(|block| block.map(|one| one.root));
        check_eq("NW-5", "what is beyond the ends", &[None, None], &edges);
        let forks = truth.blocks().iter().filter(|block| block.branch == Branch::Fork);
        check_eq("NW-5", "whether there are forks", &(plan.fork_every > 0), &(forks.clone().count() > 0));
        for fork in forks {
            let at = truth.fork_at(fork.height()).map(TrueBlock::height);
            check_eq("NW-5", "the height of a fork", &Some(fork.height()), &at);
        }
        the_hidden_are_linked(&plan, &truth);
        let (engine, view) = (node.engine(), truth.view(u64::MAX));
        check_eq("CH-3", "the tip", &view.head(), &engine.head());
        check_eq("CH-5", "what is final", &view.finalised(), &engine.finalised());
        check_eq(
            "SY-9",
            "what is durable",
            &(engine.head().root, engine.finalised().root),
            &(journal.head(), journal.finalised()),
        );
        let restored = journal.engine(*truth.config(), truth.scheme().clone(), truth.authorities().clone());
        let restored = restored.unwrap_or_else(|error| violated("SY-9", format!("no chain: {error}")));
        check_eq("SY-9", "the tip of the next one", &engine.head(), &restored.head());
        check_eq("SY-9", "how many blocks it has", &(truth.blocks().len()), &journal.blocks());
    }
    blocks
}

/// A medium keeps what was done before it failed, and what comes through; a whole one goes on from there.
pub fn a_medium_fails_where_it_is_told_to() -> u64 {
    let truth = truth(&TruthPlan { blocks: 0, ..TruthPlan::default() });
    let duties = |journal: &Journal| {
        let engine = journal.engine(*truth.config(), truth.scheme().clone(), truth.authorities().clone());
        engine
            .map(|engine| engine.duties())
            .unwrap_or_else(|error| violated("SY-9", format!("no chain: {error}")))
    };
    let mut tried = 0;
    for after in 0..4 {
        for comes_through in [false, true] {
            let mut journal = Journal::new(truth.config(), truth.genesis());
            check_eq(
                "SY-9",
                "the first operation",
                &Ok(()),
                &journal.vote(1).map_err(|failed| failed.operation),
            );
            journal.fail_after(after, comes_through);
            let course: Vec<_> =
                (2..8).map(|slot| journal.clone().vote(slot).map_err(|failed| failed.operation)).collect();
            let fails_at = 1 + after;
            let expected = (2..8).map(|slot| if slot - 2 < after { Ok(()) } else { Err(fails_at) });
            check_eq("SY-9", "what fails", &expected.collect::<Vec<_>>(), &course);
            let voted = 1 + after + u64::from(comes_through);
            check_eq("SY-9", "what is durable", &(voted, 0), &duties(&journal));
            check_eq("SY-9", "how many operations there were", &(fails_at + 1), &journal.operations());
            check_eq("SY-9", "a proposal", &true, &journal.proposal(9).is_err());
            journal.repair();
            check_eq("SY-9", "a proposal on a whole medium", &true, &journal.proposal(9).is_ok());
            check_eq("SY-9", "what is durable then", &(voted, 9), &duties(&journal));
            tried += 1;
        }
    }
    tried
}

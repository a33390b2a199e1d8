//! Planted faults of a node on the store.

use super::{Engine, Fault, Rules};

const COMMIT: &str = "store/commit.rs";
const NODE: &str = "node.rs";
const OPENED: &str = "store/opened.rs";
const ROWS: &str = "stored/rows.rs";
const SAVED: &str = "stored/saved.rs";
const STATE: &str = "store/state.rs";
const STORED: &str = "stored.rs";
const STREAM: &str = "store/stream.rs";

const fn expression(
    title: &'static str,
    rules: Rules,
    file: &'static str,
    original: &'static str,
    faulty: &'static str,
) -> Fault {
    super::expression(title, rules, file, original, faulty).found_by(Engine::Nodes)
}

const fn statement(
    title: &'static str,
    rules: Rules,
    file: &'static str,
    original: &'static str,
    faulty: &'static str,
) -> Fault {
    super::statement(title, rules, file, original, faulty).found_by(Engine::Nodes)
}

pub(super) const FAULTS: &[Fault] = &[
    expression(
        "published_before_the_commit: what follows a commit is published before it is durable",
        &["CH-8"],
        NODE,
        "self.engine.handle(event, now)",
        "{ let (durable, told): (Vec<_>, Vec<_>) = self.engine.handle(event, now).into_iter().partition(|effect| \
         matches!(effect, Effect::Commit(_))); told.into_iter().chain(durable).collect() }",
    ),
    expression(
        "vote_published_before_its_slot: votes and proposals leave before their slots are durable",
        &["CH-5"],
        NODE,
        "durable.vote(slot)",
        "durable.vote(0).or(Ok(()))",
    ),
    expression(
        "error_ignored: a node goes on after its store has failed",
        &["CH-8"],
        NODE,
        "durable.commits(&commits)",
        "durable.commits(&commits).or(Ok(()))",
    ),
    expression(
        "proposal_not_stored: a proposal's slot is not kept",
        &["CH-5"],
        STORED,
        "self.store.propose(slot)?",
        "()",
    ),
    expression(
        "vote_not_stored: a vote's slot is not kept",
        &["CH-5"],
        STORED,
        "self.store.vote(slot)?",
        "()",
    ),
    expression(
        "head_left_out: the tip is not in the commit",
        &["CH-8"],
        ROWS,
        "commit.head.as_ref().map(|change| change.head.root.0).or(growth.head)",
        "growth.head",
    ),
    expression(
        "finality_left_out: the finalised block is not in the commit",
        &["CH-8"],
        ROWS,
        "commit.finalised.map(|block| block.root.0).or(growth.finalised)",
        "growth.finalised",
    ),
    expression(
        "violation_left_out: a conflict is forgotten in a crash",
        &["CH-3"],
        ROWS,
        "conflicting.map(|proposal| proposal.block.root().0).or(growth.conflicting)",
        "growth.conflicting",
    ),
    expression(
        "base_left_out: pruning is not in the commit",
        &["CH-8"],
        STORED,
        "commit.base.map(|base| Tip { height: base.height, root: base.root.0 })",
        "None",
    ),
    expression(
        "rollback_left_out: what was rolled back comes back",
        &["CH-8"],
        STORED,
        "commit.removed.iter().map(|root| root.0).collect()",
        "Vec::new()",
    ),
    expression(
        "state_left_out: the state at the base is not in the commit",
        &["CH-8"],
        STORED,
        "self.changes_up_to(base.height)?",
        "Vec::new()",
    ),
    expression(
        "head_conflicts: the tip is taken for the block that conflicts",
        &["CH-3"],
        ROWS,
        "&violation.conflicting.signed_block",
        "&violation.finalised.signed_block",
    ),
    expression(
        "tip_of_the_last: a batch whose last block moves no tip moves none",
        &["CH-3", "CH-8"],
        ROWS,
        "commit.head.as_ref().map(|change| change.head.root.0).or(growth.head)",
        "commit.head.as_ref().map(|change| change.head.root.0)",
    ),
    expression(
        "finality_of_the_last: a batch whose last block makes nothing final makes nothing final",
        &["CH-5", "CH-8"],
        ROWS,
        "commit.finalised.map(|block| block.root.0).or(growth.finalised)",
        "commit.finalised.map(|block| block.root.0)",
    ),
    expression(
        "conflict_of_the_last: a violation in a batch is forgotten when a block follows",
        &["CH-3"],
        ROWS,
        "conflicting.map(|proposal| proposal.block.root().0).or(growth.conflicting)",
        "conflicting.map(|proposal| proposal.block.root().0)",
    ),
    expression(
        "grown_over_a_rollback: what a batch rolls back stays",
        &["CH-8"],
        STORED,
        "commit.removed.is_empty() && commit.base.is_none()",
        "commit.base.is_none()",
    ),
    expression(
        "grown_over_a_base: what a batch prunes stays",
        &["CH-8"],
        STORED,
        "commit.removed.is_empty() && commit.base.is_none()",
        "commit.removed.is_empty()",
    ),
    expression(
        "grown_into: a rollback that growth follows is forgotten",
        &["CH-8"],
        STORED,
        "grows(one) && grows(next)",
        "grows(next)",
    ),
    expression(
        "grown_out_of: a rollback that follows growth is forgotten",
        &["CH-8"],
        STORED,
        "grows(one) && grows(next)",
        "grows(one)",
    ),
    expression(
        "grown_alone: each block of a batch is a commit of its own",
        &["CH-8"],
        STORED,
        "grows(one) && grows(next)",
        "false",
    ),
    expression(
        "other_blocks_restored: the root of a block is not compared",
        &["CH-8"],
        ROWS,
        "found == stated",
        "true",
    ),
    expression("slot_of_height: the slot is stored wrong", &["CH-8"], ROWS, "header.slot", "header.height"),
    expression(
        "genesis_at_every_base: the state of the base is not read",
        &["CH-8"],
        ROWS,
        "self.transition.state(&self.values()?)",
        "Some(self.genesis.clone())",
    ),
    expression(
        "spent_row_stays: an account that has nothing left is kept",
        &["CH-8"],
        ROWS,
        "!after.contains_key(*key)",
        "false",
    ),
    expression(
        "row_not_renewed: an account that is there keeps its balance",
        &["CH-8"],
        ROWS,
        "before.get(*key) != Some(value)",
        "!before.contains_key(*key)",
    ),
    expression(
        "state_of_the_tip: the state goes up beyond the base",
        &["CH-8"],
        ROWS,
        "height > wanted",
        "height > wanted + 1",
    ),
    expression(
        "state_below_the_base: the state stops before the base",
        &["CH-8"],
        ROWS,
        "self.store.base() + 1",
        "self.store.base() + 2",
    ),
    expression(
        "state_unchecked: a state is stored that no block commits to",
        &["CH-8"],
        ROWS,
        "computed != stated",
        "false",
    ),
    expression(
        "vote_slot_forgotten: a restored node has never voted",
        &["CH-5"],
        SAVED,
        "self.store.voted_slot()",
        "0",
    ),
    expression(
        "proposal_slot_forgotten: a restored node has never proposed",
        &["CH-5"],
        SAVED,
        "self.store.proposed_slot()",
        "0",
    ),
    expression(
        "fork_forgotten: only canonical blocks are restored",
        &["CH-3"],
        SAVED,
        "blocks.push(Arc::new(to_block(&stored)?))",
        "{ if self.store.block_at(stored.height)?.is_some_and(|it| it.root == stored.root) { \
         blocks.push(Arc::new(to_block(&stored)?)) } }",
    ),
    expression(
        "first_height_forgotten: the tree is restored from above its base",
        &["CH-3"],
        SAVED,
        "stored.root != base",
        "stored.height > self.store.base() + 1",
    ),
    expression(
        "finalised_is_the_head: the tip is restored as final",
        &["CH-3"],
        SAVED,
        "Hash256::from(self.store.finalised().root)",
        "Hash256::from(self.store.head().root)",
    ),
    expression(
        "base_is_final: the finalised block is taken for the base",
        &["CH-3"],
        SAVED,
        "self.store.block_at(height)?",
        "self.store.block_at(self.store.finalised().height)?",
    ),
    expression(
        "violation_forgotten: a restored node goes on after a violation",
        &["CH-3"],
        SAVED,
        "self.violation()?",
        "None",
    ),
    expression(
        "violation_upside_down: the two blocks are the same one",
        &["CH-3"],
        SAVED,
        "self.certified(&self.store.finalised().root)?",
        "self.certified(&conflicting)?",
    ),
    expression(
        "second_proposal_in_a_slot: the last slot can be proposed in again",
        &["CH-5"],
        OPENED,
        "slot <= proposed",
        "slot < proposed",
    ),
    statement(
        "proposal_not_kept: a proposal is not durable",
        &["CH-5"],
        OPENED,
        "chain.proposed_slot = slot;",
        "",
    ),
    expression(
        "canonical_forgotten: a block on the way to the tip goes",
        &["CH-8"],
        COMMIT,
        "tables.indexed(height)? == Some(root)",
        "false",
    ),
    expression(
        "orphans_left: what lies behind a forgotten block stays",
        &["CH-8"],
        COMMIT,
        "!tables.children_at(height, roots)?.is_empty()",
        "false",
    ),
    expression(
        "other_base: the base need not be canonical",
        &["CH-8"],
        COMMIT,
        "tables.indexed(height)? != Some(root)",
        "false",
    ),
    expression(
        "goes_on_after_a_violation: the tip moves on when two final blocks conflict",
        &["CH-3"],
        COMMIT,
        "chain.conflicting.is_some() && changes_more_than_blocks(commit)",
        "false",
    ),
    expression(
        "prunes_after_a_violation: the base moves when two final blocks conflict",
        &["CH-3"],
        COMMIT,
        "base.is_some() || conflicting.is_some()",
        "conflicting.is_some()",
    ),
    expression(
        "conflict_unknown: a block that is not stored may conflict",
        &["CH-8"],
        COMMIT,
        "Some(known(&tables, conflicting)?.root)",
        "Some(*conflicting)",
    ),
    statement(
        "conflict_not_written: a violation does not outlive a start",
        &["CH-3"],
        STATE,
        "row.extend(self.conflicting.iter().flatten());",
        "",
    ),
    expression(
        "slots_swapped: the row of the chain has its slots the wrong way round",
        &["CH-5"],
        STATE,
        "[self.base, self.verified_up_to, self.voted_slot, self.proposed_slot, self.anchored]",
        "[self.base, self.verified_up_to, self.proposed_slot, self.voted_slot, self.anchored]",
    ),
    expression(
        "value_unsealed: a streamed value keeps its seal",
        &["CH-7"],
        STREAM,
        "state::of_row(key, row)?",
        "row.to_vec()",
    ),
    expression(
        "genesis_of_no_state: the genesis commits to another state",
        &["CH-8"],
        STORED,
        "genesis_header(&config.clock, state_root).root().0",
        "genesis_header(&config.clock, Hash256::default()).root().0",
    ),
];

//! Planted faults of commits, streams, votes, anchors and pruning.

use super::{Engine, Fault, expression, statement};

const ANCHORS: &str = "store/anchors.rs";
const BLOCKS: &str = "store/blocks.rs";
const COMMIT: &str = "store/commit.rs";
const OPENED: &str = "store/opened.rs";
const PRUNE: &str = "store/prune.rs";
const SEALED: &str = "store/sealed.rs";
const STATE: &str = "store/state.rs";
const STREAM: &str = "store/stream.rs";

/// Where a failed transaction ends.
const FAILED: &str = "self.failed = error.is_failure()";
/// Where the mark is trusted on start.
const TRUSTED: &str = "mark == last && self.read(|tables, chain| tables.is_good(chain, mark))?";
/// Which heights stay when blocks are pruned.
const STAYS: &str = "height == 0 || interval.is_due(height)";

pub(super) const FAULTS: &[Fault] = &[
    expression(
        "head_published_before_commit: what a refused commit would have changed is shown",
        &["CH-8"],
        OPENED,
        FAILED,
        "{ self.chain = chain; self.failed = error.is_failure() }",
    ),
    expression(
        "failure_forgotten: after an error of the disk the store goes on",
        &["CH-8"],
        OPENED,
        FAILED,
        "()",
    )
    .found_by(Engine::Files),
    statement(
        "commit_not_synced: a commit returns before it is durable",
        &["CH-8"],
        OPENED,
        "transaction.commit()?;",
        "transaction.set_quick_repair(false); transaction.set_durability(redb::Durability::None).ok(); \
         transaction.commit()?;",
    )
    .found_by(Engine::Crash),
    statement(
        "head_not_in_the_commit: head and marks are not written with the blocks",
        &["CH-8"],
        OPENED,
        "chain.write(&transaction)?;",
        "",
    ),
    expression(
        "second_vote_in_a_slot: the last slot can be voted in again",
        &["CH-5"],
        OPENED,
        "slot <= voted",
        "slot < voted",
    ),
    statement("vote_not_kept: a vote is not durable", &["CH-5"], OPENED, "chain.voted_slot = slot;", ""),
    expression(
        "mark_moves_over_damage: what cannot be rebuilt counts as verified",
        &["CH-7"],
        OPENED,
        "sweep.damaged.is_none()",
        "true",
    ),
    expression("start_verifies_nothing: new checkpoints are trusted", &["CH-7"], OPENED, TRUSTED, "true"),
    expression(
        "mark_trusted: the checkpoint of the mark is not read",
        &["CH-7"],
        OPENED,
        TRUSTED,
        "mark == last",
    ),
    expression(
        "last_checkpoint_not_served: the finalised height has no checkpoint",
        &["CH-6"],
        OPENED,
        "height > self.chain.finalised.height",
        "height >= self.chain.finalised.height",
    ),
    expression(
        "reorg_replaces_the_finalised_block: a fork from just below it is taken",
        &["CH-3", "CH-8"],
        COMMIT,
        "at.height <= finalised",
        "at.height < finalised",
    ),
    expression(
        "head_below_the_finalised_block: the tip can go back",
        &["CH-3"],
        COMMIT,
        "head.height < finalised",
        "false",
    ),
    expression(
        "disconnected_height_stays: the index keeps a height above a lower tip",
        &["CH-8"],
        COMMIT,
        "head.height + 1..=chain.head.height",
        "head.height + 2..=chain.head.height",
    ),
    statement(
        "head_not_moved: the index follows a new tip, the tip does not",
        &["CH-8"],
        COMMIT,
        "chain.head = head;",
        "",
    ),
    statement(
        "finality_goes_back: a lower block is finalised again",
        &["CH-3", "CH-6"],
        COMMIT,
        "if height < finalised {
        return Err(CommitRefused::FinalisedBefore { height, finalised }.into());
    }",
        "",
    ),
    statement(
        "fork_finalised: a block beside the canonical chain is finalised",
        &["CH-3", "CH-8"],
        COMMIT,
        "if tables.indexed(height)? != Some(tip.root) {
        return Err(CommitRefused::NotCanonical { height }.into());
    }",
        "",
    ),
    statement(
        "finalised_before_its_checkpoints: the heights to be covered are taken afterwards",
        &["CH-6"],
        COMMIT,
        "tables.make_due(chain, height)?;
    chain.finalised = tip;",
        "chain.finalised = tip; tables.make_due(chain, height)?;",
    ),
    expression(
        "state_not_in_the_commit: values are not changed",
        &["CH-8"],
        COMMIT,
        "state::change(transaction, &commit.state)",
        "Ok(())",
    ),
    expression(
        "tip_not_indexed: the way to a new tip is connected without its end",
        &["CH-8"],
        COMMIT,
        "connected.iter().rev()",
        "connected[1.min(connected.len())..].iter().rev()",
    ),
    expression(
        "block_at_two_heights: a known block is not compared",
        &["CH-8"],
        BLOCKS,
        "stored == height",
        "true",
    ),
    expression(
        "fork_below_the_checkpoint: a block at the pruning point is taken",
        &["CH-8"],
        BLOCKS,
        "height <= chain.base",
        "height < chain.base",
    ),
    expression(
        "height_skipped: a block may be more than one above its parent",
        &["CH-8"],
        BLOCKS,
        "height - 1 != parent",
        "height <= parent",
    ),
    statement(
        "forgotten_block_known: a pruned block keeps its height",
        &["CH-8"],
        BLOCKS,
        "self.heights.remove(root)?;",
        "",
    ),
    expression(
        "rotten_block_served: the seal of a block is not looked at",
        &["CH-7"],
        BLOCKS,
        "unsealed(Kind::Block, key, row)?",
        "row.get(..row.len().checked_sub(16)?)?",
    ),
    expression(
        "seal_not_compared: every row is what was written",
        &["CH-7"],
        SEALED,
        "checksum(kind, key, row) == *seal",
        "true",
    ),
    expression(
        "kept_blocks_unseen: blocks of pruned checkpoints are not found",
        &["CH-7"],
        STATE,
        "height >= self.base || height == 0 || self.interval.is_due(height)",
        "height >= self.base",
    ),
    expression(
        "value_stays: a value that is taken away stays",
        &["CH-8"],
        STATE,
        "drop(table.remove(key.as_slice())?)",
        "()",
    ),
    expression(
        "stream_ends_early: the tip is not streamed",
        &["CH-9"],
        STREAM,
        "self.next <= self.chain.head.height",
        "self.next < self.chain.head.height",
    ),
    expression(
        "prune_one_too_many: the forks at the checkpoint go without those behind them",
        &["CH-8"],
        PRUNE,
        "chain.base..below",
        "chain.base..below + 1",
    ),
    expression(
        "genesis_pruned: the first block is forgotten",
        &["CH-8"],
        PRUNE,
        STAYS,
        "interval.is_due(height)",
    ),
    expression(
        "checkpoint_blocks_pruned: what verification needs is forgotten",
        &["CH-7"],
        PRUNE,
        STAYS,
        "height == 0",
    ),
    statement(
        "pruning_not_noted: the pruning point does not move",
        &["CH-8"],
        PRUNE,
        "chain.base = below;",
        "",
    ),
    statement(
        "forks_stay: what forks from below the checkpoint stays",
        &["CH-8"],
        PRUNE,
        "forget_forks(tables, below, root)?;",
        "",
    ),
    expression(
        "pruned_twice: the same checkpoint is refused",
        &["CH-8"],
        PRUNE,
        "below < chain.base",
        "below <= chain.base",
    ),
    expression(
        "prune_above_finality: a height without a checkpoint is tried",
        &["CH-7"],
        PRUNE,
        "!interval.is_due(below) || below > finalised",
        "!interval.is_due(below)",
    ),
    statement(
        "range_unjudged: holes and overlaps are anchored",
        &["CH-10"],
        ANCHORS,
        "chain.anchored().admits(first, last).map_err(StoreError::Anchor)?;",
        "",
    ),
    expression(
        "any_block_anchored: the end of the range is not compared",
        &["CH-10"],
        ANCHORS,
        "schema::writing(transaction)?.indexed(last)? != Some(root)",
        "false",
    ),
    expression(
        "parent_used_twice: a parent header anchors two ranges",
        &["CH-10"],
        ANCHORS,
        "parents.insert(&parent.to_byte_array(), last)?.is_some()",
        "{ parents.insert(&parent.to_byte_array(), last)?; false }",
    ),
    statement(
        "proof_unchecked: an anchor is stored without proof",
        &["CH-10"],
        ANCHORS,
        "anchor.verify(required)?;",
        "",
    )
    .found_by(Engine::Files),
    statement(
        "anchored_height_stays: the next range begins where this one did",
        &["CH-10"],
        ANCHORS,
        "chain.anchored = last;",
        "",
    ),
    statement(
        "seal_of_any_table: a row of one table is a row of another",
        &["CH-8"],
        SEALED,
        "hasher.update(&[kind as u8]);",
        "",
    )
    .found_by(Engine::Files),
    statement(
        "seal_without_the_keys_length: a byte moves from the key to the row",
        &["CH-8"],
        SEALED,
        "hasher.update(&(key.len() as u64).to_le_bytes());",
        "",
    )
    .found_by(Engine::Files),
    expression(
        "seal_turned_around: no file of before is one of now",
        &["CH-8"],
        SEALED,
        "hasher.digest128().to_le_bytes()",
        "hasher.digest128().to_be_bytes()",
    )
    .found_by(Engine::Files),
];

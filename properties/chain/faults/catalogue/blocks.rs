//! Planted faults of proposals, the pool and the state transition.

use super::{Engine, Fault, by, expression, statement};

const BALANCES: &str = "transition/balances.rs";
const CANDIDATE: &str = "candidate.rs";
const POOL: &str = "pool.rs";
const PROPOSE: &str = "engine/propose.rs";
const RECEIVE: &str = "engine/receive.rs";
const SETTLE: &str = "engine/settle.rs";
const TRIE: &str = "transition/trie.rs";

/// Every one of them.
pub(super) const FAULTS: &[Fault] = &[
    expression(
        "timestamp_unchecked: the slot that a header states is believed",
        &["CH-1"],
        CANDIDATE,
        "computed != Some(slot)",
        "computed.is_none()",
    ),
    expression(
        "proposer_unscheduled: anybody proposes in any slot",
        &["CH-1"],
        CANDIDATE,
        "proposer != scheduled",
        "false",
    ),
    expression(
        "body_unchecked: a header goes with any body",
        &["CH-1"],
        CANDIDATE,
        "computed != stated",
        "false",
    ),
    expression(
        "proposer_unsigned: a proposal need not be signed",
        &["CH-1"],
        CANDIDATE,
        "scheme.verify(&keys, &message, &signature)",
        "true",
    ),
    expression(
        "height_only_above: a height may leave some out",
        &["CH-1"],
        CANDIDATE,
        "Some(height) != parent.height.checked_add(1)",
        "height <= parent.height",
    ),
    expression(
        "slot_of_the_parent: a block may be of its parent's slot",
        &["CH-1"],
        CANDIDATE,
        "slot <= parent.slot",
        "slot < parent.slot",
    ),
    expression(
        "state_unchecked: the state root that a header states is believed",
        &["CH-1"],
        CANDIDATE,
        "computed == stated",
        "true",
    ),
    expression(
        "signed_for_any_slot: a proposal is signed for slot 0",
        &["CH-1"],
        CANDIDATE,
        "Message::new(Domain::Proposal, chain_id, slot, root)",
        "Message::new(Domain::Proposal, chain_id, 0, root)",
    ),
    expression(
        "ahead_of_the_clock: a block need not wait for its slot",
        &["CH-1"],
        RECEIVE,
        "self.slot_at(now) < Some(header.slot)",
        "false",
    ),
    expression(
        "waits_too_long: a block waits until its slot is over",
        &["CH-1"],
        RECEIVE,
        "self.slot_at(now) < Some(header.slot)",
        "self.slot_at(now) <= Some(header.slot)",
    ),
    expression(
        "taken_twice: a block that waits is taken in again",
        &["CH-1"],
        RECEIVE,
        "self.tree.contains(&root) || self.pool.block(&root).is_some()",
        "self.tree.contains(&root)",
    ),
    expression(
        "notarised_again: a block of the tree is taken in again",
        &["CH-1"],
        RECEIVE,
        "self.tree.contains(&root) || self.pool.block(&root).is_some()",
        "self.pool.block(&root).is_some()",
    ),
    statement(
        "refused_block_stays: a block that is refused on its parent stays in the pool, as a candidate to be",
        &["CH-1"],
        SETTLE,
        "self.pool.remove_block(&root);\n                effects.push(Effect::BlockRefused { root, refusal });",
        "let kept = parent.state.clone(); self.pool.promote(&root, kept); \
         effects.push(Effect::BlockRefused { root, refusal });",
    ),
    expression(
        "one_too_many_each: an owner has one more than it may",
        &["CH-1", "CH-4"],
        POOL,
        "self.owned(owner).count() >= self.limits.per_owner.get()",
        "self.owned(owner).count() > self.limits.per_owner.get()",
    ),
    expression(
        "one_too_many: the pool has one more than it may",
        &["CH-1", "CH-4"],
        POOL,
        "self.items.len() >= self.limits.total.get()",
        "self.items.len() > self.limits.total.get()",
    ),
    expression(
        "first_owner_pays: whoever is first in order is pushed out, not who has the most",
        &["CH-4"],
        POOL,
        "Some(*count) == most",
        "most.is_some()",
    ),
    statement(
        "evicted_in_silence: what the bound of all pushes out is not reported",
        &["CH-1", "CH-4"],
        POOL,
        "evicted.extend(oldest.and_then(|(most, oldest)| self.evict(oldest, Bound::Total(most))));",
        "let _ = oldest.and_then(|(most, oldest)| self.evict(oldest, Bound::Total(most)));",
    ),
    expression(
        "aggregates_crowd: one aggregate more is kept of a block",
        &["CH-4"],
        POOL,
        "1 + kept.count() >= AGGREGATES_PER_BLOCK",
        "kept.count() >= AGGREGATES_PER_BLOCK",
    ),
    expression(
        "aggregates_own_nothing: aggregates are their first signer's",
        &["CH-4"],
        POOL,
        "(is_quorum, signers.next(), signers.next())",
        "(is_quorum, signers.next(), signers.next().filter(|_| false))",
    ),
    expression(
        "candidates_stay: a candidate whose parent has left stays one",
        &["CH-1"],
        POOL,
        "*stage = Stage::Waiting",
        "{}",
    ),
    expression(
        "transfer_from_nothing: an account may move what it has not",
        &["CH-1"],
        BALANCES,
        "balance.checked_sub(amount).ok_or(insufficient)?",
        "balance.saturating_sub(amount)",
    ),
    by(
        Engine::Law,
        expression(
            "supply_wraps: more is given out than there can be",
            &["CH-1"],
            BALANCES,
            "supply.checked_add(*amount).ok_or(SupplyOverflow)?",
            "supply.wrapping_add(*amount)",
        ),
    ),
    by(
        Engine::Law,
        expression(
            "empty_accounts_kept: an account that was emptied is in the root",
            &["CH-1"],
            BALANCES,
            "self.trie.without(account)",
            "self.trie.with(account, 0)",
        ),
    ),
    by(
        Engine::Law,
        expression(
            "the_wrong_side_stays: of two the one that was emptied stays",
            &["CH-1"],
            TRIE,
            "Arc::clone(&sides[1 - at])",
            "Arc::clone(&sides[at])",
        ),
    ),
    by(
        Engine::Law,
        expression(
            "parts_too_low: a key that parts above a branch goes below it",
            &["CH-1"],
            TRIE,
            "common(*prefix, key) < *bit",
            "false",
        ),
    ),
    by(
        Engine::Law,
        expression(
            "parts_at_the_branch: a key that a branch has a side for parts above it",
            &["CH-1"],
            TRIE,
            "common(*prefix, key) < *bit",
            "common(*prefix, key) <= *bit",
        ),
    ),
    by(
        Engine::Law,
        expression(
            "prefix_of_a_key: what a branch remembers depends on who came first",
            &["CH-1"],
            TRIE,
            "key & !(u64::MAX >> bit)",
            "key",
        ),
    ),
    by(
        Engine::Law,
        expression(
            "sides_by_the_last_bit: keys are told apart from their last bit on",
            &["CH-1"],
            TRIE,
            "key.rotate_left(bit + 1) & 1 == 1",
            "key.rotate_right(bit) & 1 == 1",
        ),
    ),
    expression(
        "proposes_twice: a slot can be proposed in again",
        &["CH-1"],
        PROPOSE,
        "slot <= self.proposed",
        "slot < self.proposed",
    ),
    statement(
        "proposal_before_its_slot: a proposal leaves before its slot is durable",
        &["CH-1"],
        PROPOSE,
        "effects.push(Effect::PersistProposal { slot });\n                effects.push(Effect::SendBlock(proposal.clone()));",
        "effects.push(Effect::SendBlock(proposal.clone())); effects.push(Effect::PersistProposal { slot });",
    ),
];

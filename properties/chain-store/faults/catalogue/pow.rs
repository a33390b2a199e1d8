//! Planted faults of merged mining, anchors, gate and retarget.

use super::{Engine, Fault};

const ANCHOR: &str = "pow/anchor.rs";
const AUXPOW: &str = "pow/auxpow.rs";
const BITS: &str = "pow/bits.rs";
const COINBASE: &str = "pow/coinbase.rs";
const DECODE: &str = "pow/decode.rs";
const GATE: &str = "pow/gate.rs";
const NETWORK: &str = "pow/network.rs";
const RETARGET: &str = "pow/retarget.rs";

const fn expression(
    title: &'static str,
    file: &'static str,
    original: &'static str,
    faulty: &'static str,
) -> Fault {
    Fault::expression(Engine::Pow, title, &["CH-10"], file, original, faulty)
}

const fn statement(
    title: &'static str,
    file: &'static str,
    original: &'static str,
    faulty: &'static str,
) -> Fault {
    Fault::statement(Engine::Pow, title, &["CH-10"], file, original, faulty)
}

pub(super) const FAULTS: &[Fault] = &[
    expression(
        "gate_closes_late: one block too many",
        GATE,
        "unanchored >= self.max_blocks_without_pow",
        "unanchored > self.max_blocks_without_pow",
    ),
    expression("gate_never_open: 0 blocks are allowed", GATE, "max_blocks_without_pow == 0", "false"),
    statement(
        "private_limit_ignored: a private network is as easy as regtest",
        NETWORK,
        "if let Network::Private(private) = self {\n            return private.limit;\n        }",
        "",
    )
    .found_by(Engine::Headers),
    expression("empty_range: a range ends just before it begins", ANCHOR, "last < first", "last + 1 < first"),
    expression("overlap_unseen: an anchored block is anchored again", ANCHOR, "first < expected", "false"),
    expression("hole_of_one: a block is left out", ANCHOR, "first > expected", "first > expected + 1"),
    expression(
        "anchor_without_finality: a block is anchored before it is final",
        ANCHOR,
        "last > self.finalised",
        "last > self.finalised + 1",
    ),
    expression(
        "range_begins_early: the last anchored block is expected again",
        ANCHOR,
        "self.anchored + 1",
        "self.anchored",
    ),
    statement(
        "chain_not_committed: proofs count for other chains",
        ANCHOR,
        "engine.input(&chain_id.to_le_bytes());",
        "",
    ),
    statement(
        "first_not_committed: a proof counts for longer ranges",
        ANCHOR,
        "engine.input(&first.to_le_bytes());",
        "",
    ),
    statement(
        "last_not_committed: a proof counts for other ends",
        ANCHOR,
        "engine.input(&last.to_le_bytes());",
        "",
    ),
    statement(
        "domain_not_committed: other programs' commitments prove nothing",
        ANCHOR,
        "engine.input(DOMAIN);",
        "",
    ),
    statement("root_not_committed: a proof counts for other blocks", ANCHOR, "engine.input(&root);", ""),
    expression(
        "second_transaction_commits: index 1 counts as the coinbase",
        AUXPOW,
        "self.coinbase_branch.index != 0",
        "self.coinbase_branch.index > 1",
    ),
    expression(
        "own_parent_accepted: the chain id of the parent is taken with its sign",
        AUXPOW,
        "self.parent.version.to_consensus().cast_unsigned() >> 16 == u32::from(chain_id)",
        "self.parent.version.to_consensus() >> 16 == i32::from(chain_id)",
    ),
    expression(
        "branch_of_31: a branch is one too long",
        AUXPOW,
        "len > BRANCH_LEN_MAX",
        "len > BRANCH_LEN_MAX + 1",
    ),
    expression(
        "coinbase_not_in_the_block: its branch is not compared",
        AUXPOW,
        "self.coinbase_branch.root(coinbase) != self.parent.merkle_root.to_byte_array()",
        "false",
    ),
    expression(
        "commitment_not_in_the_coinbase: its branch is not compared",
        AUXPOW,
        "self.chain_branch.root(commitment) != merged.root",
        "false",
    ),
    expression("size_not_compared: a tree of another size counts", AUXPOW, "merged.size != places", "false"),
    expression("slot_not_compared: the commitment may be anywhere", AUXPOW, "index != expected", "false"),
    expression("work_not_compared: any hash counts", AUXPOW, "!required.bits.is_met_by(hash)", "false"),
    expression("branch_mirrored: left and right are swapped", AUXPOW, "bit & 1 == 1", "bit & 1 == 0"),
    expression(
        "two_commitments: a second magic is not looked for",
        COINBASE,
        "(places.next(), places.count())",
        "(places.next(), 0)",
    ),
    expression(
        "any_transaction_commits: it need not be a coinbase",
        COINBASE,
        "!coinbase.is_coinbase()",
        "false",
    ),
    expression(
        "slot_without_chain: every chain has the same slot",
        COINBASE,
        "drawn(drawn(nonce).wrapping_add(u32::from(chain_id)))",
        "drawn(drawn(nonce))",
    ),
    expression(
        "slot_drawn_once: the generator is stepped once",
        COINBASE,
        "drawn(drawn(nonce).wrapping_add(u32::from(chain_id)))",
        "drawn(nonce).wrapping_add(u32::from(chain_id))",
    ),
    expression(
        "claimed_length_read: a long branch is read",
        DECODE,
        "len > BRANCH_LEN_MAX as u64",
        "len > 64",
    ),
    expression(
        "longest_branch_refused: 30 hashes are too many",
        DECODE,
        "len > BRANCH_LEN_MAX as u64",
        "len >= BRANCH_LEN_MAX as u64",
    ),
    expression("second_form: the hash of the parent is not compared", DECODE, "named != header", "false"),
    expression("tail_ignored: bytes behind a proof are dropped", DECODE, "!bytes.is_empty()", "false"),
    expression(
        "percentage_unbounded: more than 100 percent are taken",
        RETARGET,
        "!(1..=100).contains(&percent_max)",
        "percent_max == 0",
    ),
    expression(
        "one_percent_more: the retarget goes too far",
        RETARGET,
        "scaled(old, u64::from(self.percent_max), 100)",
        "scaled(old, u64::from(self.percent_max) + 1, 100)",
    ),
    expression(
        "limit_ignored: the target rises above the limit",
        RETARGET,
        "next.min(self.limit.target())",
        "next",
    ),
    expression(
        "retarget_upside_down: slow anchors become harder",
        RETARGET,
        "scaled(old, seconds, self.seconds_wanted)",
        "scaled(old, self.seconds_wanted, seconds.max(1))",
    ),
    expression(
        "no_hash_below_zero: a target of zero is written",
        BITS,
        "target.max(U256::from(1))",
        "target",
    ),
    expression(
        "limit_itself_refused: a target at the limit is too easy",
        BITS,
        "bits.target > limit.target",
        "bits.target >= limit.target",
    ),
    expression(
        "target_itself_missed: a hash that is the target does not meet it",
        BITS,
        "U256::from_le_bytes(hash.to_byte_array()) <= self.target",
        "U256::from_le_bytes(hash.to_byte_array()) < self.target",
    ),
];

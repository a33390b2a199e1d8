//! Planted faults of signatures, authority sets, approvals and quorums.

use super::{Engine, Fault, by, expression};

const APPROVALS: &str = "approvals.rs";
const AUTHORITIES: &str = "authorities.rs";
const BLS: &str = "scheme/bls.rs";
const IMPORT: &str = "engine/import.rs";
const JUDGE: &str = "engine/judge.rs";
const IDEAL: &str = "scheme/ideal.rs";
const RECEIVE: &str = "engine/receive.rs";
const SCHEME: &str = "scheme.rs";
const SETTLE: &str = "engine/settle.rs";
const SLOTS: &str = "slots.rs";

/// A fault that a law must find.
const fn law(
    title: &'static str,
    rules: &'static [&'static str],
    file: &'static str,
    original: &'static str,
    faulty: &'static str,
) -> Fault {
    by(Engine::Law, expression(title, rules, file, original, faulty))
}

/// Every one of them.
pub(super) const FAULTS: &[Fault] = &[
    expression(
        "two_thirds_are_enough: a quorum need not be more than two thirds",
        &["CH-2"],
        AUTHORITIES,
        "3 * signers > 2 * n",
        "3 * signers >= 2 * n",
    ),
    by(
        Engine::Game,
        expression(
            "half_are_enough: half of the authorities are a quorum, and four with one Byzantine fork",
            &["CH-2", "CH-5"],
            AUTHORITIES,
            "3 * signers > 2 * n",
            "2 * signers >= n",
        ),
    ),
    law(
        "quorums_miss_each_other: half of the authorities are a quorum",
        &["CH-2"],
        AUTHORITIES,
        "3 * signers > 2 * n",
        "2 * signers >= n",
    ),
    law(
        "nobody_decides: an authority set may be empty",
        &["CH-2"],
        AUTHORITIES,
        "return Err(AuthorityError::Empty)",
        "{}",
    ),
    law(
        "one_over_the_bits: an authority set may be one larger than there are bits",
        &["CH-2"],
        AUTHORITIES,
        "count > MAX_AUTHORITIES",
        "count > MAX_AUTHORITIES + 1",
    ),
    law(
        "counts_twice: a key may be in a set twice",
        &["CH-2"],
        AUTHORITIES,
        "keys.iter().position(|other| *other == key)",
        "keys.iter().take(1).position(|other| *other == key)",
    ),
    law(
        "possession_assumed: a key needs no proof of possession",
        &["CH-2"],
        BLS,
        "together(&[&admitted], key.as_slice(), possession, POSSESSION_DST)",
        "true",
    ),
    law(
        "possession_is_a_signature: a proof of possession is a signature like any other",
        &["CH-2"],
        BLS,
        "together(&[&admitted], key.as_slice(), possession, POSSESSION_DST)",
        "together(&[&admitted], key.as_slice(), possession, POSSESSION_DST) \
         || together(&[&admitted], key.as_slice(), possession, SIGNATURE_DST)",
    ),
    law(
        "subgroup_unchecked: a key may lie outside the subgroup",
        &["CH-2"],
        BLS,
        "PublicKey::key_validate(key.as_slice())",
        "PublicKey::from_bytes(key.as_slice())",
    ),
    law(
        "infinity_signs: the point at infinity is a signature",
        &["CH-2"],
        BLS,
        "Point::sig_validate(signature.as_slice(), true)",
        "Point::sig_validate(signature.as_slice(), false)",
    ),
    law(
        "registry_unasked: an ideal signature is only compared",
        &["CH-2"],
        IDEAL,
        "keys.iter().all(|key| registry.contains(&(key.0, bytes)))",
        "keys.iter().any(|key| registry.contains(&(key.0, bytes)))",
    ),
    law("nobody_signs: nobody has signed nothing", &["CH-2"], IDEAL, "!keys.is_empty()", "true"),
    law(
        "domains_alike: approvals and proposals are of one domain",
        &["CH-2"],
        SCHEME,
        "*b\"alys/prp\"",
        "*b\"alys/apr\"",
    ),
    law(
        "chain_id_unsigned: a signature holds on every chain",
        &["CH-2"],
        SCHEME,
        "chain_id.to_le_bytes()",
        "[0_u8; 8]",
    ),
    law(
        "slot_unsigned: a signature holds for every slot",
        &["CH-2"],
        SCHEME,
        "slot.to_le_bytes()",
        "[0_u8; 8]",
    ),
    law(
        "padding_counts: bits behind the last authority are looked over",
        &["CH-2"],
        APPROVALS,
        "len != n",
        "len < n",
    ),
    expression(
        "padding_votes: an aggregate with bits of nobody is a certificate",
        &["CH-2"],
        APPROVALS,
        "len != n",
        "false",
    ),
    law("nobody_approves: an aggregate may have no signer", &["CH-2"], APPROVALS, "keys.is_empty()", "false"),
    expression(
        "approvals_unverified: an approval is believed",
        &["CH-2"],
        APPROVALS,
        "scheme.verify(&keys, &message, &signature)",
        "true",
    ),
    expression(
        "overlaps_merged: aggregates that overlap are added up",
        &["CH-2"],
        APPROVALS,
        "!one.bits.intersection(&approval.bits).is_zero()",
        "one.bits == approval.bits",
    ),
    expression(
        "one_combination: only approvals of one alone are added up",
        &["CH-2"],
        APPROVALS,
        "0_u32..1 << several.len()",
        "0_u32..1",
    ),
    law(
        "all_combinations: aggregates without end are looked at",
        &["CH-2"],
        APPROVALS,
        "several.truncate(AGGREGATES_PER_BLOCK)",
        "several.truncate(AGGREGATES_PER_BLOCK + 1)",
    ),
    expression(
        "slot_of_an_approval: an approval of another slot counts for a block that is there",
        &["CH-2", "CH-4"],
        RECEIVE,
        "slot != approval.slot",
        "slot > approval.slot",
    ),
    expression(
        "early_approvals_count: an approval that comes before its block counts whatever slot it names",
        &["CH-2", "CH-4"],
        SETTLE,
        "self.drop_foreign_approvals(root, header.slot, effects)",
        "()",
    ),
    expression(
        "early_approvals_wasted: approvals that come before their block are not looked at when it comes",
        &["CH-4"],
        SETTLE,
        "self.vote(root, header.slot, height, now, effects);\n                self.notarise(root, effects)",
        "self.vote(root, header.slot, height, now, effects)",
    ),
    expression(
        "certificates_pile_up: several certificates of one block are kept",
        &["CH-4"],
        RECEIVE,
        "alike || (is_quorum && other.slot == approval.slot && self.is_quorum(other))",
        "alike",
    ),
    expression(
        "approvals_stay: the approvals of a block stay when it enters the tree",
        &["CH-4"],
        SETTLE,
        "self.pool.remove_approvals(&root, |_| true)",
        "()",
    ),
    expression(
        "imports_unverified: what is imported to be verified is not",
        &["CH-2"],
        JUDGE,
        "self.signed(block)",
        "Ok(())",
    ),
    expression(
        "verifies_trusted: what is imported as trusted is verified",
        &["CH-2"],
        JUDGE,
        "Ok(())",
        "self.signed(block)",
    ),
    expression(
        "any_certificate: a block is imported with the certificate of another one",
        &["CH-2"],
        JUDGE,
        "(certified, slot) != (root, proposal.block.header.slot)",
        "slot != proposal.block.header.slot",
    ),
    law(
        "spliced_certificate: a block is imported with the certificate of another one, and of another slot",
        &["WR-7"],
        JUDGE,
        "(certified, slot) != (root, proposal.block.header.slot)",
        "false",
    ),
    expression(
        "certificate_of_any_slot: a block is imported with the certificate of another slot",
        &["CH-2"],
        JUDGE,
        "(certified, slot) != (root, proposal.block.header.slot)",
        "certified != root",
    ),
    expression(
        "imports_without_quorum: a block is imported with too few approvals",
        &["CH-2"],
        JUDGE,
        "!self.authorities.is_quorum(signers)",
        "false",
    ),
    expression(
        "imported_padding_counts: bits of nobody count for a trusted import",
        &["CH-2"],
        JUDGE,
        "bits.len() != n",
        "bits.len() < n",
    ),
    expression(
        "imported_stays: a block that is imported stays in the pool",
        &["CH-1"],
        IMPORT,
        "self.pool.remove_block(&root)",
        "()",
    ),
    law(
        "slots_before_genesis: time before genesis lies in slot 0",
        &["CH-1"],
        SLOTS,
        "time.checked_sub(self.genesis_time)?",
        "time.saturating_sub(self.genesis_time)",
    ),
];

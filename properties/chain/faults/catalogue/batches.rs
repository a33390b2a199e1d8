//! Planted faults of batches: what is judged together, and made durable together.

use super::{Engine, Fault, by, expression, statement};

const BATCH: &str = "engine/batch.rs";
const IMPORT: &str = "engine/import.rs";
const JUDGE: &str = "engine/judge.rs";
const NODE: &str = "node.rs";
const TOGETHER: &str = "scheme/bls/together.rs";

type Rules = &'static [&'static str];

/// A fault that a law must find.
const fn law(
    title: &'static str,
    rules: Rules,
    file: &'static str,
    original: &'static str,
    faulty: &'static str,
) -> Fault {
    by(Engine::Law, expression(title, rules, file, original, faulty))
}

/// The same in a statement.
const fn law_statement(
    title: &'static str,
    rules: Rules,
    file: &'static str,
    original: &'static str,
    faulty: &'static str,
) -> Fault {
    by(Engine::Law, statement(title, rules, file, original, faulty))
}

/// Every one of them.
pub(super) const FAULTS: &[Fault] = &[
    law(
        "together_means_good: signatures that are verified together hold",
        &["CH-2"],
        BATCH,
        "self.scheme.verify_all(claims.as_flattened())",
        "true",
    ),
    law(
        "one_bad_all_bad: signatures that do not hold together are never looked at alone",
        &["CH-1"],
        BATCH,
        "*judged = self.signed(it.block);",
        "*judged = Err(ImportRefusal::NoQuorum { signers: 0, n: 0 });",
    ),
    law(
        "first_part_alone: only the signatures of half a part are verified",
        &["CH-2"],
        BATCH,
        "self.scheme.verify_all(claims.as_flattened())",
        "self.scheme.verify_all(&claims.as_flattened()[..claims.len()])",
    ),
    law(
        "trusted_batch_is_verified: the signatures of a trusted batch are verified",
        &["CH-2"],
        BATCH,
        "signatures == Signatures::Trusted",
        "false",
    ),
    law(
        "no_batch_is_verified: the signatures of a batch are not verified",
        &["CH-2"],
        BATCH,
        "signatures == Signatures::Trusted",
        "true",
    ),
    law(
        "known_ones_cost: what is in the tree is verified once more",
        &["CH-2"],
        BATCH,
        "self.tree.contains(&root)",
        "false",
    ),
    law(
        "form_forgotten: the form of a block of a batch is not looked at",
        &["CH-1", "CH-2"],
        BATCH,
        "if it.known { Ok(()) } else { self.form(it.root, it.block) }",
        "Ok(())",
    ),
    law_statement(
        "order_of_threads: a batch is imported in the order in which its parts were judged",
        &["CH-3"],
        BATCH,
        "done.sort_unstable_by_key(|(place, _)| *place);",
        "",
    ),
    law(
        "settled_at_the_end: what waits for a block of a batch waits for the end of it",
        &["CH-1", "CH-4"],
        BATCH,
        "self.settle(now, &mut effects)",
        "()",
    ),
    law("one_thread: all parts are judged by the caller", &["CH-3"], BATCH, "threads.get() == 1", "true"),
    law(
        "parts_too_long: more signatures are verified together than one bad one should cost",
        &["CH-2"],
        BATCH,
        "items.len().div_ceil(TOGETHER)",
        "items.len().div_ceil(4 * TOGETHER)",
    ),
    law(
        "unequal_parts: the threads do not get as much each",
        &["CH-2"],
        BATCH,
        "items.len().div_ceil(parts.max(1))",
        "TOGETHER.min(items.len() + 0 * parts)",
    ),
    law(
        "judged_is_imported: what is refused is imported",
        &["CH-1", "CH-2"],
        IMPORT,
        "judged.and_then(|()| self.state_after(&block, now))",
        "self.state_after(&block, now)",
    ),
    law(
        "claims_of_nobody: the proposer's signature is left out of a batch",
        &["CH-1"],
        JUDGE,
        "[proposed, approved]",
        "[approved.clone(), approved]",
    ),
    law(
        "certificates_left_out: the certificate is left out of a batch",
        &["CH-2"],
        JUDGE,
        "[proposed, approved]",
        "[proposed.clone(), proposed]",
    ),
    law(
        "coefficients_of_one: signatures are added up as they are, and errors cancel out",
        &["CH-2"],
        TOGETHER,
        "(of(terms), 8 * COEFFICIENT_BYTES)",
        "(vec![[1; COEFFICIENT_BYTES]; terms.len()], 8 * COEFFICIENT_BYTES)",
    ),
    law(
        "coefficients_by_place: coefficients are known before the signatures are",
        &["CH-2"],
        TOGETHER,
        "hash(&[content.as_slice(), &(index as u64).to_le_bytes()].concat())",
        "hash(&(index as u64).to_le_bytes())",
    ),
    law(
        "coefficients_alike: all claims of a batch have one coefficient",
        &["CH-2"],
        TOGETHER,
        "hash(&[content.as_slice(), &(index as u64).to_le_bytes()].concat())",
        "hash(&content)",
    ),
    law_statement(
        "signatures_unbound: signatures can be chosen by their coefficients",
        &["CH-2"],
        TOGETHER,
        "content.extend(signature.compress());",
        "",
    ),
    law_statement(
        "messages_unbound: coefficients do not hang on messages",
        &["CH-2"],
        TOGETHER,
        "content.extend(*message);",
        "",
    ),
    law_statement(
        "keys_unbound: coefficients do not hang on keys",
        &["CH-2"],
        TOGETHER,
        "content.extend(key.compress());",
        "",
    ),
    law_statement("coefficient_may_be_0: a claim may be left out", &["CH-2"], TOGETHER, "bytes[0] |= 1;", ""),
    law(
        "nothing_fails: claims with signatures that are none hold",
        &["CH-2"],
        TOGETHER,
        "terms(claims).is_some_and(|terms| terms.is_empty() || balanced(&terms))",
        "terms(claims).is_none_or(|terms| terms.is_empty() || balanced(&terms))",
    ),
    law(
        "each_is_committed: the blocks of a batch become durable one by one",
        &["CH-8"],
        NODE,
        "durability == Durability::Each",
        "true",
    ),
    law(
        "published_in_a_batch: what a batch makes known is published before it is durable",
        &["CH-8"],
        NODE,
        "waiting.commits.as_slice()",
        "&waiting.commits[..0]",
    ),
    law_statement(
        "vote_before_its_blocks: a vote is durable before the blocks that it builds on",
        &["CH-5", "CH-8"],
        NODE,
        "self.settle(&mut waiting, publish)?;\n                    self.keep(|durable| durable.vote(slot))?;",
        "self.keep(|durable| durable.vote(slot))?;",
    ),
    law(
        "told_is_lost: what waits for a commit is not published behind it",
        &["CH-8"],
        NODE,
        "mem::take(&mut waiting.told).into_iter().for_each(publish)",
        "mem::take(&mut waiting.told).into_iter().skip(1).for_each(publish)",
    ),
    law(
        "first_commit_alone: of commits that are made durable one by one only the first is",
        &["CH-8"],
        NODE,
        "commits.iter().try_for_each(|commit| self.commit(commit))",
        "commits.iter().take(1).try_for_each(|commit| self.commit(commit))",
    ),
];

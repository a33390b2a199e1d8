//! BLS, held to other implementations.

use std::collections::BTreeMap;

use alys_engines::sequential::announce;
use alys_engines::violation::caught;
use alys_governance_properties::real::vectors as held;
use alys_governance_properties::vectors::{PUBLIC, committed, list, public, public_folder};

/// CL-3: keys, proofs, signatures, sums, verdicts, votes and coefficients are what another implementation makes of them.
///
/// Engine: differential
#[test]
fn bls_agrees_with_another_implementation() {
    let vectors = committed();
    caught(|| held::committed(&vectors)).unwrap_or_else(|broken| panic!("{broken}"));
    for part in ["keys", "signatures", "verify", "aggregate", "together", "admission", "votes"] {
        assert!(list(&vectors[part]).len() >= 3, "there are too few vectors of {part}");
    }
}

/// CL-3: BLS agrees with every public vector, where somebody says where they are.
///
/// Engine: differential
#[test]
fn bls_agrees_with_the_public_vectors() {
    let Some(folder) = public_folder() else {
        announce(&format!("bls_vectors: Skipped: {PUBLIC} names no folder"));
        return;
    };
    let vectors = public(&folder);
    let mut counts = BTreeMap::new();
    for vector in &vectors {
        caught(|| held::public(vector)).unwrap_or_else(|broken| panic!("{broken}"));
        *counts.entry(vector.function.as_str()).or_insert(0) += 1;
    }
    announce(&format!("bls_vectors: {} hold: {counts:?}", vectors.len()));
    assert_eq!(counts.len(), 9, "vectors of nine functions, not {counts:?}");
}

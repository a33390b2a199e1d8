//! Hash-tree roots (CL-3): those of the model, which are those of an independent implementation.

use alys_engines::violation::check_eq;
use alys_models::wire::payload::{self, Payload};
use alys_models::wire::ssz::Value;

use super::drawn;
use crate::generate::{self, Scale};
use crate::sut::Sut;

/// Roots of every payload, and of blocks.
///
/// # Panics
///
/// When the model says otherwise.
pub fn all<S: Sut>(seeds: u64) {
    for seed in 0..seeds {
        for payload in payload::ALL {
            let value = drawn(seed, |u| generate::value(u, payload, Scale::Small));
            let kind = payload::type_of(payload);
            if let Some(root) = S::root(payload, &kind.encode(&value)) {
                check_eq("CL-3", "the root of a payload", &(payload, kind.root(&value)), &(payload, root));
            }
        }
        blocks::<S>(&drawn(seed, |u| generate::value(u, Payload::SignedBlock, Scale::Small)));
    }
}

fn blocks<S: Sut>(signed: &Value) {
    let Value::Parts(parts) = signed else { return };
    let Value::Parts(block) = &parts[0] else { return };
    let roots = (payload::header().root(&block[0]), payload::body().root(&block[1]));
    let real = S::block_roots(&payload::type_of(Payload::SignedBlock).encode(signed));
    check_eq("CL-3", "the roots of a block and its body", &roots, &real);
}

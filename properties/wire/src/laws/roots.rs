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

/// A list in a payload: where it is, how it is made so long, and how long it may be.
type Bounded = (Payload, &'static [usize], fn(usize) -> Value, usize);

/// The lists of all payloads.
const LISTS: [Bounded; 10] = [
    (Payload::SignedBlock, &[0, 1, 0], |n| Value::Parts(vec![Value::Bytes(Vec::new()); n]), 1_024),
    (Payload::SignedBlock, &[0, 1, 0], |n| Value::Parts(vec![Value::Bytes(vec![1; n])]), 65_536),
    (Payload::CertifiedBlock, &[1, 2], |n| Value::Bits(vec![true; n]), 256),
    (Payload::PowAnchor, &[5, 0], |n| Value::Bytes(vec![2; n]), 65_536),
    (Payload::PowAnchor, &[5, 1], hashes, 32),
    (Payload::PowAnchor, &[5, 3], hashes, 32),
    (Payload::PegoutSignatures, &[1], |n| Value::Parts(vec![pegout(0); n]), 64),
    (Payload::PegoutSignatures, &[1], |n| Value::Parts(vec![pegout(n)]), 256),
    (Payload::BlocksByRoot, &[], hashes, 1_024),
    (Payload::ErrorText, &[], |n| Value::Bytes(vec![3; n]), 256),
];

fn hashes(count: usize) -> Value {
    Value::Parts(vec![Value::Bytes(vec![4; 32]); count])
}

fn pegout(inputs: usize) -> Value {
    Value::Parts(vec![Value::Bytes(vec![5; 32]), Value::Parts(vec![Value::Bytes(vec![6; 64]); inputs])])
}

/// Lists are as long as they may be, and no longer.
///
/// # Panics
///
/// When the model says otherwise.
pub fn bounds<S: Sut>() {
    for (payload, path, list, limit) in LISTS {
        for length in [limit, limit + 1] {
            let mut value = drawn(1, |u| generate::value(u, payload, Scale::Small));
            *at(&mut value, path) = list(length);
            let kind = payload::type_of(payload);
            let ssz = kind.encode(&value);
            let model = kind.decode(&ssz).ok().map(|value| kind.root(&value));
            check_eq("CL-3", "whether a list may be so long", &(length == limit), &model.is_some());
            if payload != Payload::ErrorText {
                check_eq(
                    "CL-3",
                    "the root of a long list",
                    &(payload, length, model),
                    &(payload, length, S::root(payload, &ssz)),
                );
            }
        }
    }
}

/// The part at the end of a path.
fn at<'a>(value: &'a mut Value, path: &[usize]) -> &'a mut Value {
    match (value, path) {
        (Value::Parts(parts), [first, rest @ ..]) => at(&mut parts[*first], rest),
        (value, _) => value,
    }
}

fn blocks<S: Sut>(signed: &Value) {
    let Value::Parts(parts) = signed else { return };
    let Value::Parts(block) = &parts[0] else { return };
    let roots = (payload::header().root(&block[0]), payload::body().root(&block[1]));
    let real = S::block_roots(&payload::type_of(Payload::SignedBlock).encode(signed));
    check_eq("CL-3", "the roots of a block and its body", &roots, &real);
}

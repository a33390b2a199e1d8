//! What stands in frames and gossip, by type; the sizes that are allowed follow.

use super::ssz::Type;

/// A payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is called as the type is")]
pub enum Payload {
    Status,
    Goodbye,
    BlocksByRange,
    BlocksByRoot,
    Ping,
    MetaData,
    CertifiedBlock,
    ErrorText,
    SignedBlock,
    Approval,
    PowAnchor,
    PegoutSignatures,
}

/// Every payload.
pub const ALL: [Payload; 12] = [
    Payload::Status,
    Payload::Goodbye,
    Payload::BlocksByRange,
    Payload::BlocksByRoot,
    Payload::Ping,
    Payload::MetaData,
    Payload::CertifiedBlock,
    Payload::ErrorText,
    Payload::SignedBlock,
    Payload::Approval,
    Payload::PowAnchor,
    Payload::PegoutSignatures,
];

const NUMBER: Type = Type::Uint(8);
const ROOT: Type = Type::Bytes(32);
const SIGNATURE: Type = Type::Bytes(96);

/// Tells the type of a payload.
#[must_use]
pub fn type_of(payload: Payload) -> Type {
    match payload {
        Payload::Status => container([Type::Bytes(4), ROOT, NUMBER, ROOT, NUMBER]),
        Payload::Goodbye | Payload::Ping => NUMBER,
        Payload::BlocksByRange => container([NUMBER, NUMBER, NUMBER]),
        Payload::BlocksByRoot => list(ROOT, 1024),
        Payload::MetaData => container([NUMBER, Type::BitVector(64)]),
        Payload::CertifiedBlock => container([
            type_of(Payload::SignedBlock),
            container([ROOT, NUMBER, Type::BitList(256), SIGNATURE]),
        ]),
        Payload::ErrorText => Type::ByteList(256),
        Payload::SignedBlock => container([block(), SIGNATURE]),
        Payload::Approval => container([ROOT, NUMBER, NUMBER, SIGNATURE]),
        Payload::PowAnchor => {
            let four = Type::Uint(4);
            container([NUMBER, NUMBER, ROOT, four.clone(), four, aux_pow()])
        }
        Payload::PegoutSignatures => {
            let pegout = container([ROOT, list(Type::Bytes(64), 256)]);
            container([NUMBER, list(pegout, 64)])
        }
    }
}

/// Tells how many bytes a payload may have where no more than `max_payload` are configured: at least one, always.
#[must_use]
pub fn sizes(payload: Payload, max_payload: usize) -> (usize, usize) {
    let (min, max) = type_of(payload).sizes();
    // A request for nothing, and a failure without a word, are not sent.
    let min = match payload {
        Payload::BlocksByRoot => 32,
        Payload::ErrorText => 1,
        _ => min,
    };
    (min, max.min(max_payload))
}

/// The type of a block's header.
#[must_use]
pub fn header() -> Type {
    container([ROOT, NUMBER, NUMBER, NUMBER, ROOT, ROOT, NUMBER])
}

/// The type of a block's body.
#[must_use]
pub fn body() -> Type {
    container([list(Type::ByteList(65_536), 1024)])
}

fn block() -> Type {
    container([header(), body()])
}

fn aux_pow() -> Type {
    let branch = list(ROOT, 32);
    container([Type::ByteList(65_536), branch.clone(), NUMBER, branch, NUMBER, Type::Bytes(80)])
}

fn container<const N: usize>(fields: [Type; N]) -> Type {
    Type::Container(fields.into())
}

fn list(element: Type, limit: usize) -> Type {
    Type::List(Box::new(element), limit)
}

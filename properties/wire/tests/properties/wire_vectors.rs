//! What other implementations make of the same values: SSZ bytes, hash-tree roots, compressed frames.
//!
//! `tools/wire-vectors.py` made the vectors, and names the implementations.

#![allow(clippy::unwrap_used, reason = "what is not as expected ends the test")]

use std::fmt::Debug;
use std::fs;

use ::ssz::{Decode, Encode};
use alys_models::wire::{checksum, frame, payload, snappy, ssz, varint};
use alys_wire::containers::{
    AggregateApproval, Approval, ApprovalBits, AuxPow, Block, BlockBody, BlockHeader, CertifiedBlock,
    PegoutSignature, PegoutSignatures, PowAnchor, SignedBlock,
};
use alys_wire::containers::{
    MAX_AUTHORITIES, MAX_BRANCH_HASHES, MAX_COINBASE_BYTES, MAX_PEGOUT_INPUTS, MAX_PEGOUTS,
    MAX_TRANSACTION_BYTES, MAX_TRANSACTIONS,
};
use alys_wire::frame::FrameDecoder;
use alys_wire::limits::SizeRange;
use alys_wire::message::{BlocksByRange, BlocksByRoot, MetaData, Status, TopicBits};
use alys_wire_properties::laws::{self, encoding::vectors};
use alys_wire_properties::real::Wire;
use serde_json::Value;
use tree_hash::TreeHash;

fn read(name: &str) -> Vec<Value> {
    let text = fs::read_to_string(vectors().join(name)).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    assert!(file["origin"].is_string(), "vectors name their origin");
    file["vectors"].as_array().unwrap().clone()
}

fn bytes(value: &Value) -> Vec<u8> {
    let hex = value.as_str().unwrap();
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn fixed<const N: usize>(value: &Value) -> alloy_primitives::FixedBytes<N> {
    alloy_primitives::FixedBytes::from_slice(&bytes(value))
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

fn list<T, L: TryFrom<Vec<T>, Error: Debug>>(value: &Value, each: impl Fn(&Value) -> T) -> L {
    L::try_from(value.as_array().unwrap().iter().map(each).collect()).unwrap()
}

fn set(bits: &Value) -> impl Iterator<Item = usize> {
    bits.as_str().unwrap().char_indices().filter(|(_, bit)| *bit == '1').map(|(at, _)| at)
}

fn header(value: &Value) -> BlockHeader {
    BlockHeader {
        parent_root: fixed(&value["parent_root"]),
        height: number(&value["height"]),
        slot: number(&value["slot"]),
        proposer_index: number(&value["proposer_index"]),
        state_root: fixed(&value["state_root"]),
        body_root: fixed(&value["body_root"]),
        timestamp: number(&value["timestamp"]),
    }
}

fn body(value: &Value) -> BlockBody {
    BlockBody { transactions: list(&value["transactions"], |one| bytes(one).try_into().unwrap()) }
}

fn signed(value: &Value) -> SignedBlock {
    let block = Block { header: header(&value["block"]["header"]), body: body(&value["block"]["body"]) };
    SignedBlock { block, signature: fixed(&value["signature"]) }
}

fn aggregate(value: &Value) -> AggregateApproval {
    let mut bits = ApprovalBits::with_capacity(value["bits"].as_str().unwrap().len()).unwrap();
    set(&value["bits"]).for_each(|at| bits.set(at, true).unwrap());
    AggregateApproval {
        block_root: fixed(&value["block_root"]),
        slot: number(&value["slot"]),
        bits,
        signature: fixed(&value["signature"]),
    }
}

fn anchor(value: &Value) -> PowAnchor {
    let aux = &value["aux_pow"];
    PowAnchor {
        first_height: number(&value["first_height"]),
        last_height: number(&value["last_height"]),
        range_root: fixed(&value["range_root"]),
        bits: number(&value["bits"]) as u32,
        chain_id: number(&value["chain_id"]) as u32,
        aux_pow: AuxPow {
            coinbase: bytes(&aux["coinbase"]).try_into().unwrap(),
            coinbase_branch: list(&aux["coinbase_branch"], fixed),
            coinbase_index: number(&aux["coinbase_index"]),
            chain_branch: list(&aux["chain_branch"], fixed),
            chain_index: number(&aux["chain_index"]),
            parent_header: fixed(&aux["parent_header"]),
        },
    }
}

fn pegout(value: &Value) -> PegoutSignature {
    PegoutSignature { txid: fixed(&value["txid"]), inputs: list(&value["inputs"], fixed) }
}

/// Holds a value to its bytes and its root, both ways.
fn hold<T: Encode + Decode + TreeHash + PartialEq + Debug>(vector: &Value, value: T) {
    let encoded = bytes(&vector["ssz"]);
    assert_eq!(value.as_ssz_bytes(), encoded, "CL-3: the encoding of {value:?}");
    assert_eq!(T::from_ssz_bytes(&encoded).unwrap(), value, "CL-3: the decoding of {encoded:?}");
    assert_eq!(value.tree_hash_root().0, bytes(&vector["root"])[..], "CL-3: the root of {value:?}");
}

/// CL-3, WR-1: bytes and roots of every container, made from its fields by name, are those of an independent
/// implementation.
///
/// Engine: law
#[test]
fn containers_encode_and_hash_as_elsewhere() {
    let all = read("ssz.json");
    for vector in &all {
        let value = &vector["value"];
        match vector["type"].as_str().unwrap() {
            "BlockHeader" => {
                let (header, root) = (header(value), bytes(&vector["root"]));
                assert_eq!(header.root().0, root[..], "CL-3: the root of a header");
                let block = Block { header: header.clone(), body: BlockBody::default() };
                assert_eq!(block.root().0, root[..], "CL-3: the root of a block is its header's");
                hold(vector, header);
            }
            "BlockBody" => {
                assert_eq!(body(value).root().0, bytes(&vector["root"])[..], "CL-3: the root of a body");
                hold(vector, body(value));
            }
            "SignedBlock" => hold(vector, signed(value)),
            "AggregateApproval" => hold(vector, aggregate(value)),
            "CertifiedBlock" => {
                let certificate = aggregate(&value["certificate"]);
                hold(vector, CertifiedBlock { signed_block: signed(&value["signed_block"]), certificate });
            }
            "Approval" => hold(
                vector,
                Approval {
                    block_root: fixed(&value["block_root"]),
                    slot: number(&value["slot"]),
                    validator_index: number(&value["validator_index"]),
                    signature: fixed(&value["signature"]),
                },
            ),
            "PowAnchor" => hold(vector, anchor(value)),
            "PegoutSignatures" => {
                let pegouts = list(&value["pegouts"], pegout);
                hold(vector, PegoutSignatures { signer_index: number(&value["signer_index"]), pegouts });
            }
            "Status" => hold(
                vector,
                Status {
                    fork_digest: fixed(&value["fork_digest"]),
                    finalised_root: fixed(&value["finalised_root"]),
                    finalised_height: number(&value["finalised_height"]),
                    head_root: fixed(&value["head_root"]),
                    head_slot: number(&value["head_slot"]),
                },
            ),
            "BlocksByRange" => {
                let [start, count, step] = ["start", "count", "step"].map(|name| number(&value[name]));
                hold(vector, BlocksByRange { start, count, step });
            }
            "BlocksByRoot" => hold(vector, list::<_, BlocksByRoot>(value, fixed)),
            "MetaData" => {
                let mut topics = TopicBits::new();
                set(&value["topics"]).for_each(|at| topics.set(at, true).unwrap());
                hold(vector, MetaData { sequence: number(&value["sequence"]), topics });
            }
            other => panic!("nobody knows a {other}"),
        }
    }
    assert_eq!(all.len(), 23, "every vector was looked at");
}

/// CL-3: the model's encodings and roots are those of an independent implementation, too.
///
/// Engine: law
#[test]
fn the_model_encodes_and_hashes_as_elsewhere() {
    let mut looked_at = 0;
    for vector in read("ssz.json") {
        let kind = match vector["type"].as_str().unwrap() {
            "BlockHeader" => payload::header(),
            "BlockBody" => payload::body(),
            "AggregateApproval" => continue,
            name => {
                payload::type_of(payload::ALL.into_iter().find(|one| format!("{one:?}") == name).unwrap())
            }
        };
        let encoded = bytes(&vector["ssz"]);
        let value: ssz::Value = kind.decode(&encoded).unwrap();
        assert_eq!(kind.encode(&value), encoded);
        assert_eq!(kind.root(&value)[..], bytes(&vector["root"])[..], "CL-3: {value:?}");
        looked_at += 1;
    }
    assert_eq!(looked_at, 16, "every vector of a known type was looked at");
}

/// WR-1, WR-3: frames of an implementation in another language decode to what they were made of.
///
/// Engine: law
#[test]
fn frames_from_elsewhere_decode_to_the_same() {
    let all = read("frames.json");
    for vector in &all {
        let bytes_of_frame = bytes(&vector["frame"]);
        let mut decoder = FrameDecoder::bare(SizeRange { min: 1, max: 100_000 });
        let decoded = decoder.decode(&bytes_of_frame).unwrap().unwrap();
        assert_eq!(decoded.used, bytes_of_frame.len());
        match vector["payload"].get("ssz") {
            Some(payload) => assert_eq!(decoded.payload, bytes(payload), "WR-1: a frame from elsewhere"),
            None => {
                assert_eq!(decoded.payload.len() as u64, number(&vector["payload"]["letters"]));
                assert_eq!(u64::from(checksum::crc32c(&decoded.payload)), number(&vector["payload"]["sum"]));
            }
        }
        let expected = frame::Expected { coded: false, success: (1, 100_000), failure: (1, 1) };
        let frame::Outcome::Whole(model) = frame::decode(&bytes_of_frame, &expected) else {
            panic!("it is whole")
        };
        assert_eq!(model.payload, decoded.payload, "the model decodes it as well");
        let raw = bytes(&vector["raw"]);
        let varint::Said::Number(size, seen) = varint::read(&raw, 1, 100_000) else {
            panic!("a length comes first")
        };
        assert_eq!(snappy::expand(&raw[seen..], size as usize), Some(model.payload), "raw blocks, too");
    }
    assert_eq!(all.len(), 9, "every vector was looked at");
}

/// CL-3: roots of generated containers, and of blocks and their bodies, are the model's.
///
/// Engine: law
#[test]
fn roots_are_the_models() {
    laws::hold(|| laws::roots::all::<Wire>(12));
}

/// CL-3, WR-3: lists are as long as their types allow, and not longer; the constants say the same.
///
/// Engine: law
#[test]
fn lists_are_as_long_as_they_may_be() {
    laws::hold(laws::roots::bounds::<Wire>);
    let said =
        [MAX_TRANSACTION_BYTES, MAX_TRANSACTIONS, MAX_AUTHORITIES, MAX_COINBASE_BYTES, MAX_BRANCH_HASHES];
    assert_eq!(said, [65_536, 1_024, 256, 65_536, 32], "CL-3");
    assert_eq!([MAX_PEGOUTS, MAX_PEGOUT_INPUTS], [64, 256], "CL-3");
}

//! The planted faults of gossip.

use super::{Fault, Law};

const GOSSIP: &str = "gossip.rs";
const TOPIC: &str = "gossip/topic.rs";

/// Every one of them.
pub(super) const FAULTS: &[Fault] = &[
    Fault::expression(
        Law::Gossip,
        "limits_of_proposals: every topic has the limits of proposals",
        &["WR-1", "WR-3"],
        GOSSIP,
        "decompress(data, limits.of(payload))?",
        "decompress(data, limits.of(Payload::SignedBlock))?",
    ),
    Fault::expression(
        Law::Gossip,
        "id_within_other_limits: ids are derived within the limits of proposals",
        &["WR-1"],
        GOSSIP,
        "limits.of(topic.kind.payload())",
        "limits.of(Payload::SignedBlock)",
    ),
    Fault::expression(
        Law::Gossip,
        "gossip_length_unchecked: the length of gossip is not compared with the limit",
        &["WR-3", "WR-6"],
        GOSSIP,
        "varint(data, allowed.min.into(), allowed.max.into())",
        "varint(data, allowed.min.into(), (allowed.max * 2).into())",
    ),
    Fault::expression(
        Law::Gossip,
        "gossip_minimum_unchecked: gossip may be too short",
        &["WR-3"],
        GOSSIP,
        "varint(data, allowed.min.into(), allowed.max.into())",
        "varint(data, 1, allowed.max.into())",
    ),
    Fault::expression(
        Law::Gossip,
        "gossip_sent_too_large: gossip is sent whatever its size",
        &["WR-6"],
        GOSSIP,
        "!limits.of(payload).contains(ssz.len())",
        "false",
    ),
    Fault::expression(
        Law::Gossip,
        "topic_unbound: the id of a message does not depend on its topic",
        &["WR-1"],
        GOSSIP,
        "hasher.update(topic)",
        "hasher.update(\"\")",
    ),
    Fault::expression(
        Law::Gossip,
        "topic_length_unbound: the length of the topic is not hashed",
        &["WR-1"],
        GOSSIP,
        "hasher.update((topic.len() as u64).to_le_bytes())",
        "hasher.update((topic.len() as u32).to_le_bytes())",
    ),
    Fault::expression(
        Law::Gossip,
        "domains_alike: valid and invalid data share a domain",
        &["WR-1"],
        GOSSIP,
        "bind(&mut hasher, INVALID_SNAPPY, &topic_name)",
        "bind(&mut hasher, VALID_SNAPPY, &topic_name)",
    ),
    Fault::expression(
        Law::Gossip,
        "id_of_compressed: the id is derived from the compressed data",
        &["WR-1"],
        GOSSIP,
        "hasher.update(&content)",
        "hasher.update(if content.is_empty() { content.as_slice() } else { data })",
    ),
    Fault::expression(
        Law::Names,
        "digest_unpadded: the fork digest loses its leading zeros",
        &["WR-1"],
        TOPIC,
        "write!(f, \"/eth2/{digest:08x}/{}/ssz_snappy\", self.kind.name())",
        "write!(f, \"/eth2/{digest:x}/{}/ssz_snappy\", self.kind.name())",
    ),
    Fault::expression(
        Law::Names,
        "topic_prefix_unchecked: the beginning of a topic's name is not looked at",
        &["WR-1"],
        TOPIC,
        "topic.to_string() == name",
        "topic.to_string()[6..] == name[6..]",
    ),
    Fault::expression(
        Law::Gossip,
        "gossip_limit_differs: a byte more is published than is read",
        &["WR-6"],
        GOSSIP,
        "!limits.of(payload).contains(ssz.len())",
        "ssz.len() > limits.of(payload).max as usize + 1",
    ),
];

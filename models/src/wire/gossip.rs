//! What is published: raw blocks, and ids derived from topic and content.

use super::payload::{self, Payload};
use super::sha256::hash;
use super::ssz::Value;
use super::{snappy, varint};

/// Why what was published is no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// It does not begin with an allowed length.
    Length,
    /// It does not expand to that length.
    Compression,
    /// It is not what it must be.
    NotSsz,
}

/// Reads what was published.
///
/// # Errors
///
/// Why it is no message.
pub fn decode(payload: Payload, data: &[u8], max_payload: usize) -> Result<Value, Refusal> {
    let content = content(payload, data, max_payload)?;
    payload::type_of(payload).decode(&content).map_err(|_| Refusal::NotSsz)
}

/// Tells the id of what was published on a topic: 20 bytes of a hash.
#[must_use]
pub fn message_id(topic: &str, payload: Payload, data: &[u8], max_payload: usize) -> Vec<u8> {
    let (domain, bound) = match content(payload, data, max_payload) {
        Ok(content) => ([1, 0, 0, 0], content),
        Err(_) => ([0, 0, 0, 0], data.to_vec()),
    };
    let length = (topic.len() as u64).to_le_bytes();
    hash(&[&domain[..], &length, topic.as_bytes(), &bound].concat())[..20].to_vec()
}

fn content(payload: Payload, data: &[u8], max_payload: usize) -> Result<Vec<u8>, Refusal> {
    let (min, max) = payload::sizes(payload, max_payload);
    let varint::Said::Number(size, seen) = varint::read(data, min as u64, max as u64) else {
        return Err(Refusal::Length);
    };
    snappy::expand(&data[seen..], size as usize).ok_or(Refusal::Compression)
}

//! Messages from bytes: what a fuzzer mutates, and what a seed becomes.

use alys_engines::draw::SplitMix;
use alys_models::wire::payload::{self, Payload};
use alys_models::wire::ssz::{Type, Value};
use arbitrary::{Result, Unstructured};

use crate::sut::{BLOCKS_BY_RANGE, Channel, Content, PROTOCOLS};

/// The configured maximum of most cases.
pub const MAX_PAYLOAD: u32 = 1 << 20;

/// How large a generated message may become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Lists of a few bytes: a case takes microseconds.
    Small,
    /// Lists of up to 60,000 bytes: payloads of several chunks.
    Large,
}

/// Bytes that follow from a seed, as many as a case needs.
#[must_use]
pub fn seeded(seed: u64) -> Vec<u8> {
    let mut mix = SplitMix(seed);
    let words = 24 + mix.next() as usize % 64;
    (0..words).flat_map(|_| mix.next().to_le_bytes()).collect()
}

/// Draws a stream.
///
/// # Errors
///
/// None: missing bytes count as zeros. The same holds for everything here.
pub fn channel(u: &mut Unstructured<'_>) -> Result<Channel> {
    let protocol = u.choose_index(PROTOCOLS.len())?;
    let responses = u.arbitrary()?;
    let many = responses && protocol == BLOCKS_BY_RANGE;
    let messages_max = if many { u.int_in_range(0..=4)? } else { 1 };
    let max_payload = *u.choose(&[MAX_PAYLOAD, MAX_PAYLOAD, 1 << 20, 1_024, 4_096])?;
    Ok(Channel { protocol, responses, messages_max, max_payload })
}

/// Draws a message for a stream.
///
/// # Errors
///
/// None.
pub fn content(u: &mut Unstructured<'_>, channel: &Channel, scale: Scale) -> Result<Content> {
    let stream = channel.stream();
    let code = if !channel.responses {
        None
    } else if u.ratio(1, 4)? {
        Some(*u.choose(&[1, 2, 3, 139, 4, 138, 140, 255])?)
    } else {
        Some(0)
    };
    let payload = if code.unwrap_or(0) == 0 { stream.payload } else { Some(Payload::ErrorText) };
    let Some(payload) = payload else { return Ok(Content { code, value: None }) };
    Ok(Content { code, value: Some(value(u, payload, scale)?) })
}

/// Draws a payload of an allowed size, if it is drawn small.
///
/// # Errors
///
/// None.
pub fn value(u: &mut Unstructured<'_>, payload: Payload, scale: Scale) -> Result<Value> {
    let kind = payload::type_of(payload);
    let value = of_type(u, &kind, scale)?;
    let (min, _) = payload::sizes(payload, MAX_PAYLOAD as usize);
    if kind.encode(&value).len() >= min {
        return Ok(value);
    }
    // A list that must not be empty.
    Ok(match kind {
        Type::List(element, _) => Value::Parts(vec![of_type(u, &element, scale)?]),
        _ => Value::Bytes(vec![u.arbitrary()?]),
    })
}

fn of_type(u: &mut Unstructured<'_>, kind: &Type, scale: Scale) -> Result<Value> {
    Ok(match kind {
        Type::Uint(size) => {
            let all = u64::MAX >> (64 - 8 * size);
            let any = u.arbitrary::<u64>()?;
            Value::Number(all & *u.choose(&[0, 1, 3, 128, 250, any % 1_024, any, any, u64::MAX])?)
        }
        Type::Bytes(size) => Value::Bytes(bytes(u, *size)?),
        Type::BitVector(bits) => Value::Bytes(bytes(u, bits / 8)?),
        Type::ByteList(limit) => {
            let most = if scale == Scale::Large && u.ratio(1, 2)? { 60_000 } else { 40 };
            let length = u.int_in_range(0..=most)?.min(*limit);
            Value::Bytes(bytes(u, length)?)
        }
        Type::BitList(limit) => {
            let length = *u.choose(&[0, 1, 4, 7, 8, 9, 100, 255, 256])?;
            let mut mix = SplitMix(u.arbitrary()?);
            Value::Bits((0..length.min(*limit)).map(|_| mix.coin()).collect())
        }
        Type::List(element, limit) => {
            let most = if scale == Scale::Large { 8 } else { 3 };
            let length = u.int_in_range(0..=most)?.min(*limit);
            Value::Parts((0..length).map(|_| of_type(u, element, scale)).collect::<Result<_>>()?)
        }
        Type::Container(fields) => {
            Value::Parts(fields.iter().map(|field| of_type(u, field, scale)).collect::<Result<_>>()?)
        }
    })
}

/// So many bytes: alike, repetitive, or without any order, as compressors meet them.
fn bytes(u: &mut Unstructured<'_>, length: usize) -> Result<Vec<u8>> {
    let seed = u.arbitrary::<u16>()?;
    let mut mix = SplitMix(seed.into());
    Ok(match seed % 4 {
        0 => vec![(seed >> 8) as u8; length],
        1 => (0..length).map(|at| (at % 23) as u8).collect(),
        2 => (0..length).map(|_| b"abcd"[mix.next() as usize % 4]).collect(),
        _ => (0..length.div_ceil(8)).flat_map(|_| mix.next().to_le_bytes()).take(length).collect(),
    })
}

//! Gossip: the same answers and ids as the model's (WR-1, WR-3, WR-6).

use alys_engines::violation::check_eq;
use alys_models::wire::ssz::Value;
use alys_models::wire::{gossip, payload, snappy, varint};
use arbitrary::Unstructured;

use super::{block, drawn};
use crate::corruption;
use crate::generate::{self, MAX_PAYLOAD, Scale};
use crate::sut::{NotSent, Sut, TOPICS};

/// Messages that are published, corrupted, and read; at the limits as well.
///
/// # Panics
///
/// When the model says otherwise.
pub fn all<S: Sut>(cases: u64) {
    for seed in 0..cases {
        let scale = if seed % 100 == 7 { Scale::Large } else { Scale::Small };
        drawn(seed, |u| one::<S>(u, scale));
    }
    limits::<S>();
    ids::<S>();
}

/// Publishes a message and reads what becomes of it.
///
/// # Errors
///
/// None.
///
/// # Panics
///
/// When the model says otherwise.
pub fn one<S: Sut>(u: &mut Unstructured<'_>, scale: Scale) -> arbitrary::Result<()> {
    let topic = u.choose_index(TOPICS.len())?;
    let kind = TOPICS[topic].1;
    let value = generate::value(u, kind, scale)?;
    if payload::type_of(kind).encode(&value).len() > payload::sizes(kind, MAX_PAYLOAD as usize).1 {
        return Ok(());
    }
    let mut data =
        S::publish(topic, &value, MAX_PAYLOAD).unwrap_or_else(|why| panic!("WR-6: not sent: {why:?}"));
    check_eq("WR-1", "what is read of a message", &Ok(value), &S::gossiped(topic, &data, MAX_PAYLOAD));
    for corruption in corruption::some(u)? {
        corruption.apply(&mut data, false, b"\x90\x01other");
    }
    read::<S>(topic, &data, MAX_PAYLOAD);
    Ok(())
}

/// Reads some bytes as a message, and tells their id.
///
/// # Panics
///
/// When the model says otherwise.
pub fn read<S: Sut>(topic: usize, data: &[u8], max_payload: u32) {
    let model = gossip::decode(TOPICS[topic].1, data, max_payload as usize);
    check_eq("WR-3", "what is read", &model, &S::gossiped(topic, data, max_payload));
    id::<S>([1, 2, 3, 4], topic, data, max_payload);
}

fn id<S: Sut>(digest: [u8; 4], topic: usize, data: &[u8], max_payload: u32) {
    let (name, kind) = TOPICS[topic];
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let full = format!("/eth2/{hex}/{name}/ssz_snappy");
    let model = gossip::message_id(&full, kind, data, max_payload as usize);
    check_eq("WR-1", "the id of a message", &model, &S::message_id(digest, topic, data, max_payload));
}

/// Lengths at the limits, with content or without.
fn limits<S: Sut>() {
    for (topic, (_, kind)) in TOPICS.iter().enumerate() {
        for max_payload in [1_024, MAX_PAYLOAD] {
            let (min, max) = payload::sizes(*kind, max_payload as usize);
            for length in [0, min - 1, min, max, max + 1, usize::MAX >> 1] {
                let mut data = varint::encode(length as u64);
                read::<S>(topic, &data, max_payload);
                data.push(0);
                read::<S>(topic, &data, max_payload);
                if length <= 2_000 {
                    read::<S>(topic, &snappy::literal(&vec![0; length]), max_payload);
                }
            }
            for data in [&b""[..], &[0x80], &[0x80, 0], &[0xff; 11], &[0x90, 0x81, 0]] {
                read::<S>(topic, data, max_payload);
            }
        }
    }
    let Some(Value::Parts(certified)) = block(1, false).value else { return };
    let one_byte = payload::type_of(TOPICS[0].1).encode(&certified[0]).len();
    for (size, sent) in [(1_023, true), (1_024, true), (1_025, false), (3_000, false)] {
        let Some(Value::Parts(certified)) = block(1 + size - one_byte, false).value else { return };
        let published = S::publish(0, &certified[0], 1_024);
        check_eq("WR-6", "whether a proposal of a size is published", &sent, &published.is_ok());
        match published {
            Ok(data) => read::<S>(0, &data, 1_024),
            Err(why) => check_eq("WR-6", "why a proposal is not published", &NotSent::Size, &why),
        }
    }
}

/// Ids of valid and of invalid data, on several topics of several chains.
fn ids<S: Sut>() {
    for digest in [[0; 4], [9, 8, 7, 0xff]] {
        for topic in 0..TOPICS.len() {
            for data in
                [snappy::literal(&[5; 144]), snappy::literal(&[5; 236]), b"invalid".to_vec(), Vec::new()]
            {
                id::<S>(digest, topic, &data, MAX_PAYLOAD);
            }
        }
    }
}

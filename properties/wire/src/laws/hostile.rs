//! Hostile input does not make the decoder allocate more than its limit (WR-3).

use alys_engines::violation::violated;
use alys_models::wire::frame::{self, literal, other, plain};
use alys_models::wire::payload::Payload;
use alys_models::wire::varint;

use super::{Measure, block, ssz, streams::blocks};
use crate::sut::{Channel, Frames as _, Sut};

/// The limit of a frame in these tests.
const LIMIT: u32 = 100_000;

/// What a decoder may use beside the payload: its own state, and an error.
const SLACK: u64 = 2_000;

/// Feeds frames that promise much or never end, and looks at what the allocator has given.
///
/// # Panics
///
/// When it was more than the limit.
pub fn memory<S: Sut>(measure: Measure<'_>) {
    let bound = |what: &str, allowed: u64, bytes: &[u8], decode: &mut dyn FnMut(&[u8])| {
        let used = measure(&mut || decode(bytes));
        if used > allowed + SLACK {
            violated(
                "WR-3",
                format!("{what} made the decoder allocate {used} bytes, and {allowed} are allowed"),
            );
        }
    };
    for (what, allowed, bytes) in frames() {
        let mut frames = S::frames((1, LIMIT), None);
        bound(what, allowed, &bytes, &mut |bytes| drop(frames.decode(bytes)));
    }
    for topic in 0..4 {
        for length in [(1_u64 << 20) + 1, u64::from(u32::MAX), u64::MAX] {
            let data = [varint::encode(length), vec![0xfe; 64]].concat();
            bound("a gossiped bomb", 0, &data, &mut |data| drop(S::gossiped(topic, data, 1 << 20)));
        }
    }
    // A whole block: the payload, and what is made of it.
    let payload = ssz(Payload::CertifiedBlock, &block(60_000, true));
    let bytes = frame::encode_plain(Some(0), &payload);
    let channel = Channel { max_payload: 65_536, ..blocks(1) };
    let mut core = S::core(&channel);
    crate::sut::Streaming::arrive(&mut core, &bytes);
    let allowed = 6 * payload.len() as u64;
    bound("a block", allowed, &bytes, &mut |_| drop(crate::sut::Streaming::next(&mut core)));
}

/// Frames, and how much memory each may take.
fn frames() -> Vec<(&'static str, u64, Vec<u8>)> {
    let limit = u64::from(LIMIT);
    let declared = |length: u64, chunks: &[Vec<u8>]| frame::encode(None, length, chunks);
    let bomb = with_size(1 << 30);
    vec![
        ("the largest length of all", 0, declared(u64::MAX, &[plain(&[0; 100])])),
        ("a length just over the limit", 0, declared(limit + 1, &[plain(&[0; 100])])),
        ("a length without data", 0, declared(limit, &[])),
        ("a length with half a chunk", 0, declared(limit, &[plain(&[0; 60_000])])[..30_000].to_vec()),
        ("one chunk of many", limit, declared(limit, &[plain(&[0; 100])])),
        ("a chunk that promises a gigabyte", 0, declared(limit, std::slice::from_ref(&bomb))),
        ("a chunk that promises more than is left", 0, declared(50, &[literal(&[0; 51])])),
        ("empty chunks without end", 0, declared(limit, &vec![other(1, &[0; 4]); 10_000])),
        ("padding without end", 0, declared(limit, &vec![other(0xfe, &[]); 50_000])),
        ("identifiers without end", 0, declared(limit, &vec![frame::IDENTIFIER.to_vec(); 20_000])),
        ("one large padding", 0, declared(limit, &[other(0xfe, &vec![0; 300_000])])),
    ]
}

/// A compressed chunk whose header declares so many bytes.
fn with_size(size: u64) -> Vec<u8> {
    frame::with_sum(0, b"", &[varint::encode(size), vec![0xfe; 30_000]].concat())
}

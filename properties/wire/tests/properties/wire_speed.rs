//! Work is linear: a stream that comes byte by byte costs little more than one that comes at once.

#![allow(clippy::unwrap_used, reason = "what is not as expected ends the test")]

use std::hint::black_box;

use alys_engines::measure::Stopwatch;
use alys_engines::sequential::announce;
use alys_models::wire::payload::Payload;
use alys_wire::frame::{FrameDecoder, FrameEncoder};
use alys_wire::limits::SizeRange;
use alys_wire_properties::laws::{block, ssz};

/// How many times each is measured; the quickest of them counts, because noise only slows.
const ROUNDS: usize = 9;

/// WR-2: 1 MiB fed byte by byte costs at most 3 times of 1 MiB at once, or of so many calls that bring nothing where these
/// cost more: data that does not compress is decoded in less than a cycle of the processor for each byte, and no call is
/// that cheap. A decoder that begins anew with every byte would take thousands of times.
///
/// Engine: law
#[test]
fn byte_by_byte_is_linear() {
    for compressible in [true, false] {
        let payload = &ssz(Payload::CertifiedBlock, &block(1_048_000, compressible));
        let mut stream = Vec::new();
        FrameEncoder::new().encode(None, payload, &mut stream);
        let at_once = quickest(|| decode(&stream, stream.len(), payload));
        let calls = quickest(|| calls_alone(&stream));
        let in_bytes = quickest(|| decode(&stream, 1, payload));
        let ratio = in_bytes / at_once.max(calls);
        announce(&format!(
            "wire: {} bytes one by one take {:.2} times of at once, the calls alone {:.2} times",
            stream.len(),
            in_bytes / at_once,
            calls / at_once
        ));
        assert!(ratio < 3.0, "WR-2: byte by byte takes {ratio:.2} times of at once, or of the calls alone");
    }
}

/// As many calls as the stream has bytes, to a decoder that waits for a chunk.
fn calls_alone(stream: &[u8]) {
    let mut decoder = FrameDecoder::bare(SizeRange { min: 1, max: 1 << 21 });
    assert_eq!(decoder.decode(&stream[..40]), Ok(None));
    for _ in 0..stream.len() {
        assert_eq!(black_box(&mut decoder).decode(black_box(&stream[..40])), Ok(None));
    }
}

fn quickest(work: impl Fn()) -> f64 {
    let rounds = (0..ROUNDS).map(|_| {
        let watch = Stopwatch::start();
        work();
        watch.elapsed().as_secs_f64()
    });
    rounds.fold(f64::MAX, f64::min)
}

fn decode(stream: &[u8], step: usize, payload: &[u8]) {
    let mut decoder = FrameDecoder::bare(SizeRange { min: 1, max: 1 << 21 });
    let mut arrived = step;
    let frame = loop {
        match decoder.decode(&stream[..arrived]).unwrap() {
            Some(frame) => break frame,
            None => arrived += step,
        }
    };
    assert_eq!((frame.payload.len(), frame.used), (payload.len(), stream.len()), "WR-2: what came");
}

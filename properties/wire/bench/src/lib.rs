//! What is measured of the wire format, and against what.
//!
//! Frames are measured at the level of payloads: what SSZ costs is the same for every codec below it. The rivals are the
//! framed codec of the crate `snap`, and its raw codec with a checksum for each chunk and nothing else: no lengths, no
//! checks, no stream.

pub mod rivals;

use alys_models::wire::payload::Payload;
use alys_wire::frame::{FrameDecoder, FrameEncoder};
use alys_wire::limits::SizeRange;
use alys_wire_properties::fuzz;
use alys_wire_properties::generate::seeded;
use alys_wire_properties::laws::{block, ssz};

use rivals::{RawCodec, framed_decode, framed_encode};

/// What one iteration does.
type Work = Box<dyn FnMut()>;

/// Arms that are compared with each other; the first one is the baseline.
pub struct Comparison {
    /// What is compared.
    pub title: &'static str,
    /// How often an arm runs in a round.
    pub times: u32,
    /// The arms by name.
    pub arms: Vec<(&'static str, Work)>,
}

impl std::fmt::Debug for Comparison {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<_> = self.arms.iter().map(|(name, _)| name).collect();
        f.debug_struct("Comparison").field("title", &self.title).field("arms", &names).finish_non_exhaustive()
    }
}

/// Every comparison.
#[must_use]
pub fn comparisons() -> Vec<Comparison> {
    let payload = |size, compressible| ssz(Payload::CertifiedBlock, &block(size, compressible));
    vec![
        decoding("decode 1 MiB that compresses", 3, &payload(1_048_000, true)),
        decoding("decode 1 MiB that does not", 6, &payload(1_048_000, false)),
        decoding("decode 100 bytes", 5_000, &payload(1, true)[..100]),
        encoding("encode 1 MiB that compresses", 3, payload(1_048_000, true)),
        encoding("encode 1 MiB that does not", 6, payload(1_048_000, false)),
        encoding("encode 100 bytes", 5_000, payload(1, true)[..100].to_vec()),
        bodies(),
    ]
}

fn decode(stream: &[u8], step: usize) -> usize {
    let mut decoder = FrameDecoder::bare(SizeRange { min: 1, max: 1 << 21 });
    let mut arrived = step;
    loop {
        match decoder.decode(&stream[..arrived]) {
            Ok(None) => arrived += step,
            whole => return whole.map_or(0, |frame| frame.map_or(0, |frame| frame.payload.len())),
        }
    }
}

fn decoding(title: &'static str, times: u32, payload: &[u8]) -> Comparison {
    let mut stream = Vec::new();
    FrameEncoder::new().encode(None, payload, &mut stream);
    let (raw, length) = (RawCodec::default().encode(payload), payload.len());
    let (bytes, framed) = (stream.clone(), framed_encode(payload));
    let arms: Vec<(&'static str, Work)> = vec![
        (
            "snap::raw and checksums",
            Box::new(move || assert_eq!(RawCodec::decode(&raw, length).len(), length)),
        ),
        ("ours, at once", Box::new(move || assert_eq!(decode(&stream, stream.len()), length))),
        ("ours, byte by byte", Box::new(move || assert_eq!(decode(&bytes, 1), length))),
        ("snap::read::FrameDecoder", Box::new(move || assert_eq!(framed_decode(&framed).len(), length))),
    ];
    Comparison { title, times, arms }
}

fn encoding(title: &'static str, times: u32, payload: Vec<u8>) -> Comparison {
    let (ours, framed, mut raw) = (payload.clone(), payload.clone(), RawCodec::default());
    let (mut encoder, mut out) = (FrameEncoder::new(), Vec::new());
    let arms: Vec<(&'static str, Work)> = vec![
        ("snap::raw and checksums", Box::new(move || assert!(raw.encode_again(&payload) > 0))),
        (
            "ours",
            Box::new(move || {
                out.clear();
                encoder.encode(None, &ours, &mut out);
                assert!(!out.is_empty());
            }),
        ),
        ("snap::write::FrameEncoder", Box::new(move || assert!(!framed_encode(&framed).is_empty()))),
    ];
    Comparison { title, times, arms }
}

/// The bodies of the fuzz targets on seeded bytes.
fn bodies() -> Comparison {
    let body = |body: fn(&[u8])| -> Work {
        let inputs: Vec<_> = (0..512).map(seeded).collect();
        let mut next = inputs.into_iter().cycle();
        Box::new(move || body(&next.next().unwrap_or_default()))
    };
    let arms = vec![
        ("nothing", body(|_| {})),
        ("corrupt_msg", body(fuzz::corrupt_msg)),
        ("decode_stream", body(fuzz::decode_stream)),
        ("round_trip", body(fuzz::round_trip)),
    ];
    Comparison { title: "bodies of fuzz targets", times: 512, arms }
}

//! Frames: a length and a compressed payload, with a result byte before them in responses.
//!
//! ```text
//! frame   = [result byte] length chunk*
//! length  = unsigned varint of the uncompressed length, with as few bytes as it needs
//! chunk   = kind(1) length(3, little-endian) content
//!   ff      identifier: `sNaPpY`; the first chunk, and harmless again later
//!   00      checksum(4) and a raw compressed block of 1 to 65536 bytes
//!   01      checksum(4) and 1 to 65536 bytes as they are
//!   80..=fe skipped
//!   others  refused
//! ```
//!
//! A frame ends with the chunk that completes the declared length. Checksums are CRC-32C of the uncompressed data, masked
//! as the snappy framing format says (`framing_format.txt` of Google's snappy). The compressed stream, identifier and
//! skipped chunks included, is never longer than [`budget`] bytes.

mod chunk;
mod decoder;
mod encoder;
mod prefix;

pub use decoder::{Frame, FrameDecoder};
pub use encoder::FrameEncoder;
pub(super) use prefix::{Refused, varint};

/// The most uncompressed bytes of one chunk.
pub const MAX_CHUNK: usize = 65_536;

/// The bytes of the chunk that begins a compressed stream.
const IDENTIFIER: [u8; 10] = *b"\xff\x06\x00\x00sNaPpY";

/// The length of what every chunk begins with.
const CHUNK_HEADER: usize = 4;

/// The length of a checksum.
const CHECKSUM: usize = 4;

/// Tells how many bytes are enough for the compressed stream of a payload: `32 + n + n / 6`.
///
/// That is the worst case of the compressor, as the consensus p2p specification bounds it.
pub fn budget(declared: usize) -> usize {
    32 + declared + declared / 6
}

/// Computes the checksum of uncompressed data.
fn checksum(data: &[u8]) -> u32 {
    crc32c::crc32c(data).rotate_right(15).wrapping_add(0xa282_ead8)
}

//! What the wire format is compared with.

use std::io::{Read as _, Write as _};

use alys_wire::frame::MAX_CHUNK;

/// The raw codec of the crate `snap` and a checksum for each chunk, with a reused compressor and buffer.
pub struct RawCodec {
    encoder: snap::raw::Encoder,
    out: Vec<u8>,
}

impl std::fmt::Debug for RawCodec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawCodec").field("out", &self.out.len()).finish_non_exhaustive()
    }
}

impl Default for RawCodec {
    fn default() -> Self {
        Self { encoder: snap::raw::Encoder::new(), out: Vec::new() }
    }
}

/// A block and the checksum of what it holds.
pub type Chunk = (u32, Vec<u8>);

impl RawCodec {
    /// Compresses a payload chunk by chunk.
    pub fn encode(&mut self, payload: &[u8]) -> Vec<Chunk> {
        let chunk = |piece: &[u8]| {
            let block = self.encoder.compress_vec(piece).unwrap_or_default();
            (crc32c::crc32c(piece), block)
        };
        payload.chunks(MAX_CHUNK).map(chunk).collect()
    }

    /// The same into one buffer that is kept; returns how many bytes it took.
    pub fn encode_again(&mut self, payload: &[u8]) -> usize {
        let room =
            payload.len().div_ceil(MAX_CHUNK) * snap::raw::max_compress_len(payload.len().min(MAX_CHUNK));
        self.out.resize(room.max(self.out.len()), 0);
        let (mut at, mut sum) = (0, 0);
        for piece in payload.chunks(MAX_CHUNK) {
            at += self.encoder.compress(piece, &mut self.out[at..]).unwrap_or_default();
            sum ^= crc32c::crc32c(piece);
        }
        at + usize::from(sum == 0)
    }

    /// Decompresses the chunks into a payload of a known length; empty if a checksum is wrong.
    #[must_use]
    pub fn decode(chunks: &[Chunk], length: usize) -> Vec<u8> {
        let mut payload = vec![0; length];
        let mut at = 0;
        for (sum, block) in chunks {
            let size = snap::raw::Decoder::new().decompress(block, &mut payload[at..]).unwrap_or_default();
            if crc32c::crc32c(&payload[at..at + size]) != *sum {
                return Vec::new();
            }
            at += size;
        }
        payload
    }
}

/// Writes the framing format by the crate `snap`.
#[must_use]
pub fn framed_encode(payload: &[u8]) -> Vec<u8> {
    let mut encoder = snap::write::FrameEncoder::new(Vec::new());
    encoder.write_all(payload).ok().and_then(|()| encoder.into_inner().ok()).unwrap_or_default()
}

/// Reads it.
#[must_use]
pub fn framed_decode(stream: &[u8]) -> Vec<u8> {
    let mut payload = Vec::new();
    let read = snap::read::FrameDecoder::new(stream).read_to_end(&mut payload);
    read.map_or_else(|_| Vec::new(), |_| payload)
}

//! Writing frames.

use std::fmt;

use bytes::BufMut;
use unsigned_varint::encode;

use super::{CHECKSUM, IDENTIFIER, MAX_CHUNK, checksum};

/// How much of a chunk tells whether it is worth compressing, after one that was not.
const PROBE: usize = 4_096;

/// An encoder of frames, which keeps the compressor's tables between them.
///
/// The same payload gives the same bytes, whatever was encoded before.
pub struct FrameEncoder {
    raw: snap::raw::Encoder,
    /// Where a chunk is compressed; as large as the largest chunk so far needed.
    scratch: Vec<u8>,
}

impl fmt::Debug for FrameEncoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FrameEncoder").field("scratch", &self.scratch.len()).finish_non_exhaustive()
    }
}

impl Default for FrameEncoder {
    fn default() -> Self {
        Self::new()
    }
}

impl FrameEncoder {
    /// Makes an encoder.
    pub fn new() -> Self {
        Self { raw: snap::raw::Encoder::new(), scratch: Vec::new() }
    }

    /// Appends a frame.
    ///
    /// The caller has checked the payload's size: a frame of any size is written here.
    pub fn encode(&mut self, code: Option<u8>, payload: &[u8], out: &mut impl BufMut) {
        if let Some(code) = code {
            out.put_u8(code);
        }
        out.put_slice(encode::u64(payload.len() as u64, &mut encode::u64_buffer()));
        out.put_slice(&IDENTIFIER);
        let mut plain = false;
        for piece in payload.chunks(MAX_CHUNK) {
            plain = self.chunk(piece, plain, out);
        }
    }

    /// Appends a data chunk, and tells whether it holds its data as it is.
    ///
    /// After such a chunk, what comes next is only compressed if its beginning can be: to try it all costs as much as the
    /// rest of the work.
    fn chunk(&mut self, piece: &[u8], after_plain: bool, out: &mut impl BufMut) -> bool {
        let promising = !after_plain || self.compress(&piece[..piece.len().min(PROBE)]).is_some();
        let compressed = if promising { self.compress(piece) } else { None };
        let (kind, data) = match compressed {
            Some(length) => (0x00, &self.scratch[..length]),
            None => (0x01, piece),
        };
        out.put_u8(kind);
        out.put_uint_le((CHECKSUM + data.len()) as u64, 3);
        out.put_u32_le(checksum(piece));
        out.put_slice(data);
        compressed.is_none()
    }

    /// Compresses data into the scratch, and tells its length there if that saves an eighth.
    fn compress(&mut self, data: &[u8]) -> Option<usize> {
        let room = snap::raw::max_compress_len(data.len());
        if self.scratch.len() < room {
            self.scratch.resize(room, 0);
        }
        let length = self.raw.compress(data, &mut self.scratch).ok()?;
        (length < data.len() - data.len() / 8).then_some(length)
    }
}

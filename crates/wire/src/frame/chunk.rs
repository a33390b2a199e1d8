//! The headers of chunks, judged byte by byte.

use super::super::error::Cause;
use super::prefix::least;
use super::{CHECKSUM, CHUNK_HEADER, IDENTIFIER, MAX_CHUNK};

/// What a chunk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Compressed data.
    Compressed,
    /// Data as it is.
    Plain,
    /// The identifier of the stream.
    Identifier,
    /// Something to skip.
    Skipped,
}

/// What the place of a chunk in its frame allows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Whether the identifier has been there.
    pub(super) identified: bool,
    /// How many uncompressed bytes are missing; at least one.
    pub(super) left: usize,
    /// How many bytes the compressed stream may still have.
    pub(super) room: usize,
    /// How many bytes it may have in all.
    pub(super) budget: usize,
}

impl Place {
    /// Reads a chunk's header: its kind, and the length of its content.
    ///
    /// Nothing comes of a header that is not whole and can still become an allowed one.
    ///
    /// # Errors
    ///
    /// What is wrong, and after how many bytes that was plain.
    pub(super) fn header(&self, bytes: &[u8]) -> Result<Option<(Kind, usize)>, (usize, Cause)> {
        let Some(&first) = bytes.first() else { return Ok(None) };
        let kind = self.kind(first).map_err(|cause| (1, cause))?;
        let known = bytes.len().min(CHUNK_HEADER);
        let mut low = 0;
        for at in 1..=known {
            if at > 1 {
                low |= u64::from(bytes[at - 1]) << (8 * (at - 2));
            }
            self.length(kind, low, at).map_err(|cause| (at, cause))?;
        }
        Ok((known == CHUNK_HEADER).then_some((kind, low as usize)))
    }

    /// Tells what kind of chunk a first byte begins.
    fn kind(&self, byte: u8) -> Result<Kind, Cause> {
        match byte {
            0xff => Ok(Kind::Identifier),
            _ if !self.identified => Err(Cause::NoIdentifier { kind: byte }),
            0x00 => Ok(Kind::Compressed),
            0x01 => Ok(Kind::Plain),
            0x80.. => Ok(Kind::Skipped),
            _ => Err(Cause::ReservedChunk { kind: byte }),
        }
    }

    /// Judges a length of which the low bits are known, after `at` bytes of the header.
    fn length(&self, kind: Kind, low: u64, at: usize) -> Result<(), Cause> {
        let min = match kind {
            Kind::Compressed | Kind::Plain => CHECKSUM as u64 + 1,
            Kind::Identifier => IDENTIFIER.len() as u64 - CHUNK_HEADER as u64,
            Kind::Skipped => 0,
        };
        let whole = at == CHUNK_HEADER;
        let length = if whole { low } else { least(low, 1 << (8 * (at - 1)), min) };
        match kind {
            Kind::Identifier if length != min => return Err(Cause::WrongIdentifier),
            Kind::Compressed | Kind::Plain if length < min => return Err(Cause::EmptyChunk),
            Kind::Plain => self.data(length - CHECKSUM as u64)?,
            _ => {}
        }
        if CHUNK_HEADER as u64 + length > self.room as u64 {
            return Err(Cause::OverBudget { budget: self.budget as u64 });
        }
        Ok(())
    }

    /// Judges how many uncompressed bytes a chunk has.
    pub(super) fn data(&self, at_least: u64) -> Result<(), Cause> {
        if at_least > MAX_CHUNK as u64 {
            return Err(Cause::ChunkTooLarge { at_least });
        }
        if at_least > self.left as u64 {
            return Err(Cause::Overshoot { at_least, left: self.left as u64 });
        }
        Ok(())
    }

    /// Tells how many uncompressed bytes a chunk may have.
    pub(super) fn data_max(&self) -> u64 {
        self.left.min(MAX_CHUNK) as u64
    }
}

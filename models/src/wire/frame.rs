//! Frames: a length and a compressed payload, read from the first byte to the first that decides.

use std::ops::RangeInclusive;

use super::{checksum, snappy, varint};

/// The most uncompressed bytes of a chunk.
pub const CHUNK_MAX: usize = 65_536;

/// The chunk with which a compressed stream begins.
pub const IDENTIFIER: [u8; 10] = [0xff, 6, 0, 0, b's', b'N', b'a', b'P', b'p', b'Y'];

/// Which frames are expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Whether a result byte comes first.
    pub coded: bool,
    /// How many bytes the payload may have, if there is no result byte or it is 0.
    pub success: (usize, usize),
    /// How many it may have otherwise.
    pub failure: (usize, usize),
}

/// A whole frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The result byte.
    pub code: Option<u8>,
    /// The payload.
    pub payload: Vec<u8>,
    /// How many bytes the frame has.
    pub used: usize,
}

/// What some bytes are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// They begin with a whole frame.
    Whole(Frame),
    /// They may become one.
    More,
    /// They will never be one, and that is plain after so many of them.
    Hopeless(usize, Fault),
}

/// Why bytes are no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The declared length is too small.
    LengthTooSmall,
    /// The declared length is too large.
    LengthTooLarge,
    /// A length ends with a byte that it does not need.
    LengthNotMinimal,
    /// The first chunk is not the identifier.
    NoIdentifier,
    /// An identifier is none.
    WrongIdentifier,
    /// A chunk has a kind that is reserved.
    ReservedChunk,
    /// A chunk has no data.
    EmptyChunk,
    /// A chunk has more data than any may have.
    ChunkTooLarge,
    /// A chunk has more data than is declared.
    Overshoot,
    /// The compressed stream is longer than any need be.
    OverBudget,
    /// Compressed data does not expand to its length.
    Compression,
    /// A checksum is wrong.
    Checksum,
    /// The payload is not what it must be.
    NotSsz,
    /// The stream ends within a message.
    Truncated,
    /// Bytes follow the last message.
    Trailing,
}

/// Why reading stops before the frame ends.
enum Stop {
    More,
    Fault(Fault),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Stop::Fault(fault)
    }
}

/// The least that a number can be which is too large.
struct TooLarge(u64);

/// The bytes, and how many of them have been looked at.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Result<u8, Stop> {
        let byte = *self.bytes.get(self.at).ok_or(Stop::More)?;
        self.at += 1;
        Ok(byte)
    }

    fn slice(&mut self, length: usize) -> Result<&'a [u8], Stop> {
        let slice = self.bytes.get(self.at..self.at + length).ok_or(Stop::More)?;
        self.at += length;
        Ok(slice)
    }

    /// Reads a varint; one that is too large is for the caller to name.
    fn varint(&mut self, within: &[u8], min: u64, max: u64) -> Result<Result<u64, TooLarge>, Stop> {
        let (seen, said) = match varint::read(within, min, max) {
            varint::Said::Number(number, seen) => (seen, Ok(Ok(number))),
            varint::Said::Large(least, seen) => (seen, Ok(Err(TooLarge(least)))),
            varint::Said::Small(seen) => (seen, Err(Fault::LengthTooSmall.into())),
            varint::Said::NotMinimal(seen) => (seen, Err(Fault::LengthNotMinimal.into())),
            varint::Said::More => (0, Err(Stop::More)),
        };
        self.at += seen;
        said
    }
}

/// Tells what some bytes are.
#[must_use]
pub fn decode(bytes: &[u8], expected: &Expected) -> Outcome {
    let mut reader = Reader { bytes, at: 0 };
    match frame(&mut reader, expected) {
        Ok((code, payload)) => Outcome::Whole(Frame { code, payload, used: reader.at }),
        Err(Stop::More) => Outcome::More,
        Err(Stop::Fault(fault)) => Outcome::Hopeless(reader.at, fault),
    }
}

fn frame(reader: &mut Reader<'_>, expected: &Expected) -> Result<(Option<u8>, Vec<u8>), Stop> {
    let code = if expected.coded { Some(reader.byte()?) } else { None };
    let (min, max) = if code.unwrap_or(0) == 0 { expected.success } else { expected.failure };
    let rest = &reader.bytes[reader.at..];
    let declared =
        reader.varint(rest, min as u64, max as u64)?.map_err(|TooLarge(_)| Fault::LengthTooLarge)? as usize;
    let end = reader.at + 32 + declared + declared / 6;
    let (mut payload, mut identified) = (Vec::new(), false);
    while payload.len() < declared {
        chunk(reader, end, declared, &mut payload, &mut identified)?;
    }
    Ok((code, payload))
}

/// Reads a chunk of a stream that must be over at `end`.
fn chunk(
    reader: &mut Reader<'_>,
    end: usize,
    declared: usize,
    payload: &mut Vec<u8>,
    identified: &mut bool,
) -> Result<(), Stop> {
    let left = declared - payload.len();
    let begin = reader.at;
    let kind = reader.byte()?;
    match kind {
        0xff => {}
        _ if !*identified => Err(Fault::NoIdentifier)?,
        2..0x80 => Err(Fault::ReservedChunk)?,
        _ => {}
    }
    let mut length = 0;
    for known in 0..=3 {
        if known > 0 {
            length += usize::from(reader.byte()?) << (8 * (known - 1));
        }
        judge(kind, length, known, left, (begin + 4)..=end)?;
    }
    match kind {
        0xff => {
            for expected in &IDENTIFIER[4..] {
                if reader.byte()? != *expected {
                    Err(Fault::WrongIdentifier)?;
                }
            }
            *identified = true;
        }
        0x80.. => {
            reader.slice(length)?;
        }
        _ => payload.extend(data(reader, kind, length, left)?),
    }
    Ok(())
}

/// Judges the length of a chunk of which the lowest `known` bytes are known, and whose content begins and must have
/// ended there.
fn judge(kind: u8, length: usize, known: u32, left: usize, room: RangeInclusive<usize>) -> Result<(), Fault> {
    let min = match kind {
        0xff => 6,
        0x80.. => 0,
        _ => 5,
    };
    let mut possible = (length..1 << 24).step_by(1 << (8 * known));
    // With all bytes known the first is the only one.
    let Some(length) = possible.find(|possible| *possible >= min || known == 3) else {
        return Err(Fault::EmptyChunk);
    };
    match kind {
        0xff if length != min => Err(Fault::WrongIdentifier),
        0 | 1 if length < min => Err(Fault::EmptyChunk),
        1 if length - 4 > CHUNK_MAX => Err(Fault::ChunkTooLarge),
        1 if length - 4 > left => Err(Fault::Overshoot),
        _ if room.start() + length > *room.end() => Err(Fault::OverBudget),
        _ => Ok(()),
    }
}

/// Reads the content of a data chunk.
fn data(reader: &mut Reader<'_>, kind: u8, length: usize, left: usize) -> Result<Vec<u8>, Stop> {
    let begin = reader.at;
    let content = &reader.bytes[begin..reader.bytes.len().min(begin + length)];
    let mut size = length - 4;
    let mut elements = content.get(4..).unwrap_or(&[]);
    if kind == 0 {
        reader.at = begin + content.len().min(4);
        size = match reader.varint(elements, 1, left.min(CHUNK_MAX) as u64) {
            Ok(Ok(size)) => size as usize,
            Ok(Err(TooLarge(least))) if least > CHUNK_MAX as u64 => Err(Fault::ChunkTooLarge)?,
            Ok(Err(TooLarge(_))) => Err(Fault::Overshoot)?,
            Err(Stop::Fault(Fault::LengthTooSmall)) => Err(Fault::EmptyChunk)?,
            Err(Stop::More) if content.len() == length => {
                reader.at = begin + length;
                Err(Fault::Compression)?
            }
            Err(stop) => Err(stop)?,
        };
        elements = &elements[reader.at - begin - 4..];
    }
    reader.at = begin;
    let content = reader.slice(length)?;
    let made = if kind == 0 { snappy::expand(elements, size) } else { Some(elements.to_vec()) };
    let made = made.ok_or(Fault::Compression)?;
    let sum = u32::from_le_bytes([content[0], content[1], content[2], content[3]]);
    if sum != checksum::masked(&made) {
        Err(Fault::Checksum)?;
    }
    Ok(made)
}

/// Writes a frame that holds its payload as it is.
#[must_use]
pub fn encode_plain(code: Option<u8>, payload: &[u8]) -> Vec<u8> {
    let chunks: Vec<_> = payload.chunks(CHUNK_MAX).map(plain).collect();
    encode(code, payload.len() as u64, &chunks)
}

/// Writes a frame of chunks that were written before.
#[must_use]
pub fn encode(code: Option<u8>, declared: u64, chunks: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::from_iter(code);
    bytes.extend(varint::encode(declared));
    bytes.extend(IDENTIFIER);
    bytes.extend(chunks.concat());
    bytes
}

/// Writes a chunk of data as it is.
#[must_use]
pub fn plain(data: &[u8]) -> Vec<u8> {
    with_sum(1, data, data)
}

/// Writes a chunk of data in a compressed block that saves nothing.
#[must_use]
pub fn literal(data: &[u8]) -> Vec<u8> {
    with_sum(0, data, &snappy::literal(data))
}

/// Writes a chunk that holds `content` and the checksum of `data`.
#[must_use]
pub fn with_sum(kind: u8, data: &[u8], content: &[u8]) -> Vec<u8> {
    other(kind, &[&checksum::masked(data).to_le_bytes(), content].concat())
}

/// Writes a chunk of any kind.
#[must_use]
pub fn other(kind: u8, content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u32).to_le_bytes();
    [&[kind], &length[..3], content].concat()
}

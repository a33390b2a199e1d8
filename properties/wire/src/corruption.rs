//! What can happen to the bytes of a stream on their way.

use std::ops::Range;

use alys_models::wire::{frame, varint};
use arbitrary::{Arbitrary, Result, Unstructured};

/// One corruption; positions are taken modulo what there is.
#[derive(Clone, Debug, PartialEq, Eq, Arbitrary)]
pub enum Corruption {
    /// One bit is another.
    Flip(u32, u8),
    /// Up to 32 bits in a row are others.
    Burst(u32, u32),
    /// The end is lost.
    Truncate(u32),
    /// Some bytes come in between.
    Insert(u32, [u8; 4]),
    /// Some bytes are lost.
    Remove(u32, u8),
    /// Two chunks change places.
    Swap(u8, u8),
    /// Another length is declared.
    Length(u32),
    /// The declared length is written with more bytes than it needs, or is larger than any.
    WideLength(bool),
    /// A chunk of any kind comes in between.
    Chunk(u8, u8, u8),
    /// A checksum is another.
    Checksum(u8, u32),
    /// From somewhere on, the stream is another's.
    Splice(u32, u32),
    /// A chunk comes twice.
    Repeat(u8),
}

/// The classes of corruptions, in the order of the variants.
pub const CLASSES: [&str; 12] = [
    "bit flip",
    "burst",
    "truncation",
    "insertion",
    "removal",
    "chunk swap",
    "length edit",
    "wide length",
    "other chunk",
    "checksum",
    "splice",
    "repeated chunk",
];

impl Corruption {
    /// Tells the position of its class.
    #[must_use]
    pub fn class(&self) -> usize {
        match self {
            Self::Flip(..) => 0,
            Self::Burst(..) => 1,
            Self::Truncate(_) => 2,
            Self::Insert(..) => 3,
            Self::Remove(..) => 4,
            Self::Swap(..) => 5,
            Self::Length(_) => 6,
            Self::WideLength(_) => 7,
            Self::Chunk(..) => 8,
            Self::Checksum(..) => 9,
            Self::Splice(..) => 10,
            Self::Repeat(_) => 11,
        }
    }

    /// Does it to the bytes of a stream, which has result bytes or not; `other` is the stream that a splice goes on with.
    pub fn apply(&self, bytes: &mut Vec<u8>, coded: bool, other: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let place = |at: u32| at as usize % bytes.len();
        let layout = Layout::of(bytes, coded);
        match *self {
            Self::Flip(at, bit) => {
                let at = place(at);
                bytes[at] ^= 1 << (bit % 8);
            }
            Self::Burst(at, bits) => {
                let at = place(at);
                bytes[at..].iter_mut().zip(bits.to_le_bytes()).for_each(|(byte, bits)| *byte ^= bits);
            }
            Self::Truncate(to) => bytes.truncate(place(to)),
            Self::Insert(at, with) => {
                let at = place(at);
                bytes.splice(at..at, with.into_iter().take(1 + usize::from(with[0] % 4)));
            }
            Self::Remove(at, count) => {
                let at = place(at);
                bytes.drain(at..bytes.len().min(at + 1 + usize::from(count % 8)));
            }
            Self::Swap(one, two) => layout.swap(bytes, one, two),
            Self::Length(to) => {
                bytes.splice(layout.length, varint::encode(u64::from(to >> (to % 31))));
            }
            Self::WideLength(largest) => {
                let wide = if largest { varint::encode(u64::MAX) } else { vec![0x80, 0x80, 0] };
                bytes.splice(layout.length, wide);
            }
            Self::Chunk(at, kind, length) => {
                let at = layout.boundary(at);
                bytes.splice(at..at, frame::other(kind, &vec![kind; usize::from(length % 64)]));
            }
            Self::Checksum(chunk, with) => {
                if let Some(chunk) = layout.chunk(chunk) {
                    bytes[chunk]
                        .iter_mut()
                        .skip(4)
                        .zip(with.to_le_bytes())
                        .for_each(|(byte, bits)| *byte ^= bits);
                }
            }
            Self::Splice(at, from) => {
                bytes.truncate(place(at));
                bytes.extend(other.get(from as usize % (other.len() + 1)..).unwrap_or_default());
            }
            Self::Repeat(chunk) => {
                if let Some(chunk) = layout.chunk(chunk) {
                    let copy = bytes[chunk.clone()].to_vec();
                    bytes.splice(chunk.end..chunk.end, copy);
                }
            }
        }
    }
}

/// Draws corruptions, none at all included.
///
/// # Errors
///
/// None: missing bytes count as zeros.
pub fn some(u: &mut Unstructured<'_>) -> Result<Vec<Corruption>> {
    let count = *u.choose(&[0, 1, 1, 1, 1, 2, 3])?;
    (0..count).map(|_| u.arbitrary()).collect()
}

/// Where the parts of a first frame lie, as far as they can be made out.
#[derive(Debug)]
pub struct Layout {
    /// The declared length.
    pub length: Range<usize>,
    /// The chunks.
    pub chunks: Vec<Range<usize>>,
}

impl Layout {
    /// Makes out the parts.
    #[must_use]
    pub fn of(bytes: &[u8], coded: bool) -> Self {
        let begin = usize::from(coded).min(bytes.len());
        let digits = bytes[begin..].iter().take_while(|byte| **byte >= 128).count() + 1;
        let length = begin..(begin + digits).min(bytes.len());
        let (mut at, mut chunks) = (length.end, Vec::new());
        while let Some(header) = bytes.get(at..at + 4) {
            let end = at + 4 + u32::from_le_bytes([header[1], header[2], header[3], 0]) as usize;
            if end > bytes.len() {
                break;
            }
            chunks.push(at..end);
            at = end;
        }
        Self { length, chunks }
    }

    fn chunk(&self, number: u8) -> Option<Range<usize>> {
        self.chunks.get(usize::from(number) % self.chunks.len().max(1)).cloned()
    }

    /// Where some chunk begins, or the last one ends.
    fn boundary(&self, number: u8) -> usize {
        let begins = self.chunks.iter().map(|chunk| chunk.start);
        let all: Vec<_> = begins.chain(self.chunks.last().map(|chunk| chunk.end)).collect();
        all.get(usize::from(number) % all.len().max(1)).copied().unwrap_or(self.length.end)
    }

    fn swap(&self, bytes: &mut Vec<u8>, one: u8, two: u8) {
        let (Some(one), Some(two)) = (self.chunk(one), self.chunk(two)) else { return };
        let (first, second) = if one.start <= two.start { (one, two) } else { (two, one) };
        if first == second {
            return;
        }
        let parts = [&bytes[second.clone()], &bytes[first.end..second.start], &bytes[first.clone()]].concat();
        bytes.splice(first.start..second.end, parts);
    }
}

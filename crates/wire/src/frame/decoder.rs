//! Taking frames out of a stream of bytes.

use super::super::error::{Cause, WireError};
use super::super::limits::SizeRange;
use super::chunk::{Kind, Place};
use super::prefix::{Refused, Why, varint};
use super::{CHECKSUM, CHUNK_HEADER, IDENTIFIER, budget, checksum};

/// A whole frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The result byte, in responses.
    pub code: Option<u8>,
    /// The uncompressed payload: of the declared length, with every checksum right.
    pub payload: Vec<u8>,
    /// How many bytes of the stream the frame was.
    pub used: usize,
}

/// Which frames are expected.
#[derive(Clone, Copy, Debug)]
enum Layout {
    /// Without a result byte.
    Bare(SizeRange),
    /// With one, and with other limits if it is not 0.
    Coded { success: SizeRange, failure: SizeRange },
}

/// How far into a frame the decoder is.
#[derive(Debug)]
enum Stage {
    /// Nothing is known.
    Start,
    /// The result byte is known, or there is none.
    Length { code: Option<u8>, size: SizeRange },
    /// The length is known.
    Chunks(Body),
    /// The frame was hopeless.
    Failed(WireError),
}

/// The part of a frame that comes after its length.
#[derive(Debug)]
struct Body {
    code: Option<u8>,
    declared: usize,
    /// Where the compressed stream begins.
    begin: usize,
    identified: bool,
    /// Empty until the first data chunk is whole, then of the declared length.
    payload: Vec<u8>,
    /// How much of the payload is there.
    filled: usize,
}

/// What one look at the bytes has brought.
enum Step {
    /// A field was whole: look again.
    Onward,
    /// Nothing more can be said before the input has so many bytes.
    Need(usize),
    /// The frame is whole.
    Whole(Frame),
}

/// A decoder of one stream's frames, without I/O.
///
/// It is shown what has arrived since the end of the last frame, as often as something arrives, and keeps what it has
/// found out: a chunk is decompressed once, as soon as it is whole, and a call that brings nothing new costs a
/// comparison. Nothing is consumed before the frame is whole; then the caller drops [`Frame::used`] bytes. Limits are
/// checked before anything is decompressed or allocated, and the payload is allocated once, when its first chunk is whole.
///
/// ```
/// use alys_wire::frame::{FrameDecoder, FrameEncoder};
/// use alys_wire::limits::SizeRange;
///
/// let size = SizeRange { min: 1, max: 1_000 };
/// let mut stream = vec![];
/// FrameEncoder::new().encode(None, b"some payload", &mut stream);
/// let mut decoder = FrameDecoder::bare(size);
/// assert_eq!(decoder.decode(&stream[..5]), Ok(None));
/// let frame = decoder.decode(&stream)?.expect("the frame is whole");
/// assert_eq!((frame.payload.as_slice(), frame.used), (b"some payload".as_slice(), stream.len()));
/// # Ok::<(), alys_wire::WireError>(())
/// ```
#[derive(Debug)]
pub struct FrameDecoder {
    layout: Layout,
    stage: Stage,
    /// How many bytes are behind us: the current field begins here.
    at: usize,
    /// How many bytes the input must have before there is anything new to say; more than `at`.
    need: usize,
}

impl FrameDecoder {
    /// Expects frames without a result byte.
    pub fn bare(size: SizeRange) -> Self {
        Self::expecting(Layout::Bare(size))
    }

    /// Expects frames with a result byte, and payloads that depend on whether it is 0.
    pub fn coded(success: SizeRange, failure: SizeRange) -> Self {
        Self::expecting(Layout::Coded { success, failure })
    }

    fn expecting(layout: Layout) -> Self {
        Self { layout, stage: Stage::Start, at: 0, need: 1 }
    }

    /// Forgets the frame that has begun, and any error: the next input begins with another frame.
    pub fn reset(&mut self) {
        self.stage = Stage::Start;
        self.need = 1;
    }

    /// Says whether there is nothing new to say of this input: the cheapest question of all.
    #[inline]
    pub(crate) fn waits(&self, input: &[u8]) -> bool {
        input.len() < self.need
    }

    /// Ends the stream with an error that was found elsewhere, and returns it.
    pub(crate) fn fail(&mut self, error: WireError) -> WireError {
        self.stage = Stage::Failed(error.clone());
        self.need = 0;
        error
    }

    /// Tells the error with which the stream has ended.
    fn failed(&self) -> Option<&WireError> {
        match &self.stage {
            Stage::Failed(error) => Some(error),
            _ => None,
        }
    }

    /// Looks at what has arrived since the end of the last frame.
    ///
    /// The input must begin with the bytes that the last call was shown, unless that one gave a frame. Nothing comes of
    /// a frame that is not whole and can still become so.
    ///
    /// # Errors
    ///
    /// Whatever is wrong, as soon as it can be seen, and again with every later call until [`FrameDecoder::reset`].
    #[inline]
    pub fn decode(&mut self, input: &[u8]) -> Result<Option<Frame>, WireError> {
        if self.waits(input) {
            return Ok(None);
        }
        self.advance(input)
    }

    /// Says that the stream has ended, with so many bytes after the last frame.
    ///
    /// # Errors
    ///
    /// [`Cause::Truncated`] if there are any, or what [`FrameDecoder::decode`] has said.
    pub fn finish(&self, rest: &[u8]) -> Result<(), WireError> {
        match self.failed() {
            Some(error) => Err(error.clone()),
            None if rest.is_empty() => Ok(()),
            None => Err(WireError::new(rest.len(), Cause::Truncated)),
        }
    }

    fn advance(&mut self, input: &[u8]) -> Result<Option<Frame>, WireError> {
        loop {
            match self.step(input) {
                Ok(Step::Onward) => {}
                Ok(Step::Need(need)) => {
                    self.need = need;
                    return Ok(None);
                }
                Ok(Step::Whole(frame)) => {
                    self.reset();
                    return Ok(Some(frame));
                }
                Err(error) => return Err(self.fail(error)),
            }
        }
    }

    fn step(&mut self, input: &[u8]) -> Result<Step, WireError> {
        match &mut self.stage {
            Stage::Start => Ok(self.start(input)),
            Stage::Length { code, size } => {
                let (code, size) = (*code, *size);
                self.length(code, size, input)
            }
            Stage::Chunks(body) => body.chunk(&mut self.at, input),
            Stage::Failed(error) => Err(error.clone()),
        }
    }

    fn start(&mut self, input: &[u8]) -> Step {
        let (code, size) = match (self.layout, input.first()) {
            (Layout::Bare(size), _) => (None, size),
            (Layout::Coded { success, .. }, Some(0)) => (Some(0), success),
            (Layout::Coded { failure, .. }, Some(&code)) => (Some(code), failure),
            (Layout::Coded { .. }, None) => return Step::Need(1),
        };
        self.at = usize::from(code.is_some());
        self.stage = Stage::Length { code, size };
        Step::Onward
    }

    fn length(&mut self, code: Option<u8>, size: SizeRange, input: &[u8]) -> Result<Step, WireError> {
        let (min, max) = (u64::from(size.min), u64::from(size.max));
        let read = varint(&input[self.at..], min, max).map_err(|Refused { at, why }| {
            let cause = match why {
                Why::Small(length) => Cause::LengthTooSmall { length, min },
                Why::Large(at_least) => Cause::LengthTooLarge { at_least, max },
                Why::NotMinimal => Cause::LengthNotMinimal,
            };
            WireError::new(self.at + at, cause)
        })?;
        let Some((declared, bytes)) = read else { return Ok(Step::Need(input.len() + 1)) };
        self.at += bytes;
        self.stage = Stage::Chunks(Body {
            code,
            declared: declared as usize,
            begin: self.at,
            identified: false,
            payload: Vec::new(),
            filled: 0,
        });
        Ok(Step::Onward)
    }
}

impl Body {
    /// Looks at the chunk that begins at `at`, and moves `at` behind it if it is whole.
    fn chunk(&mut self, at: &mut usize, input: &[u8]) -> Result<Step, WireError> {
        let begin = *at;
        let bytes = &input[begin..];
        let place = self.place(begin);
        let header = place.header(bytes).map_err(|(seen, cause)| WireError::new(begin + seen, cause))?;
        let Some((kind, length)) = header else { return Ok(Step::Need(input.len() + 1)) };
        let end = begin + CHUNK_HEADER + length;
        let whole = input.len() >= end;
        let content = &bytes[CHUNK_HEADER..(CHUNK_HEADER + length).min(bytes.len())];
        let fault = |seen: usize, cause| WireError::new(begin + CHUNK_HEADER + seen, cause);
        match kind {
            Kind::Identifier => {
                let expected = IDENTIFIER[CHUNK_HEADER..].iter();
                if let Some(wrong) = expected.zip(content).position(|(expected, found)| expected != found) {
                    return Err(fault(wrong + 1, Cause::WrongIdentifier));
                }
                if !whole {
                    return Ok(Step::Need(input.len() + 1));
                }
                self.identified = true;
            }
            Kind::Skipped | Kind::Plain if !whole => return Ok(Step::Need(end)),
            Kind::Skipped => {}
            Kind::Plain => {
                let target = self.target(length - CHECKSUM);
                target.copy_from_slice(&content[CHECKSUM..]);
                self.accept(content, length - CHECKSUM).map_err(|cause| fault(length, cause))?;
            }
            Kind::Compressed => {
                let raw = content.get(CHECKSUM..).unwrap_or_default();
                let size =
                    match raw_size(raw, place).map_err(|(seen, cause)| fault(CHECKSUM + seen, cause))? {
                        None if whole => return Err(fault(length, Cause::Compression)),
                        None => return Ok(Step::Need(input.len() + 1)),
                        Some(_) if !whole => return Ok(Step::Need(end)),
                        Some(size) => size,
                    };
                let decompressed = snap::raw::Decoder::new().decompress(raw, self.target(size));
                decompressed.map_err(|_| fault(length, Cause::Compression))?;
                self.accept(content, size).map_err(|cause| fault(length, cause))?;
            }
        }
        *at = end;
        if self.filled < self.declared {
            return Ok(Step::Onward);
        }
        Ok(Step::Whole(Frame { code: self.code, payload: std::mem::take(&mut self.payload), used: end }))
    }

    /// Tells what a chunk may be that begins here.
    fn place(&self, at: usize) -> Place {
        let budget = budget(self.declared);
        Place {
            identified: self.identified,
            left: self.declared - self.filled,
            room: budget - (at - self.begin),
            budget,
        }
    }

    /// Gives the next bytes of the payload, which is allocated now if it was not before.
    fn target(&mut self, size: usize) -> &mut [u8] {
        if self.payload.is_empty() {
            self.payload = vec![0; self.declared];
        }
        &mut self.payload[self.filled..self.filled + size]
    }

    /// Checks the bytes that were written, and counts them in.
    fn accept(&mut self, content: &[u8], size: usize) -> Result<(), Cause> {
        let found = content.iter().take(CHECKSUM).rev().fold(0, |sum, byte| sum << 8 | u32::from(*byte));
        let computed = checksum(&self.payload[self.filled..self.filled + size]);
        if found != computed {
            return Err(Cause::Checksum { found, computed });
        }
        self.filled += size;
        Ok(())
    }
}

/// Reads the uncompressed size of a raw block, of which perhaps not even that has arrived.
fn raw_size(raw: &[u8], place: Place) -> Result<Option<usize>, (usize, Cause)> {
    let read = varint(raw, 1, place.data_max()).map_err(|Refused { at, why }| {
        let cause = match why {
            Why::Small(_) => Cause::EmptyChunk,
            Why::Large(at_least) => place.data(at_least).err().unwrap_or(Cause::Compression),
            Why::NotMinimal => Cause::LengthNotMinimal,
        };
        (at, cause)
    })?;
    Ok(read.map(|(size, _)| size as usize))
}

//! The stream of the responses to one request.

use super::super::error::{Cause, WireError};
use super::super::frame::FrameDecoder;
use super::super::limits::{Limits, Payload};
use super::super::message::{Request, Response};
use super::super::protocol::Protocol;
use super::Decoded;

/// A decoder of the responses to a request.
///
/// A stream carries no more responses than were asked for, and none after a failure.
///
/// ```
/// use alys_wire::limits::Limits;
/// use alys_wire::message::{Request, Response, ResponseBody};
/// use alys_wire::stream::{MessageEncoder, ResponseDecoder};
///
/// let limits = Limits::default();
/// let mut stream = Vec::new();
/// let answer = Response::Success(ResponseBody::Ping(8));
/// MessageEncoder::new(limits).response(&answer, &mut stream)?;
/// let mut decoder = ResponseDecoder::answering(&Request::Ping(7), &limits);
/// let decoded = decoder.decode(&stream)?.expect("the response is whole");
/// assert_eq!(decoded.message, answer);
/// decoder.finish(&stream[decoded.used..])?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct ResponseDecoder {
    protocol: Protocol,
    frames: FrameDecoder,
    /// How many responses may still come.
    left: u64,
}

impl ResponseDecoder {
    /// Expects the responses to a request.
    pub fn answering(request: &Request, limits: &Limits) -> Self {
        Self::new(request.protocol(), request.responses_max(), limits)
    }

    /// Expects so many responses of a protocol at most.
    pub fn new(protocol: Protocol, responses_max: u64, limits: &Limits) -> Self {
        let frames = FrameDecoder::coded(limits.of(protocol.response()), limits.of(Payload::ErrorText));
        Self { protocol, frames, left: responses_max }
    }

    /// Looks at what has arrived and was not yet used.
    ///
    /// The input must begin with the bytes that the last call was shown, unless that one gave a response.
    ///
    /// # Errors
    ///
    /// Whatever is wrong, as soon as it can be seen, and again with every later call.
    #[inline]
    pub fn decode(&mut self, input: &[u8]) -> Result<Option<Decoded<Response>>, WireError> {
        if self.frames.waits(input) {
            return Ok(None);
        }
        self.advance(input)
    }

    fn advance(&mut self, input: &[u8]) -> Result<Option<Decoded<Response>>, WireError> {
        if self.left == 0 {
            return Err(self.frames.fail(WireError::new(1, Cause::Trailing)));
        }
        match self.frames.decode(input)? {
            None => Ok(None),
            Some(frame) => {
                self.response(frame.code.unwrap_or_default(), &frame.payload, frame.used).map(Some)
            }
        }
    }

    /// Says that the stream has ended, with these bytes not yet used by [`ResponseDecoder::decode`].
    ///
    /// # Errors
    ///
    /// [`Cause::Truncated`] if a response has begun, or whatever else is wrong.
    pub fn finish(&mut self, rest: &[u8]) -> Result<(), WireError> {
        let ended = match self.frames.finish(rest) {
            Err(error) if self.left == 0 && error.cause == Cause::Truncated => {
                WireError::new(1, Cause::Trailing)
            }
            Err(error) => error,
            Ok(()) => return Ok(()),
        };
        Err(self.frames.fail(ended))
    }

    /// Reads the payload of a whole frame.
    fn response(&mut self, code: u8, payload: &[u8], used: usize) -> Result<Decoded<Response>, WireError> {
        match Response::from_ssz(self.protocol, code, payload) {
            Ok(message) => {
                self.left = if code == 0 { self.left - 1 } else { 0 };
                Ok(Decoded { message, used })
            }
            Err(reason) => {
                let payload = if code == 0 { self.protocol.response() } else { Payload::ErrorText };
                Err(self.frames.fail(WireError::new(used, Cause::NotSsz { payload, reason })))
            }
        }
    }
}

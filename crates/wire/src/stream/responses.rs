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
    failed: Option<WireError>,
}

impl ResponseDecoder {
    /// Expects the responses to a request.
    pub fn answering(request: &Request, limits: &Limits) -> Self {
        Self::new(request.protocol(), request.responses_max(), limits)
    }

    /// Expects so many responses of a protocol at most.
    pub fn new(protocol: Protocol, responses_max: u64, limits: &Limits) -> Self {
        let frames = FrameDecoder::coded(limits.of(protocol.response()), limits.of(Payload::ErrorText));
        Self { protocol, frames, left: responses_max, failed: None }
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
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        if self.left == 0 {
            return if input.is_empty() {
                Ok(None)
            } else {
                Err(self.fail(WireError::new(1, Cause::Trailing)))
            };
        }
        match self.frames.decode(input) {
            Ok(None) => Ok(None),
            Ok(Some(frame)) => {
                self.response(frame.code.unwrap_or_default(), &frame.payload, frame.used).map(Some)
            }
            Err(error) => Err(self.fail(error)),
        }
    }

    /// Says that the stream has ended, with these bytes not yet used by [`ResponseDecoder::decode`].
    ///
    /// # Errors
    ///
    /// [`Cause::Truncated`] if a response has begun, or whatever else is wrong.
    pub fn finish(&mut self, rest: &[u8]) -> Result<(), WireError> {
        match &self.failed {
            Some(error) => Err(error.clone()),
            None if rest.is_empty() => Ok(()),
            None if self.left == 0 => Err(self.fail(WireError::new(1, Cause::Trailing))),
            None => Err(self.fail(WireError::new(rest.len(), Cause::Truncated))),
        }
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
                Err(self.fail(WireError::new(used, Cause::NotSsz { payload, reason })))
            }
        }
    }

    fn fail(&mut self, error: WireError) -> WireError {
        self.failed = Some(error.clone());
        error
    }
}

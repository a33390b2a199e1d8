//! The stream of one request.

use super::super::error::{Cause, WireError};
use super::super::frame::FrameDecoder;
use super::super::limits::{Limits, Payload};
use super::super::message::Request;
use super::super::protocol::Protocol;
use super::Decoded;

/// A decoder of the one request that a stream carries.
///
/// ```
/// use alys_wire::limits::Limits;
/// use alys_wire::message::Request;
/// use alys_wire::protocol::Protocol;
/// use alys_wire::stream::{MessageEncoder, RequestDecoder};
///
/// let limits = Limits::default();
/// let mut stream = Vec::new();
/// MessageEncoder::new(limits).request(&Request::Ping(7), &mut stream)?;
/// let mut decoder = RequestDecoder::new(Protocol::Ping, &limits);
/// let decoded = decoder.decode(&stream)?.expect("the request is whole");
/// assert_eq!((decoded.message, decoded.used), (Request::Ping(7), stream.len()));
/// assert_eq!(decoder.finish(b"")?, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct RequestDecoder {
    protocol: Protocol,
    stage: Stage,
}

/// What is expected.
#[derive(Debug)]
enum Stage {
    /// A frame.
    Frame(FrameDecoder, Payload),
    /// The end of a stream without a body, which is the request.
    Empty,
    /// The end, after the request.
    End,
    /// Nothing any more.
    Failed(WireError),
}

impl RequestDecoder {
    /// Expects a request of a protocol.
    pub fn new(protocol: Protocol, limits: &Limits) -> Self {
        let stage = match protocol.request() {
            Some(payload) => Stage::Frame(FrameDecoder::bare(limits.of(payload)), payload),
            None => Stage::Empty,
        };
        Self { protocol, stage }
    }

    /// Looks at what has arrived and was not yet used.
    ///
    /// The input must begin with the bytes that the last call was shown, unless that one gave the request.
    ///
    /// # Errors
    ///
    /// Whatever is wrong, as soon as it can be seen, and again with every later call.
    #[inline]
    pub fn decode(&mut self, input: &[u8]) -> Result<Option<Decoded<Request>>, WireError> {
        let (frames, payload) = match &mut self.stage {
            Stage::Frame(frames, payload) => (frames, *payload),
            Stage::Failed(error) => return Err(error.clone()),
            Stage::Empty | Stage::End if input.is_empty() => return Ok(None),
            Stage::Empty | Stage::End => return Err(self.fail(WireError::new(1, Cause::Trailing))),
        };
        let frame = match frames.decode(input) {
            Ok(None) => return Ok(None),
            Ok(Some(frame)) => frame,
            Err(error) => return Err(self.fail(error)),
        };
        match Request::from_ssz(self.protocol, &frame.payload) {
            Ok(message) => {
                self.stage = Stage::End;
                Ok(Some(Decoded { message, used: frame.used }))
            }
            Err(reason) => Err(self.fail(WireError::new(frame.used, Cause::NotSsz { payload, reason }))),
        }
    }

    /// Says that the stream has ended, with these bytes not yet used: a request without a body is one now.
    ///
    /// # Errors
    ///
    /// [`Cause::Truncated`] if the request is not whole, or whatever else is wrong.
    pub fn finish(&mut self, rest: &[u8]) -> Result<Option<Request>, WireError> {
        if let Some(decoded) = self.decode(rest)? {
            return if decoded.used == rest.len() {
                Ok(Some(decoded.message))
            } else {
                Err(self.fail(WireError::new(1, Cause::Trailing)))
            };
        }
        match self.stage {
            Stage::Frame(..) => Err(self.fail(WireError::new(rest.len(), Cause::Truncated))),
            Stage::Empty => {
                self.stage = Stage::End;
                Ok(Some(Request::MetaData))
            }
            Stage::End | Stage::Failed(_) => Ok(None),
        }
    }

    fn fail(&mut self, error: WireError) -> WireError {
        self.stage = Stage::Failed(error.clone());
        error
    }
}

//! Writing messages.

use bytes::BufMut;

use super::super::error::EncodeError;
use super::super::frame::FrameEncoder;
use super::super::limits::{Limits, Payload};
use super::super::message::{Request, Response};

/// An encoder of requests and responses.
///
/// What a decoder with the same [`Limits`] would refuse is not written.
#[derive(Debug)]
pub struct MessageEncoder {
    limits: Limits,
    frames: FrameEncoder,
}

impl MessageEncoder {
    /// Makes an encoder with these limits.
    pub fn new(limits: Limits) -> Self {
        Self { limits, frames: FrameEncoder::new() }
    }

    /// Appends a request. One without a body is no byte at all.
    ///
    /// # Errors
    ///
    /// [`EncodeError::Size`] if the limits do not allow the request; then nothing is appended.
    pub fn request(&mut self, request: &Request, out: &mut impl BufMut) -> Result<(), EncodeError> {
        match request.protocol().request() {
            Some(payload) => self.frame(None, payload, &request.to_ssz(), out),
            None => Ok(()),
        }
    }

    /// Appends a response.
    ///
    /// # Errors
    ///
    /// [`EncodeError::Size`] if the limits do not allow the response; then nothing is appended.
    pub fn response(&mut self, response: &Response, out: &mut impl BufMut) -> Result<(), EncodeError> {
        self.frame(Some(response.code()), response.payload(), &response.to_ssz(), out)
    }

    fn frame(
        &mut self,
        code: Option<u8>,
        payload: Payload,
        ssz: &[u8],
        out: &mut impl BufMut,
    ) -> Result<(), EncodeError> {
        let allowed = self.limits.of(payload);
        if !allowed.contains(ssz.len()) {
            return Err(EncodeError::Size { payload, length: ssz.len(), allowed });
        }
        self.frames.encode(code, ssz, out);
        Ok(())
    }
}

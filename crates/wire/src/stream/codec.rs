//! The decoders and the encoder as `tokio_util` wants them.

use std::io;

use bytes::{Buf, BytesMut};
use thiserror::Error;
use tokio_util::codec::{Decoder, Encoder};

use super::super::error::{EncodeError, WireError};
use super::super::limits::Limits;
use super::super::message::{Request, Response};
use super::super::protocol::Protocol;
use super::{Decoded, MessageEncoder, RequestDecoder, ResponseDecoder};

/// What can go wrong on a framed stream.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CodecError {
    /// What the peer has sent is malformed.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// What was to be sent is not allowed.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The transport failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The end of a stream that is asked: it reads one request and writes responses.
#[derive(Debug)]
pub struct ServerCodec {
    protocol: Protocol,
    requests: RequestDecoder,
    encoder: MessageEncoder,
    /// Whether a failure was written, after which nothing more may be.
    finished: bool,
}

impl ServerCodec {
    /// Makes the codec of a stream that a peer has opened.
    pub fn new(protocol: Protocol, limits: Limits) -> Self {
        let requests = RequestDecoder::new(protocol, &limits);
        Self { protocol, requests, encoder: MessageEncoder::new(limits), finished: false }
    }
}

impl Decoder for ServerCodec {
    type Item = Request;
    type Error = CodecError;

    fn decode(&mut self, source: &mut BytesMut) -> Result<Option<Request>, CodecError> {
        Ok(self.requests.decode(source)?.map(|decoded| taken(source, decoded)))
    }

    fn decode_eof(&mut self, source: &mut BytesMut) -> Result<Option<Request>, CodecError> {
        match self.decode(source)? {
            Some(request) => Ok(Some(request)),
            None => Ok(self.requests.finish(source)?),
        }
    }
}

impl Encoder<Response> for ServerCodec {
    type Error = CodecError;

    fn encode(&mut self, response: Response, target: &mut BytesMut) -> Result<(), CodecError> {
        if self.finished {
            return Err(EncodeError::Finished.into());
        }
        let success = matches!(response, Response::Success(_));
        if success && response.payload() != self.protocol.response() {
            return Err(EncodeError::WrongStream { stream: self.protocol }.into());
        }
        self.encoder.response(&response, target)?;
        self.finished = !success;
        Ok(())
    }
}

/// The end of a stream that asks: it writes one request and reads responses.
#[derive(Debug)]
pub struct ClientCodec {
    protocol: Protocol,
    limits: Limits,
    /// What the responses are read with, once the request is written.
    responses: Option<ResponseDecoder>,
    encoder: MessageEncoder,
}

impl ClientCodec {
    /// Makes the codec of a stream that we have opened.
    pub fn new(protocol: Protocol, limits: Limits) -> Self {
        Self { protocol, limits, responses: None, encoder: MessageEncoder::new(limits) }
    }

    /// Gives what reads the responses; before there is a request, none is expected.
    fn responses(&mut self) -> &mut ResponseDecoder {
        self.responses.get_or_insert_with(|| ResponseDecoder::new(self.protocol, 0, &self.limits))
    }
}

impl Decoder for ClientCodec {
    type Item = Response;
    type Error = CodecError;

    fn decode(&mut self, source: &mut BytesMut) -> Result<Option<Response>, CodecError> {
        Ok(self.responses().decode(source)?.map(|decoded| taken(source, decoded)))
    }

    fn decode_eof(&mut self, source: &mut BytesMut) -> Result<Option<Response>, CodecError> {
        let decoded = self.decode(source)?;
        if decoded.is_none() {
            self.responses().finish(source)?;
        }
        Ok(decoded)
    }
}

impl Encoder<Request> for ClientCodec {
    type Error = CodecError;

    fn encode(&mut self, request: Request, target: &mut BytesMut) -> Result<(), CodecError> {
        if request.protocol() != self.protocol {
            return Err(EncodeError::WrongStream { stream: self.protocol }.into());
        }
        if self.responses.is_some() {
            return Err(EncodeError::Finished.into());
        }
        self.encoder.request(&request, target)?;
        self.responses = Some(ResponseDecoder::answering(&request, &self.limits));
        Ok(())
    }
}

/// Drops what a message was from the source.
fn taken<T>(source: &mut BytesMut, decoded: Decoded<T>) -> T {
    source.advance(decoded.used);
    decoded.message
}

//! Streams: the messages of one protocol, one direction each.
//!
//! A stream carries one request one way; the responses come back on it. [`RequestDecoder`], [`ResponseDecoder`] and
//! [`MessageEncoder`] are without I/O; [`ServerCodec`] and [`ClientCodec`] fit them to `tokio_util`'s framed streams.

mod codec;
mod encode;
mod requests;
mod responses;

pub use codec::{ClientCodec, CodecError, ServerCodec};
pub use encode::MessageEncoder;
pub use requests::RequestDecoder;
pub use responses::ResponseDecoder;

/// A message, and how many bytes of the stream it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded<T> {
    /// The message.
    pub message: T,
    /// The bytes to drop from the stream.
    pub used: usize,
}

//! What can be asked of the wire format, in the words of the model.

use std::fmt::Debug;

use alys_models::wire::frame::Fault;
use alys_models::wire::gossip::Refusal;
use alys_models::wire::payload::Payload;
use alys_models::wire::quota::Answer;
use alys_models::wire::ssz::Value;
use alys_models::wire::stream::{Message, Stream};

/// A protocol: the part of its id that names it, its requests and its responses.
pub type Named = (&'static str, Option<Payload>, Payload);

/// The protocols.
pub const PROTOCOLS: [Named; 6] = [
    ("status", Some(Payload::Status), Payload::Status),
    ("goodbye", Some(Payload::Goodbye), Payload::Goodbye),
    ("blocks_by_range", Some(Payload::BlocksByRange), Payload::CertifiedBlock),
    ("blocks_by_root", Some(Payload::BlocksByRoot), Payload::CertifiedBlock),
    ("ping", Some(Payload::Ping), Payload::Ping),
    ("metadata", None, Payload::MetaData),
];

/// The topics: the part of the name that says the kind, and the messages.
pub const TOPICS: [(&str, Payload); 4] = [
    ("consensus_block", Payload::SignedBlock),
    ("approve_block", Payload::Approval),
    ("queue_pow", Payload::PowAnchor),
    ("pegout_signatures", Payload::PegoutSignatures),
];

/// The position of ranges of blocks among [`PROTOCOLS`]: the only responses that may be many.
pub const BLOCKS_BY_RANGE: usize = 2;

/// One direction of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Which of [`PROTOCOLS`].
    pub protocol: usize,
    /// Whether it carries the responses.
    pub responses: bool,
    /// How many messages at most; more than one only for responses that are blocks.
    pub messages_max: u64,
    /// The configured maximum of a payload.
    pub max_payload: u32,
}

impl Channel {
    /// The model's view of the stream.
    #[must_use]
    pub fn stream(&self) -> Stream {
        let (_, request, response) = PROTOCOLS[self.protocol];
        Stream {
            payload: if self.responses { Some(response) } else { request },
            responses: self.responses,
            messages_max: self.messages_max,
            max_payload: self.max_payload as usize,
        }
    }
}

/// A message to be sent: its result byte in responses, and its content unless it has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// The result byte.
    pub code: Option<u8>,
    /// The content.
    pub value: Option<Value>,
}

/// Why a stream ends badly: after how many bytes since the end of the last message, and what was wrong.
pub type Ending = (usize, Fault);

/// A message that is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// Too small or too large.
    Size,
    /// For another stream.
    WrongStream,
    /// After the last one.
    Finished,
}

/// A decoder with what has arrived.
pub trait Streaming: Debug {
    /// Bytes arrive.
    fn arrive(&mut self, bytes: &[u8]);

    /// Asks for the next message.
    ///
    /// # Errors
    ///
    /// How the stream has ended.
    fn next(&mut self) -> Result<Option<Message>, Ending>;

    /// Says that nothing more arrives, and asks for the last message.
    ///
    /// # Errors
    ///
    /// How the stream has ended.
    fn end(&mut self) -> Result<Option<Message>, Ending>;
}

/// The wire format, real or with a fault.
pub trait Sut: 'static {
    /// Decodes one stream, without I/O.
    type Core: Streaming;
    /// The same as a framed stream's codec.
    type Shell: Streaming;
    /// Decodes frames, and can be reset.
    type Frames: Frames;
    /// Limits the rates of one peer.
    type Limiter: Debug;

    /// Makes a decoder.
    fn core(channel: &Channel) -> Self::Core;

    /// Makes a framed stream's codec.
    fn shell(channel: &Channel) -> Self::Shell;

    /// Makes a decoder of frames with these sizes, or with a result byte and those for failures.
    fn frames(success: (u32, u32), failure: Option<(u32, u32)>) -> Self::Frames;

    /// Encodes messages with one encoder.
    ///
    /// # Errors
    ///
    /// Why one of them is not sent.
    fn encode(channel: &Channel, messages: &[Content]) -> Result<Vec<u8>, NotSent>;

    /// Encodes messages with the codec of a framed stream; requests are those of `sends`, on the stream of `channel`.
    ///
    /// # Errors
    ///
    /// Why one of them is not sent.
    fn encode_framed(channel: &Channel, sends: &Channel, messages: &[Content]) -> Result<Vec<u8>, NotSent>;

    /// Tells how many bytes a payload may have.
    fn sizes(payload: Payload, max_payload: u32) -> Option<(u32, u32)>;

    /// Tells the root of a value, or nothing if the bytes are none, or its type has no root of its own.
    fn root(payload: Payload, ssz: &[u8]) -> Option<[u8; 32]>;

    /// Tells the root of a block, which is the one of its header, and the one of its body.
    fn block_roots(signed_block: &[u8]) -> ([u8; 32], [u8; 32]);

    /// Tells what a result byte is called and which byte it then is; nothing for success.
    fn failure_code(byte: u8) -> Option<(String, u8)>;

    /// Tells what a reason is called and which number it then is.
    fn goodbye(number: u64) -> (String, u64);

    /// Tells the id of a protocol.
    fn protocol_id(protocol: usize) -> String;

    /// Tells which protocol has an id.
    fn protocol_of(id: &str) -> Option<usize>;

    /// Tells the name of a topic.
    fn topic_name(digest: [u8; 4], topic: usize) -> String;

    /// Tells which topic has a name.
    fn topic_of(name: &str) -> Option<([u8; 4], usize)>;

    /// Encodes what is published.
    ///
    /// # Errors
    ///
    /// Why it is not sent.
    fn publish(topic: usize, value: &Value, max_payload: u32) -> Result<Vec<u8>, NotSent>;

    /// Decodes what was published.
    ///
    /// # Errors
    ///
    /// Why it is no message.
    fn gossiped(topic: usize, data: &[u8], max_payload: u32) -> Result<Value, Refusal>;

    /// Tells the id of a message.
    fn message_id(digest: [u8; 4], topic: usize, data: &[u8], max_payload: u32) -> Vec<u8>;

    /// Makes a limiter; where a quota is given, it is every protocol's, and nothing is made if it is refused.
    fn limiter(quota: Option<(u32, u64)>) -> Option<Self::Limiter>;

    /// Takes tokens at an instant.
    fn take(limiter: &mut Self::Limiter, protocol: usize, tokens: u64, now: u64) -> Answer;

    /// Tells what a request costs and how many responses it may have.
    fn cost(protocol: usize, request: &Content) -> (u64, u64);
}

/// A whole frame: its result byte, its payload and its length.
pub type Whole = (Option<u8>, Vec<u8>, usize);

/// A decoder of frames.
pub trait Frames: Debug {
    /// Shows what has arrived since the end of the last frame: the result byte, the payload, and the frame's length.
    ///
    /// # Errors
    ///
    /// What is wrong.
    fn decode(&mut self, input: &[u8]) -> Result<Option<Whole>, Ending>;

    /// Says that the stream has ended with these bytes.
    ///
    /// # Errors
    ///
    /// What is wrong.
    fn finish(&mut self, rest: &[u8]) -> Result<(), Ending>;

    /// Begins anew.
    fn reset(&mut self);
}

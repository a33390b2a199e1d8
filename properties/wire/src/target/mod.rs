//! The adapter: questions in the words of the model, answered by the crate or by its twin.

#![allow(unreachable_patterns, reason = "errors of the crate can grow, those of the twin are known here")]

use std::time::Duration;

use alys_models::wire::gossip::Refusal;
use alys_models::wire::payload::{self, Payload};
use alys_models::wire::quota::Answer;
use alys_models::wire::ssz::Value;
use alys_models::wire::stream::Message;
use bytes::BytesMut;
use ssz::Encode;
use tokio_util::codec::{Decoder as _, Encoder as _};

use super::source;
use crate::sut::{Channel, Content, Ending, Frames, NotSent, Streaming, Sut, Whole};
use source::codes::{FailureCode, GoodbyeReason};
use source::frame::FrameDecoder;
use source::gossip::{GossipError, GossipMessage, Topic, TopicKind};
use source::limits::{Limits, SizeRange};
use source::protocol::Protocol;
use source::quota::{Quota, QuotaTable, RateLimited, RateLimiter};
use source::stream::{ClientCodec, CodecError, MessageEncoder, RequestDecoder, ResponseDecoder, ServerCodec};
use source::{containers, message};
use words::{
    asking, decoded, ending, framed, kind, not_sent, of, request, response, root_of, to_request, to_response,
    value,
};

mod words;

/// The wire format.
#[derive(Clone, Copy, Debug)]
pub struct Wire;

/// A decoder without I/O, and what has arrived.
#[derive(Debug)]
pub struct Core {
    decoder: Either<RequestDecoder, ResponseDecoder>,
    buffer: Vec<u8>,
    begin: usize,
}

/// A framed stream's codec, and what has arrived.
#[derive(Debug)]
pub struct Shell {
    codec: Either<ServerCodec, ClientCodec>,
    buffer: BytesMut,
}

#[derive(Debug)]
enum Either<Q, R> {
    Requests(Q),
    Responses(R),
}

impl Streaming for Core {
    fn arrive(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    fn next(&mut self) -> Result<Option<Message>, Ending> {
        let unread = &self.buffer[self.begin..];
        let decoded = match &mut self.decoder {
            Either::Requests(decoder) => {
                decoder.decode(unread).map(|some| some.map(|it| request(&it.message, it.used)))
            }
            Either::Responses(decoder) => {
                decoder.decode(unread).map(|some| some.map(|it| response(&it.message, it.used)))
            }
        };
        let message = decoded.map_err(ending)?;
        self.begin += message.as_ref().map_or(0, |message| message.used);
        Ok(message)
    }

    fn end(&mut self) -> Result<Option<Message>, Ending> {
        let unread = &self.buffer[self.begin..];
        match &mut self.decoder {
            Either::Requests(decoder) => {
                let last = decoder.finish(unread).map_err(ending)?;
                Ok(last.map(|last| request(&last, unread.len())))
            }
            Either::Responses(decoder) => decoder.finish(unread).map(|()| None).map_err(ending),
        }
    }
}

impl Streaming for Shell {
    fn arrive(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    fn next(&mut self) -> Result<Option<Message>, Ending> {
        let before = self.buffer.len();
        match &mut self.codec {
            Either::Requests(codec) => {
                let decoded = codec.decode(&mut self.buffer).map_err(framed)?;
                Ok(decoded.map(|message| request(&message, before - self.buffer.len())))
            }
            Either::Responses(codec) => {
                let decoded = codec.decode(&mut self.buffer).map_err(framed)?;
                Ok(decoded.map(|message| response(&message, before - self.buffer.len())))
            }
        }
    }

    fn end(&mut self) -> Result<Option<Message>, Ending> {
        let before = self.buffer.len();
        match &mut self.codec {
            Either::Requests(codec) => {
                let decoded = codec.decode_eof(&mut self.buffer).map_err(framed)?;
                Ok(decoded.map(|message| request(&message, before - self.buffer.len())))
            }
            Either::Responses(codec) => {
                let decoded = codec.decode_eof(&mut self.buffer).map_err(framed)?;
                Ok(decoded.map(|message| response(&message, before - self.buffer.len())))
            }
        }
    }
}

impl Frames for FrameDecoder {
    fn decode(&mut self, input: &[u8]) -> Result<Option<Whole>, Ending> {
        let frame = FrameDecoder::decode(self, input).map_err(ending)?;
        Ok(frame.map(|frame| (frame.code, frame.payload, frame.used)))
    }

    fn finish(&mut self, rest: &[u8]) -> Result<(), Ending> {
        FrameDecoder::finish(self, rest).map_err(ending)
    }

    fn reset(&mut self) {
        FrameDecoder::reset(self);
    }
}

impl Sut for Wire {
    type Core = Core;
    type Shell = Shell;
    type Frames = FrameDecoder;
    type Limiter = RateLimiter;

    fn core(channel: &Channel) -> Core {
        let (protocol, limits) = (Protocol::ALL[channel.protocol], of(channel.max_payload));
        let decoder = if channel.responses {
            Either::Responses(ResponseDecoder::new(protocol, channel.messages_max, &limits))
        } else {
            Either::Requests(RequestDecoder::new(protocol, &limits))
        };
        Core { decoder, buffer: Vec::new(), begin: 0 }
    }

    fn shell(channel: &Channel) -> Shell {
        let (protocol, limits) = (Protocol::ALL[channel.protocol], of(channel.max_payload));
        let codec = if channel.responses {
            let mut client = ClientCodec::new(protocol, limits);
            let asked = asking(protocol, channel.messages_max);
            client.encode(asked, &mut BytesMut::new()).unwrap_or_else(|error| panic!("the request: {error}"));
            Either::Responses(client)
        } else {
            Either::Requests(ServerCodec::new(protocol, limits))
        };
        Shell { codec, buffer: BytesMut::new() }
    }

    fn frames(success: (u32, u32), failure: Option<(u32, u32)>) -> FrameDecoder {
        let range = |(min, max)| SizeRange { min, max };
        match failure {
            Some(failure) => FrameDecoder::coded(range(success), range(failure)),
            None => FrameDecoder::bare(range(success)),
        }
    }

    fn encode(channel: &Channel, messages: &[Content]) -> Result<Vec<u8>, NotSent> {
        let mut encoder = MessageEncoder::new(of(channel.max_payload));
        let mut out = Vec::new();
        for content in messages {
            if channel.responses {
                encoder.response(&to_response(channel.protocol, content), &mut out)
            } else {
                encoder.request(&to_request(channel.protocol, content), &mut out)
            }
            .map_err(not_sent)?;
        }
        Ok(out)
    }

    fn encode_framed(channel: &Channel, sends: &Channel, messages: &[Content]) -> Result<Vec<u8>, NotSent> {
        let (protocol, limits) = (Protocol::ALL[channel.protocol], of(channel.max_payload));
        let (mut server, mut client) =
            (ServerCodec::new(protocol, limits), ClientCodec::new(protocol, limits));
        let mut out = BytesMut::new();
        for content in messages {
            if channel.responses {
                server.encode(to_response(sends.protocol, content), &mut out)
            } else {
                client.encode(to_request(sends.protocol, content), &mut out)
            }
            .map_err(|error| match error {
                CodecError::Encode(error) => not_sent(error),
                other => panic!("not an error of encoding: {other}"),
            })?;
        }
        Ok(out.to_vec())
    }

    fn sizes(payload: Payload, max_payload: u32) -> Option<(u32, u32)> {
        let range = Limits::new(max_payload).ok()?.of(kind(payload));
        Some((range.min, range.max))
    }

    fn root(payload: Payload, ssz: &[u8]) -> Option<[u8; 32]> {
        match payload {
            Payload::Status => root_of::<message::Status>(ssz),
            Payload::BlocksByRange => root_of::<message::BlocksByRange>(ssz),
            Payload::BlocksByRoot => root_of::<message::BlocksByRoot>(ssz),
            Payload::MetaData => root_of::<message::MetaData>(ssz),
            Payload::CertifiedBlock => root_of::<containers::CertifiedBlock>(ssz),
            Payload::SignedBlock => root_of::<containers::SignedBlock>(ssz),
            Payload::Approval => root_of::<containers::Approval>(ssz),
            Payload::PowAnchor => root_of::<containers::PowAnchor>(ssz),
            Payload::PegoutSignatures => root_of::<containers::PegoutSignatures>(ssz),
            Payload::Goodbye | Payload::Ping | Payload::ErrorText => None,
        }
    }

    fn block_roots(signed_block: &[u8]) -> ([u8; 32], [u8; 32]) {
        let block = decoded::<containers::SignedBlock>(signed_block).block;
        (block.root().0, block.body.root().0)
    }

    fn failure_code(byte: u8) -> Option<(String, u8)> {
        FailureCode::from_byte(byte).map(|code| match code {
            FailureCode::Other(unnamed) => (format!("other {}", unnamed.byte()), code.byte()),
            named => (format!("{named:?}"), named.byte()),
        })
    }

    fn goodbye(number: u64) -> (String, u64) {
        match GoodbyeReason::from_number(number) {
            reason @ GoodbyeReason::Other(unnamed) => {
                (format!("other {}", unnamed.number()), reason.number())
            }
            named => (format!("{named:?}"), named.number()),
        }
    }

    fn protocol_id(protocol: usize) -> String {
        Protocol::ALL[protocol].id().to_owned()
    }

    fn protocol_of(id: &str) -> Option<usize> {
        let found = Protocol::from_id(id).ok()?;
        Protocol::ALL.iter().position(|protocol| *protocol == found)
    }

    fn topic_name(fork_digest: [u8; 4], topic: usize) -> String {
        Topic { fork_digest, kind: TopicKind::ALL[topic] }.to_string()
    }

    fn topic_of(name: &str) -> Option<([u8; 4], usize)> {
        let topic: Topic = name.parse().ok()?;
        let kind = TopicKind::ALL.iter().position(|kind| *kind == topic.kind)?;
        Some((topic.fork_digest, kind))
    }

    fn publish(topic: usize, value: &Value, max_payload: u32) -> Result<Vec<u8>, NotSent> {
        let kind = TopicKind::ALL[topic];
        let payload = crate::sut::TOPICS[topic].1;
        let ssz = payload::type_of(payload).encode(value);
        let message = match kind {
            TopicKind::ConsensusBlock => GossipMessage::ConsensusBlock(Box::new(decoded(&ssz))),
            TopicKind::ApproveBlock => GossipMessage::ApproveBlock(decoded(&ssz)),
            TopicKind::QueuePow => GossipMessage::QueuePow(Box::new(decoded(&ssz))),
            TopicKind::PegoutSignatures => GossipMessage::PegoutSignatures(decoded(&ssz)),
        };
        assert_eq!(message.kind(), kind, "a message is of the kind of its topic");
        message.encode(&of(max_payload)).map_err(not_sent)
    }

    fn gossiped(topic: usize, data: &[u8], max_payload: u32) -> Result<Value, Refusal> {
        let message = GossipMessage::decode(TopicKind::ALL[topic], data, &of(max_payload));
        let payload = crate::sut::TOPICS[topic].1;
        let ssz = match message {
            Ok(GossipMessage::ConsensusBlock(block)) => block.as_ssz_bytes(),
            Ok(GossipMessage::ApproveBlock(approval)) => approval.as_ssz_bytes(),
            Ok(GossipMessage::QueuePow(anchor)) => anchor.as_ssz_bytes(),
            Ok(GossipMessage::PegoutSignatures(signatures)) => signatures.as_ssz_bytes(),
            Err(GossipError::Length { .. }) => return Err(Refusal::Length),
            Err(GossipError::Compression) => return Err(Refusal::Compression),
            Err(GossipError::NotSsz { .. }) => return Err(Refusal::NotSsz),
            Err(other) => panic!("an error that nobody knows: {other}"),
        };
        Ok(value(payload, &ssz))
    }

    fn message_id(fork_digest: [u8; 4], topic: usize, data: &[u8], max_payload: u32) -> Vec<u8> {
        let topic = Topic { fork_digest, kind: TopicKind::ALL[topic] };
        source::gossip::message_id(&topic, data, &of(max_payload)).to_vec()
    }

    fn limiter(quota: Option<(u32, u64)>) -> Option<RateLimiter> {
        let table = match quota {
            None => QuotaTable::default(),
            Some((tokens, period)) => {
                let quota = Quota::new(tokens, Duration::from_nanos(period)).ok()?;
                Protocol::ALL.into_iter().fold(QuotaTable::default(), |table, it| table.with(it, quota))
            }
        };
        Some(RateLimiter::new(table))
    }

    fn take(limiter: &mut RateLimiter, protocol: usize, tokens: u64, now: u64) -> Answer {
        match limiter.take(Protocol::ALL[protocol], tokens, Duration::from_nanos(now)) {
            Ok(()) => Answer::Taken,
            Err(RateLimited::TooSoon { wait }) => Answer::Wait(wait.as_nanos()),
            Err(RateLimited::TooMuch { .. }) => Answer::Never,
        }
    }

    fn cost(protocol: usize, request: &Content) -> (u64, u64) {
        let request = to_request(protocol, request);
        (request.cost(), request.responses_max())
    }
}

//! What is said of malformed messages, to people and to who keeps the peers.

#![allow(clippy::unwrap_used, reason = "what is not as expected ends the test")]

use alys_models::wire::frame::{self, other, plain, with_sum};
use alys_models::wire::varint;
use alys_wire::codes::FailureCode;
use alys_wire::containers::Approval;
use alys_wire::error::{EncodeError, WireError};
use alys_wire::fault::{Channel, PeerFault};
use alys_wire::frame::FrameDecoder;
use alys_wire::gossip::{GossipMessage, Topic, TopicKind};
use alys_wire::limits::{Limits, SizeRange};
use alys_wire::message::{ErrorText, Failure, Request, Response, ResponseBody};
use alys_wire::protocol::Protocol;
use alys_wire::quota::{Quota, QuotaTable, RateLimiter};
use alys_wire::stream::{ClientCodec, MessageEncoder, RequestDecoder, ResponseDecoder};
use std::error::Error;
use std::time::Duration;
use tokio_util::codec::{Decoder, Encoder};

fn refused(bytes: &[u8]) -> WireError {
    let mut decoder = FrameDecoder::bare(SizeRange { min: 3, max: 70_000 });
    let error = decoder.decode(bytes).unwrap_err();
    assert_eq!(decoder.decode(bytes), Err(error.clone()), "WR-5: a decoder that has failed keeps saying so");
    assert_eq!(decoder.finish(bytes), Err(error.clone()), "WR-5: at the end as well");
    error
}

/// WR-3: every error says what was wrong, where, and what is allowed.
///
/// Engine: law
#[test]
fn every_error_says_what_was_wrong_and_what_is_allowed() {
    let of = |length: u64, chunks: &[Vec<u8>]| frame::encode(None, length, chunks);
    let sentences = [
        (of(2, &[]), "after 1 bytes: a payload of 2 bytes is declared, and at least 3 are needed"),
        (
            of(70_001, &[]),
            "after 3 bytes: a payload of at least 70001 bytes is declared, and at most 70000 are allowed",
        ),
        (
            vec![0xff, 0xff, 0xff],
            "after 3 bytes: a payload of at least 4194303 bytes is declared, and at most 70000 are allowed",
        ),
        (
            vec![0x80, 0],
            "after 2 bytes: a length ends with an empty byte: lengths are written with as few bytes as they need",
        ),
        (
            vec![3, 1],
            "after 2 bytes: the compressed stream begins with a chunk of kind 0x01, not with its identifier",
        ),
        (vec![3, 0xff, 7], "after 3 bytes: a stream identifier is not ff 06 00 00 and `sNaPpY`"),
        (
            of(3, &[other(2, b"")]),
            "after 12 bytes: a chunk has the reserved kind 0x02: only kinds from 0x80 can be skipped",
        ),
        (
            of(3, &[other(1, b"abcd")]),
            "after 13 bytes: a chunk has at least 256 bytes of data, and only 3 of the declared ones are left",
        ),
        (
            of(70_000, &[other(1, b"abcd")]),
            "after 17 bytes: a data chunk is empty: it needs a checksum and at least one byte",
        ),
        (
            of(70_000, &[plain(&[0; 65_537])]),
            "after 17 bytes: a chunk has at least 65537 bytes of data, and at most 65536 are allowed",
        ),
        (
            of(70_000, &[other(0, &[0; 81_699])]),
            "after 17 bytes: the compressed stream does not end within 81698 bytes, which is enough for what is declared",
        ),
        (of(3, &[with_sum(0, b"abc", &[3, 0xfe, 1])]), "after 22 bytes: compressed data is malformed"),
        (of(3, &[with_sum(1, b"abc", b"abd")]), "after 22 bytes: the checksum is 0x"),
    ];
    for (bytes, expected) in sentences {
        let said = refused(&bytes).to_string();
        assert!(said.starts_with(expected), "WR-3: {said:?} is not {expected:?}");
    }
    let checksum = refused(&of(3, &[with_sum(1, b"abc", b"abd")])).to_string();
    let [found, computed] = [b"abc", b"abd"].map(|data| alys_models::wire::checksum::masked(data));
    let expected =
        format!("after 22 bytes: the checksum is {found:#010x}, and the data has {computed:#010x}");
    assert_eq!(checksum, expected, "WR-3");
}

/// WR-3: a payload that is none is told by what it should have been: the content of a success, or a text.
///
/// Engine: law
#[test]
fn a_payload_that_is_none_is_named() {
    let limits = Limits::default();
    let mut request = RequestDecoder::new(Protocol::BlocksByRoot, &limits);
    let error = request.decode(&frame::encode_plain(None, &[1; 33])).unwrap_err();
    assert!(error.to_string().contains("the payload is no BlocksByRoot: "), "WR-3: {error}");
    let mut response = ResponseDecoder::new(Protocol::BlocksByRoot, 1, &limits);
    let error = response.decode(&frame::encode_plain(Some(0), &[1; 400])).unwrap_err();
    assert!(error.to_string().contains("the payload is no CertifiedBlock: "), "WR-3: {error}");
    let data = alys_models::wire::snappy::literal(&[1; 300]);
    let error = GossipMessage::decode(TopicKind::ConsensusBlock, &data, &limits).unwrap_err();
    assert!(error.to_string().starts_with("the message is no SignedBlock: "), "WR-3: {error}");
}

/// WR-3: what is refused before it is sent, and of configurations, is said as well.
///
/// Engine: law
#[test]
fn what_cannot_be_sent_or_configured_is_said() {
    let limits = Limits::default();
    let silent = Failure { code: FailureCode::ServerError, text: ErrorText::default() };
    let mut out = vec![7];
    let error = MessageEncoder::new(limits).response(&Response::Failure(silent), &mut out).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a ErrorText of 0 bytes is not sent: from 1 to 256 bytes are allowed",
        "WR-6"
    );
    assert_eq!(out, [7], "WR-6: nothing is appended");
    assert_eq!(
        EncodeError::WrongStream { stream: Protocol::Ping }.to_string(),
        "the message does not belong on a stream of Ping"
    );
    let said = Limits::new(9).unwrap_err().to_string();
    assert_eq!(Ok(limits), Limits::new(1 << 20), "WR-6: 1 MiB where nothing is configured");
    assert_eq!(said, "a maximum payload of 9 bytes is not from 1024 to 67108864 bytes", "WR-6");
    let said = Protocol::from_id("/x").unwrap_err().to_string();
    assert_eq!(
        said, "\"/x\" is not the id of a protocol: they are /eth2/chain/req/<name>/1/ssz_snappy",
        "WR-1"
    );
    assert!("/x".parse::<Topic>().unwrap_err().to_string().starts_with("\"/x\" is no topic"), "WR-1");
    let said = Quota::new(0, Duration::ZERO).unwrap_err().to_string();
    assert!(said.starts_with("0 tokens in 0ns are no quota"), "WR-3: {said}");
    assert!(Quota::new(1, Duration::MAX).is_err(), "WR-3: a period has less than 2^64 ns");
}

/// WR-3: a rate says how long to wait, and each protocol has its own quota, which can be another.
///
/// Engine: law
#[test]
fn rates_say_how_long_to_wait() {
    let quota = Quota::new(1, Duration::from_nanos(10)).unwrap();
    let mut limiter = RateLimiter::new(QuotaTable::default().with(Protocol::Ping, quota));
    let at = Duration::from_nanos;
    assert_eq!(limiter.take(Protocol::Ping, 1, at(0)), Ok(()));
    let said = limiter.take(Protocol::Ping, 1, at(3)).unwrap_err().to_string();
    assert_eq!(said, "too many requests: the next one may come in 7ns", "WR-3");
    let said = limiter.take(Protocol::Ping, 2, at(99)).unwrap_err().to_string();
    assert_eq!(said, "a request that costs 2 is refused whenever it comes: the quota is 1", "WR-3");
    assert_eq!(limiter.take(Protocol::MetaData, 2, at(3)), Ok(()), "WR-3: the other quotas are as they were");
}

/// WR-3, WR-4: a stream that carries what it may not is over, and says so again and again; nobody answers who has not
/// asked.
///
/// Engine: law
#[test]
fn a_failed_stream_stays_failed() {
    let limits = Limits::default();
    let mut request = RequestDecoder::new(Protocol::MetaData, &limits);
    let trailing = request.decode(b"x").unwrap_err();
    assert_eq!(
        trailing.to_string(),
        "after 1 bytes: bytes follow the last message that the stream may carry",
        "WR-4"
    );
    assert_eq!(request.decode(b""), Err(trailing.clone()), "WR-5");
    assert_eq!(request.finish(b""), Err(trailing), "WR-5");
    let mut responses = ResponseDecoder::answering(&Request::Ping(1), &limits);
    let cut = responses.finish(&[0]).unwrap_err();
    assert_eq!(cut.to_string(), "after 1 bytes: the stream ends within a message", "WR-4");
    assert_eq!(responses.decode(b""), Err(cut.clone()), "WR-5");
    assert_eq!(responses.finish(b""), Err(cut), "WR-5");
    let mut client = ClientCodec::new(Protocol::Ping, limits);
    let unasked = client.decode(&mut bytes::BytesMut::from(&[0][..])).unwrap_err();
    assert!(unasked.to_string().contains("bytes follow the last message"), "WR-4: {unasked}");
    let mut client = ClientCodec::new(Protocol::Ping, limits);
    let other = client.encode(Request::MetaData, &mut bytes::BytesMut::new()).unwrap_err();
    assert_eq!(other.to_string(), "the message does not belong on a stream of Ping", "WR-6");
    let pong = Response::Success(ResponseBody::Ping(1));
    assert_eq!((pong.code(), format!("{:?}", pong.payload()).as_str()), (0, "Ping"), "WR-1");
}

/// WR-3: a fault says where it came from, and keeps its cause; what becomes of the peer is for who keeps the peers.
///
/// Engine: law
#[test]
fn faults_of_peers_keep_their_cause() {
    let error = refused(&[2]);
    let fault = PeerFault::new(Channel::Response(Protocol::Status), error.clone());
    let said =
        "malformed response on /eth2/chain/req/status/1/ssz_snappy: after 1 bytes: a payload of 2 bytes";
    assert!(fault.to_string().starts_with(said), "WR-3: {fault}");
    assert_eq!(fault.source().unwrap().to_string(), error.to_string(), "WR-3");
    let request = PeerFault::new(Channel::Request(Protocol::Ping), error);
    assert!(
        request.to_string().starts_with("malformed request on /eth2/chain/req/ping/1"),
        "WR-3: {request}"
    );
    let limits = Limits::default();
    let data = GossipMessage::ApproveBlock(Approval::default()).encode(&limits).unwrap();
    let length = GossipMessage::decode(TopicKind::QueuePow, &data, &limits).unwrap_err();
    let fault = PeerFault::new(Channel::Gossip(TopicKind::QueuePow), length);
    let said =
        "malformed message on queue_pow: the message does not begin with a length from 168 to 67752 bytes";
    assert_eq!(fault.to_string(), said, "WR-3");
    let long = varint::encode(200);
    let broken = GossipMessage::decode(TopicKind::QueuePow, &long, &limits).unwrap_err();
    assert_eq!(broken.to_string(), "compressed data is malformed", "WR-3");
}

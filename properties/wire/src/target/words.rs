//! The words of the model, and what they are here.

#![allow(unreachable_patterns, reason = "errors of the crate can grow, those of the twin are known here")]

use alys_models::wire::frame::Fault;
use alys_models::wire::payload::{self, Payload};
use alys_models::wire::ssz::Value;
use alys_models::wire::stream::Message;
use ssz::{Decode, Encode};
use tree_hash::TreeHash;

use super::super::source;
use crate::sut::{Content, Ending, NotSent};
use source::codes::{FailureCode, GoodbyeReason};
use source::error::{Cause, EncodeError, WireError};
use source::limits::Limits;
use source::message::{Failure, Request, Response, ResponseBody};
use source::protocol::Protocol;
use source::stream::CodecError;
use source::{containers, limits, message};

pub(super) fn of(max_payload: u32) -> Limits {
    Limits::new(max_payload).unwrap_or_else(|error| panic!("the suite's own limits: {error}"))
}

/// A request that may have so many responses.
pub(super) fn asking(protocol: Protocol, responses: u64) -> Request {
    match protocol {
        Protocol::Status => Request::Status(message::Status::default()),
        Protocol::Goodbye => Request::Goodbye(GoodbyeReason::from_number(0)),
        Protocol::BlocksByRange => {
            Request::BlocksByRange(message::BlocksByRange { count: responses, ..Default::default() })
        }
        Protocol::BlocksByRoot => {
            let roots = vec![containers::Hash256::ZERO; responses as usize];
            Request::BlocksByRoot(roots.try_into().unwrap_or_else(|_| panic!("too many roots")))
        }
        Protocol::Ping => Request::Ping(0),
        Protocol::MetaData => Request::MetaData,
    }
}

pub(super) fn kind(payload: Payload) -> limits::Payload {
    limits::Payload::ALL[payload as usize]
}

pub(super) fn decoded<T: Decode>(ssz: &[u8]) -> T {
    T::from_ssz_bytes(ssz).unwrap_or_else(|error| panic!("a value of the model is none here: {error:?}"))
}

pub(super) fn root_of<T: Decode + TreeHash>(ssz: &[u8]) -> Option<[u8; 32]> {
    T::from_ssz_bytes(ssz).ok().map(|value| value.tree_hash_root().0)
}

pub(super) fn ssz_of(payload: Option<Payload>, content: &Content) -> Vec<u8> {
    match (payload, &content.value) {
        (Some(payload), Some(value)) => payload::type_of(payload).encode(value),
        _ => Vec::new(),
    }
}

pub(super) fn to_request(protocol: usize, content: &Content) -> Request {
    let ssz = ssz_of(crate::sut::PROTOCOLS[protocol].1, content);
    match Protocol::ALL[protocol] {
        Protocol::Status => Request::Status(decoded(&ssz)),
        Protocol::Goodbye => Request::Goodbye(GoodbyeReason::from_number(decoded(&ssz))),
        Protocol::BlocksByRange => Request::BlocksByRange(decoded(&ssz)),
        Protocol::BlocksByRoot => Request::BlocksByRoot(decoded(&ssz)),
        Protocol::Ping => Request::Ping(decoded(&ssz)),
        Protocol::MetaData => Request::MetaData,
    }
}

pub(super) fn to_response(protocol: usize, content: &Content) -> Response {
    if let Some(code) = content.code.and_then(FailureCode::from_byte) {
        let text = decoded(&ssz_of(Some(Payload::ErrorText), content));
        return Response::Failure(Failure { code, text });
    }
    let ssz = ssz_of(Some(crate::sut::PROTOCOLS[protocol].2), content);
    Response::Success(match Protocol::ALL[protocol] {
        Protocol::Status => ResponseBody::Status(decoded(&ssz)),
        Protocol::Goodbye => ResponseBody::Goodbye(GoodbyeReason::from_number(decoded(&ssz))),
        Protocol::BlocksByRange | Protocol::BlocksByRoot => ResponseBody::Block(Box::new(decoded(&ssz))),
        Protocol::Ping => ResponseBody::Ping(decoded(&ssz)),
        Protocol::MetaData => ResponseBody::MetaData(decoded(&ssz)),
    })
}

pub(super) fn value(payload: Payload, ssz: &[u8]) -> Value {
    payload::type_of(payload).decode(ssz).unwrap_or_else(|_| panic!("what was accepted is no {payload:?}"))
}

pub(super) fn seen(code: Option<u8>, payload: Payload, ssz: &[u8], used: usize) -> Message {
    Message { code, payload: Some(payload), value: Some(value(payload, ssz)), used }
}

pub(super) fn request(request: &Request, used: usize) -> Message {
    match request {
        Request::Status(status) => seen(None, Payload::Status, &status.as_ssz_bytes(), used),
        Request::Goodbye(reason) => seen(None, Payload::Goodbye, &reason.number().as_ssz_bytes(), used),
        Request::BlocksByRange(range) => seen(None, Payload::BlocksByRange, &range.as_ssz_bytes(), used),
        Request::BlocksByRoot(roots) => seen(None, Payload::BlocksByRoot, &roots.as_ssz_bytes(), used),
        Request::Ping(sequence) => seen(None, Payload::Ping, &sequence.as_ssz_bytes(), used),
        Request::MetaData => Message { code: None, payload: None, value: None, used },
    }
}

pub(super) fn response(response: &Response, used: usize) -> Message {
    let (payload, ssz) = match response {
        Response::Failure(failure) => (Payload::ErrorText, failure.text.as_ssz_bytes()),
        Response::Success(ResponseBody::Status(status)) => (Payload::Status, status.as_ssz_bytes()),
        Response::Success(ResponseBody::Goodbye(reason)) => {
            (Payload::Goodbye, reason.number().as_ssz_bytes())
        }
        Response::Success(ResponseBody::Block(block)) => (Payload::CertifiedBlock, block.as_ssz_bytes()),
        Response::Success(ResponseBody::Ping(sequence)) => (Payload::Ping, sequence.as_ssz_bytes()),
        Response::Success(ResponseBody::MetaData(data)) => (Payload::MetaData, data.as_ssz_bytes()),
    };
    seen(Some(response.code()), payload, &ssz, used)
}

pub(super) fn not_sent(error: EncodeError) -> NotSent {
    match error {
        EncodeError::Size { .. } => NotSent::Size,
        EncodeError::WrongStream { .. } => NotSent::WrongStream,
        EncodeError::Finished => NotSent::Finished,
        other => panic!("an error that nobody knows: {other}"),
    }
}

pub(super) fn framed(error: CodecError) -> Ending {
    match error {
        CodecError::Wire(error) => ending(error),
        other => panic!("not an error of decoding: {other}"),
    }
}

pub(super) fn ending(error: WireError) -> Ending {
    let fault = match error.cause {
        Cause::LengthTooSmall { .. } => Fault::LengthTooSmall,
        Cause::LengthTooLarge { .. } => Fault::LengthTooLarge,
        Cause::LengthNotMinimal => Fault::LengthNotMinimal,
        Cause::NoIdentifier { .. } => Fault::NoIdentifier,
        Cause::WrongIdentifier => Fault::WrongIdentifier,
        Cause::ReservedChunk { .. } => Fault::ReservedChunk,
        Cause::EmptyChunk => Fault::EmptyChunk,
        Cause::ChunkTooLarge { .. } => Fault::ChunkTooLarge,
        Cause::Overshoot { .. } => Fault::Overshoot,
        Cause::OverBudget { .. } => Fault::OverBudget,
        Cause::Compression => Fault::Compression,
        Cause::Checksum { .. } => Fault::Checksum,
        Cause::NotSsz { .. } => Fault::NotSsz,
        Cause::Truncated => Fault::Truncated,
        Cause::Trailing => Fault::Trailing,
        other => panic!("a cause that nobody knows: {other}"),
    };
    (error.at, fault)
}

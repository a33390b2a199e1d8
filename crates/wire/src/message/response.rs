//! What a peer answers.

use ssz::{Decode as _, DecodeError, Encode as _};
use ssz_types::VariableList;
use ssz_types::typenum::U256;

use super::super::codes::{FailureCode, GoodbyeReason};
use super::super::containers::CertifiedBlock;
use super::super::limits::Payload;
use super::super::protocol::Protocol;
use super::{MetaData, Status};

/// Why a request was not answered, for people: 1 to 256 bytes, which should be UTF-8.
pub type ErrorText = VariableList<u8, U256>;

/// A response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response {
    /// What was asked for, or one block of it.
    Success(ResponseBody),
    /// Nothing more comes.
    Failure(Failure),
}

/// The content of a successful response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResponseBody {
    /// Where the responder is.
    Status(Status),
    /// That the responder leaves, too.
    Goodbye(GoodbyeReason),
    /// One block.
    Block(Box<CertifiedBlock>),
    /// How often the responder's metadata has changed.
    Ping(u64),
    /// What the responder offers.
    MetaData(MetaData),
}

/// A request that is not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Why, for programs.
    pub code: FailureCode,
    /// Why, for people.
    pub text: ErrorText,
}

impl Response {
    /// Tells the result byte.
    pub fn code(&self) -> u8 {
        match self {
            Self::Success(_) => 0,
            Self::Failure(failure) => failure.code.byte(),
        }
    }

    /// Tells what the frame consists of.
    pub fn payload(&self) -> Payload {
        match self {
            Self::Success(body) => body.payload(),
            Self::Failure(_) => Payload::ErrorText,
        }
    }

    /// Writes the payload.
    pub(crate) fn to_ssz(&self) -> Vec<u8> {
        match self {
            Self::Success(ResponseBody::Status(status)) => status.as_ssz_bytes(),
            Self::Success(ResponseBody::Goodbye(reason)) => reason.number().as_ssz_bytes(),
            Self::Success(ResponseBody::Block(block)) => block.as_ssz_bytes(),
            Self::Success(ResponseBody::Ping(sequence)) => sequence.as_ssz_bytes(),
            Self::Success(ResponseBody::MetaData(data)) => data.as_ssz_bytes(),
            Self::Failure(failure) => failure.text.as_ssz_bytes(),
        }
    }

    /// Reads the payload of a response with this result byte.
    pub(crate) fn from_ssz(protocol: Protocol, code: u8, bytes: &[u8]) -> Result<Self, DecodeError> {
        if let Some(code) = FailureCode::from_byte(code) {
            return Ok(Self::Failure(Failure { code, text: ErrorText::from_ssz_bytes(bytes)? }));
        }
        Ok(Self::Success(match protocol {
            Protocol::Status => ResponseBody::Status(Status::from_ssz_bytes(bytes)?),
            Protocol::Goodbye => {
                ResponseBody::Goodbye(GoodbyeReason::from_number(u64::from_ssz_bytes(bytes)?))
            }
            Protocol::BlocksByRange | Protocol::BlocksByRoot => {
                ResponseBody::Block(Box::new(CertifiedBlock::from_ssz_bytes(bytes)?))
            }
            Protocol::Ping => ResponseBody::Ping(u64::from_ssz_bytes(bytes)?),
            Protocol::MetaData => ResponseBody::MetaData(MetaData::from_ssz_bytes(bytes)?),
        }))
    }
}

impl ResponseBody {
    /// Tells what the body consists of.
    pub fn payload(&self) -> Payload {
        match self {
            Self::Status(_) => Payload::Status,
            Self::Goodbye(_) => Payload::Goodbye,
            Self::Block(_) => Payload::CertifiedBlock,
            Self::Ping(_) => Payload::Ping,
            Self::MetaData(_) => Payload::MetaData,
        }
    }
}

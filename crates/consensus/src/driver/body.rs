//! A payload in the body of a block: its JSON, cut into transactions.

use alys_wire::containers::{BlockBody, MAX_TRANSACTION_BYTES, MAX_TRANSACTIONS, Transaction};
use serde::{Deserialize, Serialize};

use crate::engine::ExecutionPayload;
use crate::octets::Octets;

/// Why a body holds no payload, or a payload fits in no body.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BodyError {
    /// It is too large.
    #[error("the payload has {octets} octets, a body holds {}", MAX_TRANSACTION_BYTES * MAX_TRANSACTIONS)]
    TooLarge {
        /// How many octets it has.
        octets: usize,
    },
    /// It cannot be read.
    #[error("the body holds no payload: {0}")]
    Unreadable(String),
    /// It is not written as it must be: there would be two bodies of one payload.
    #[error("the body holds a payload that is not written as it must be")]
    NotCanonical,
}

/// What a block carries of the execution layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Carried {
    /// The payload.
    pub payload: ExecutionPayload,
    /// The requests that go with it since Prague.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests: Option<Vec<Octets>>,
}

impl Carried {
    /// The body that carries it.
    ///
    /// # Errors
    ///
    /// [`BodyError::TooLarge`].
    pub fn to_body(&self) -> Result<BlockBody, BodyError> {
        let text = serde_json::to_vec(self).map_err(|error| BodyError::Unreadable(error.to_string()))?;
        let too_large = BodyError::TooLarge { octets: text.len() };
        let mut body = BlockBody::default();
        for piece in text.chunks(MAX_TRANSACTION_BYTES) {
            let piece = Transaction::try_from(piece.to_vec()).map_err(|_| too_large.clone())?;
            body.transactions.push(piece).map_err(|_| too_large.clone())?;
        }
        Ok(body)
    }

    /// What a body carries.
    ///
    /// # Errors
    ///
    /// [`BodyError`] when it carries nothing that can be read, or not as [`to_body`](Self::to_body) writes it.
    pub fn of(body: &BlockBody) -> Result<Self, BodyError> {
        let text: Vec<u8> = body.transactions.iter().flat_map(|piece| piece.iter().copied()).collect();
        let carried: Carried =
            serde_json::from_slice(&text).map_err(|error| BodyError::Unreadable(error.to_string()))?;
        match carried.to_body()? == *body {
            true => Ok(carried),
            false => Err(BodyError::NotCanonical),
        }
    }
}

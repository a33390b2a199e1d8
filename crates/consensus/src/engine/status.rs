//! What an execution client says to a payload or a choice: one outcome a status, and none of them by mistake.

use serde::Deserialize;
use serde_json::Value;

use crate::failure::Failure;
use crate::octets::Hash;

use super::payload::{PayloadId, decode};

/// What an execution client says to a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PayloadOutcome {
    /// It is valid, and so is everything before it.
    Valid,
    /// It is not valid, or something before it is not. It stays so.
    Invalid {
        /// The last valid block before it, if it is known.
        latest_valid: Option<Hash>,
        /// Why.
        reason: Option<String>,
    },
    /// Nothing is known yet: something before it is missing there.
    Syncing,
    /// It is kept, and not executed: it does not extend the chosen chain.
    Accepted,
}

impl PayloadOutcome {
    /// Says whether it is valid, which nothing else means.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        *self == Self::Valid
    }
}

/// What an execution client says to a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ForkchoiceOutcome {
    /// The tip is the chosen one.
    Valid {
        /// The payload that is being built, if that was asked for and is done.
        payload: Option<PayloadId>,
    },
    /// The chosen tip is not valid, or something before it is not.
    Invalid {
        /// The last valid block before it, if it is known.
        latest_valid: Option<Hash>,
        /// Why.
        reason: Option<String>,
    },
    /// Nothing is known yet: something before the chosen tip is missing there.
    Syncing,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    status: Word,
    #[serde(default)]
    latest_valid_hash: Option<Hash>,
    #[serde(default)]
    validation_error: Option<String>,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Word {
    Valid,
    Invalid,
    Syncing,
    Accepted,
    InvalidBlockHash,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Update {
    payload_status: Status,
    #[serde(default)]
    payload_id: Option<PayloadId>,
}

impl Status {
    /// What is said of the block of this hash.
    fn outcome(self, asked: Hash) -> Result<PayloadOutcome, Failure> {
        let Status { status, latest_valid_hash: latest_valid, validation_error: reason } = self;
        match status {
            Word::Valid if latest_valid == Some(asked) => Ok(PayloadOutcome::Valid),
            Word::Valid => Err(Failure::malformed(format!(
                "VALID is said of {}, asked was for {asked}",
                latest_valid.map_or("no block".to_owned(), |hash| hash.to_string())
            ))),
            Word::Invalid => Ok(PayloadOutcome::Invalid { latest_valid, reason }),
            // Version 1 had a word of its own for a hash that is not the block's.
            Word::InvalidBlockHash => Ok(PayloadOutcome::Invalid { latest_valid: None, reason }),
            Word::Syncing => Ok(PayloadOutcome::Syncing),
            Word::Accepted => Ok(PayloadOutcome::Accepted),
        }
    }
}

/// Reads what is said to a payload of this hash.
///
/// # Errors
///
/// [`Failure::Malformed`] when it is no status, or VALID is said of another block: an old answer, or another one's.
pub fn payload(result: Value, asked: Hash) -> Result<PayloadOutcome, Failure> {
    decode::<Status>(result)?.outcome(asked)
}

/// Reads what is said to the choice of a tip of this hash.
///
/// # Errors
///
/// As [`payload`]; also for a status that a choice cannot have, and for a payload that is built on a tip that is not valid.
pub fn forkchoice(result: Value, asked: Hash) -> Result<ForkchoiceOutcome, Failure> {
    let Update { payload_status, payload_id: payload } = decode(result)?;
    if payload_status.status == Word::InvalidBlockHash {
        return Err(Failure::malformed("INVALID_BLOCK_HASH is said to a choice"));
    }
    match payload_status.outcome(asked)? {
        PayloadOutcome::Valid => Ok(ForkchoiceOutcome::Valid { payload }),
        _ if payload.is_some() => Err(Failure::malformed("a payload is built on what is not valid")),
        PayloadOutcome::Invalid { latest_valid, reason } => {
            Ok(ForkchoiceOutcome::Invalid { latest_valid, reason })
        }
        PayloadOutcome::Syncing => Ok(ForkchoiceOutcome::Syncing),
        PayloadOutcome::Accepted => Err(Failure::malformed("ACCEPTED is said to a choice")),
    }
}

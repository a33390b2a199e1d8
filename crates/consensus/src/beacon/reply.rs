//! What the answer to a question means.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::failure::Failure;
use crate::octets::Hash;

use super::endpoint::BlockId;
use super::types::Health;

/// What a node says when it does not answer the question. Lodestar has another name for the code.
#[derive(Deserialize)]
struct ApiError {
    #[serde(alias = "statusCode")]
    code: u16,
    message: String,
}

/// Reads an answer; `None` when there is no such thing (404).
///
/// # Errors
///
/// [`Failure::Status`] for every status but 200 and 404, and [`Failure::Malformed`] when it is not what was asked for.
pub fn answer<T: DeserializeOwned>(status: u16, body: &[u8]) -> Result<Option<T>, Failure> {
    match status {
        200 => serde_json::from_slice(body).map(Some).map_err(Failure::malformed),
        404 => Ok(None),
        _ => Err(refusal(status, body)),
    }
}

/// Holds an answer to the block that was asked for, by the root and the slot that it shows. What a name such as `head` means is for
/// the node to say; only the first block is in slot 0.
///
/// # Errors
///
/// [`Failure::OtherBlock`] when it is about another one.
pub fn about(asked: BlockId, root: Option<Hash>, slot: Option<u64>) -> Result<(), Failure> {
    let other = |found: String| Err(Failure::OtherBlock { asked: asked.to_string(), found });
    let wanted = match asked {
        BlockId::Root(wanted) => {
            return root.filter(|root| *root != wanted).map_or(Ok(()), |root| other(root.to_string()));
        }
        BlockId::Slot(slot) => slot,
        BlockId::Genesis => 0,
        BlockId::Head | BlockId::Finalized => return Ok(()),
    };
    slot.filter(|slot| *slot != wanted).map_or(Ok(()), |slot| other(format!("the block of slot {slot}")))
}

/// Reads how a node is, which its status alone says.
///
/// # Errors
///
/// [`Failure::Status`] for a status that says nothing of it.
pub fn health(status: u16, body: &[u8]) -> Result<Health, Failure> {
    match status {
        200 => Ok(Health::Ready),
        206 => Ok(Health::Syncing),
        503 => Ok(Health::NotReady),
        _ => Err(refusal(status, body)),
    }
}

/// What is said of a status that is no answer: the node's own words, if they are of that status.
pub(super) fn refusal(status: u16, body: &[u8]) -> Failure {
    let said = serde_json::from_slice::<ApiError>(body).ok().filter(|error| error.code == status);
    match status {
        401 => Failure::Unauthorised,
        _ => Failure::Status { status, message: said.map(|error| error.message).unwrap_or_default() },
    }
}

//! The structures of the Engine API.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::failure::Failure;
use crate::number::{Quantity, Wide};
use crate::octets::{Address, Fixed, Hash, Octets};

use super::fork::Fork;

/// Names a payload that is being built.
pub type PayloadId = Fixed<8>;

/// Something that leaves the consensus layer for an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Withdrawal {
    /// Its number.
    pub index: Quantity,
    /// Whose it was.
    pub validator_index: Quantity,
    /// Where it goes.
    pub address: Address,
    /// How much, in gwei.
    pub amount: Quantity,
}

/// A block of the execution layer, as it is handed over. What a later fork has added is absent before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionPayload {
    /// The block before.
    pub parent_hash: Hash,
    /// Who gets the fees.
    pub fee_recipient: Address,
    /// The state after it.
    pub state_root: Hash,
    /// Its receipts.
    pub receipts_root: Hash,
    /// What its logs hold.
    pub logs_bloom: Fixed<256>,
    /// Randomness of the consensus layer.
    pub prev_randao: Hash,
    /// The distance from genesis.
    pub block_number: Quantity,
    /// How much gas it may use.
    pub gas_limit: Quantity,
    /// How much it does use.
    pub gas_used: Quantity,
    /// Seconds since the Unix epoch.
    pub timestamp: Quantity,
    /// What its producer likes to say, 32 octets at most.
    pub extra_data: Octets,
    /// The price of gas at least, in wei.
    pub base_fee_per_gas: Wide,
    /// Its hash.
    pub block_hash: Hash,
    /// The transactions, encoded.
    pub transactions: Vec<Octets>,
    /// What leaves the consensus layer; since Shanghai.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawals: Option<Vec<Withdrawal>>,
    /// The gas that blobs use; since Cancun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blob_gas_used: Option<Quantity>,
    /// The gas of blobs that the price of it follows from; since Cancun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excess_blob_gas: Option<Quantity>,
}

/// Which blocks the consensus layer has chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ForkchoiceState {
    /// The tip.
    pub head_block_hash: Hash,
    /// A block that is unlikely to be left again.
    pub safe_block_hash: Hash,
    /// The last final block; zero for none.
    pub finalized_block_hash: Hash,
}

/// What a payload is to be built with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PayloadAttributes {
    /// Its time, in seconds since the Unix epoch.
    pub timestamp: Quantity,
    /// Randomness of the consensus layer.
    pub prev_randao: Hash,
    /// Who gets the fees.
    pub suggested_fee_recipient: Address,
    /// What leaves the consensus layer; since Shanghai.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawals: Option<Vec<Withdrawal>>,
    /// The root of the beacon block before; since Cancun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_beacon_block_root: Option<Hash>,
}

/// A payload that was built, with what is told beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltPayload {
    /// The payload.
    pub payload: ExecutionPayload,
    /// What it is worth to its proposer, in wei; told since Shanghai.
    pub value: Option<Wide>,
    /// The requests of the execution layer; since Prague.
    pub requests: Option<Vec<Octets>>,
}

/// What is answered since Shanghai; what else is there, such as blobs, is not looked at.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    execution_payload: ExecutionPayload,
    block_value: Wide,
    #[serde(default)]
    execution_requests: Option<Vec<Octets>>,
}

impl BuiltPayload {
    /// Reads what is answered at a fork.
    ///
    /// # Errors
    ///
    /// [`Failure::Malformed`] when it is not of this fork.
    pub fn read(fork: Fork, result: Value) -> Result<Self, Failure> {
        let built = match fork {
            Fork::Paris => BuiltPayload { payload: decode(result)?, value: None, requests: None },
            _ => {
                let Envelope { execution_payload: payload, block_value, execution_requests: requests } =
                    decode(result)?;
                BuiltPayload { payload, value: Some(block_value), requests }
            }
        };
        fork.check_payload(&built.payload).map_err(Failure::malformed)?;
        match built.requests.is_some() == (fork >= Fork::Prague) {
            true => Ok(built),
            false => Err(Failure::malformed("`executionRequests` belong to Prague, and to nothing before")),
        }
    }
}

/// Reads a structure.
pub(super) fn decode<T: for<'de> Deserialize<'de>>(value: Value) -> Result<T, Failure> {
    serde_json::from_value(value).map_err(Failure::malformed)
}

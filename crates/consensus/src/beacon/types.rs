//! What a beacon node answers. Fields that a node adds are not looked at; those that the specification asks for must be there, but for
//! two that it has asked for since 2023 only.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::number::Decimal;
use crate::octets::{Fixed, Hash};

/// An answer with nothing beside the data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Data<T> {
    /// What was asked for.
    pub data: T,
}

/// An answer that depends on a state: how far it can be relied on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dated<T> {
    /// Whether payloads behind it are not known to be valid.
    pub execution_optimistic: bool,
    /// Whether it is final; older nodes do not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finalized: Option<bool>,
    /// What was asked for.
    pub data: T,
}

/// What a node calls itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeVersion {
    /// Its name, version and platform.
    pub version: String,
}

/// Whether a node is well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// It is.
    Ready,
    /// It answers, and what it says may be old (206).
    Syncing,
    /// It cannot answer yet, or is unwell (503).
    NotReady,
}

/// How far behind a node is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Syncing {
    /// The slot of its tip.
    pub head_slot: Decimal,
    /// How many slots are missing.
    pub sync_distance: Decimal,
    /// Whether it catches up.
    pub is_syncing: bool,
    /// Whether payloads behind its tip are not known to be valid.
    pub is_optimistic: bool,
    /// Whether its execution client does not answer; older nodes do not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub el_offline: Option<bool>,
}

/// Who a node is on the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Its name.
    pub peer_id: String,
    /// Its record.
    pub enr: String,
    /// Where it can be reached.
    pub p2p_addresses: Vec<String>,
    /// Where it can be found.
    pub discovery_addresses: Vec<String>,
    /// What else it says of itself.
    pub metadata: Value,
}

/// A peer of a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peer {
    /// Its name.
    pub peer_id: String,
    /// Its record, if it is known.
    #[serde(default)]
    pub enr: Option<String>,
    /// Where it was seen last.
    pub last_seen_p2p_address: String,
    /// How the connection is.
    pub state: PeerState,
    /// Who has made it.
    pub direction: Direction,
}

/// How a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PeerState {
    /// There is none.
    Disconnected,
    /// It is being made.
    Connecting,
    /// It is there.
    Connected,
    /// It is being ended.
    Disconnecting,
}

/// Who has made a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// The peer.
    Inbound,
    /// The node.
    Outbound,
}

/// Where a chain begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Genesis {
    /// When, in seconds since the Unix epoch.
    pub genesis_time: Decimal,
    /// The root of its validators.
    pub genesis_validators_root: Hash,
    /// Its first version.
    pub genesis_fork_version: Fixed<4>,
}

/// What heads a block.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeaconHeader {
    /// Its slot.
    pub slot: Decimal,
    /// Who proposed it.
    pub proposer_index: Decimal,
    /// The block before.
    pub parent_root: Hash,
    /// The state after it.
    pub state_root: Hash,
    /// What it does.
    pub body_root: Hash,
}

/// Something with its proposer's signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed<T> {
    /// What is signed.
    pub message: T,
    /// The signature.
    pub signature: Fixed<96>,
}

/// A header, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeaderRecord {
    /// The root of its block.
    pub root: Hash,
    /// Whether it is on the chain of the tip.
    pub canonical: bool,
    /// The header.
    pub header: Signed<BeaconHeader>,
}

/// A block: what every fork has of it, and the body as it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeaconBlock {
    /// Its slot.
    pub slot: Decimal,
    /// Who proposed it.
    pub proposer_index: Decimal,
    /// The block before.
    pub parent_root: Hash,
    /// The state after it.
    pub state_root: Hash,
    /// What it does; its structure is the fork's.
    pub body: Value,
}

/// A block with the fork that it is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versioned<T> {
    /// The name of the fork.
    pub version: String,
    /// Whether payloads behind it are not known to be valid.
    pub execution_optimistic: bool,
    /// Whether it is final; older nodes do not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finalized: Option<bool>,
    /// What was asked for.
    pub data: T,
}

/// The root of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Root {
    /// The root.
    pub root: Hash,
}

/// A block at the beginning of an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The epoch.
    pub epoch: Decimal,
    /// The root of the block.
    pub root: Hash,
}

/// What is final, and what is on the way there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinalityCheckpoints {
    /// What was justified before.
    pub previous_justified: Checkpoint,
    /// What is justified.
    pub current_justified: Checkpoint,
    /// What is final.
    pub finalized: Checkpoint,
}

/// A validator, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidatorRecord {
    /// Its number.
    pub index: Decimal,
    /// What it has, in gwei.
    pub balance: Decimal,
    /// How it stands, by the specification's words.
    pub status: String,
    /// What the state says of it.
    pub validator: Validator,
}

/// What a state says of a validator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validator {
    /// Its key.
    pub pubkey: Fixed<48>,
    /// Where its stake goes in the end.
    pub withdrawal_credentials: Hash,
    /// What counts of its balance, in gwei.
    pub effective_balance: Decimal,
    /// Whether it was punished.
    pub slashed: bool,
    /// When it could become active.
    pub activation_eligibility_epoch: Decimal,
    /// When it became active.
    pub activation_epoch: Decimal,
    /// When it leaves.
    pub exit_epoch: Decimal,
    /// When its stake is free.
    pub withdrawable_epoch: Decimal,
}

/// A fork of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForkRecord {
    /// The version before.
    pub previous_version: Fixed<4>,
    /// The version since.
    pub current_version: Fixed<4>,
    /// Since when.
    pub epoch: Decimal,
}

/// Who proposes in a slot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposerDuty {
    /// Its key.
    pub pubkey: Fixed<48>,
    /// Its number.
    pub validator_index: Decimal,
    /// The slot.
    pub slot: Decimal,
}

/// Who proposes in an epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposerDuties {
    /// The block that it depends on.
    pub dependent_root: Hash,
    /// Whether payloads behind it are not known to be valid.
    pub execution_optimistic: bool,
    /// Slot by slot.
    pub data: Vec<ProposerDuty>,
}

/// The constants of a network: texts, and in newer ones also lists.
pub type Spec = BTreeMap<String, Value>;

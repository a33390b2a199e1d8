//! The kinds of events, and what one of them says.

use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::number::Decimal;
use crate::octets::Hash;

use super::sse::Message;

/// A kind of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// The tip is another one.
    Head,
    /// There is a new block.
    Block,
    /// The tip has moved to another branch.
    ChainReorg,
    /// Something is final.
    FinalizedCheckpoint,
}

impl Topic {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Head, Self::Block, Self::ChainReorg, Self::FinalizedCheckpoint];

    /// Its name in a request and in the stream.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Block => "block",
            Self::ChainReorg => "chain_reorg",
            Self::FinalizedCheckpoint => "finalized_checkpoint",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.name() == name)
    }
}

/// What is said of a new tip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadEvent {
    /// Its slot.
    pub slot: Decimal,
    /// Its root.
    pub block: Hash,
    /// The root of the state after it.
    pub state: Hash,
    /// Whether an epoch begins with it.
    pub epoch_transition: bool,
    /// What the duties of the epoch before depend on.
    pub previous_duty_dependent_root: Hash,
    /// What the duties of its epoch depend on.
    pub current_duty_dependent_root: Hash,
    /// Whether its payload is not known to be valid.
    pub execution_optimistic: bool,
}

impl HeadEvent {
    /// Reads it from a message of the stream; `None` when the message is of another kind.
    ///
    /// # Errors
    ///
    /// [`Failure::Malformed`] when it is of this kind and cannot be read.
    pub fn read(message: &Message) -> Result<Option<Self>, Failure> {
        match Topic::of(&message.event) {
            Some(Topic::Head) => serde_json::from_str(&message.data).map(Some).map_err(Failure::malformed),
            _ => Ok(None),
        }
    }
}

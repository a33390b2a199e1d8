//! What can be asked for, and by which path.

use std::fmt;
use std::str::FromStr;

use crate::number::Decimal;
use crate::octets::{Fixed, Hash};

use super::event::Topic;

/// Why a text names no block or state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` names none: allowed are {allowed}, a slot, and a root of 32 octets after `0x`")]
pub struct IdError {
    /// The text.
    pub text: String,
    /// The names that are allowed.
    pub allowed: &'static str,
}

/// Names a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockId {
    /// The tip.
    Head,
    /// The first one.
    Genesis,
    /// The last final one.
    Finalized,
    /// The one of a slot, on the chain of the tip.
    Slot(u64),
    /// The one of this root.
    Root(Hash),
}

/// Names a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateId {
    /// The one of this block; a root is the state's own.
    Of(BlockId),
    /// The last justified one.
    Justified,
}

impl fmt::Display for BlockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Head => f.write_str("head"),
            Self::Genesis => f.write_str("genesis"),
            Self::Finalized => f.write_str("finalized"),
            Self::Slot(slot) => slot.fmt(f),
            Self::Root(root) => root.fmt(f),
        }
    }
}

impl fmt::Display for StateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Of(block) => block.fmt(f),
            Self::Justified => f.write_str("justified"),
        }
    }
}

impl FromStr for BlockId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let refused = || IdError { text: text.to_owned(), allowed: "head, genesis, finalized" };
        match text {
            "head" => Ok(Self::Head),
            "genesis" => Ok(Self::Genesis),
            "finalized" => Ok(Self::Finalized),
            root if root.starts_with("0x") => {
                root.parse::<Fixed<32>>().map(Self::Root).map_err(|_| refused())
            }
            slot => slot.parse::<Decimal>().map(|slot| Self::Slot(slot.0)).map_err(|_| refused()),
        }
    }
}

impl FromStr for StateId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let allowed = "head, genesis, finalized, justified";
        match text {
            "justified" => Ok(Self::Justified),
            block => block.parse().map(Self::Of).map_err(|IdError { text, .. }| IdError { text, allowed }),
        }
    }
}

/// Everything that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// What the node calls itself.
    Version,
    /// Whether it is well.
    Health,
    /// How far behind it is.
    Syncing,
    /// Who it is on the network.
    Identity,
    /// Whom it is connected to.
    Peers,
    /// Where its chain begins.
    Genesis,
    /// The headers at the tip.
    Headers,
    /// The header of a block.
    Header(BlockId),
    /// A block.
    Block(BlockId),
    /// The root of a block.
    BlockRoot(BlockId),
    /// What is final as of a state.
    Finality(StateId),
    /// The validators of a state.
    Validators(StateId),
    /// The constants of its network.
    Spec,
    /// Which forks its network has.
    ForkSchedule,
    /// Who proposes in the slots of an epoch.
    ProposerDuties(u64),
    /// The stream of events of some kinds.
    Events(Vec<Topic>),
}

impl Endpoint {
    /// The path, with the query.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Version => "/eth/v1/node/version".to_owned(),
            Self::Health => "/eth/v1/node/health".to_owned(),
            Self::Syncing => "/eth/v1/node/syncing".to_owned(),
            Self::Identity => "/eth/v1/node/identity".to_owned(),
            Self::Peers => "/eth/v1/node/peers".to_owned(),
            Self::Genesis => "/eth/v1/beacon/genesis".to_owned(),
            Self::Headers => "/eth/v1/beacon/headers".to_owned(),
            Self::Header(block) => format!("/eth/v1/beacon/headers/{block}"),
            Self::Block(block) => format!("/eth/v2/beacon/blocks/{block}"),
            Self::BlockRoot(block) => format!("/eth/v1/beacon/blocks/{block}/root"),
            Self::Finality(state) => format!("/eth/v1/beacon/states/{state}/finality_checkpoints"),
            Self::Validators(state) => format!("/eth/v1/beacon/states/{state}/validators"),
            Self::Spec => "/eth/v1/config/spec".to_owned(),
            Self::ForkSchedule => "/eth/v1/config/fork_schedule".to_owned(),
            Self::ProposerDuties(epoch) => format!("/eth/v1/validator/duties/proposer/{epoch}"),
            // The name is repeated for each: several in one are taken for one topic by some nodes.
            Self::Events(topics) => {
                let topics: Vec<_> = topics.iter().map(|topic| format!("topics={}", topic.name())).collect();
                format!("/eth/v1/events?{}", topics.join("&"))
            }
        }
    }
}

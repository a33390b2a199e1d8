//! Who takes part in a simulation.

use std::fmt;

use crate::peer::PeerId;

/// The number of the first peer: nodes have smaller ones.
const FIRST_PEER: u64 = 1000;

/// A host of a simulated network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Host {
    /// A node that syncs: the real one.
    Node(u32),
    /// A peer that follows its plan.
    Peer(u32),
}

impl Host {
    /// The number by which nodes know it.
    ///
    /// ```
    /// use alys_sync::simulated::Host;
    ///
    /// assert_eq!(Host::of(Host::Peer(3).id()), Host::Peer(3));
    /// assert_eq!(Host::Peer(3).to_string(), "peer 3");
    /// ```
    #[must_use]
    pub fn id(self) -> PeerId {
        match self {
            Self::Node(number) => PeerId(number.into()),
            Self::Peer(number) => PeerId(FIRST_PEER + u64::from(number)),
        }
    }

    /// Who has this number.
    #[must_use]
    pub fn of(id: PeerId) -> Self {
        let number = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        match id.0.checked_sub(FIRST_PEER) {
            Some(peer) => Self::Peer(number(peer)),
            None => Self::Node(number(id.0)),
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Node(number) => write!(f, "node {number}"),
            Self::Peer(number) => write!(f, "peer {number}"),
        }
    }
}

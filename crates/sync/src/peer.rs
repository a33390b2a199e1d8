//! Peers: who they are, and what they have done (SY-7).

mod breaker;
mod offence;
mod record;

pub use breaker::Breaker;
pub use offence::Offence;
pub use record::{Record, SCORE_MAX, SCORE_START};

/// A peer, by a number that its network has given it; the same peer has the same number when it comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerId(pub u64);

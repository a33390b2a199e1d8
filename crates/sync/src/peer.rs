//! Peers: who they are.

/// A peer, by a number that its network has given it; the same peer has the same number when it comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerId(pub u64);

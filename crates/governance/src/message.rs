//! What a vote signs (GV-1).

use alloy_primitives::B256;

/// The first bytes of every vote's message: signatures of blocks and approvals begin otherwise.
pub const VOTE_DOMAIN: [u8; 8] = *b"alys/gov";

/// The length of a vote's message in bytes.
pub const MESSAGE_BYTES: usize = 57;

/// What a member can vote for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Choice {
    /// For the proposal.
    Approve,
    /// Against it.
    Reject,
    /// For neither; it counts towards the quorum.
    Abstain,
}

impl Choice {
    /// Every choice, in the order of their bytes.
    pub const ALL: [Choice; 3] = [Choice::Approve, Choice::Reject, Choice::Abstain];

    /// The byte that stands for the choice, in messages and votes: none is 0.
    #[must_use]
    pub fn byte(self) -> u8 {
        match self {
            Self::Approve => 1,
            Self::Reject => 2,
            Self::Abstain => 3,
        }
    }

    /// The choice that a byte stands for.
    #[must_use]
    pub fn from_byte(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.byte() == byte)
    }
}

/// Composes what a vote signs: domain, chain id, proposal id, content hash and choice, each at a place of its own.
///
/// The content hash stands for the terms of the proposal and for the registry whose members vote on it (see
/// [`Proposal::content`](crate::proposal::Proposal::content)), so a vote holds for no other of these either.
///
/// ```
/// use alloy_primitives::B256;
/// use alys_governance::message::{Choice, vote_message};
///
/// let message = vote_message(1, 7, B256::ZERO, Choice::Approve);
/// assert_ne!(message, vote_message(2, 7, B256::ZERO, Choice::Approve));
/// assert_ne!(message, vote_message(1, 7, B256::ZERO, Choice::Reject));
/// assert_eq!(&message[..8], b"alys/gov");
/// ```
#[must_use]
pub fn vote_message(chain_id: u64, proposal: u64, content: B256, choice: Choice) -> [u8; MESSAGE_BYTES] {
    let mut bytes = [0; MESSAGE_BYTES];
    bytes[..8].copy_from_slice(&VOTE_DOMAIN);
    bytes[8..16].copy_from_slice(&chain_id.to_le_bytes());
    bytes[16..24].copy_from_slice(&proposal.to_le_bytes());
    bytes[24..56].copy_from_slice(content.as_slice());
    bytes[56] = choice.byte();
    bytes
}

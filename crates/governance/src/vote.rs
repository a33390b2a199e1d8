//! A vote, and the one way to write it.

use crate::message::Choice;
use crate::scheme::SignatureBytes;

/// The length of a vote in bytes.
pub const VOTE_BYTES: usize = 113;

/// What a member, or somebody in its name, says to have voted. It has no weight: the registry does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vote {
    /// On which proposal.
    pub proposal: u64,
    /// Who.
    pub member: u64,
    /// For what.
    pub choice: Choice,
    /// The signature, over what [`vote_message`](crate::message::vote_message) composes.
    pub signature: SignatureBytes,
}

/// Why bytes are no vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VoteError {
    /// There are too few or too many.
    #[error("a vote has {len} bytes, allowed are exactly {VOTE_BYTES}")]
    Length {
        /// How many there are.
        len: usize,
    },
    /// No choice has this byte.
    #[error("the choice of a vote is the byte {byte}, allowed are 1 to 3")]
    Choice {
        /// The byte.
        byte: u8,
    },
}

impl Vote {
    /// Writes the vote: proposal and member, both little-endian, the choice, the signature.
    ///
    /// ```
    /// use alys_governance::{message::Choice, scheme::SignatureBytes, vote::Vote};
    ///
    /// let vote = Vote { proposal: 1, member: 2, choice: Choice::Reject, signature: SignatureBytes::ZERO };
    /// assert_eq!(Vote::decode(&vote.encode()), Ok(vote));
    /// ```
    #[must_use]
    pub fn encode(&self) -> [u8; VOTE_BYTES] {
        let mut bytes = [0; VOTE_BYTES];
        bytes[..8].copy_from_slice(&self.proposal.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.member.to_le_bytes());
        bytes[16] = self.choice.byte();
        bytes[17..].copy_from_slice(self.signature.as_slice());
        bytes
    }

    /// Reads a vote. Every vote is read from one sequence of bytes only. The signature is not verified.
    ///
    /// # Errors
    ///
    /// - [`VoteError::Length`] when there are other than [`VOTE_BYTES`];
    /// - [`VoteError::Choice`] when no choice has its byte.
    pub fn decode(bytes: &[u8]) -> Result<Self, VoteError> {
        let wrong = VoteError::Length { len: bytes.len() };
        let (proposal, rest) = bytes.split_first_chunk().ok_or(wrong)?;
        let (member, rest) = rest.split_first_chunk().ok_or(wrong)?;
        let (&[byte], signature) = rest.split_first_chunk().ok_or(wrong)?;
        let signature = <[u8; 96]>::try_from(signature).map_err(|_| wrong)?;
        let choice = Choice::from_byte(byte).ok_or(VoteError::Choice { byte })?;
        let (proposal, member) = (u64::from_le_bytes(*proposal), u64::from_le_bytes(*member));
        Ok(Vote { proposal, member, choice, signature: signature.into() })
    }
}

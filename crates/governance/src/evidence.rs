//! Proof that a member has signed different choices for one proposal (GV-3).

use crate::message::Choice;
use crate::proposal::Proposal;
use crate::scheme::{Scheme, SignatureBytes};

/// What an equivocating member has signed in time; it proves itself to whoever knows the proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Of which proposal.
    pub proposal: u64,
    /// Who.
    pub member: u64,
    /// At least two choices, in their order, each with its signature.
    pub signed: Vec<(Choice, SignatureBytes)>,
}

/// Why evidence proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EvidenceRefusal {
    /// It is of another proposal.
    #[error("the evidence is of proposal {proposal}, not of {expected}")]
    Proposal {
        /// Of which.
        proposal: u64,
        /// Of which it should be.
        expected: u64,
    },
    /// Nobody with that number may vote.
    #[error("member {member} may not vote on the proposal")]
    UnknownMember {
        /// The number.
        member: u64,
    },
    /// To sign once is allowed.
    #[error("the evidence has {choices} choices, allowed are 2 or 3")]
    Single {
        /// How many there are.
        choices: usize,
    },
    /// The choices are not different ones, in their order.
    #[error("the choices of the evidence are not different ones in their order")]
    Order,
    /// A signature is not the member's.
    #[error("the signature for {choice:?} does not verify")]
    BadSignature {
        /// For which choice.
        choice: Choice,
    },
}

impl Evidence {
    /// Holds the evidence to the proposal: it takes nobody's word.
    ///
    /// # Errors
    ///
    /// Why it proves nothing.
    pub fn verify<S: Scheme>(
        &self,
        scheme: &S,
        proposal: &Proposal<S::PublicKey>,
    ) -> Result<(), EvidenceRefusal> {
        let expected = proposal.id();
        if self.proposal != expected {
            return Err(EvidenceRefusal::Proposal { proposal: self.proposal, expected });
        }
        let unknown = EvidenceRefusal::UnknownMember { member: self.member };
        let member = proposal.registry().member(self.member).ok_or(unknown)?;
        if self.signed.len() < 2 {
            return Err(EvidenceRefusal::Single { choices: self.signed.len() });
        }
        if !self.signed.is_sorted_by(|(one, _), (next, _)| one < next) {
            return Err(EvidenceRefusal::Order);
        }
        for (choice, signature) in &self.signed {
            if !scheme.verify(&member.key, &proposal.message(*choice), signature) {
                return Err(EvidenceRefusal::BadSignature { choice: *choice });
            }
        }
        Ok(())
    }
}

//! Proof that enough weight has signed one choice (GV-5, GV-6).

use crate::message::Choice;
use crate::proposal::{Proposal, State};
use crate::scheme::{Scheme, SignatureBytes};

/// Members whose weight passes, and their signatures for one choice as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Of which proposal.
    pub proposal: u64,
    /// What they signed.
    pub choice: Choice,
    /// Who, in the order of their numbers.
    pub signers: Vec<u64>,
    /// The sum of their signatures.
    pub signature: SignatureBytes,
}

/// Why a certificate proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateRefusal {
    /// It is of another proposal.
    #[error("the certificate is of proposal {proposal}, not of {expected}")]
    Proposal {
        /// Of which.
        proposal: u64,
        /// Of which it should be.
        expected: u64,
    },
    /// A signer is there twice, or out of order.
    #[error("signer {member} does not come behind the one before it")]
    Order {
        /// Who.
        member: u64,
    },
    /// Nobody with that number may vote.
    #[error("member {member} may not vote on the proposal")]
    UnknownMember {
        /// The number.
        member: u64,
    },
    /// The signers weigh too little.
    #[error("the signers have a weight of {weight}, allowed are {passing} or more")]
    TooLight {
        /// What they weigh.
        weight: u64,
        /// What passes.
        passing: u64,
    },
    /// The signature is not that of all signers, for this choice.
    #[error("the signature of {signers} members does not verify")]
    BadSignature {
        /// How many there are.
        signers: usize,
    },
}

/// Why there is no certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoCertificate {
    /// Voting is not over: votes may still come, and may still be taken back by an equivocation.
    #[error("the proposal is {state}, and not decided")]
    Undecided {
        /// Where it stands.
        state: State,
    },
    /// Too little weight has voted so.
    #[error("a weight of {weight} has voted so, a certificate is of {passing} or more")]
    TooLight {
        /// How much.
        weight: u64,
        /// What passes.
        passing: u64,
    },
    /// A signature that was taken is none of the scheme.
    #[error("a kept signature is none of the scheme")]
    Malformed,
}

impl Certificate {
    /// Makes the certificate of everybody whose vote for this choice counted when voting closed.
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub fn of<S: Scheme>(
        scheme: &S,
        proposal: &Proposal<S::PublicKey>,
        choice: Choice,
    ) -> Result<Self, NoCertificate> {
        if !proposal.is_decided() {
            return Err(NoCertificate::Undecided { state: proposal.state() });
        }
        let (mut weight, mut signers, mut signatures) = (0, Vec::new(), Vec::new());
        for (number, signed) in proposal.ballots().in_time() {
            let (Some(member), Some(signature)) =
                (proposal.registry().member(number), signed.signature(choice))
            else {
                continue;
            };
            if signed.sole().is_some() {
                weight += member.weight;
                signers.push(number);
                signatures.push(*signature);
            }
        }
        let passing = proposal.passing();
        if weight < passing {
            return Err(NoCertificate::TooLight { weight, passing });
        }
        let signature = scheme.aggregate(&signatures).ok_or(NoCertificate::Malformed)?;
        Ok(Certificate { proposal: proposal.id(), choice, signers, signature })
    }

    /// Holds the certificate to the proposal, and returns the weight that it carries. Whoever knows terms and registry can:
    /// nothing that was received is looked at.
    ///
    /// # Errors
    ///
    /// Why it proves nothing.
    pub fn verify<S: Scheme>(
        &self,
        scheme: &S,
        proposal: &Proposal<S::PublicKey>,
    ) -> Result<u64, CertificateRefusal> {
        let (expected, passing) = (proposal.id(), proposal.passing());
        if self.proposal != expected {
            return Err(CertificateRefusal::Proposal { proposal: self.proposal, expected });
        }
        let (mut weight, mut keys, mut last) = (0, Vec::with_capacity(self.signers.len()), None);
        for member in self.signers.iter().copied() {
            if last >= Some(member) {
                return Err(CertificateRefusal::Order { member });
            }
            last = Some(member);
            let unknown = CertificateRefusal::UnknownMember { member };
            let known = proposal.registry().member(member).ok_or(unknown)?;
            weight += known.weight;
            keys.push(&known.key);
        }
        if weight < passing {
            return Err(CertificateRefusal::TooLight { weight, passing });
        }
        match scheme.verify_aggregate(&keys, &proposal.message(self.choice), &self.signature) {
            true => Ok(weight),
            false => Err(CertificateRefusal::BadSignature { signers: keys.len() }),
        }
    }
}

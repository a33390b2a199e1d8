//! The authorities of a simulated chain: they sign what they propose, and enough of them approve it.

use alys_chain::{
    approvals,
    authorities::{AuthoritySet, is_quorum},
    scheme::{Domain, Message, SignatureScheme},
};
use alys_wire::containers::{AggregateApproval, Approval, Block, CertifiedBlock, SignedBlock};
use fastrand::Rng;

use super::TruthError;

/// Authorities with their secrets.
#[derive(Debug)]
pub(super) struct Authorities<S: SignatureScheme> {
    scheme: S,
    secrets: Vec<S::SecretKey>,
    set: AuthoritySet<S::PublicKey>,
    chain_id: u64,
}

impl<S: SignatureScheme> Authorities<S> {
    pub(super) fn new(scheme: S, secrets: Vec<S::SecretKey>, chain_id: u64) -> Result<Self, TruthError> {
        let stated = |secret| (scheme.public_key(secret), scheme.prove_possession(secret));
        let stated: Vec<_> = secrets.iter().map(stated).collect();
        let set = AuthoritySet::new(&scheme, &stated)?;
        Ok(Self { scheme, secrets, set, chain_id })
    }

    pub(super) fn scheme(&self) -> &S {
        &self.scheme
    }

    pub(super) fn set(&self) -> &AuthoritySet<S::PublicKey> {
        &self.set
    }

    /// How many approvals a certificate has: no more than needed.
    fn quorum(&self) -> usize {
        let n = self.set.len();
        (1..=n).find(|signers| is_quorum(*signers, n)).unwrap_or(n)
    }

    fn secret(&self, index: usize) -> Option<&S::SecretKey> {
        self.secrets.get(index % self.secrets.len())
    }

    /// Signs a block as its proposer, and certifies it by a quorum, whose first signer is drawn.
    pub(super) fn certified(&self, block: Block, rng: &mut Rng) -> Option<(CertifiedBlock, Vec<Approval>)> {
        let (block_root, slot) = (block.root(), block.header.slot);
        let proposal = Message::new(Domain::Proposal, self.chain_id, slot, block_root);
        let proposer = usize::try_from(block.header.proposer_index).ok()?;
        let signature = self.scheme.sign(self.secret(proposer)?, &proposal);

        let message = Message::new(Domain::Approval, self.chain_id, slot, block_root);
        let first = rng.usize(..self.secrets.len());
        let approval = |index: usize| -> Option<Approval> {
            let validator_index = (index % self.secrets.len()) as u64;
            let signature = self.scheme.sign(self.secret(index)?, &message);
            Some(Approval { block_root, slot, validator_index, signature })
        };
        let approvals: Vec<Approval> = (first..first + self.quorum()).map(approval).collect::<Option<_>>()?;
        let alone = approvals.iter().map(|approval| approvals::alone(approval, self.set.len()));
        let alone: Vec<AggregateApproval> = alone.collect::<Result<_, _>>().ok()?;
        let certificate = approvals::certificate(&self.scheme, &self.set, &alone.iter().collect::<Vec<_>>())?;
        Some((CertifiedBlock { signed_block: SignedBlock { block, signature }, certificate }, approvals))
    }
}

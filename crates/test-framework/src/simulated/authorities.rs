//! The authorities of a simulated chain: they sign what they propose, and enough of them approve it.

use alys_chain::{
    approvals,
    authorities::{AuthoritySet, is_quorum},
    scheme::{Domain, Message, SignatureScheme},
};
use alys_wire::containers::{AggregateApproval, Approval, Block, CertifiedBlock, SignedBlock};
use fastrand::Rng;

use super::plan::ChainPlanError;

/// Authorities with their secrets.
#[derive(Clone, Debug)]
pub(crate) struct Authorities<S: SignatureScheme> {
    scheme: S,
    secrets: Vec<S::SecretKey>,
    set: AuthoritySet<S::PublicKey>,
    chain_id: u64,
}

impl<S: SignatureScheme> Authorities<S> {
    pub(crate) fn new(scheme: S, secrets: Vec<S::SecretKey>, chain_id: u64) -> Result<Self, ChainPlanError> {
        let stated = |secret| (scheme.public_key(secret), scheme.prove_possession(secret));
        let stated: Vec<_> = secrets.iter().map(stated).collect();
        let set = AuthoritySet::new(&scheme, &stated)?;
        Ok(Self { scheme, secrets, set, chain_id })
    }

    pub(crate) fn scheme(&self) -> &S {
        &self.scheme
    }

    pub(crate) fn set(&self) -> &AuthoritySet<S::PublicKey> {
        &self.set
    }

    /// How many approvals a certificate has: no more than needed.
    pub(super) fn quorum(&self) -> usize {
        let n = self.set.len();
        (1..=n).find(|signers| is_quorum(*signers, n)).unwrap_or(n)
    }

    /// Signs a block as its proposer and certifies it by a quorum, whose first signer is drawn.
    pub(crate) fn certified(&self, block: Block, rng: &mut Rng) -> Option<CertifiedBlock> {
        let (root, slot) = (block.root(), block.header.slot);
        let secret = |index: usize| self.secrets.get(index % self.secrets.len());
        let proposal = Message::new(Domain::Proposal, self.chain_id, slot, root);
        let proposer = usize::try_from(block.header.proposer_index).ok()?;
        let signature = self.scheme.sign(secret(proposer)?, &proposal);

        let message = Message::new(Domain::Approval, self.chain_id, slot, root);
        let first = rng.usize(..self.secrets.len());
        let alone = |index: usize| -> Option<AggregateApproval> {
            let validator_index = (index % self.secrets.len()) as u64;
            let signature = self.scheme.sign(secret(index)?, &message);
            approvals::alone(&Approval { block_root: root, slot, validator_index, signature }, self.set.len())
                .ok()
        };
        let approvals: Vec<_> = (first..first + self.quorum()).map(alone).collect::<Option<_>>()?;
        let approvals: Vec<_> = approvals.iter().collect();
        let certificate = approvals::certificate(&self.scheme, &self.set, &approvals)?;
        Some(CertifiedBlock { signed_block: SignedBlock { block, signature }, certificate })
    }
}

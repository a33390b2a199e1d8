//! What can be said about a certified block without its parent: nothing of it depends on the tree, so many blocks can be judged
//! at once.

use std::error::Error;

use alys_wire::containers::{AggregateApproval, CertifiedBlock, Hash256};

use super::{ChainConfig, ImportRefusal, Signatures};
use crate::approvals::{self, ApprovalRefusal};
use crate::authorities::AuthoritySet;
use crate::candidate;
use crate::scheme::{Claim, SignatureScheme};

/// Who judges: a chain and its authorities.
#[derive(Debug)]
pub(super) struct Judge<'a, S: SignatureScheme> {
    pub(super) config: &'a ChainConfig,
    pub(super) scheme: &'a S,
    pub(super) authorities: &'a AuthoritySet<S::PublicKey>,
}

impl<'a, S: SignatureScheme> Judge<'a, S> {
    /// Judges a block of this root. What costs least is looked at first.
    pub(super) fn block<E: Error>(
        &self,
        root: Hash256,
        block: &CertifiedBlock,
        signatures: Signatures,
    ) -> Result<(), ImportRefusal<E>> {
        self.form(root, block)?;
        match signatures {
            Signatures::Verified => self.signed(block),
            Signatures::Trusted => Ok(()),
        }
    }

    /// Judges all but signatures.
    pub(super) fn form<E: Error>(
        &self,
        root: Hash256,
        block: &CertifiedBlock,
    ) -> Result<(), ImportRefusal<E>> {
        let CertifiedBlock { signed_block: proposal, certificate } = block;
        let AggregateApproval { block_root: certified, slot, bits, .. } = certificate;
        let (certified, slot, n) = (*certified, *slot, self.authorities.len());
        if (certified, slot) != (root, proposal.block.header.slot) {
            return Err(ImportRefusal::ForeignCertificate { certified, slot });
        }
        if bits.len() != n {
            return Err(ImportRefusal::Certificate(ApprovalRefusal::WrongLength { len: bits.len(), n }));
        }
        let signers = bits.num_set_bits();
        if !self.authorities.is_quorum(signers) {
            return Err(ImportRefusal::NoQuorum { signers, n });
        }
        candidate::check_header(self.authorities, &self.config.clock, proposal).map_err(ImportRefusal::Block)
    }

    /// Judges the signatures, the proposer's first.
    pub(super) fn signed<E: Error>(&self, block: &CertifiedBlock) -> Result<(), ImportRefusal<E>> {
        let CertifiedBlock { signed_block: proposal, certificate } = block;
        let chain_id = self.config.chain_id;
        candidate::check_signature(self.scheme, self.authorities, chain_id, proposal)
            .map_err(ImportRefusal::Block)?;
        approvals::verify(self.scheme, self.authorities, chain_id, certificate)
            .map_err(ImportRefusal::Certificate)
    }

    /// What the signatures of a block of this root must show.
    pub(super) fn claims<E: Error>(
        &self,
        root: Hash256,
        block: &CertifiedBlock,
    ) -> Result<[Claim<'a, S::PublicKey>; 2], ImportRefusal<E>> {
        let CertifiedBlock { signed_block: proposal, certificate } = block;
        let chain_id = self.config.chain_id;
        let proposed =
            candidate::claim(self.authorities, chain_id, root, proposal).map_err(ImportRefusal::Block)?;
        let approved =
            approvals::claim(self.authorities, chain_id, certificate).map_err(ImportRefusal::Certificate)?;
        Ok([proposed, approved])
    }
}

//! Signatures of many blocks, on several threads.

use std::sync::Arc;
use std::thread;

use alys_chain::approvals;
use alys_chain::candidate::{self, BlockRefusal};
use alys_chain::scheme::SignatureScheme;
use alys_wire::containers::CertifiedBlock;

use super::Consensus;
use crate::engine::Stop;

/// Verifies signatures.
#[derive(Clone, Debug)]
pub(super) struct Verifier<S: SignatureScheme> {
    consensus: Consensus<S>,
    threads: u64,
}

impl<S: SignatureScheme> Verifier<S> {
    pub(super) fn new(consensus: Consensus<S>, threads: u64) -> Self {
        Verifier { consensus, threads }
    }

    /// What all nodes of the chain agree on.
    pub(super) fn consensus(&self) -> &Consensus<S> {
        &self.consensus
    }

    /// Whether a block has a certificate: of itself and its slot, by a quorum.
    pub(super) fn is_certified(&self, block: &CertifiedBlock) -> bool {
        let Consensus { scheme, authorities, chain, .. } = &self.consensus;
        let (header, certificate) = (&block.signed_block.block.header, &block.certificate);
        (certificate.block_root, certificate.slot) == (header.root(), header.slot)
            && authorities.is_quorum(certificate.bits.num_set_bits())
            && approvals::verify(scheme, authorities, chain.chain_id, certificate).is_ok()
    }

    /// Whether a block is signed by its proposer, and what of it is certified by a quorum.
    fn judge(&self, block: &CertifiedBlock) -> Option<Stop> {
        let Consensus { scheme, authorities, chain, .. } = &self.consensus;
        let signed: Result<(), BlockRefusal<std::fmt::Error>> =
            candidate::check_signature(scheme, authorities, chain.chain_id, &block.signed_block);
        if signed.is_err() {
            Some(Stop::Invalid)
        } else if self.is_certified(block) {
            None
        } else {
            Some(Stop::BadCertificate)
        }
    }
}

impl<S: SignatureScheme + Sync> Verifier<S>
where
    S::PublicKey: Sync,
{
    /// Verifies all signatures of blocks: tells how many, from the first one on, are good, and what is wrong with the next.
    pub(super) fn verify(&self, blocks: &[Arc<CertifiedBlock>]) -> (usize, Option<Stop>) {
        let share = blocks.len().div_ceil(usize::try_from(self.threads).unwrap_or(1)).max(1);
        let verdicts: Vec<Option<(usize, Stop)>> = thread::scope(|scope| {
            let first = |part: &[Arc<CertifiedBlock>]| {
                part.iter().enumerate().find_map(|(place, block)| Some((place, self.judge(block)?)))
            };
            let (here, others) = blocks.split_at(share.min(blocks.len()));
            let workers: Vec<_> = others.chunks(share).map(|part| scope.spawn(move || first(part))).collect();
            let mut verdicts = vec![first(here)];
            // A thread that panics has found nothing good.
            verdicts.extend(workers.into_iter().map(|one| one.join().unwrap_or(Some((0, Stop::Invalid)))));
            verdicts
        });
        let bad = (0..).zip(verdicts).find_map(|(part, bad): (usize, _)| Some((part, bad?)));
        match bad {
            Some((part, (place, stop))) => (part * share + place, Some(stop)),
            None => (blocks.len(), None),
        }
    }
}

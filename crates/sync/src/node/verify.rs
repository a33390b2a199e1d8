//! Certificates of claimed tips, whose parents may be unknown.

use alys_chain::approvals;
use alys_chain::scheme::SignatureScheme;
use alys_wire::containers::CertifiedBlock;

use super::Consensus;

/// Whether a block has a certificate: of itself and its slot, by a quorum (SY-4).
pub(super) fn is_certified<S: SignatureScheme>(consensus: &Consensus<S>, block: &CertifiedBlock) -> bool {
    let Consensus { scheme, authorities, chain, .. } = consensus;
    let (header, certificate) = (&block.signed_block.block.header, &block.certificate);
    (certificate.block_root, certificate.slot) == (header.root(), header.slot)
        && authorities.is_quorum(certificate.bits.num_set_bits())
        && approvals::verify(scheme, authorities, chain.chain_id, certificate).is_ok()
}

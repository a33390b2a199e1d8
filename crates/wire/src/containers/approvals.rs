//! Approvals of blocks, one by one and aggregated.

use ssz_derive::{Decode, Encode};
use ssz_types::BitList;
use ssz_types::typenum::{U256, Unsigned};
use tree_hash_derive::TreeHash;

use super::{Hash256, Signature, SignedBlock};

/// The type of [`MAX_AUTHORITIES`].
pub type MaxAuthorities = U256;

/// The most authorities that a chain has.
pub const MAX_AUTHORITIES: usize = MaxAuthorities::USIZE;

/// One bit for each authority, by index.
pub type ApprovalBits = BitList<MaxAuthorities>;

/// One authority's vote for a block.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TreeHash)]
pub struct Approval {
    /// The block.
    pub block_root: Hash256,
    /// The block's slot.
    pub slot: u64,
    /// Who votes: an index into the authority set.
    pub validator_index: u64,
    /// The signature over block root, slot and the chain's id, which is signed and not sent.
    pub signature: Signature,
}

/// The votes of several authorities for one block, with their signatures made one.
///
/// The length of `bits` is the size of the authority set; that it is so, and that the signature verifies, is for the
/// chain to check.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TreeHash)]
pub struct AggregateApproval {
    /// The block.
    pub block_root: Hash256,
    /// The block's slot.
    pub slot: u64,
    /// Who has signed.
    pub bits: ApprovalBits,
    /// The aggregate of the signatures.
    pub signature: Signature,
}

/// A block with the proof that enough authorities have approved it: what is stored, and what peers are sent.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TreeHash)]
pub struct CertifiedBlock {
    /// The proposal.
    pub signed_block: SignedBlock,
    /// The proof.
    pub certificate: AggregateApproval,
}

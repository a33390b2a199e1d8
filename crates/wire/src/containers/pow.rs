//! Merged mining: the proof that a Bitcoin block commits to a range of ours.

use alloy_primitives::FixedBytes;
use ssz_derive::{Decode, Encode};
use ssz_types::VariableList;
use ssz_types::typenum::{U32, U65536, Unsigned};
use tree_hash_derive::TreeHash;

use super::Hash256;

/// The type of [`MAX_BRANCH_HASHES`].
pub type MaxBranchHashes = U32;

/// The type of [`MAX_COINBASE_BYTES`].
pub type MaxCoinbaseBytes = U65536;

/// The most hashes that a Merkle branch can be sent with; what a chain accepts may be less.
pub const MAX_BRANCH_HASHES: usize = MaxBranchHashes::USIZE;

/// The most bytes that a coinbase transaction can be sent with.
pub const MAX_COINBASE_BYTES: usize = MaxCoinbaseBytes::USIZE;

/// A Bitcoin block header, as Bitcoin serialises it.
pub type ParentHeader = FixedBytes<80>;

/// The hashes of a Merkle branch, from the leaf upwards.
pub type BranchHashes = VariableList<Hash256, MaxBranchHashes>;

/// The proof that a Bitcoin header commits to a hash of another chain, as merged mining defines it.
///
/// Hashes are in the order of bytes in which they are hashed, not in which Bitcoin prints them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TreeHash)]
pub struct AuxPow {
    /// The coinbase transaction, in which the commitment stands.
    pub coinbase: VariableList<u8, MaxCoinbaseBytes>,
    /// The branch from the coinbase to the header's Merkle root.
    pub coinbase_branch: BranchHashes,
    /// The place of the coinbase among the transactions of its block.
    pub coinbase_index: u64,
    /// The branch from our hash to the root of merged chains.
    pub chain_branch: BranchHashes,
    /// Our slot among the merged chains.
    pub chain_index: u64,
    /// The header that was mined.
    pub parent_header: ParentHeader,
}

/// Work that anchors one contiguous range of finalised blocks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TreeHash)]
pub struct PowAnchor {
    /// The height of the first block of the range.
    pub first_height: u64,
    /// The height of the last one.
    pub last_height: u64,
    /// The hash of the range, to which the work commits.
    pub range_root: Hash256,
    /// The required work in Bitcoin's compact form.
    pub bits: u32,
    /// The id of our chain among merged chains.
    pub chain_id: u32,
    /// The work.
    pub aux_pow: AuxPow,
}

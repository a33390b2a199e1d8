//! The SSZ containers that nodes exchange and that the chain stores.
//!
//! Every one of them has one encoding ([`ssz::Encode`], [`ssz::Decode`]) and one hash-tree root
//! ([`tree_hash::TreeHash`]), as the consensus specifications define both (`ssz/simple-serialize.md`). Lists are bounded
//! by their types: a longer one neither encodes nor decodes.
//!
//! ```
//! use alys_wire::containers::{Block, BlockBody, BlockHeader, Hash256};
//! use ssz::{Decode, Encode};
//!
//! let body = BlockBody::default();
//! let header = BlockHeader { height: 1, slot: 1, body_root: body.root(), ..BlockHeader::default() };
//! let block = Block { header, body };
//! let bytes = block.as_ssz_bytes();
//! assert_eq!(Block::from_ssz_bytes(&bytes), Ok(block.clone()));
//! assert_eq!(block.root(), block.header.root());
//! assert_ne!(block.root(), Hash256::ZERO);
//! ```

mod approvals;
mod blocks;
mod pegout;
mod pow;

pub use approvals::{
    AggregateApproval, Approval, ApprovalBits, CertifiedBlock, MAX_AUTHORITIES, MaxAuthorities,
};
pub use blocks::{
    Block, BlockBody, BlockHeader, MAX_TRANSACTION_BYTES, MAX_TRANSACTIONS, MaxTransactionBytes,
    MaxTransactions, SignedBlock, Transaction,
};
pub use pegout::{
    InputSignature, MAX_PEGOUT_INPUTS, MAX_PEGOUTS, MaxPegoutInputs, MaxPegouts, PegoutSignature,
    PegoutSignatures,
};
pub use pow::{
    AuxPow, BranchHashes, MAX_BRANCH_HASHES, MAX_COINBASE_BYTES, MaxBranchHashes, MaxCoinbaseBytes,
    ParentHeader, PowAnchor,
};

/// A 32-byte hash: a hash-tree root, or another protocol's hash.
pub type Hash256 = alloy_primitives::B256;

/// A compressed BLS12-381 signature in G2, as bytes: whether they are a point is for who verifies them to say.
pub type Signature = alloy_primitives::FixedBytes<96>;

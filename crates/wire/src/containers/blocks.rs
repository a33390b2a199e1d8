//! Blocks and proposals.

use ssz_derive::{Decode, Encode};
use ssz_types::VariableList;
use ssz_types::typenum::{U1024, U65536, Unsigned};
use tree_hash::TreeHash;
use tree_hash_derive::TreeHash;

use super::{Hash256, Signature};

/// The type of [`MAX_TRANSACTION_BYTES`].
pub type MaxTransactionBytes = U65536;

/// The type of [`MAX_TRANSACTIONS`].
pub type MaxTransactions = U1024;

/// The most bytes that one transaction has.
pub const MAX_TRANSACTION_BYTES: usize = MaxTransactionBytes::USIZE;

/// The most transactions that one block has.
pub const MAX_TRANSACTIONS: usize = MaxTransactions::USIZE;

/// A transaction, whose bytes mean something to the state transition alone.
pub type Transaction = VariableList<u8, MaxTransactionBytes>;

/// What is hashed, signed and approved of a block.
///
/// The default is all zeroes, and no block of any chain but possibly a genesis.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TreeHash)]
pub struct BlockHeader {
    /// The root of the block before.
    pub parent_root: Hash256,
    /// The distance from genesis.
    pub height: u64,
    /// The slot in which the block was proposed.
    pub slot: u64,
    /// Who proposed it: an index into the authority set.
    pub proposer_index: u64,
    /// The root of the state after the block.
    pub state_root: Hash256,
    /// The root of the block's [`BlockBody`].
    pub body_root: Hash256,
    /// Seconds since the Unix epoch.
    pub timestamp: u64,
}

impl BlockHeader {
    /// Tells the root of the block that this header heads: the hash-tree root of the header.
    pub fn root(&self) -> Hash256 {
        self.tree_hash_root()
    }
}

/// What a block does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TreeHash)]
pub struct BlockBody {
    /// The transactions, in the order in which they are executed.
    pub transactions: VariableList<Transaction, MaxTransactions>,
}

impl BlockBody {
    /// Tells what [`BlockHeader::body_root`] must be for this body.
    pub fn root(&self) -> Hash256 {
        self.tree_hash_root()
    }
}

/// A block: a header, and the body that it names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TreeHash)]
pub struct Block {
    /// What is hashed, signed and approved.
    pub header: BlockHeader,
    /// What the block does.
    pub body: BlockBody,
}

impl Block {
    /// Tells the root of the block, which is the one of its header.
    ///
    /// Note that it covers the body only as far as the header's `body_root` is the body's: who takes a block from
    /// elsewhere compares the two. The container's own hash-tree root is another value, and no part of the protocol.
    pub fn root(&self) -> Hash256 {
        self.header.root()
    }
}

/// A proposal: a block and its proposer's signature.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TreeHash)]
pub struct SignedBlock {
    /// The block.
    pub block: Block,
    /// The proposer's signature over the block's root, in the domain of proposals and bound to the chain's id.
    pub signature: Signature,
}

//! The bytes of a proof.
//!
//! The layout is the one in which miners hand a proof in: the coinbase, the hash of the parent header, the branch of the
//! coinbase with its index, that of the chain with its index, the parent header. Numbers are little-endian, lengths are
//! the variable ones of Bitcoin. The hash says nothing that the header does not, so it must be the one of the header: a
//! proof has one form.

use bitcoin::{
    BlockHash, Transaction, VarInt,
    consensus::{Decodable, encode},
    hashes::Hash as _,
};
use thiserror::Error;

use super::{AuxPow, BRANCH_LEN_MAX, Branch, BranchKind};

/// Why bytes are no proof.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AuxPowDecodeError {
    /// A part of it cannot be read.
    #[error("the {part} cannot be read: {error}")]
    Part {
        /// Which part.
        part: &'static str,
        /// Why.
        error: encode::Error,
    },
    /// A branch is longer than any tree of merged mining; nothing was allocated for it.
    #[error("the {kind} branch has {len} hashes: {BRANCH_LEN_MAX} are allowed")]
    BranchTooLong {
        /// Which branch.
        kind: BranchKind,
        /// How many hashes it claims.
        len: u64,
    },
    /// The hash beside the coinbase is not the one of the parent header.
    #[error("the proof names the parent block {named}, and its header is {header}")]
    OtherParent {
        /// The hash that stands there.
        named: BlockHash,
        /// The hash of the header.
        header: BlockHash,
    },
    /// Something follows.
    #[error("{len} bytes follow the proof: none are allowed")]
    TrailingBytes {
        /// How many.
        len: usize,
    },
}

fn part<T: Decodable>(part: &'static str, bytes: &mut &[u8]) -> Result<T, AuxPowDecodeError> {
    T::consensus_decode(bytes).map_err(|error| AuxPowDecodeError::Part { part, error })
}

fn branch(kind: BranchKind, bytes: &mut &[u8]) -> Result<Branch, AuxPowDecodeError> {
    let VarInt(len) = part("length of a branch", bytes)?;
    if len > BRANCH_LEN_MAX as u64 {
        return Err(AuxPowDecodeError::BranchTooLong { kind, len });
    }
    let hashes = (0..len).map(|_| part("hash of a branch", bytes)).collect::<Result<_, _>>()?;
    Ok(Branch { hashes, index: part("index of a branch", bytes)? })
}

impl AuxPow {
    /// Reads a proof, which must be all of the bytes.
    ///
    /// # Errors
    ///
    /// [`AuxPowDecodeError`] says which part is wrong.
    pub fn decode(mut bytes: &[u8]) -> Result<Self, AuxPowDecodeError> {
        let bytes = &mut bytes;
        let coinbase: Transaction = part("coinbase", bytes)?;
        let named: BlockHash = part("hash of the parent block", bytes)?;
        let coinbase_branch = branch(BranchKind::Coinbase, bytes)?;
        let chain_branch = branch(BranchKind::Chain, bytes)?;
        let proof = AuxPow { parent: part("parent header", bytes)?, coinbase, coinbase_branch, chain_branch };
        let header = proof.parent.block_hash();
        if named != header {
            return Err(AuxPowDecodeError::OtherParent { named, header });
        }
        if !bytes.is_empty() {
            return Err(AuxPowDecodeError::TrailingBytes { len: bytes.len() });
        }
        Ok(proof)
    }

    /// Writes the proof.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = encode::serialize(&self.coinbase);
        bytes.extend(self.parent.block_hash().to_byte_array());
        for branch in [&self.coinbase_branch, &self.chain_branch] {
            bytes.extend(encode::serialize(&VarInt(branch.hashes.len() as u64)));
            bytes.extend(branch.hashes.as_flattened());
            bytes.extend(branch.index.to_le_bytes());
        }
        bytes.extend(encode::serialize(&self.parent));
        bytes
    }
}

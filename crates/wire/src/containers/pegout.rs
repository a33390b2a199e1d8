//! The federation's signatures under payments to Bitcoin.

use alloy_primitives::FixedBytes;
use ssz_derive::{Decode, Encode};
use ssz_types::VariableList;
use ssz_types::typenum::{U64, U256, Unsigned};
use tree_hash_derive::TreeHash;

use super::Hash256;

/// The type of [`MAX_PEGOUTS`].
pub type MaxPegouts = U64;

/// The type of [`MAX_PEGOUT_INPUTS`].
pub type MaxPegoutInputs = U256;

/// The most payments that one message signs.
pub const MAX_PEGOUTS: usize = MaxPegouts::USIZE;

/// The most inputs that one payment has.
pub const MAX_PEGOUT_INPUTS: usize = MaxPegoutInputs::USIZE;

/// A compact signature for one input of a Bitcoin transaction.
pub type InputSignature = FixedBytes<64>;

/// One member's signatures for one payment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TreeHash)]
pub struct PegoutSignature {
    /// The transaction that pays, by the hash that Bitcoin computes of it.
    pub txid: Hash256,
    /// One signature for each input, in their order.
    pub inputs: VariableList<InputSignature, MaxPegoutInputs>,
}

/// One member's signatures for the payments that wait for them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TreeHash)]
pub struct PegoutSignatures {
    /// Who signs: an index into the federation.
    pub signer_index: u64,
    /// The payments.
    pub pegouts: VariableList<PegoutSignature, MaxPegouts>,
}

//! The state transition, which the chain is given.

mod balances;
mod trie;

use std::error::Error;
use std::fmt::Debug;

use alys_wire::containers::{BlockBody, Hash256};

pub use balances::{Balances, SupplyOverflow, TRANSFER_BYTES, Transfer, TransferError, Transfers};

/// What blocks do to the state that their headers commit to.
///
/// It is a function: the same body on the same state gives the same state, everywhere.
pub trait StateTransition {
    /// The state. One is kept for each block that can still be built on, so clones should share what they have in common.
    type State: Clone + Debug;
    /// Why a body cannot be executed.
    type Error: Error + Clone + PartialEq + 'static;

    /// Executes a body.
    ///
    /// # Errors
    ///
    /// Why the body cannot be executed on this state, as a whole.
    fn apply(&self, state: &Self::State, body: &BlockBody) -> Result<Self::State, Self::Error>;

    /// The root that a header commits to.
    fn root(&self, state: &Self::State) -> Hash256;
}

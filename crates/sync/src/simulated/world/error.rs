//! What keeps a simulation from going on.

use alys_chain::{engine::RestoreError, transition::TransferError};
use thiserror::Error;

use crate::simulated::plan::PlanError;
use crate::simulated::truth::{TruthError, TruthPlan};

/// Why there is no simulation, or why it does not go on.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SimulationError {
    /// The plan is refused.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// There is no such truth.
    #[error(transparent)]
    Truth(#[from] TruthError),
    /// The truth is of another plan.
    #[error("the plan asks for another truth than the one it is given: {asked:?}, not {given:?}")]
    OtherTruth {
        /// What the plan says.
        asked: Box<TruthPlan>,
        /// What the truth was made of.
        given: Box<TruthPlan>,
    },
    /// No clock shows the slot in which it would begin.
    #[error("no clock shows the slot of block {known}")]
    NoBeginning {
        /// The last block that is there at the beginning.
        known: u64,
    },
    /// What a node had made durable is no chain.
    #[error("node {node} cannot be restored: {error}")]
    Restore {
        /// Which.
        node: u32,
        /// Why.
        error: RestoreError<TransferError>,
    },
}

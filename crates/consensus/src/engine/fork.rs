//! Which version of each method a fork has, and what its structures must hold.

use super::payload::{ExecutionPayload, PayloadAttributes};

/// A fork of the execution layer: it says which version of a method is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fork {
    /// The merge: version 1 of everything.
    Paris,
    /// Withdrawals.
    Shanghai,
    /// Blobs, and the root of the parent's beacon block.
    Cancun,
    /// Requests of the execution layer.
    Prague,
}

/// Why a structure is not of a fork.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` is {}, and at {fork:?} it must not be", if *.is_there { "there" } else { "missing" })]
pub struct ShapeError {
    /// The field.
    pub field: &'static str,
    /// The fork.
    pub fork: Fork,
    /// Whether it is there.
    pub is_there: bool,
}

impl Fork {
    /// All of them, in their order.
    pub const ALL: [Self; 4] = [Self::Paris, Self::Shanghai, Self::Cancun, Self::Prague];

    /// The method that a payload is submitted by.
    #[must_use]
    pub fn new_payload(self) -> &'static str {
        match self {
            Self::Paris => "engine_newPayloadV1",
            Self::Shanghai => "engine_newPayloadV2",
            Self::Cancun => "engine_newPayloadV3",
            Self::Prague => "engine_newPayloadV4",
        }
    }

    /// The method that the choice of a fork is made known by.
    #[must_use]
    pub fn forkchoice_updated(self) -> &'static str {
        match self {
            Self::Paris => "engine_forkchoiceUpdatedV1",
            Self::Shanghai => "engine_forkchoiceUpdatedV2",
            Self::Cancun | Self::Prague => "engine_forkchoiceUpdatedV3",
        }
    }

    /// The method that a payload is got by.
    #[must_use]
    pub fn get_payload(self) -> &'static str {
        match self {
            Self::Paris => "engine_getPayloadV1",
            Self::Shanghai => "engine_getPayloadV2",
            Self::Cancun => "engine_getPayloadV3",
            Self::Prague => "engine_getPayloadV4",
        }
    }

    /// Every method that a client of this fork calls.
    #[must_use]
    pub fn methods(self) -> [&'static str; 3] {
        [self.new_payload(), self.forkchoice_updated(), self.get_payload()]
    }

    /// Holds a payload to the fork: nothing is missing, and nothing is of a later one.
    ///
    /// # Errors
    ///
    /// [`ShapeError`] names the first field that is there or missing and must not be.
    pub fn check_payload(self, payload: &ExecutionPayload) -> Result<(), ShapeError> {
        self.check("withdrawals", Self::Shanghai, payload.withdrawals.is_some())?;
        self.check("blobGasUsed", Self::Cancun, payload.blob_gas_used.is_some())?;
        self.check("excessBlobGas", Self::Cancun, payload.excess_blob_gas.is_some())
    }

    /// The same for whether requests go with a payload. No request is not the same as none at all: a list of none is sent.
    ///
    /// # Errors
    ///
    /// As [`check_payload`](Self::check_payload).
    pub fn check_requests(self, are_there: bool) -> Result<(), ShapeError> {
        self.check("executionRequests", Self::Prague, are_there)
    }

    /// The same for attributes.
    ///
    /// # Errors
    ///
    /// As [`check_payload`](Self::check_payload).
    pub fn check_attributes(self, attributes: &PayloadAttributes) -> Result<(), ShapeError> {
        self.check("withdrawals", Self::Shanghai, attributes.withdrawals.is_some())?;
        self.check("parentBeaconBlockRoot", Self::Cancun, attributes.parent_beacon_block_root.is_some())
    }

    fn check(self, field: &'static str, since: Self, is_there: bool) -> Result<(), ShapeError> {
        match is_there == (self >= since) {
            true => Ok(()),
            false => Err(ShapeError { field, fork: self, is_there }),
        }
    }
}

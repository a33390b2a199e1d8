//! The Engine API: how a consensus client drives an execution client.
//!
//! Source: `src/engine` of <https://github.com/ethereum/execution-apis>, Paris to Prague. The types are our own: the ones of the
//! crates for it come with transactions, tries and curves that nothing here looks into, and take what the specification
//! refuses, such as leading zeros.

pub mod client;
pub mod fork;
pub mod jwt;
pub mod payload;
pub mod rpc;
pub mod status;

pub use client::{EngineClient, EngineSettings};
pub use fork::{Fork, ShapeError};
pub use jwt::{JwtSecret, SecretError};
pub use payload::{
    BuiltPayload, ExecutionPayload, ForkchoiceState, PayloadAttributes, PayloadId, Withdrawal,
};
pub use status::{ForkchoiceOutcome, PayloadOutcome};

//! Checkpoints: what they bind, how they chain, and how they are verified (CH-6, CH-7).
//!
//! A [`Checkpoint`] binds the block root and the state root of a finalised height to the checkpoint before it, so that
//! checkpoints are a hash chain of their own behind the root of the genesis. It is a function of chain and
//! [`Interval`]: who loses one can build it again, byte for byte.
//!
//! Nothing here reads a disk: the [store](crate::store) looks up what a checkpoint must say, and [`Expected::check`]
//! compares.

mod interval;
mod record;

pub use self::{
    interval::{Interval, IntervalError},
    record::{Checkpoint, CheckpointFault, CheckpointId, Expected, ROW_LEN},
};

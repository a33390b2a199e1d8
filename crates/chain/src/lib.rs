//! The chain of an Alys node: blocks, quorum, fork choice, finality, checkpoints and AuxPoW.
//!
//! Decisions are pure: [`engine`] takes events and the time, and answers with effects in the order in which they must
//! be carried out. [`store`] carries out those that must be durable.

pub mod checkpoint;
pub mod engine;
pub mod pow;
pub mod store;

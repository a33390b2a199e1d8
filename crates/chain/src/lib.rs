//! The chain of an Alys node: blocks, quorum, fork choice, finality, checkpoints and AuxPoW.
//!
//! Decisions are pure: [`engine`] takes events and the time, and answers with effects in the order in which they must
//! be carried out. [`node`] carries them out, and [`store`] is what makes durable those that must be. What is signed and approved is for [`scheme`],
//! [`authorities`] and [`approvals`] to verify, what a block may be for [`candidate`], where it goes for [`tree`] and
//! [`finality`], and when an authority votes for [`voter`].

pub mod approvals;
pub mod authorities;
pub mod candidate;
pub mod checkpoint;
pub mod engine;
pub mod finality;
pub mod node;
pub mod pool;
pub mod pow;
pub mod scheme;
pub mod slots;
pub mod store;
pub mod transition;
pub mod tree;
pub mod voter;

//! Proof of work: the headers of the parent chain, and how they anchor ours (CH-10).
//!
//! - [`Headers`] validates headers of Bitcoin one by one, and [`validate`] a stream of them: links, proof of work,
//!   retarget and median time past, with the parameters of a [`Network`].
//! - [`AuxPow`] is the proof that a parent header commits to something of ours; [`AuxPow::verify`] holds it to every
//!   rule of merged mining.
//! - [`Anchor`] is what is committed to: one contiguous range of finalised blocks. [`Anchored`] says which range may
//!   come next.
//! - [`Retarget`] is the difficulty that *our* chain asks for, and [`Gate`] stops production while too little is
//!   anchored.
//!
//! Everything here is a pure function of its arguments; what was anchored is durable in the
//! [store](crate::store).

mod anchor;
mod auxpow;
mod bits;
mod coinbase;
mod decode;
mod gate;
mod headers;
mod network;
mod retarget;
mod stream;

pub use self::{
    anchor::{Anchor, AnchorRefused, Anchored},
    auxpow::{AuxPow, AuxPowRefused, Branch, BranchKind, WorkRequired},
    bits::{Bits, BitsError},
    coinbase::{MAGIC, MergedMining, MergedMiningError, slot_expected},
    decode::AuxPowDecodeError,
    gate::{Gate, GateError},
    headers::{HeaderError, HeaderReason, Headers, RawHeader, StartError, header_hash},
    network::{Network, PrivateNetwork},
    retarget::{Retarget, RetargetError},
    stream::{HeaderStreamError, validate},
};

/// The longest Merkle branch that is looked at: a slot index has 30 bits at most.
pub const BRANCH_LEN_MAX: usize = 30;

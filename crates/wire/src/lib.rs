//! The wire format of an Alys node: the Ethereum consensus request/response and gossip encoding `ssz_snappy`.
//!
//! - [`containers`] are the values that nodes exchange and that the chain is built of: SSZ, with hash-tree roots.
//! - [`message`] has requests and responses, [`codes`] their codes, [`protocol`] their streams' names.
//! - [`stream`] encodes and decodes the messages of a stream, [`mod@frame`] the frames they are made of.
//! - [`gossip`] has topics, messages and their ids.
//! - [`limits`] is the one table of sizes, [`quota`] the one of rates, and [`fault`] what is held against a peer.
//!
//! Nothing here does I/O or reads a clock. Arbitrary bytes give a message or a typed error.
//!
//! # Limitations
//!
//! The first version of Alys put MessagePack blocks and a shorter status into the same frames; it is not spoken here.

pub mod codes;
pub mod containers;
pub mod error;
pub mod fault;
pub mod frame;
pub mod gossip;
pub mod limits;
pub mod message;
pub mod protocol;
pub mod quota;
pub mod stream;

pub use error::{Cause, EncodeError, WireError};

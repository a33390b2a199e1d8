//! The wire format of an Alys node.
//!
//! [`containers`] are the values that nodes exchange and that the chain is built of: SSZ, with hash-tree roots.

pub mod containers;

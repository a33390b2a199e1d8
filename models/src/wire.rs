//! Reference model of the wire format (rules WR-1 to WR-4 and WR-6), with everything it stands on.
//!
//! Nothing here is fast or clever: checksums are computed bit by bit, numbers are judged by looking for one that still
//! fits, and a stream is decoded from its first byte whenever something has arrived. [`ssz`] knows types as data, so
//! the sizes that are allowed follow from the types ([`payload`]); [`snappy`] expands raw blocks; [`frame`] is the frame
//! layer, [`stream`] what a stream may carry, [`gossip`] what is published, [`quota`] how often a peer may ask.
//!
//! ```
//! use alys_models::wire::frame::{self, Expected, Outcome};
//!
//! let expected = Expected { coded: false, success: (1, 100), failure: (1, 100) };
//! let bytes = frame::encode_plain(None, b"abc");
//! let Outcome::Whole(frame) = frame::decode(&bytes, &expected) else { panic!("the frame is whole") };
//! assert_eq!((frame.payload, frame.used), (b"abc".to_vec(), bytes.len()));
//! assert_eq!(frame::decode(&bytes[..9], &expected), Outcome::More);
//! ```

pub mod checksum;
pub mod frame;
pub mod gossip;
pub mod payload;
pub mod quota;
pub mod sha256;
pub mod snappy;
pub mod ssz;
pub mod stream;
pub mod varint;

#[cfg(test)]
mod tests;

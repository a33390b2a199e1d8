//! Bytes as a row of a checkpoint, sealed or not, and compared with what it must say.
#![no_main]

use alys_chain_store_properties::fuzz::{aloud, checkpoint_bytes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| aloud(checkpoint_bytes, bytes));

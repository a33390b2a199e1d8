//! A valid message of any kind and a list of corruptions, decoded by the codec and by its model.
#![no_main]

use alys_wire_properties::fuzz::{aloud, corrupt_msg};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| aloud(corrupt_msg, bytes));

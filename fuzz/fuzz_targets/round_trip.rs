//! A valid message of any kind, encoded and decoded.
#![no_main]

use alys_wire_properties::fuzz::{aloud, round_trip};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| aloud(round_trip, bytes));

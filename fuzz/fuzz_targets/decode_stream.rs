//! Raw bytes on any stream, in any pieces, decoded by the codec and by its model.
#![no_main]

use alys_wire_properties::fuzz::{aloud, decode_stream};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| aloud(decode_stream, bytes));

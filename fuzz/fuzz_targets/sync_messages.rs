//! A Byzantine crowd's bytes against a whole node that syncs.
#![no_main]

use alys_sync_properties::fuzz::{aloud, sync_messages};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| aloud(sync_messages, bytes));

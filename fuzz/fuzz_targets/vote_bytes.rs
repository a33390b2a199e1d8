//! Any bytes, taken for a vote.
#![no_main]

use alys_governance_properties::fuzz::{aloud, vote_bytes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| aloud(vote_bytes, bytes));

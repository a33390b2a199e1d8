//! A proof of work, raw or mined and then changed, or a header of the parent chain, judged by the rules.
#![no_main]

use alys_chain_store_properties::fuzz::{aloud, auxpow_header};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| aloud(auxpow_header, bytes));

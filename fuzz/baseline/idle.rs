//! Does nothing, in a program in which everything is that other targets run: what a fuzzer itself costs them.
#![no_main]

use std::hint::black_box;

use alys_properties::fuzz;
use alys_wire_properties::fuzz as wire;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if black_box(false) {
        fuzz::TARGETS.iter().for_each(|target| target.judge(bytes));
        wire::TARGETS.iter().for_each(|target| (target.body)(bytes));
    }
});

//! Does nothing, in a program in which everything is that other targets run: what a fuzzer itself costs them.
#![no_main]

use std::hint::black_box;

use alys_properties::fuzz;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if black_box(false) {
        fuzz::TARGETS.iter().for_each(|target| target.judge(bytes));
    }
});

//! A node with ideal signatures beside its model.
#![no_main]

use alys_chain_properties::fuzz::{ChainTransitions, Input};
use alys_properties::fuzz::mutated;
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

fuzz_target!(|input: Input<'_, ChainTransitions>| input.judge());

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutated(data, size, max_size, seed, fuzzer_mutate)
});

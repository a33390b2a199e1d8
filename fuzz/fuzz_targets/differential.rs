//! All that a mailbox or a tracker shows against all that its model shows.
#![no_main]

use alys_properties::fuzz::{Differential, Input, mutated};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

fuzz_target!(|input: Input<'_, Differential>| input.judge());

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutated(data, size, max_size, seed, fuzzer_mutate)
});

//! Governance beside its model.
#![no_main]

use alys_governance_properties::fuzz::{GovernanceTransitions, Input, mutated};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

fuzz_target!(|input: Input<'_, GovernanceTransitions>| input.judge());

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutated(data, size, max_size, seed, fuzzer_mutate)
});

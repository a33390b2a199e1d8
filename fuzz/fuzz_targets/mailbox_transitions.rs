//! The mailbox, every future polled by hand, beside its model.
#![no_main]

use alys_properties::fuzz::{Input, MailboxTransitions, mutated};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

fuzz_target!(|input: Input<'_, MailboxTransitions>| input.judge());

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutated(data, size, max_size, seed, fuzzer_mutate)
});

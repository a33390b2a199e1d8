//! The coverage-guided engine: any bytes are a case of a description, for fuzzers to search among.
//!
//! The generator of a description draws its choices from bytes instead of from a seed; there is no second generator. The
//! first [`START`] bytes decide how the case begins, each [`BLOCK`] after them one transition, and the sequence ends with
//! the bytes. A choice takes two bytes; what needs more choices than a block holds gets them from a mix of that block. So an
//! edit of one block changes one transition, those before it not at all, and those after it only as far as they depend
//! on the model's state: what a fuzzer has reached survives its next mutation.

use arbitrary::Unstructured;
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use crate::{
    counterexample::{Counterexample, Origin, replayed, test_command},
    draw::SplitMix,
    sequential::{self, StateOf, Suite, TransitionOf, fail, fails},
    small::Small,
};

/// How many bytes decide how a case begins.
pub const START: usize = 32;

/// How many bytes decide one transition.
pub const BLOCK: usize = 12;

/// How many choices of a block are mixed from it when its own are used up; the longest transition needs fewer.
const MIXED: usize = 64;

/// Reads a case from bytes: how it begins, and its transitions. Missing bytes of the beginning count as zeros.
#[must_use]
pub fn case<T: StateMachineTest>(bytes: &[u8]) -> (StateOf<T>, Vec<TransitionOf<T>>) {
    let mut unread = Unstructured::new(bytes);
    let mut start = [0; START];
    let given = START.min(unread.len());
    // So many bytes there are: this cannot fail.
    start[..given].copy_from_slice(unread.bytes(given).unwrap_or_default());
    let mut runner = TestRunner::new_with_rng(sequential::quiet_config(), choices(&start));
    let initial = drawn(&T::Reference::init_state(), &mut runner);
    let (mut state, mut transitions) = (Some(initial.clone()), Vec::new());
    while let (Some(now), Ok(block)) = (state.take(), unread.bytes(BLOCK)) {
        *runner.rng() = choices(block);
        let transition = drawn(&T::Reference::transitions(&now), &mut runner);
        let allowed = T::Reference::preconditions(&now, &transition);
        state = Some(if allowed { T::Reference::apply(now, &transition) } else { now });
        transitions.extend(allowed.then_some(transition));
    }
    (initial, transitions)
}

/// The random source that makes the choices of these bytes.
///
/// Generators look at the upper bits of a 32-bit number first, so each pair of bytes becomes those, the first byte the
/// uppermost.
fn choices(bytes: &[u8]) -> TestRng {
    let folded =
        bytes.iter().fold(0, |sum: u64, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3));
    let mut mix = SplitMix(folded);
    let mut words = Vec::with_capacity(2 * bytes.len() + 4 * MIXED);
    bytes.chunks_exact(2).for_each(|pair| words.extend_from_slice(&[0, 0, pair[1], pair[0]]));
    (0..MIXED / 2).for_each(|_| words.extend_from_slice(&mix.next().to_le_bytes()));
    TestRng::from_seed(RngAlgorithm::PassThrough, &words)
}

fn drawn<S: Strategy>(strategy: &S, runner: &mut TestRunner) -> S::Value {
    match strategy.new_tree(runner) {
        Ok(tree) => tree.current(),
        Err(reason) => panic!("the generator gave up: {reason}"),
    }
}

/// Runs the case of some bytes on the real thing beside its model, and says how many transitions it has.
///
/// # Errors
///
/// The counterexample, minimised, when a rule breaks or the code under test panics.
pub fn run<T: StateMachineTest>(suite: &Suite, bytes: &[u8]) -> Result<usize, Box<Counterexample>>
where
    T::Reference: Small,
{
    let (initial, transitions) = case::<T>(bytes);
    let Some(message) = fails::<T>(&initial, &transitions) else { return Ok(transitions.len()) };
    let least = sequential::minimised::<T>(initial, transitions, message);
    let hex = bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    Err(Box::new(Counterexample {
        suite: format!("bytes_{}", suite.name),
        engine: "bytes".to_owned(),
        message: least.message,
        initial_state: Some(format!("{:?}", least.initial)),
        steps: replayed::<T>(&least.initial, &least.transitions),
        schedule: Vec::new(),
        concurrent: None,
        origin: Origin::Bytes(hex),
        replay: test_command("properties::bytes"),
        stored: Vec::new(),
    }))
}

/// Runs the case of some bytes as [`run`] does, and says no more than how it fails, if it does: nothing is minimised.
#[must_use]
pub fn breaks<T: StateMachineTest>(bytes: &[u8]) -> Option<String> {
    let (initial, transitions) = case::<T>(bytes);
    fails::<T>(&initial, &transitions)
}

/// The body of a fuzz target: any bytes, judged.
///
/// # Panics
///
/// With the whole counterexample, so that a fuzzer sees it; its page is written before.
pub fn body<T: StateMachineTest>(suite: &Suite, bytes: &[u8])
where
    T::Reference: Small,
{
    if let Err(found) = run::<T>(suite, bytes) {
        fail(&found);
    }
}

/// Some bytes that follow from a seed: as many as a case of up to `transitions` transitions takes.
#[must_use]
pub fn random(seed: u64, transitions: usize) -> Vec<u8> {
    let mut mix = SplitMix(seed);
    let blocks = 1 + mix.next() as usize % transitions;
    let words = (START + blocks * BLOCK).div_ceil(8);
    let mut bytes: Vec<u8> = (0..words).flat_map(|_| mix.next().to_le_bytes()).collect();
    bytes.truncate(START + blocks * BLOCK);
    bytes
}

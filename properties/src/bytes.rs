//! The coverage-guided engine: any bytes are a case of a description, for fuzzers to search among.
//!
//! The generator of a description draws its choices from bytes instead of from a seed; there is no second generator. The
//! first [`START`] bytes decide how the case begins, each [`BLOCK`] after them one transition, and the sequence ends with
//! the bytes. A choice takes two bytes; what needs more choices than a block holds gets them from a mix of that block. So an
//! edit of one block changes one transition, those before it not at all, and those after it only as far as they depend
//! on the model's state: what a fuzzer has reached survives its next mutation.

use std::fmt::{self, Write as _};

use arbitrary::Unstructured;
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use crate::{
    draw::SplitMix,
    lifecycle, mailbox,
    sequential::{self, StateOf, TransitionOf, fails},
    small::Small,
    supervision, tracker,
    violation::rule_of,
};

/// How many bytes decide how a case begins.
pub const START: usize = 32;

/// How many bytes decide one transition.
pub const BLOCK: usize = 12;

/// How many choices of a block are mixed from it when its own are used up; the longest transition needs fewer.
const MIXED: usize = 64;

/// A counterexample and the bytes it was found in.
#[derive(Clone, Debug)]
pub struct FoundInBytes {
    /// The violation, or the message of a panic in the code under test.
    pub message: String,
    /// The model's initial state.
    pub initial_state: String,
    /// The transitions that are left after minimising.
    pub transitions: Vec<String>,
    /// The bytes, as they were given.
    pub bytes: Vec<u8>,
}

impl FoundInBytes {
    /// Returns the id of the broken rule, or `None` when the code under test panicked.
    #[must_use]
    pub fn rule(&self) -> Option<&str> {
        rule_of(&self.message)
    }
}

impl fmt::Display for FoundInBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.message)?;
        writeln!(f, "from {}, shrunk to {} transitions:", self.initial_state, self.transitions.len())?;
        for (number, transition) in (1..).zip(&self.transitions) {
            writeln!(f, "{number:>4}. {transition}")?;
        }
        f.write_str("bytes: ")?;
        self.bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_char('\n')
    }
}

impl std::error::Error for FoundInBytes {}

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
    let own = bytes.chunks_exact(2).flat_map(|pair| [0, 0, pair[1], pair[0]]);
    let words: Vec<u8> = own.chain((0..MIXED / 2).flat_map(|_| mix.next().to_le_bytes())).collect();
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
pub fn run<T: StateMachineTest>(bytes: &[u8]) -> Result<usize, Box<FoundInBytes>>
where
    T::Reference: Small,
{
    let (initial, transitions) = case::<T>(bytes);
    let Some(message) = fails::<T>(&initial, &transitions) else { return Ok(transitions.len()) };
    let least = sequential::minimised::<T>(initial, transitions, message);
    Err(Box::new(FoundInBytes {
        initial_state: format!("{:?}", least.initial),
        transitions: least.lines(),
        message: least.message,
        bytes: bytes.to_vec(),
    }))
}

/// The body of a fuzz target: any bytes, judged.
///
/// # Panics
///
/// With the whole counterexample, past every catch, so that a fuzzer sees it.
pub fn body<T: StateMachineTest>(bytes: &[u8])
where
    T::Reference: Small,
{
    if let Err(found) = run::<T>(bytes) {
        panic!("{found}");
    }
}

/// The body of the mailbox as it ships.
///
/// # Panics
///
/// As [`body`].
pub fn mailbox(bytes: &[u8]) {
    body::<mailbox::real::hand::Hand>(bytes);
}

/// The body of the tracker as it ships.
///
/// # Panics
///
/// As [`body`].
pub fn tracker(bytes: &[u8]) {
    body::<tracker::real::machine::Machine>(bytes);
}

/// The body of the lifecycle as it ships.
///
/// # Panics
///
/// As [`body`].
pub fn lifecycle(bytes: &[u8]) {
    body::<lifecycle::real::machine::Machine>(bytes);
}

/// The body of supervision as it ships.
///
/// # Panics
///
/// As [`body`].
pub fn supervision(bytes: &[u8]) {
    body::<supervision::real::tree::Machine>(bytes);
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

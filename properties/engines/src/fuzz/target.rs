//! A fuzz target: descriptions under a name, and inputs that show what they are.

use std::{fmt, marker::PhantomData};

use arbitrary::{Arbitrary, Unstructured};
use proptest_state_machine::StateMachineTest;

use crate::{
    bytes::{self, BLOCK, START},
    counterexample::{Counterexample, test_command},
    sequential::{Suite, fail},
    small::Small,
};

/// The test that runs whatever a fuzzer has left in its folders.
const REPLAY: &str = "properties::fuzzing";

/// A state machine test, as bytes see it.
#[derive(Clone, Copy, Debug)]
pub struct Machine {
    suite: &'static Suite,
    run: fn(&Suite, &[u8]) -> Result<usize, Box<Counterexample>>,
    breaks: fn(&[u8]) -> Option<String>,
    told: fn(&[u8]) -> (String, Vec<String>),
}

impl Machine {
    /// The test of this type, run under the name of this suite.
    #[must_use]
    pub const fn of<T: StateMachineTest>(suite: &'static Suite) -> Self
    where
        T::Reference: Small,
    {
        Machine { suite, run: bytes::run::<T>, breaks: bytes::breaks::<T>, told: told::<T> }
    }
}

/// How the case of some bytes begins, and its transitions, as text.
fn told<T: StateMachineTest>(bytes: &[u8]) -> (String, Vec<String>) {
    let (initial, transitions) = bytes::case::<T>(bytes);
    (format!("{initial:?}"), transitions.iter().map(|one| format!("{one:?}")).collect())
}

/// What a fuzzer searches: one description, or several of which the first byte chooses.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The name of its program, its corpus and its dictionary.
    pub name: &'static str,
    /// How many transitions of an input are run: longer cases are slower than they are worth.
    pub transitions: usize,
    /// What ships.
    pub machines: &'static [Machine],
    /// The same, in this order, on the twin with the planted faults.
    pub twins: &'static [Machine],
}

impl Target {
    /// The longest input of which every byte counts.
    #[must_use]
    pub const fn len_max(&self) -> usize {
        START + self.transitions * BLOCK
    }

    /// The bytes of an input that count.
    #[must_use]
    pub fn read<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        &bytes[..bytes.len().min(self.len_max())]
    }

    /// The description that these bytes choose among some.
    fn chosen<'a>(&self, among: &'a [Machine], bytes: &[u8]) -> &'a Machine {
        &among[usize::from(bytes.first().copied().unwrap_or(0)) % among.len()]
    }

    /// Runs an input, and says how many transitions it has.
    ///
    /// # Errors
    ///
    /// The counterexample, minimised, when a rule breaks or the code under test panics.
    pub fn run(&self, bytes: &[u8]) -> Result<usize, Box<Counterexample>> {
        let machine = self.chosen(self.machines, bytes);
        (machine.run)(machine.suite, self.read(bytes)).map_err(|mut found| {
            found.replay = test_command(REPLAY);
            found
        })
    }

    /// Runs an input, as a fuzzer wants it.
    ///
    /// # Panics
    ///
    /// With the whole counterexample, whose page is written before.
    pub fn judge(&self, bytes: &[u8]) {
        if let Err(found) = self.run(bytes) {
            fail(&found);
        }
    }

    /// Runs an input on the twin, and says how it fails, if it does.
    #[must_use]
    pub fn breaks_the_twin(&self, bytes: &[u8]) -> Option<String> {
        (self.chosen(self.twins, bytes).breaks)(self.read(bytes))
    }

    /// How the case of an input begins, and its transitions, as text.
    #[must_use]
    pub fn told(&self, bytes: &[u8]) -> (String, Vec<String>) {
        (self.chosen(self.machines, bytes).told)(self.read(bytes))
    }
}

/// A target that is known by a type.
pub trait Named {
    /// The target.
    const TARGET: &'static Target;
}

/// An input of a target: bytes, and the case that they are.
///
/// `Debug` shows the case, so `cargo fuzz fmt` does.
pub struct Input<'a, T> {
    bytes: &'a [u8],
    target: PhantomData<T>,
}

impl<T: Named> Input<'_, T> {
    /// Runs it.
    ///
    /// # Panics
    ///
    /// As [`Target::judge`].
    pub fn judge(&self) {
        T::TARGET.judge(self.bytes);
    }
}

impl<'a, T> Arbitrary<'a> for Input<'a, T> {
    fn arbitrary(unread: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        let bytes = unread.bytes(unread.len())?;
        Ok(Input { bytes, target: PhantomData })
    }
}

impl<T: Named> fmt::Debug for Input<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (initial, transitions) = T::TARGET.told(self.bytes);
        writeln!(f, "from {initial}")?;
        (1..).zip(transitions).try_for_each(|(number, one)| writeln!(f, "{number:4}. {one}"))
    }
}

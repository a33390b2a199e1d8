//! What a run depends on, and what the environment may say about it.

use std::env;
use std::path::{Path, PathBuf};

/// The seed of every run that nobody gave another one.
const FIXED_SEED: u64 = 0x0A17_5EED;

/// How many times as many cases the deep tier runs.
const DEEP_FACTOR: u32 = 20;

/// How many candidates the shrinker tries before it keeps the best one: ten deletions and ten simplifications for
/// each of two hundred transitions.
pub const SHRINK_ITERATIONS_MAX: u32 = 4_000;

/// Where counterexamples are stored and replayed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Persistence {
    /// `proptest-regressions/<suite>.txt` of this repository.
    Committed,
    /// A file of the caller's choice.
    At(PathBuf),
    /// Nowhere: nothing is replayed and nothing is written.
    None,
}

impl Persistence {
    /// Returns the file of a suite's stored counterexamples, if there is one.
    #[must_use]
    pub fn path(&self, suite: &str) -> Option<PathBuf> {
        match self {
            Self::Committed => {
                let regressions = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../proptest-regressions"));
                Some(regressions.join(format!("{suite}.txt")))
            }
            Self::At(path) => Some(path.clone()),
            Self::None => None,
        }
    }

    /// Returns the directory of a suite's stored cases, if there is one: `proptest-regressions/cases/<suite>`, or beside
    /// the caller's file with the ending `cases`.
    #[must_use]
    pub fn cases(&self, suite: &str) -> Option<PathBuf> {
        match self {
            Self::Committed => Some(self.path(suite)?.parent()?.join("cases").join(suite)),
            Self::At(path) => Some(path.with_extension("cases")),
            Self::None => None,
        }
    }
}

/// Where the generator starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seed {
    /// `PROPTEST_RNG_SEED`, or the fixed seed when it is unset.
    FromEnvironment,
    /// The fixed seed, whatever the environment says.
    Fixed,
    /// This number.
    Number(u64),
}

impl Seed {
    /// Returns the number.
    ///
    /// # Panics
    ///
    /// When `PROPTEST_RNG_SEED` is asked for and is not a number.
    #[must_use]
    pub fn number(self) -> u64 {
        match self {
            Self::FromEnvironment => variable("PROPTEST_RNG_SEED").map_or(FIXED_SEED, |text| {
                text.parse().unwrap_or_else(|_| {
                    panic!("PROPTEST_RNG_SEED is {text:?}, allowed is a number below 2^64")
                })
            }),
            Self::Fixed => FIXED_SEED,
            Self::Number(number) => number,
        }
    }
}

/// Everything that a run depends on.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The suite, which names the file of stored counterexamples.
    pub suite: &'static str,
    /// How many cases are generated.
    pub cases: u32,
    /// Where the generator starts.
    pub seed: u64,
    /// Where counterexamples are stored and replayed from.
    pub persistence: Persistence,
    /// How many candidates the shrinker tries; 0 reports the case as it was generated.
    pub shrink_iterations: u32,
}

impl Settings {
    /// Settings that store nothing and shrink up to [`SHRINK_ITERATIONS_MAX`].
    #[must_use]
    pub const fn new(suite: &'static str, cases: u32, seed: u64) -> Self {
        Self { suite, cases, seed, persistence: Persistence::None, shrink_iterations: SHRINK_ITERATIONS_MAX }
    }
}

/// Returns how many cases a suite runs: its own number, unless `PROPTEST_CASES` or `TIER` says otherwise.
///
/// # Panics
///
/// When `PROPTEST_CASES` is set and is not a positive number: a suite of no cases would pass without looking.
#[must_use]
pub fn cases_wanted(default: u32) -> u32 {
    scaled(default, variable("PROPTEST_CASES").as_deref(), variable("TIER").as_deref())
}

fn scaled(default: u32, cases: Option<&str>, tier: Option<&str>) -> u32 {
    match (cases, tier) {
        (Some(text), _) => match text.parse() {
            Ok(number) if number > 0 => number,
            _ => panic!("PROPTEST_CASES is {text:?}, allowed is a number from 1 to {}", u32::MAX),
        },
        (None, Some("deep")) => default.saturating_mul(DEEP_FACTOR),
        (None, _) => default,
    }
}

/// Returns for how many seconds rounds are begun, if the environment says so.
///
/// # Panics
///
/// When `PROPTEST_SECONDS` is set and is not a number.
pub(super) fn seconds_wanted() -> Option<u64> {
    let text = variable("PROPTEST_SECONDS")?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("PROPTEST_SECONDS is {text:?}, allowed is a whole number of seconds")),
    )
}

/// Reads a variable; an empty one counts as unset, which is how shells and CI files say so.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absolute_number_wins_over_the_tier() {
        assert_eq!(scaled(100, None, None), 100);
        assert_eq!(scaled(100, None, Some("deep")), 2_000);
        assert_eq!(scaled(100, None, Some("main")), 100);
        assert_eq!(scaled(100, Some("7"), Some("deep")), 7);
        assert_eq!(scaled(u32::MAX, None, Some("deep")), u32::MAX);
    }

    #[test]
    #[should_panic(expected = "PROPTEST_CASES is \"0\"")]
    fn no_cases_at_all_is_refused() {
        scaled(100, Some("0"), None);
    }

    #[test]
    fn committed_seeds_lie_in_the_repository() {
        let path = Persistence::Committed.path("mailbox").unwrap();
        assert!(path.ends_with("proptest-regressions/mailbox.txt"), "{}", path.display());
        assert_eq!(Persistence::None.path("mailbox"), None);
    }
}

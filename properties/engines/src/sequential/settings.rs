//! What a run depends on, and what the environment may say about it.

use std::env::{self, VarError};
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
                let regressions =
                    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../proptest-regressions"));
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
            Self::FromEnvironment => seed_wanted(FIXED_SEED),
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

/// Returns where a suite starts that has a seed of its own: there, unless `PROPTEST_RNG_SEED` says otherwise.
///
/// # Panics
///
/// When `PROPTEST_RNG_SEED` is set and is not a number.
#[must_use]
pub fn seed_wanted(default: u64) -> u64 {
    variable("PROPTEST_RNG_SEED").map_or(default, |text| {
        text.parse()
            .unwrap_or_else(|_| panic!("PROPTEST_RNG_SEED is {text:?}, allowed is a number below 2^64"))
    })
}

/// Returns how many cases a suite runs: its own number, unless `PROPTEST_CASES` or `TIER` says otherwise.
///
/// # Panics
///
/// When `PROPTEST_CASES` is set and is not a positive number: a suite of no cases would pass without looking. When `TIER` names
/// no tier.
#[must_use]
pub fn cases_wanted(default: u32) -> u32 {
    scaled(default, variable("PROPTEST_CASES").as_deref(), is_deep())
}

/// Says whether `TIER` asks for the deep tier.
///
/// # Panics
///
/// When `TIER` names no tier.
#[must_use]
pub fn is_deep() -> bool {
    deep(variable("TIER").as_deref())
}

fn deep(tier: Option<&str>) -> bool {
    match tier {
        Some("deep") => true,
        None | Some("main") => false,
        Some(text) => panic!("TIER is {text:?}, allowed are \"main\" and \"deep\""),
    }
}

fn scaled(default: u32, cases: Option<&str>, deep: bool) -> u32 {
    match cases {
        Some(text) => match text.parse() {
            Ok(number) if number > 0 => number,
            _ => panic!("PROPTEST_CASES is {text:?}, allowed is a number from 1 to {}", u32::MAX),
        },
        None if deep => default.saturating_mul(DEEP_FACTOR),
        None => default,
    }
}

/// Returns for how many seconds rounds are begun, if the environment says so.
///
/// # Panics
///
/// When `PROPTEST_SECONDS` is set and is not a number.
#[must_use]
pub fn seconds_wanted() -> Option<u64> {
    let text = variable("PROPTEST_SECONDS")?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("PROPTEST_SECONDS is {text:?}, allowed is a whole number of seconds")),
    )
}

/// Reads a variable; an empty one counts as unset, which is how shells and CI files say so.
///
/// # Panics
///
/// When it is no text: what it asks for cannot be known.
fn variable(name: &str) -> Option<String> {
    text_of(name, env::var(name))
}

fn text_of(name: &str, value: Result<String, VarError>) -> Option<String> {
    match value {
        Ok(text) => Some(text).filter(|text| !text.is_empty()),
        Err(VarError::NotPresent) => None,
        Err(VarError::NotUnicode(bytes)) => panic!("{name} is {}, allowed is text in UTF-8", bytes.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absolute_number_wins_over_the_tier() {
        assert_eq!(scaled(100, None, false), 100);
        assert_eq!(scaled(100, None, true), 2_000);
        assert_eq!(scaled(100, Some("7"), true), 7);
        assert_eq!(scaled(u32::MAX, None, true), u32::MAX);
        assert_eq!([None, Some("main"), Some("deep")].map(deep), [false, false, true]);
    }

    #[test]
    #[should_panic(expected = "TIER is \"Deep\", allowed are \"main\" and \"deep\"")]
    fn a_tier_that_there_is_not_is_refused() {
        deep(Some("Deep"));
    }

    #[test]
    fn an_empty_variable_is_unset_and_one_that_is_no_text_is_refused() {
        assert_eq!(text_of("TIER", Err(VarError::NotPresent)), None);
        assert_eq!(text_of("TIER", Ok(String::new())), None);
        assert_eq!(text_of("TIER", Ok("deep".to_owned())), Some("deep".to_owned()));
        let bytes = <std::ffi::OsString as std::os::unix::ffi::OsStringExt>::from_vec(vec![b'd', 0xFF]);
        let refused = crate::violation::caught(|| text_of("TIER", Err(VarError::NotUnicode(bytes))));
        assert_eq!(refused, Err("TIER is d\u{FFFD}, allowed is text in UTF-8".to_owned()));
    }

    #[test]
    #[should_panic(expected = "PROPTEST_CASES is \"0\"")]
    fn no_cases_at_all_is_refused() {
        scaled(100, Some("0"), false);
    }

    #[test]
    fn committed_seeds_lie_in_the_repository() {
        let path = Persistence::Committed.path("mailbox").unwrap();
        assert!(path.ends_with("proptest-regressions/mailbox.txt"), "{}", path.display());
        assert_eq!(Persistence::None.path("mailbox"), None);
    }
}

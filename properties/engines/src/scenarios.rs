//! The engine of enumerated checks: loom models, schedules of programs, laws.
//!
//! A scenario has a name instead of a seed. One that breaks is stored by that name in the suite's file of
//! counterexamples, beside the seeds of the generated suites, and is run before all others from then on.

use std::{fmt, fs, path::Path};

use serde_json::json;

use crate::{
    counterexample::{Counterexample, Origin, test_command},
    measure::Stopwatch,
    results,
    sequential::{Persistence, Progress, announce, fail, shown},
};

/// How a scenario broke.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// What it had tried by then: interleavings, schedules or inputs, the breaking one included.
    pub tried: u64,
    /// The violation, or the message of a panic in the code under test.
    pub message: String,
}

/// One check with a name.
pub struct Scenario {
    /// Names it in the file of counterexamples; it must mean the same check for ever.
    pub name: String,
    /// Runs it, and returns how many interleavings, schedules or inputs it tried.
    pub run: Box<dyn Fn() -> Result<u64, Broken>>,
}

impl Scenario {
    /// A scenario of this name.
    pub fn new(name: impl Into<String>, run: impl Fn() -> Result<u64, Broken> + 'static) -> Self {
        Scenario { name: name.into(), run: Box::new(run) }
    }
}

impl fmt::Debug for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scenario({})", self.name)
    }
}

/// A broken scenario and how to see it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The scenario's name.
    pub scenario: String,
    /// What was tried in all scenarios up to the breaking one, which is included.
    pub tried: u64,
    /// Whether it was a stored one.
    pub from_store: bool,
    /// What it said.
    pub message: String,
}

/// Runs the stored scenarios, then all others, until one breaks; returns how much was tried.
///
/// # Errors
///
/// The first scenario that breaks; its name is stored where `persistence` says.
pub fn run(suite: &str, persistence: &Persistence, scenarios: Vec<Scenario>) -> Result<u64, Box<Found>> {
    let file = persistence.path(suite);
    let stored = file.as_deref().map(names_in).unwrap_or_default();
    let (first, rest): (Vec<_>, Vec<_>) =
        scenarios.into_iter().partition(|scenario| stored.contains(&scenario.name));
    let progress = Progress::of(suite, (first.len() + rest.len()) as u64, *persistence != Persistence::None);
    let mut tried = 0;
    for (from_store, scenario) in
        first.into_iter().map(|one| (true, one)).chain(rest.into_iter().map(|one| (false, one)))
    {
        progress.step();
        match (scenario.run)() {
            Ok(more) => tried += more,
            Err(Broken { tried: more, message }) => {
                if let (false, Some(file)) = (from_store, &file) {
                    store(file, &scenario.name, &message);
                }
                return Err(Box::new(Found {
                    scenario: scenario.name,
                    tried: tried + more,
                    from_store,
                    message,
                }));
            }
        }
    }
    Ok(tried)
}

/// Runs scenarios as a test, with the stored ones first, and prints what was tried.
///
/// # Panics
///
/// With the whole report when one breaks; when nothing was tried.
pub fn expect_pass(suite: &str, test_path: &str, what: &str, scenarios: Vec<Scenario>) -> u64 {
    let (watch, under_way) = (Stopwatch::start(), results::begin(suite));
    let (count, persistence) = (scenarios.len(), Persistence::Committed);
    match run(suite, &persistence, scenarios) {
        Ok(0) => results::refuse(suite, &format!("vacuous: {count} scenarios tried no {what}")),
        Ok(tried) => {
            let seconds = watch.elapsed().as_secs_f64();
            announce(&format!("{suite}: {count} scenarios, {tried} {what}, {seconds:.2} s"));
            under_way.passed(&json!({ "scenarios": count, what: tried, "seconds": seconds }));
            tried
        }
        Err(found) => fail(&found.counterexample(suite, test_path, what, persistence.path(suite).as_deref())),
    }
}

impl Found {
    /// Returns what every engine tells of a failure.
    #[must_use]
    pub fn counterexample(
        &self,
        suite: &str,
        test_path: &str,
        what: &str,
        file: Option<&Path>,
    ) -> Counterexample {
        let how = if self.from_store { "replayed from" } else { "stored in" };
        let scenario = &self.scenario;
        Counterexample {
            suite: suite.to_owned(),
            engine: what.to_owned(),
            message: self.message.clone(),
            initial_state: Some(format!("scenario `{scenario}`")),
            steps: Vec::new(),
            schedule: Vec::new(),
            concurrent: None,
            origin: Origin::Enumerated { tried: self.tried, what: what.to_owned() },
            replay: test_command(test_path),
            stored: file.map(|file| format!("`{scenario}`, {how} {}", shown(file))).into_iter().collect(),
        }
    }
}

/// The names on the lines `cc name # first line of the message`.
fn names_in(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap_or_default();
    let names = text.lines().filter_map(|line| line.strip_prefix("cc "));
    names.map(|rest| rest.split(" # ").next().unwrap_or(rest).to_owned()).collect()
}

fn store(file: &Path, name: &str, message: &str) {
    let head = "# Scenarios that broke once; they are run before all others. Commit this file.\n";
    let text = fs::read_to_string(file).unwrap_or_else(|_| head.to_owned());
    let line = format!("cc {name} # {}\n", message.lines().next().unwrap_or_default());
    if let Err(error) = fs::write(file, text + &line) {
        announce(&format!("{}: the counterexample could not be stored: {error}", file.display()));
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, rc::Rc};

    use super::*;
    use crate::coverage::artifacts;

    fn scenarios(log: &Rc<RefCell<Vec<&'static str>>>, broken: bool) -> Vec<Scenario> {
        ["one", "two", "three"]
            .map(|name| {
                let log = Rc::clone(log);
                Scenario::new(name, move || {
                    log.borrow_mut().push(name);
                    let breaks = broken && name == "three";
                    if breaks {
                        Err(Broken { tried: 5, message: "MB-1: no\nmore".to_owned() })
                    } else {
                        Ok(10)
                    }
                })
            })
            .into()
    }

    #[test]
    #[should_panic(expected = "suite `unit-empty`: vacuous: 1 scenarios tried no inputs")]
    fn a_suite_that_tries_nothing_does_not_pass() {
        expect_pass("unit-empty", "properties::unit", "inputs", vec![Scenario::new("idle", || Ok(0))]);
    }

    #[test]
    fn a_broken_scenario_is_stored_and_runs_first() {
        let file = artifacts().join("scenarios-of-a-unit-test.txt");
        let _ = fs::remove_file(&file);
        let (kept, log) = (Persistence::At(file.clone()), Rc::default());
        let found = run("unit", &kept, scenarios(&log, true)).unwrap_err();
        assert_eq!((found.tried, found.from_store, &*found.scenario), (25, false, "three"));
        assert!(fs::read_to_string(&file).unwrap().ends_with("cc three # MB-1: no\n"));
        let again = run("unit", &kept, scenarios(&log, true)).unwrap_err();
        assert_eq!((again.tried, again.from_store), (5, true));
        assert_eq!(run("unit", &kept, scenarios(&log, false)), Ok(30));
        assert_eq!(*log.borrow(), ["one", "two", "three", "three", "three", "one", "two"]);
    }
}

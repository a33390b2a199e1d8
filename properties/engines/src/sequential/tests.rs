//! The engine, held to what it promises on a toy: a stack that forgets what lies above a limit.

use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use super::*;
use crate::cases::Stored;
use crate::coverage;
use crate::trace::note;
use crate::violation::check_eq;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Step {
    Push(u8),
    Pop,
}

struct Stack;

impl ReferenceStateMachine for Stack {
    type State = Vec<u8>;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Vec<u8>> {
        Just(Vec::new()).boxed()
    }

    fn transitions(_: &Vec<u8>) -> BoxedStrategy<Step> {
        prop_oneof![3 => any::<u8>().prop_map(Step::Push), 2 => Just(Step::Pop)].boxed()
    }

    fn apply(mut state: Vec<u8>, step: &Step) -> Vec<u8> {
        match step {
            Step::Push(value) => state.push(*value),
            Step::Pop => drop(state.pop()),
        }
        state
    }
}

impl Small for Stack {
    fn simpler(step: &Step) -> Vec<Step> {
        match step {
            Step::Push(0) | Step::Pop => Vec::new(),
            Step::Push(_) => vec![Step::Push(0)],
        }
    }

    fn starts() -> Vec<Vec<u8>> {
        vec![Vec::new()]
    }

    fn alphabet(_: &Vec<u8>) -> Vec<Step> {
        vec![Step::Push(0), Step::Push(77), Step::Pop]
    }
}

impl Stored for Stack {
    type Parameters = Vec<u8>;

    fn parameters(initial: &Vec<u8>) -> Vec<u8> {
        initial.clone()
    }

    fn initial(parameters: Vec<u8>) -> Vec<u8> {
        assert!(parameters.len() < 9, "no stack begins with {} values", parameters.len());
        parameters
    }
}

/// Keeps at most `LIMIT` values, and panics on the value 77 when `PANICS`.
struct Limited<const LIMIT: usize, const PANICS: bool>;

impl<const LIMIT: usize, const PANICS: bool> StateMachineTest for Limited<LIMIT, PANICS> {
    type SystemUnderTest = Vec<u8>;
    type Reference = Stack;

    fn init_test(state: &Vec<u8>) -> Vec<u8> {
        state.clone()
    }

    fn apply(mut real: Vec<u8>, model: &Vec<u8>, step: Step) -> Vec<u8> {
        match step {
            Step::Push(77) if PANICS => panic!("the SUT does not like {}", 77),
            Step::Push(value) if real.len() < LIMIT => real.push(value),
            Step::Push(_) => {}
            Step::Pop => drop(real.pop()),
        }
        note("length", &model.len(), &real.len());
        check_eq("MB-1", "the number of values", &model.len(), &real.len());
        real
    }
}

type Sound = Limited<{ usize::MAX }, false>;
type Forgetful = Limited<4, false>;
type Panicking = Limited<{ usize::MAX }, true>;

const SUITE: Suite =
    Suite { name: "toy", test_path: "properties::toy::works", cases: 200, transitions: 1..=30 };

/// A file of this test's own under target/, absent at first.
fn seed_file(name: &str) -> PathBuf {
    let path = coverage::artifacts().join(format!("toy-{}-{name}.txt", std::process::id()));
    let _ = fs::remove_file(&path);
    path
}

fn settings(persistence: Persistence) -> Settings {
    Settings { persistence, ..Settings::new("toy", 200, 5) }
}

fn failing<T: StateMachineTest<Reference = Stack>>(settings: &Settings) -> Counterexample {
    failing_in::<T>(&SUITE, settings)
}

fn failing_in<T: StateMachineTest<Reference = Stack>>(suite: &Suite, settings: &Settings) -> Counterexample {
    match run_as::<T>(suite, settings) {
        Ok(report) => panic!("nothing was found: {report}"),
        Err(failed) => failed.counterexample,
    }
}

fn passing(settings: &Settings) -> RunReport {
    run_as::<Sound>(&SUITE, settings).unwrap_or_else(|failed| panic!("{}", failed.counterexample))
}

fn transitions(found: &Counterexample) -> Vec<&str> {
    found.transitions()
}

#[test]
fn a_sound_component_passes_and_is_counted() {
    let report = passing(&settings(Persistence::None));
    assert_eq!((report.cases, report.replayed), (200, 0));
    assert!((1_500..5_000).contains(&report.transitions), "{report}");
}

#[test]
fn a_counterexample_is_shrunk_stored_and_replayed_first() {
    let path = seed_file("stored");
    let stored = settings(Persistence::At(path.clone()));

    let first = failing::<Forgetful>(&stored);
    assert!(first.generated_cases() >= 1, "{first}");
    assert_eq!(first.rule(), Some("MB-1"));
    assert_eq!(transitions(&first), ["Push(0)"; 5]);
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<_> = text.lines().filter(|line| line.starts_with("cc ")).collect();
    assert!(matches!(*lines, [line] if line.contains("# shrinks to ([], [Push(0), Push(0)")), "{text}");
    assert!(first.to_string().contains("   5. Push(0)\n   >> length  model 5  real 4\n"), "{first}");

    let second = failing::<Forgetful>(&stored);
    assert_eq!((&second.origin, second.stored.len()), (&Origin::StoredSeed, 0), "{second}");
    assert_eq!(second.steps, first.steps);
    assert_eq!(fs::read_to_string(&path).unwrap(), text, "a replay stores nothing anew");

    let mended = passing(&stored);
    assert_eq!((mended.cases, mended.replayed), (200, 1));
    fs::remove_file(path).unwrap();
}

#[test]
fn a_new_counterexample_behind_a_stored_one_counts_only_generated_cases() {
    let path = seed_file("behind");
    let stored = settings(Persistence::At(path.clone()));
    failing::<Forgetful>(&stored);
    let alone = failing::<Panicking>(&settings(Persistence::None));
    let behind = failing::<Panicking>(&stored);
    assert_eq!(behind.origin, alone.origin);
    fs::remove_file(path).unwrap();
}

#[test]
fn a_panic_of_the_code_under_test_is_a_counterexample_too() {
    let found = failing::<Panicking>(&settings(Persistence::None));
    assert!(found.message.ends_with("the SUT does not like 77"), "{found}");
    assert_eq!((found.rule(), transitions(&found)), (None, vec!["Push(77)"]));
    assert!(found.replay.starts_with("PROPTEST_RNG_SEED=5 PROPTEST_CASES="), "{found}");
}

/// Breaks one rule, or panics, where three values lie; and another rule, or elsewhere, where all that was done is to push two.
struct Two<const PANICS: bool>;

impl<const PANICS: bool> StateMachineTest for Two<PANICS> {
    type SystemUnderTest = usize;
    type Reference = Stack;

    fn init_test(_: &Vec<u8>) -> usize {
        0
    }

    fn apply(steps: usize, model: &Vec<u8>, _: Step) -> usize {
        match model.len() {
            3 if PANICS => panic!("three"),
            3 => check_eq("MB-2", "three", &0, &1),
            _ => {}
        }
        steps + 1
    }

    fn teardown(steps: usize, model: Vec<u8>) {
        match (model.len(), steps) {
            (2, 2) if PANICS => panic!("two"),
            (2, 2) => check_eq("MB-1", "two", &0, &1),
            _ => {}
        }
    }
}

#[test]
fn the_shrinker_ends_on_the_rule_that_it_began_with() {
    // Nothing that is generated is as short as what breaks the other rule: the shrinker alone meets it.
    let suite = Suite { transitions: 6..=12, ..SUITE };
    let rule = failing_in::<Two<false>>(&suite, &settings(Persistence::None));
    assert_eq!((rule.rule(), transitions(&rule)), (Some("MB-2"), vec!["Push(0)"; 3]), "{rule}");
    let place = failing_in::<Two<true>>(&suite, &settings(Persistence::None));
    assert!(place.message.ends_with(": three"), "{place}");
    assert_eq!(transitions(&place), ["Push(0)"; 3]);
}

#[test]
fn a_hunt_tells_how_a_fault_died_and_when_it_survived() {
    let kill = hunt::<Forgetful>(&SUITE, 200).unwrap();
    assert_eq!((kill.rule(), kill.steps), (Some("MB-1"), 5));
    assert_eq!(hunt::<Forgetful>(&SUITE, 200), Some(kill));
    assert_eq!(hunt::<Sound>(&SUITE, 200), None);
}

/// A suite that must meet what nothing meets.
#[derive(Debug)]
struct Unmet;

impl coverage::Labels for Unmet {
    const KINDS: &'static [&'static str] = &["push"];
    const CLASSES: &'static [&'static str] = &["any"];
    const OUTCOMES: &'static [&'static str] = &["done"];
    const SITUATIONS: &'static [coverage::Situation] = &[coverage::Situation { name: "full", minimum: 1 }];
}

#[test]
fn a_suite_that_misses_a_situation_leaves_no_result_that_passed() {
    drop(coverage::take::<Unmet>());
    coverage::record::<Unmet>(0, 0, 0);
    let suite = Suite { name: "toy_unmet", ..SUITE };
    crate::results::begin(suite.name).passed(&serde_json::Value::Null);
    let (report, covered) = (passing(&settings(Persistence::None)), coverage::take::<Unmet>());
    let refused = quietly(|| expect::hold_to_coverage(&suite, &report, &covered)).unwrap_err();
    assert!(refused.contains("situations not reached: full (0 of at least 1)"), "{refused}");
    let file = coverage::artifacts().join("toy_unmet-result.json");
    let result = fs::read_to_string(&file).unwrap();
    fs::remove_file(file).unwrap();
    assert!(result.contains("\"passed\": false") && result.contains("situations not reached"), "{result}");
}

#[test]
fn a_case_that_the_model_cannot_follow_names_its_file() {
    let kept = Persistence::At(seed_file("unfollowed"));
    let directory = kept.cases(SUITE.name).unwrap();
    let run = || run::<Forgetful>(&SUITE, kept.clone(), Seed::Number(5)).map(drop).unwrap_err();
    let Stopped::Broken(found) = *run() else { panic!("nothing was found") };
    assert_eq!(found.stored.len(), 2, "{found}");
    let file = fs::read_dir(&directory).unwrap().next().unwrap().unwrap().path();
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("parameters: []", "parameters: [0, 0, 0, 0, 0, 0, 0, 0, 0]")).unwrap();
    let refused = run().to_string();
    assert!(refused.starts_with(&file.display().to_string()), "{refused}");
    assert!(refused.ends_with("no stack begins with 9 values"), "{refused}");
    fs::remove_dir_all(directory).unwrap();
}

#[test]
fn one_seed_gives_one_list_of_sequences() {
    let text = |seed| format!("{:?}", sequences::<Sound>(&SUITE, 50, Seed::Number(seed)));
    assert_eq!(text(1), text(1));
    assert_ne!(text(1), text(2));
}

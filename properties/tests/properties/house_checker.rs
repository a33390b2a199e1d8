//! The model checker, held to toys whose verdicts are known, and to the specimen.

use alys_properties::{
    checker::{Checked, Passed, Refuted, ring},
    counterexample::directory,
    coverage::artifacts,
    exhaustive::search_states,
    sequential::announce,
    small::{Keyed, Small},
    violation::caught,
};
use proptest::strategy::{BoxedStrategy, Just, Strategy};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

/// A counter from 0 to 9 that goes up by one or two, or back to 0.
struct Counter;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Move {
    Up(u8),
    Back,
}

impl ReferenceStateMachine for Counter {
    type State = u8;
    type Transition = Move;

    fn init_state() -> BoxedStrategy<u8> {
        Just(0).boxed()
    }

    fn transitions(_: &u8) -> BoxedStrategy<Move> {
        Just(Move::Up(1)).boxed()
    }

    fn preconditions(state: &u8, transition: &Move) -> bool {
        matches!(transition, Move::Up(by) if state + by < 10) || *transition == Move::Back
    }

    fn apply(state: u8, transition: &Move) -> u8 {
        match transition {
            Move::Up(by) => state + by,
            Move::Back => 0,
        }
    }
}

impl Small for Counter {
    fn starts() -> Vec<u8> {
        vec![0]
    }

    fn alphabet(_: &u8) -> Vec<Move> {
        vec![Move::Up(1), Move::Up(2)]
    }
}

impl Keyed for Counter {
    type Key = u8;

    fn key(state: &u8) -> u8 {
        *state
    }

    fn state(key: &u8) -> u8 {
        *key
    }
}

fn counter() -> Checked<Counter> {
    Checked::default()
}

#[test]
fn what_holds_passes_with_every_state() {
    let model =
        counter().always("below ten", |_, count| *count < 10).sometimes("nine", |_, count| *count == 9);
    assert_eq!(model.check(20), Ok(Passed { states: 10, generated: 18, depth: 5 }));
    assert_eq!(
        model.eventually("at the end", |_, count| *count == 9).check(20).map(|passed| passed.states),
        Ok(10)
    );
}

#[test]
fn a_broken_invariant_is_found_by_a_shortest_way() {
    let model =
        counter().always("never six", |_, count| *count != 6).always("never nine", |_, count| *count != 9);
    let shortest = vec![Move::Up(2), Move::Up(2), Move::Up(2)];
    let states = ["0", "2", "4", "6"].map(str::to_owned).to_vec();
    let refuted = model.check(20).unwrap_err();
    assert_eq!(refuted, Refuted::Broken { claim: "never six", states, transitions: shortest });
    let told = refuted.counterexample("checker_toy", "properties::house_checker").unwrap();
    assert_eq!(told.transitions(), ["Up(2) leads to 2", "Up(2) leads to 4", "Up(2) leads to 6"]);
    assert_eq!((told.engine.as_str(), told.initial_state.as_deref()), ("stateright", Some("0")));
    let ended = caught(|| refuted.end("checker_toy", "properties::house_checker")).unwrap_err();
    assert!(ended.contains("`never six` is broken in the model") && ended.contains("page: "), "{ended}");
    let written = [
        directory().join("checker_toy-panic.html"),
        directory().join("checker_toy-panic.json"),
        artifacts().join("checker_toy-result.json"),
    ];
    written.into_iter().for_each(|file| std::fs::remove_file(file).unwrap());
}

#[test]
fn what_is_never_reached_is_said() {
    let model = counter().sometimes("five", |_, count| *count == 5).sometimes("ten", |_, count| *count == 10);
    assert_eq!(model.check(20), Err(Refuted::Unreached { claims: vec!["ten"], states: 10 }));
    // Five is there, but not within two transitions.
    let near = model.check(2);
    assert!(
        matches!(&near, Err(Refuted::Unreached { claims, .. }) if *claims == ["five", "ten"]),
        "{near:?}"
    );
}

#[test]
fn a_model_that_lost_its_transitions_is_found_out() {
    let lost = Checked::<Counter>::new(&[0], |_| Vec::new()).always("below ten", |_, count| *count < 10);
    assert_eq!(lost.check(20), Err(Refuted::Lifeless { starts: 1 }));
    let lost = Checked::<Counter>::new(&[9], Counter::alphabet).always("below ten", |_, count| *count < 10);
    assert_eq!(lost.check(20), Err(Refuted::Lifeless { starts: 1 }));
}

#[test]
fn what_need_not_come_is_no_must() {
    // From 8, the last step may lead to 9; from 7, a step of two leads to 9 past 8. Two ways meet in 9, one of them past 8.
    let model = counter().eventually("eight", |_, count| *count == 8);
    let Err(Refuted::Broken { claim, transitions, .. }) = model.check(20) else {
        panic!("a way leads past eight")
    };
    let end: u8 = transitions.iter().fold(0, Counter::apply);
    assert_eq!((claim, end, transitions.len()), ("eight", 9, 5));
}

#[test]
fn a_way_in_a_circle_never_comes_to_anything() {
    let model = Checked::<Counter>::new(&[0], |_| vec![Move::Up(1), Move::Back]);
    let refuted = model.eventually("nine", |_, count| *count == 9).check(20);
    let Err(Refuted::Broken { claim: "nine", states, transitions }) = refuted else { panic!("{refuted:?}") };
    assert_eq!(states.len(), transitions.len() + 1);
    assert_eq!(states.last(), Some(&"0".to_owned()));
    assert_eq!(transitions.last(), Some(&Move::Back));
}

#[test]
fn ways_that_are_cut_short_say_nothing() {
    let model = counter().eventually("nine", |_, count| *count == 9);
    assert_eq!(model.check(3), Err(Refuted::CutShort { depth: 3 }));
}

/// A counter without an end.
struct Endless;

impl ReferenceStateMachine for Endless {
    type State = u64;
    type Transition = ();

    fn init_state() -> BoxedStrategy<u64> {
        Just(0).boxed()
    }

    fn transitions(_: &u64) -> BoxedStrategy<()> {
        Just(()).boxed()
    }

    fn apply(state: u64, (): &()) -> u64 {
        state + 1
    }
}

impl Small for Endless {}

impl Keyed for Endless {
    type Key = u64;

    fn key(state: &u64) -> u64 {
        *state
    }

    fn state(key: &u64) -> u64 {
        *key
    }
}

#[test]
fn a_model_without_an_end_is_cut_short_where_something_is_awaited() {
    let model = Checked::<Endless>::new(&[0], |_| vec![()]);
    let model = model.eventually("the last number", |_, count| *count == u64::MAX);
    assert_eq!(model.check(9), Err(Refuted::CutShort { depth: 9 }));
}

/// Follows the endless counter, which names no beginnings.
struct Follower;

impl StateMachineTest for Follower {
    type SystemUnderTest = u64;
    type Reference = Endless;

    fn init_test(state: &u64) -> u64 {
        *state
    }

    fn apply(real: u64, _: &u64, (): ()) -> u64 {
        real + 1
    }
}

#[test]
fn a_search_of_no_beginnings_is_no_pass() {
    let nothing = search_states::<Follower>(5).unwrap().check().unwrap_err();
    assert!(nothing.to_string().starts_with("no sequence was run from 0 beginnings"), "{nothing}");
}

#[test]
fn the_model_of_the_ring_holds() {
    let passed = ring::claims().check(10).unwrap();
    announce(&format!("checker: ring: {passed:?}"));
    assert_eq!(passed, Passed { states: 276, generated: 3_028, depth: 10 });
    let drained = ring::drains().check(10).unwrap();
    assert_eq!(drained, Passed { states: 14, generated: 14, depth: 4 });
}

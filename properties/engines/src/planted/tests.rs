//! The reach of a switch.

use std::thread;

use super::*;

static ONE: Catalogue<()> = Catalogue { name: "one", all: Vec::new, stale: &[] };
static OTHER: Catalogue<()> = Catalogue { name: "other", all: Vec::new, stale: &[] };

#[test]
fn a_switch_is_of_one_catalogue() {
    let _guard = ONE.switch_on(7);
    assert!(ONE.is(7) && !OTHER.is(7));
}

#[test]
fn a_switch_ends_with_its_guard_and_with_its_thread() {
    let guard = ONE.switch_on(7);
    assert!(ONE.is(7) && !ONE.is(8));
    assert!(!thread::spawn(|| ONE.is(7)).join().unwrap());
    drop(guard);
    assert!(!ONE.is(7));
}

#[test]
fn a_switch_is_seen_by_every_thread_of_a_loom_model() {
    let _guard = ONE.switch_on(7);
    loom::model(|| {
        let other = loom::thread::spawn(|| ONE.is(7));
        assert!(ONE.is(7) && other.join().unwrap());
    });
}

#[test]
fn a_switch_is_seen_by_every_thread_of_a_shuttle_schedule() {
    let _guard = ONE.switch_on(7);
    let model = || {
        let other = shuttle::thread::spawn(|| {
            shuttle::thread::yield_now();
            ONE.is(7)
        });
        shuttle::thread::yield_now();
        assert!(ONE.is(7) && other.join().unwrap());
    };
    shuttle::check_random(model, 10);
    shuttle::check_pct(model, 10, 2);
}

#[test]
#[should_panic(expected = "one fault at a time: number 7 is planted already")]
fn two_faults_at_once_are_refused() {
    let _first = ONE.switch_on(7);
    let _second = ONE.switch_on(8);
}

#[test]
#[should_panic(expected = "no planted fault is called `nonsense`")]
fn an_unknown_fault_is_refused() {
    let _ = ONE.plant("nonsense");
}

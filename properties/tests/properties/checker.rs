//! The reference models, under a model checker.

use std::fmt::Debug;

use alys_properties::{
    checker::{Checked, Passed, lifecycle, mailbox, supervision, tracker},
    measure::Stopwatch,
    results,
    sequential::announce,
    small::Keyed,
};
use serde_json::json;

/// Checks a model, which must come to as many states as it did: one that lost transitions would come to fewer.
fn check<R: Keyed>(name: &str, model: &Checked<R>, depth: usize, expected: (usize, usize))
where
    R::Transition: Debug,
{
    let suite = format!("checker_{}", name.replace(' ', "_"));
    let (watch, under_way) = (Stopwatch::start(), results::begin(&suite));
    let Passed { states, generated, depth } =
        model.check(depth).unwrap_or_else(|refuted| refuted.end(&suite, "properties::checker"));
    let seconds = watch.elapsed().as_secs_f64();
    announce(&format!("checker: {name}: {states} states of {generated}, depth {depth}, {seconds:.2} s"));
    assert_eq!((states, depth), expected, "{name}: states and depth");
    let did = json!({ "states": states, "generated": generated, "depth": depth, "seconds": seconds });
    under_way.passed(&did);
}

/// MB-1, MB-5, MB-7, MB-13: the model of the mailbox keeps its accounts in every state, and comes to be empty where
/// somebody receives.
///
/// Engine: stateright
#[test]
fn the_model_of_the_mailbox_keeps_its_accounts() {
    check("mailbox", &mailbox::claims(), 4, (300_505, 4));
    check("mailbox drained", &mailbox::drains(), 20, (22, 5));
}

/// OT-1, OT-2, OT-3, OT-5: the model of the tracker accounts for every number, and its gaps close.
///
/// Engine: stateright
#[test]
fn the_model_of_the_tracker_accounts_for_every_number() {
    check("tracker", &tracker::claims(), 4, (10_936, 4));
    check("tracker closed", &tracker::closes(), 20, (130, 4));
}

/// LC-1, LC-2, LC-3, LC-6: the model of the lifecycle counts everybody once, keeps chains, and stops who is told to.
///
/// Engine: stateright
#[test]
fn the_model_of_the_lifecycle_counts_everybody_once() {
    check("lifecycle", &lifecycle::claims(), 7, (2_918, 7));
    check("lifecycle stopped", &lifecycle::stops(), 20, (16, 2));
}

/// LC-1, SV-6, SV-10: the model of supervision runs nobody who has stopped, and everybody recovers or has stopped.
///
/// Engine: stateright
#[test]
fn the_model_of_supervision_leaves_nobody_half_way() {
    check("supervision", &supervision::claims(), 5, (108_682, 5));
    check("supervision recovered", &supervision::recovers(), 60, (35, 4));
}

//! Laws of what is refused: each refusal names the field or the name, its value, and what is allowed.

use std::{sync::Arc, time::Duration};

use super::{
    ManualClock,
    alys::{
        lifecycle::{LifecycleState, Registry},
        supervision::{
            ChildSpec, Ratio, RestartStrategy, SpecError, Supervision, SupervisionConfig, SupervisorSpec,
            Tree,
        },
    },
};
use crate::{
    supervision::actor_laws::Law,
    violation::{check_eq, violated},
};

/// The laws of no input.
pub const LAWS: &[Law] = &[
    ("specifications", a_specification_is_judged_by_its_fields),
    ("parents", a_parent_is_a_supervisor_that_goes_on),
    ("names", a_name_is_for_one),
    ("removals", what_has_stopped_makes_way),
];

fn backoff(initial: Duration, (numerator, denominator): (u32, u32), max: Duration) -> RestartStrategy {
    RestartStrategy::ExponentialBackoff { initial, multiplier: Ratio::of(numerator, denominator), max }
}

fn taken<T>(result: Result<T, SpecError>) -> T {
    result.unwrap_or_else(|error| violated("LC-5", format!("a valid registration is refused: {error}")))
}

fn system() -> Supervision {
    taken(Supervision::new(&SupervisionConfig::default(), Arc::new(ManualClock::default())))
}

fn said<T>(result: Result<T, impl ToString>) -> String {
    result.err().map_or_else(|| "nothing was refused".to_owned(), |error| error.to_string())
}

/// SV-3, SV-4, SV-10, LC-7: a field out of range is refused by its name, with its value and what is allowed.
///
/// # Panics
///
/// Raises a violation when the refusal is another.
pub fn a_specification_is_judged_by_its_fields() {
    let second = Duration::from_secs(1);
    let (of_supervisor, of_child) = (SupervisorSpec::default(), ChildSpec::default());
    let below = |multiplier| backoff(second, multiplier, 2 * second);
    let refused = [
        (
            "SV-4",
            SupervisorSpec { window: Duration::ZERO, ..of_supervisor },
            "window is 0: allowed is a positive duration",
        ),
        (
            "SV-3",
            SupervisorSpec { restart: below((1, 2)), ..of_supervisor },
            "multiplier is 1/2: allowed is a ratio of at least 1",
        ),
        (
            "SV-3",
            SupervisorSpec { restart: below((3, 0)), ..of_supervisor },
            "multiplier is 3/0: allowed is a ratio of at least 1",
        ),
        (
            "SV-3",
            SupervisorSpec { restart: backoff(2 * second, (2, 1), second), ..of_supervisor },
            "initial is 2s: allowed is at most max, which is 1s",
        ),
        (
            "SV-3",
            SupervisorSpec { jitter_permille: 1001, ..of_supervisor },
            "jitter_permille is 1001: allowed are 0 to 1000",
        ),
    ];
    for (rule, spec, message) in refused {
        let message = format!("specification of `sync`: {message}");
        let system = system();
        check_eq(rule, "a refusal", &message, &said(system.add_supervisor("sync", "root", &spec)));
        check_eq(rule, "who is registered", &vec!["root".to_owned()], &system.registry().start_order());
        let mut tree = taken(Tree::new("root", &of_supervisor, 0));
        check_eq(rule, "a refusal", &message, &said(tree.add_supervisor("sync", tree.root(), &spec)));
        check_eq(rule, "a refusal", &message, &said(Tree::new("sync", &spec, 0)));
    }
    let refused = [
        (
            "SV-10",
            ChildSpec { start_within: Duration::ZERO, ..of_child },
            "start_within is 0: allowed is a positive duration",
        ),
        (
            "LC-7",
            ChildSpec { stop_within: Duration::ZERO, ..of_child },
            "stop_within is 0: allowed is a positive duration",
        ),
        (
            "SV-3",
            ChildSpec { restart: below((1, 2)), ..of_child },
            "multiplier is 1/2: allowed is a ratio of at least 1",
        ),
        (
            "SV-3",
            ChildSpec { jitter_permille: 1001, ..of_child },
            "jitter_permille is 1001: allowed are 0 to 1000",
        ),
    ];
    for (rule, spec, message) in refused {
        let mut tree = taken(Tree::new("root", &of_supervisor, 0));
        let refused = said(tree.add_child("peer", tree.root(), &spec));
        check_eq(rule, "a refusal", &format!("specification of `peer`: {message}"), &refused);
        check_eq(rule, "who is in the tree", &1, &tree.start_order(tree.root()).len());
    }
    let widest =
        SupervisorSpec { jitter_permille: 1000, restart: backoff(second, (1, 1), second), ..of_supervisor };
    taken(system().add_supervisor("sync", "root", &widest));
}

/// LC-5: somebody is added under a supervisor that is there and goes on, or nowhere.
///
/// # Panics
///
/// Raises a violation when somebody is added elsewhere, or a refusal is another.
pub fn a_parent_is_a_supervisor_that_goes_on() {
    let spec = SupervisorSpec::default();
    let system = system();
    check_eq(
        "LC-5",
        "a refusal",
        "parent of `peer` is `sync`, which is unknown: allowed is a supervisor of the tree",
        &*said(system.add_supervisor("peer", "sync", &spec)),
    );
    taken(system.add_supervisor("sync", "root", &spec));
    check_eq("LC-5", "a stop", &Ok(()), &system.stop("sync"));
    check_eq(
        "LC-5",
        "a refusal",
        "parent of `peer` is `sync`, which stops or has stopped (it is in Stopped): allowed is a supervisor that goes on",
        &*said(system.add_supervisor("peer", "sync", &spec)),
    );
    let mut tree = taken(Tree::new("root", &spec, 0));
    let child = taken(tree.add_child("sync", tree.root(), &ChildSpec::default()));
    check_eq(
        "LC-5",
        "a refusal",
        "parent of `peer` is `sync`, a child: allowed is a supervisor",
        &*said(tree.add_child("peer", child, &ChildSpec::default())),
    );
}

/// LC-5, LC-6: a name is for one, a refusal leaves the first untouched, and a cycle is named.
///
/// # Panics
///
/// Raises a violation when a second one gets the name, or a refusal is another.
pub fn a_name_is_for_one() {
    let spec = SupervisorSpec::default();
    let system = system();
    taken(system.add_supervisor("sync", "root", &spec));
    taken(system.add_supervisor("peers", "sync", &spec));
    check_eq(
        "LC-5",
        "a refusal",
        "name `sync` belongs to an actor in Uninitialized: allowed is a name that is new, or Stopped",
        &*said(system.add_supervisor("sync", "root", &spec)),
    );
    check_eq(
        "LC-6",
        "a refusal",
        "dependencies must not form a cycle: root -> sync -> root",
        &*said(system.add_supervisor("root", "sync", &spec)),
    );
    check_eq("SV-9", "a start", &Ok(()), &system.start("root"));
    let census = system.registry().monitor().census();
    check_eq("LC-5", "how many run", &(3, 3), &(census.count(LifecycleState::Running), census.total()));
    check_eq("SV-9", "a stop", &Ok(()), &system.stop("root"));
    let stopped = system.registry().monitor().census().count(LifecycleState::Stopped);
    check_eq("LC-5", "how many have stopped", &3, &stopped);

    let registry = Registry::default();
    check_eq(
        "LC-6",
        "a refusal",
        "dependencies must not form a cycle: miner -> miner",
        &*said(registry.register("miner", &["miner"])),
    );
}

/// LC-5, LC-6: who has stopped is removed, or makes way for another of its name, once nobody is below it any more.
///
/// # Panics
///
/// Raises a violation when it makes way earlier, or a refusal is another.
pub fn what_has_stopped_makes_way() {
    let spec = SupervisorSpec::default();
    let system = system();
    taken(system.add_supervisor("sync", "root", &spec));
    taken(system.add_supervisor("peers", "sync", &spec));
    let needed = "actor `sync` cannot be removed before those that depend on it: peers";
    let expect = |what: &str, expected: &str, answer: String| check_eq("LC-5", what, expected, &*answer);
    expect(
        "a removal of who runs",
        "actor `peers` in Uninitialized cannot be removed: allowed is Stopped",
        said(system.remove("peers")),
    );
    check_eq("LC-5", "a stop", &Ok(()), &system.stop("sync"));
    expect("a removal of who is needed", needed, said(system.remove("sync")));
    expect("a registration over who is needed", needed, said(system.add_supervisor("sync", "root", &spec)));
    expect(
        "a removal of nobody",
        "actor `nobody` is unknown: allowed are registered actors",
        said(system.remove("nobody")),
    );
    check_eq("LC-5", "a removal", &Ok(()), &system.remove("peers"));
    check_eq("LC-5", "a new registration", &Ok(()), &system.add_supervisor("sync", "root", &spec));
    let state = system.registry().monitor().current_state("sync");
    check_eq("LC-5", "the new one", &Some(LifecycleState::Uninitialized), &state);
    check_eq("SV-9", "a start", &Ok(()), &system.start("root"));
    check_eq("SV-9", "a stop", &Ok(()), &system.stop("root"));
    check_eq("LC-5", "a removal", &Ok(()), &system.remove("sync"));
    expect(
        "a removal of the root",
        "actor `root` cannot be removed: it is the root, allowed are those below it",
        said(system.remove("root")),
    );
}

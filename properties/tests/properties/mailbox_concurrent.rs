//! The mailbox between threads: every interleaving of two under loom, many schedules of three under shuttle.

use alys_properties::{
    concurrent::{expect_explained, expect_on_threads, explore, on_threads, replay},
    mailbox::{loom, on_threads::Unscheduled, shuttle},
    planted,
    scenarios::expect_pass,
    sequential::{announce, cases_wanted, seed_wanted},
};

/// MB-1, MB-4, MB-5, MB-7..9: every pair of send, `try_send`, recv, close and cancel, one and two a thread, exhaustively;
/// what the threads were told, and what was left, is explained by the model in some order.
///
/// Engine: loom
#[test]
fn loom_pairs_of_operations_are_linearizable() {
    let test = "properties::mailbox_concurrent::loom_pairs_of_operations_are_linearizable";
    let tried = expect_pass("mailbox_loom_pairs", test, "interleavings", loom::pairs_of_operations());
    assert!(tried > 400, "only {tried} interleavings were explored");
}

/// MB-5, MB-9, MB-12: the last senders go at once, two handlers settle at once, a reply meets a waiting asker.
///
/// Engine: loom
#[test]
fn loom_ends_and_replies_lose_nothing() {
    let test = "properties::mailbox_concurrent::loom_ends_and_replies_lose_nothing";
    let tried = expect_pass("mailbox_loom_ends", test, "interleavings", loom::beginnings_and_ends());
    assert!(tried > 20, "only {tried} interleavings were explored");
}

/// MB-1..5, MB-7..9, MB-12: random programs of three threads; their histories are linearizable, wake-ups included.
///
/// Engine: shuttle
#[test]
fn shuttle_three_threads_are_linearizable() {
    let explored = expect_explained::<shuttle::Scheduled>(&shuttle::PLAN.wanted());
    assert_eq!(explored.schedules, 50 * u64::from(explored.programs), "a scheduler stopped early");
}

/// MB-1..5, MB-7..9, MB-12: the same programs on threads of the operating system.
///
/// Engine: threads
#[test]
fn threads_of_the_system_are_linearizable() {
    expect_on_threads::<Unscheduled>(seed_wanted(shuttle::PLAN.seed), cases_wanted(150), 4);
}

/// MB-2: a planted fault is found by threads of the operating system too.
///
/// Engine: threads
#[test]
fn threads_of_the_system_find_a_planted_fault() {
    let _planted = planted::plant("lowest_lane_first");
    let found = on_threads::<Unscheduled>(shuttle::PLAN.seed, 50, 4).map(drop).unwrap_err();
    assert!(!found.unexplained.history.calls.is_empty(), "{:?}", found.unexplained);
}

/// MB-7: a planted fault is found by schedules, and its program and its schedule are shrunk together and replayed.
///
/// Engine: shuttle
#[test]
fn shuttle_shrinks_the_program_and_the_schedule_of_a_planted_fault() {
    let _planted = planted::plant("last_waiter_first");
    let found = explore::<shuttle::Scheduled>(&shuttle::PLAN).map(drop).unwrap_err();
    let actions = found.program.prefix.len() + found.program.calls();
    assert!(actions <= 5, "{} actions are left", actions);
    let (made, broken) = replay::<shuttle::Scheduled>(&found.program, &found.switches);
    assert_eq!((&made, broken), (&found.switches, Some(found.unexplained.clone())));
    announce(&found.counterexample("shuttle").to_string());
}

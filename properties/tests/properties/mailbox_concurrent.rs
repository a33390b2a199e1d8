//! The mailbox between threads: every interleaving of two under loom, many schedules of three under shuttle.

use alys_properties::{
    mailbox::{loom, shuttle},
    scenarios::expect_pass,
    sequential::cases_wanted,
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
    let test = "properties::mailbox_concurrent::shuttle_three_threads_are_linearizable";
    let programs = shuttle::programs(cases_wanted(1_000) as usize);
    let tried = expect_pass("mailbox_shuttle", test, "schedules", programs);
    assert!(tried > 0, "nothing was scheduled");
}

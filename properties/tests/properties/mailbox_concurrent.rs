//! The mailbox between threads: every interleaving of two under loom, many schedules of three under shuttle.

use alys_properties::{
    mailbox::{loom, shuttle},
    sequential::{announce, cases_wanted},
};

/// MB-1, MB-4, MB-5, MB-7..9: every pair of send, `try_send`, recv, close and cancel, one a thread, exhaustively; what
/// the threads were told, and what was left, is explained by the model in some order.
///
/// Engine: loom
#[test]
fn loom_one_operation_a_thread_is_linearizable() {
    let executions = loom::one_each().unwrap_or_else(|broken| panic!("{}", broken.message));
    assert!(executions > 90, "only {executions} interleavings were explored");
    announce(&format!("mailbox, loom 2 x 1: {executions} executions, complete"));
}

/// MB-1, MB-4, MB-5, MB-7..9: the same pairs, two operations a thread, exhaustively.
///
/// Engine: loom
#[test]
fn loom_two_operations_a_thread_are_linearizable() {
    let executions = loom::two_each().unwrap_or_else(|broken| panic!("{}", broken.message));
    assert!(executions > 250, "only {executions} interleavings were explored");
    announce(&format!("mailbox, loom 2 x 2: {executions} executions, complete"));
}

/// MB-5, MB-9, MB-12: the last senders go at once, two handlers settle at once, a reply meets a waiting asker.
///
/// Engine: loom
#[test]
fn loom_ends_and_replies_lose_nothing() {
    let executions = loom::beginnings_and_ends().unwrap_or_else(|broken| panic!("{}", broken.message));
    assert!(executions > 20, "only {executions} interleavings were explored");
    announce(&format!("mailbox, loom ends: {executions} executions, complete"));
}

/// MB-1..5, MB-7..9, MB-12: random programs of three threads; their histories are linearizable, wake-ups included.
///
/// Engine: shuttle
#[test]
fn shuttle_three_threads_are_linearizable() {
    let programs = cases_wanted(1_000);
    let mut schedules = 0;
    for (program, seed) in shuttle::programs(1).take(programs as usize).zip(0..) {
        schedules += shuttle::run(&program, seed).unwrap_or_else(|message| panic!("{message}"));
    }
    announce(&format!("mailbox, shuttle: {programs} programs, {schedules} schedules"));
}

//! The planted faults of the mailbox's futures, turns, clock and actor that only its laws at the edges see.

use super::{
    Fault,
    mailbox_edges::{edge_expression, edge_statement},
};

const SENDER: &str = "mailbox/sender.rs";
const TURN: &str = "mailbox/turn.rs";
const RECEIVER: &str = "mailbox/receiver.rs";
const TIME: &str = "mailbox/time.rs";
const CLOCK: &str = "clock.rs";
const DRAIN: &str = "drain/shell.rs";

/// Every one of them; the laws of the mailbox find them.
pub(super) const FAULTS: &[Fault] = &[
    edge_statement(
        "cancelled_message_kept: what a cancelled sender wanted to send is never dropped",
        &["MB-7"],
        SENDER,
        "drop(shared.step(|core, _| core.leave(key)));",
        "std::mem::forget(shared.step(|core, _| core.leave(key)));",
    ),
    edge_statement(
        "panicking_turn_wakes_nobody: a turn that a panic ends wakes none of the senders it admitted",
        &["MB-7"],
        TURN,
        "Effects::wake_all(&mut self.effects);",
        "if !std::thread::panicking() { Effects::wake_all(&mut self.effects); }",
    ),
    edge_statement(
        "panicking_receiver_stays_open: a receiver that a panic drops neither closes nor drains",
        &["MB-9"],
        RECEIVER,
        "core.close(effects);\n            core.clear(effects);",
        "if !std::thread::panicking() { core.close(effects); core.clear(effects); }",
    ),
    edge_statement(
        "panicking_sender_waits_on: a send that a panic drops keeps its place among those that wait",
        &["MB-7"],
        SENDER,
        "leave(self.shared, key);",
        "if !std::thread::panicking() { leave(self.shared, key); }",
    ),
    edge_expression(
        "empty_turn_wakes_nobody: a turn that finds the mailbox empty wakes nobody until it ends",
        &["MB-7"],
        TURN,
        "!matches!(taken, Poll::Ready(Some(_)))",
        "false",
    ),
    edge_statement(
        "turn_wakes_each_after_64: after its 64th receive a turn wakes at every receive",
        &["MB-7"],
        TURN,
        "self.received = 0;",
        "",
    ),
    edge_statement(
        "turn_withholds_the_dead: a message that expires in a turn is not handed over",
        &["MB-10"],
        TURN,
        "shared.carry_out_deaths(&mut self.effects);",
        "",
    ),
    edge_expression(
        "waits_count_as_deliveries: a receiver that waited goes on counting towards its next yield",
        &["MB-7"],
        RECEIVER,
        "if received.is_ready() { self.ready_in_a_row + 1 } else { 0 }",
        "if received.is_ready() { self.ready_in_a_row + 1 } else { self.ready_in_a_row }",
    ),
    edge_expression(
        "receiver_yields_late: a receiver that never waits yields after 142 deliveries",
        &["MB-7"],
        RECEIVER,
        "self.ready_in_a_row >= RECEIVES_BEFORE_YIELD",
        "self.ready_in_a_row >= 142",
    ),
    edge_statement(
        "dropped_receive_stays_registered: a dropped receive leaves its waker behind",
        &["MB-7"],
        RECEIVER,
        "self.registered = true;",
        "",
    ),
    edge_expression(
        "time_wraps: an instant beyond the last one is one near the origin",
        &["MB-10", "MB-12"],
        TIME,
        "self.0.saturating_add(u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX))",
        "self.0.wrapping_add(duration.as_nanos() as u64)",
    ),
    edge_expression(
        "clock_in_milliseconds: tokio's clock tells milliseconds",
        &["MB-10"],
        CLOCK,
        "self.origin.elapsed()",
        "std::time::Duration::from_millis(self.origin.elapsed().as_millis() as u64)",
    ),
    edge_expression(
        "sleep_ends_early: a sleep on tokio's clock is a millisecond short",
        &["MB-12"],
        CLOCK,
        "at.as_nanos()",
        "at.as_nanos().saturating_sub(999_999)",
    ),
    edge_statement(
        "drain_without_budget: an actor handles all that is queued in one poll",
        &["MB-7"],
        DRAIN,
        "*budget -= 1;",
        "",
    ),
    edge_expression(
        "exclusive_renews_the_budget: an exclusive handler gives its poll another 128 messages",
        &["MB-7"],
        DRAIN,
        "self.exclusive = Some((answering, key))",
        "{ budget = MESSAGES_PER_POLL; self.exclusive = Some((answering, key)) }",
    ),
    edge_statement(
        "spent_budget_is_the_end: an actor that has spent the budget of a poll is not polled again",
        &["MB-7"],
        DRAIN,
        "task.waker().wake_by_ref();",
        "if !context.state().alive() { task.waker().wake_by_ref(); }",
    ),
    edge_statement(
        "hesitating_actor_drains_no_more: an actor that took its stop back handles nothing more",
        &["MB-9"],
        DRAIN,
        "task.waker().wake_by_ref();",
        "task.waker().wake_by_ref(); if !context.state().alive() { return Ok(Poll::Ready(())); }",
    ),
    edge_expression(
        "stopping_actor_drains_on: an actor that has begun to stop handles further messages",
        &["MB-9"],
        DRAIN,
        "*budget > 0 && context.state().alive()",
        "*budget > 0",
    ),
    edge_statement(
        "end_told_for_ever: an actor that lives on is told of the end of its mailbox again and again",
        &["MB-9"],
        DRAIN,
        "return Ok(Poll::Ready(()));",
        "task.waker().wake_by_ref(); return Ok(Poll::Pending);",
    ),
    edge_expression(
        "ended_send_is_ready: a send that is polled after its end says that it was accepted",
        &["MB-7"],
        SENDER,
        "panic!(\"a send was polled after it had ended\")",
        "Poll::Ready(Ok(()))",
    ),
];

//! The planted faults inside the priority mailbox that only its laws at the edges see.

use super::{Engine, Fault, by, expression, statement};

const CORE: &str = "mailbox/core.rs";
const LANES: &str = "mailbox/lanes.rs";
const WAITERS: &str = "mailbox/waiters.rs";
const EFFECTS: &str = "mailbox/effects.rs";
const SHARED: &str = "mailbox/shared.rs";
const REPLY: &str = "mailbox/reply.rs";
const CONFIG: &str = "mailbox/config.rs";

/// Every one of them; the laws of the mailbox find them.
pub(super) const FAULTS: &[Fault] = &[
    edge_expression(
        "clock_read_for_nothing: the clock is read also when no message has a deadline",
        &["MB-10"],
        CORE,
        "self.deadlines > 0",
        "true",
    ),
    edge_expression(
        "age_in_32_bits: the age at which a lane is due is cut to 32 bits",
        &["MB-11"],
        LANES,
        "(0..Lane::COUNT).find(|&rank| self.counts[rank] >= every)",
        "(0..Lane::COUNT).find(|&rank| self.counts[rank] >= u64::from(every as u32))",
    ),
    edge_statement(
        "age_stops_at_255: a lane does not grow older than a byte can tell",
        &["MB-11"],
        LANES,
        "self.counts[rank] += 1;",
        "if self.counts[rank] < 255 { self.counts[rank] += 1; }",
    ),
    edge_statement(
        "close_refuses_32: a close refuses the first 32 waiting senders and forgets the others",
        &["MB-9"],
        WAITERS,
        "wakers.push(waker);",
        "wakers.push(waker); if wakers.len() >= 32 { break; }",
    ),
    edge_statement(
        "close_wakes_backwards: a close wakes the senders that it refuses in the reverse order",
        &["MB-9"],
        CORE,
        "effects.wake(self.waiters.refuse_all().into_iter().chain(self.receiver.take()));",
        "effects.wake(self.waiters.refuse_all().into_iter().rev().chain(self.receiver.take()));",
    ),
    edge_statement(
        "clear_stops_at_64: a clear drains the first 64 messages and leaves the others",
        &["MB-5"],
        CORE,
        "self.bury(envelope, DeadReason::Drained, effects);",
        "self.bury(envelope, DeadReason::Drained, effects); if self.counters.drained == 64 { return drained; }",
    ),
    edge_statement(
        "dead_letters_before_wakes: dead letters are handed over before anybody is woken",
        &["MB-7"],
        EFFECTS,
        "self.wake_all();\n            self.carry_out_deaths(sink);",
        "self.carry_out_deaths(sink); self.wake_all();",
    ),
    edge_expression(
        "wakes_under_the_lock: wakers run under the lock of the mailbox",
        &["MB-7"],
        SHARED,
        "self.step_into(&mut effects, step)",
        "{ let mut core = self.core.lock(); let answer = step(&mut core, &mut effects); effects.wake_all(); answer }",
    ),
    edge_statement(
        "waker_dropped_under_the_lock: the receiver's replaced waker is dropped under the lock",
        &["MB-7"],
        CORE,
        "effects.retire(self.receiver.replace(waker.clone()));",
        "drop(self.receiver.replace(waker.clone()));",
    ),
    edge_statement(
        "told_before_counted: an asker is told of its reply before the reply is counted",
        &["MB-5"],
        REPLY,
        "book.count(tally);\n        if let Some(asker) = self.asker.take() {\n            asker.settle(settlement);\n        }",
        "if let Some(asker) = self.asker.take() { asker.settle(settlement); } book.count(tally);",
    ),
    edge_expression(
        "abandoned_ask_keeps_its_waker: an abandoned ask leaves its waker behind",
        &["MB-12"],
        REPLY,
        "std::mem::replace(&mut *self.state.lock(), State::Over)",
        "State::<R>::Over",
    ),
    edge_expression(
        "detached_looks_unasked: a responder that was detached says that nobody asked",
        &["MB-12"],
        REPLY,
        "self.asker.is_some()",
        "self.asker.is_some() && !matches!(self.book, Some(Book::Owned(_)))",
    ),
    edge_statement(
        "panicking_handler_is_silent: the message of a handler that panics is never settled",
        &["MB-12"],
        REPLY,
        "book.count(tally);\n        if let Some(asker) = self.asker.take() {\n            asker.settle(settlement);\n        }",
        "if !std::thread::panicking() { book.count(tally); \
         if let Some(asker) = self.asker.take() { asker.settle(settlement); } }",
    ),
    edge_statement(
        "woken_receive_stays_registered: a receive that was woken is woken again",
        &["MB-7"],
        CORE,
        "effects.wake(self.receiver.take());",
        "effects.wake(self.receiver.clone());",
    ),
    edge_expression(
        "replaced_waker_is_kept: the replaced waker of a waiting sender is never dropped",
        &["MB-7"],
        WAITERS,
        "renewed.then(|| std::mem::replace(stored, waker.clone()))",
        "renewed.then(|| { std::mem::forget(stored.clone()); std::mem::replace(stored, waker.clone()) })",
    ),
    edge_expression(
        "capacity_reserved_at_once: the places of a mailbox are reserved when it is made",
        &["MB-1"],
        CORE,
        "Lanes::new(config.fairness)",
        "{ drop(std::hint::black_box(Vec::<Envelope<M, R>>::with_capacity(config.capacity))); Lanes::new(config.fairness) }",
    ),
    edge_expression(
        "aging_zero_judged_by_policy: aging after no delivery is refused under one policy only",
        &["MB-11"],
        CONFIG,
        "self.fairness == (Fairness::Aging { every: 0 })",
        "self.fairness == (Fairness::Aging { every: 0 }) && self.overflow == Overflow::Reject",
    ),
    edge_expression(
        "cloned_environment_loses_its_sink: a cloned environment drops its dead letters",
        &["MB-5"],
        SHARED,
        "self.dead_letters.clone()",
        "None",
    ),
];

/// An expression at the edges, which a law finds.
pub(super) const fn edge_expression(
    title: &'static str,
    rules: &'static [&'static str],
    file: &'static str,
    original: &'static str,
    faulty: &'static str,
) -> Fault {
    by(Engine::Law, expression(title, rules, file, original, faulty))
}

/// A statement at the edges, which a law finds.
pub(super) const fn edge_statement(
    title: &'static str,
    rules: &'static [&'static str],
    file: &'static str,
    original: &'static str,
    faulty: &'static str,
) -> Fault {
    by(Engine::Law, statement(title, rules, file, original, faulty))
}

//! The planted faults of what happens to handlers that have not ended when their actor ends: SV-7, with MB-5 and MB-9.

use super::{Engine, Fault, by, expression, mailbox_edges::edge_statement, statement};

const INTERRUPTER: &str = "mailbox/interrupter.rs";
const SHARED: &str = "mailbox/shared.rs";
const UNFINISHED: &str = "drain/unfinished.rs";
const SHELL: &str = "drain/shell.rs";

/// What an interrupter does, in this order.
const INTERRUPT: &str = "responder.fail();\n        self.0.bury_interrupted(lane);";

/// What becomes of the message of a handler that panics.
const ABANDONED: &str = "self.keep();";

/// Every one of them.
pub(super) const FAULTS: &[Fault] = &[
    by(
        Engine::MailboxActor,
        statement(
            "interrupted_vanishes: a message whose handler is interrupted is no dead letter",
            &["SV-7", "MB-5"],
            INTERRUPTER,
            INTERRUPT,
            "responder.fail();",
        ),
    ),
    by(
        Engine::MailboxActor,
        statement(
            "interrupted_asker_waits_on: the asker of an interrupted message is told nothing",
            &["SV-7", "MB-12"],
            INTERRUPTER,
            INTERRUPT,
            "std::mem::forget(responder); self.0.bury_interrupted(lane);",
        ),
    ),
    edge_statement(
        "letter_before_the_asker: an interrupted message is a dead letter before its asker is told",
        &["SV-7"],
        INTERRUPTER,
        INTERRUPT,
        "self.0.bury_interrupted(lane); responder.fail();",
    ),
    by(
        Engine::MailboxActor,
        expression(
            "interrupted_called_drained: a message whose handler is interrupted is said to be drained",
            &["SV-7"],
            SHARED,
            "DeadReason::Interrupted",
            "DeadReason::Drained",
        ),
    ),
    by(
        Engine::MailboxActor,
        statement(
            "stop_interrupts_nobody: an actor that stops fails its unfinished handlers without dead letters",
            &["SV-7", "MB-5"],
            UNFINISHED,
            "self.interrupt_all();",
            "",
        ),
    ),
    by(
        Engine::MailboxActor,
        expression(
            "interrupted_backwards: unfinished handlers are interrupted from the last delivered to the first",
            &["SV-7"],
            UNFINISHED,
            "self.kept.borrow_mut().pop_first()",
            "self.kept.borrow_mut().pop_last()",
        ),
    ),
    by(
        Engine::MailboxActor,
        statement(
            "failure_is_an_interrupt: a handler that fails at once makes its message a dead letter",
            &["SV-7", "MB-5"],
            UNFINISHED,
            "self.responder.fail();",
            "self.unfinished.interrupter.interrupt(self.lane, self.responder);",
        ),
    ),
    by(
        Engine::MailboxActor,
        expression(
            "later_failure_is_an_interrupt: a later answer that is a failure makes its message a dead letter",
            &["SV-7", "MB-5"],
            UNFINISHED,
            "self.kept.borrow_mut().remove(&key)",
            "match self.kept.borrow_mut().remove(&key) { \
             Some((lane, responder)) if answer.is_err() => { \
             self.interrupter.interrupt(lane, responder); None } other => other }",
        ),
    ),
    by(
        Engine::MailboxActor,
        expression(
            "end_told_early: an actor hears of the end of its mailbox while handlers have not ended",
            &["MB-9"],
            SHELL,
            "!self.unfinished.is_empty()",
            "false",
        ),
    ),
    by(
        Engine::MailboxActor,
        statement(
            "end_never_told: an actor whose last handler has ended does not hear of the end of its mailbox",
            &["MB-9"],
            UNFINISHED,
            "drain.wake();",
            "drop(drain);",
        ),
    ),
    edge_statement(
        "panicking_handler_only_fails: the message of a handler that panics is no dead letter",
        &["SV-7", "MB-5"],
        UNFINISHED,
        ABANDONED,
        "self.fail();",
    ),
    edge_statement(
        "panicking_handler_first: the message of a handler that panics is a dead letter before earlier ones",
        &["SV-7"],
        UNFINISHED,
        ABANDONED,
        "self.unfinished.interrupter.interrupt(self.lane, self.responder);",
    ),
    edge_statement(
        "panic_goes_on_first: the panic of a handler goes on before anybody is told of it",
        &["SV-7"],
        SHELL,
        "self.end();",
        "",
    ),
    edge_statement(
        "panic_keeps_the_receiver: the panic of a handler goes on before the mailbox is drained",
        &["SV-7"],
        SHELL,
        "self.receiver = None;",
        "",
    ),
];

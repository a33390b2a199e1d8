//! The planted faults of the shell around supervised actors.

use super::{Engine, Fault, by, expression, statement};

const ADOPT: &str = "supervised/adopt.rs";
const CONTEXT: &str = "supervised/context.rs";
const COURSE: &str = "supervised/incarnation.rs";
const SEAT: &str = "supervised/seat.rs";
const SHELL: &str = "supervised/shell.rs";
const TIMEKEEPER: &str = "supervised/timekeeper.rs";
const CAGE: &str = "supervised/cage.rs";

/// Two faults share this anchor.
const HOOK: &str = "let hook = actor.stop_hook(context);\n                this.stop_hooked(hook);";

/// And so do these.
const BURIAL: &str =
    "let dropped = dropped(future);\n        self.report(link.incarnation, reason.or(dropped.err()))";

/// What the suite of supervised actors must find.
const fn acted(fault: Fault) -> Fault {
    by(Engine::SupervisedActor, fault)
}

/// What a law must find.
const fn law(fault: Fault) -> Fault {
    by(Engine::SupervisedLaw, fault)
}

/// In the order of the rules they break first.
pub(super) const FAULTS: &[Fault] = &[
    acted(expression(
        "failure_taken_for_an_end: an actor that cannot go on is taken for one that wants to stop",
        &["SV-1"],
        CONTEXT,
        "self.link.finish(Some(FailureReason::Erred(words.into())))",
        "self.link.finish(None)",
    )),
    acted(statement(
        "reason_lost: the shell forgets why an incarnation ended",
        &["SV-1"],
        SHELL,
        "return self.bury(reason);",
        "return self.bury(None);",
    )),
    acted(expression(
        "start_error_ignored: a start hook that errs after a while counts as done",
        &["SV-1", "LC-4"],
        COURSE,
        "this.finish(Some(FailureReason::Erred(error.to_string())))",
        "{ drop(error); this.started() }",
    )),
    acted(expression(
        "panic_escapes: a panic of an actor ends the task of its shell",
        &["SV-2"],
        SHELL,
        "caged(|| living.future.as_mut().poll(task))",
        "Ok::<_, FailureReason>(living.future.as_mut().poll(task))",
    )),
    acted(expression(
        "factory_uncaged: a panic of a factory ends the task of the shell",
        &["SV-2"],
        SHELL,
        "caged(&mut self.factory)",
        "Ok::<_, FailureReason>((self.factory)())",
    )),
    law(expression(
        "drop_uncaged: a panic of an actor that is dropped ends the task of the shell",
        &["SV-2"],
        CAGE,
        "caged(move || drop(value))",
        "{ drop(value); Ok(()) }",
    )),
    law(statement(
        "payload_uncaged: the payload of a panic is dropped where its own panic is not caught",
        &["SV-2"],
        CAGE,
        "if let Err(second) = catch_unwind(AssertUnwindSafe(move || drop(payload))) {\n        std::mem::forget(second);\n    }",
        "drop(payload);",
    )),
    law(statement(
        "panic_not_told: the panic of a handler stops the incarnation, and its shell does not hear of it",
        &["SV-1", "SV-2"],
        CONTEXT,
        "self.panic.replace(Some(reason));",
        "drop(reason);",
    )),
    law(statement(
        "goes_on_after_its_panic: what an incarnation has spawned goes on after the panic of a handler",
        &["SV-8"],
        COURSE,
        "context.wait(wrap_future(pending()));",
        "let _ = context;",
    )),
    acted(statement(
        "receiver_not_given_back: the queue is lost with the incarnation that drained it",
        &["SV-7", "MB-3"],
        SEAT,
        "self.seat.set(self.receiver.take());",
        "drop(self.receiver.take());",
    )),
    acted(expression(
        "dead_letters_unheard: the mailbox of a child is not told who gets its dead letters",
        &["SV-7"],
        ADOPT,
        "environment.with_dead_letters(dead_letters)",
        "{ drop(dead_letters); environment }",
    )),
    acted(expression(
        "goes_on_after_its_end: an actor that cannot go on handles the messages behind",
        &["SV-7"],
        CONTEXT,
        "self.link.is_over()",
        "false",
    )),
    acted(expression(
        "goes_on_after_its_stop: an actor that wants to stop handles the messages behind",
        &["SV-7", "LC-4"],
        CONTEXT,
        "self.link.stop_wanted.get()",
        "false",
    )),
    acted(expression(
        "mailbox_outlives_its_child: the mailbox of a stopped child stays open",
        &["SV-7"],
        SHELL,
        "self.supervision.is_stopped(self.node)",
        "false",
    )),
    acted(expression(
        "handles_start_again: a handle of the incarnation before cancels what the new one spawned",
        &["SV-8"],
        SHELL,
        "Rc::clone(&self.last_handle)",
        "Rc::default()",
    )),
    acted(statement(
        "hooks_of_actix: Actix runs its hooks on what a panic left behind",
        &["SV-8", "LC-4"],
        SHELL,
        "future.as_mut().get_mut().ctx().silence();",
        "",
    )),
    acted(expression(
        "runs_before_its_hook: messages are handled while the start hook still waits",
        &["SV-8", "LC-4"],
        COURSE,
        "self.phase = Phase::Starting(future)",
        "{ drop(future); self.started() }",
    )),
    law(expression(
        "old_incarnation_kept: an incarnation that has ended lives on for a while beside the new one",
        &["SV-8", "LC-4"],
        SHELL,
        BURIAL,
        "{
            actix::spawn(async move {
                for _ in 0..8 {
                    tokio::task::yield_now().await;
                }
                drop(future);
            });
            self.report(link.incarnation, reason)
        }",
    )),
    acted(expression(
        "reported_before_it_is_gone: a failure is reported while the incarnation still holds what it holds",
        &["LC-4"],
        SHELL,
        BURIAL,
        "let step = self.report(link.incarnation, reason); drop(dropped(future)); step",
    )),
    acted(expression(
        "restart_runs_the_start_hook: every incarnation starts as the first one",
        &["LC-4"],
        COURSE,
        "if *first { actor.start_hook(context) } else { actor.restart_hook(context) }",
        "actor.start_hook(context)",
    )),
    acted(statement(
        "stop_hook_left_out: an actor is stopped without its hook",
        &["LC-4"],
        COURSE,
        HOOK,
        "this.stop_hooked(Hook::Done);",
    )),
    acted(statement(
        "no_stop_hook_while_starting: an actor whose start hook waits is stopped without its hook",
        &["LC-4"],
        COURSE,
        HOOK,
        "let hook = if matches!(this.phase, Phase::Starting(_)) { Hook::Done } else { actor.stop_hook(context) };
         this.stop_hooked(hook);",
    )),
    acted(expression(
        "own_stop_ignored: an actor that stops itself goes on",
        &["LC-4"],
        SHELL,
        "living.link.stop_wanted.take()",
        "false",
    )),
    acted(expression(
        "never_made_never_gone: a child that is stopped before it was made is waited for",
        &["LC-7", "SV-10"],
        SHELL,
        "self.report(incarnation, None)",
        "{ let _ = incarnation; Step::Wait }",
    )),
    acted(statement(
        "order_to_drop_ignored: a hook that is late is waited for",
        &["LC-7", "SV-10"],
        SHELL,
        "living.link.order.set(order);",
        "if order != Order::Drop { living.link.order.set(order); }",
    )),
    acted(expression(
        "earlier_timer_missed: a timer that is due before the one that is waited for is missed",
        &["SV-10"],
        TIMEKEEPER,
        "this.sleep.as_ref().is_none_or(|(armed, _)| *armed != at)",
        "this.sleep.is_none()",
    )),
    law(expression(
        "dependencies_forgotten: a child starts before what it depends on",
        &["LC-6"],
        ADOPT,
        "supervision.add_child(name, parent, dependencies, &spec)",
        "supervision.add_child(name, parent, &[], &spec)",
    )),
    law(statement(
        "nowhere: nobody knows on which thread a child runs",
        &["LC-7"],
        ADOPT,
        "supervision.runs_on(node, arbiter);",
        "",
    )),
];

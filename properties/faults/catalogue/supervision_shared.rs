//! The planted faults of the lock around a tree, and of the calls for shells.

use super::{Engine, Fault, by, expression, statement};

const SHARED: &str = "supervision/shared.rs";
const SHELLS: &str = "supervision/shells.rs";
const SIGNAL: &str = "supervision/signal.rs";

/// Two faults share this anchor.
const RAISED: &str = "state.raised = true;\n            state.waker.take()";

/// In the order of the rules they break first.
pub(super) const FAULTS: &[Fault] = &[
    by(
        Engine::Loom,
        expression(
            "recorded_in_a_second_step: what a tree has decided is recorded in a second step",
            &["LC-3", "SV-9"],
            SHARED,
            "inner.tree.handle(event, self.shared.clock.now())?",
            "{
                let actions = inner.tree.handle(event, self.shared.clock.now())?;
                drop(inner);
                inner = self.shared.inner.lock();
                actions
            }",
        ),
    ),
    by(
        Engine::Loom,
        statement(
            "looked_in_two_steps: a shell looks for a call in one step and waits for one in a second",
            &["SV-10"],
            SIGNAL,
            "if std::mem::take(&mut state.raised) {\n                return true;\n            }",
            "if std::mem::take(&mut state.raised) {
                return true;
            }
            drop(state);
            state = self.0.lock();",
        ),
    ),
    by(
        Engine::Loom,
        statement(
            "calls_are_not_kept: a call for a shell that does not wait is lost",
            &["SV-10"],
            SIGNAL,
            RAISED,
            "state.waker.take()",
        ),
    ),
    by(
        Engine::Loom,
        statement(
            "raised_in_two_steps: a call takes the waker before it says that it was made",
            &["SV-10"],
            SIGNAL,
            RAISED,
            "let waker = state.waker.take();
            drop(state);
            self.0.lock().raised = true;
            waker",
        ),
    ),
    by(
        Engine::Loom,
        statement(
            "timer_armed_late: the next timer is written down when the lock has been released",
            &["SV-10"],
            SHARED,
            "inner.armed = next;",
            "drop(inner);
            self.shared.inner.lock().armed = next;",
        ),
    ),
    by(
        Engine::Loom,
        statement(
            "timer_read_too_early: the next timer is read before a call is listened for",
            &["SV-10"],
            SHELLS,
            "while self.shared.timer_changed.look(context.waker()) {}\n        self.shared.inner.lock().armed",
            "let armed = self.shared.inner.lock().armed;
        while self.shared.timer_changed.look(context.waker()) {}
        armed",
        ),
    ),
    by(
        Engine::Loom,
        statement(
            "node_found_too_early: a name is looked up in one step and acted on in another",
            &["LC-5"],
            SHARED,
            "self.step(|inner| inner.names.get(name).copied().map(event).ok_or_else(unknown))",
            "let node = self.shared.inner.lock().names.get(name).copied();
        self.step(|_| node.map(event).ok_or_else(unknown))",
        ),
    ),
    by(
        Engine::Loom,
        statement(
            "end_waited_for_too_late: who waits for the end looks in one step and leaves its waker in another",
            &["LC-7"],
            SHARED,
            "inner.waiting_for_the_end.push(context.waker().clone());",
            "drop(inner);
            inner = self.shared.inner.lock();
            inner.waiting_for_the_end.push(context.waker().clone());",
        ),
    ),
    by(
        Engine::SupervisedActor,
        expression(
            "timekeeper_not_told: nobody tells the timekeeper that another timer is next",
            &["SV-10"],
            SHARED,
            "inner.armed != next",
            "false",
        ),
    ),
    by(
        Engine::SupervisedActor,
        statement(
            "first_shell_not_called: of several shells that must look, the first one is not called",
            &["SV-10"],
            SHARED,
            "calls.shells.iter().for_each(|shell| shell.raise());",
            "calls.shells.iter().skip(1).for_each(|shell| shell.raise());",
        ),
    ),
    by(
        Engine::SupervisedActor,
        statement(
            "transitions_not_recorded: the monitor is not told of restarts",
            &["LC-2", "LC-3"],
            SHARED,
            "let recorded = self.shared.registry.monitor().fire(name, trigger, reason);\n        debug_assert!(recorded.is_ok(), \"LC-1: {recorded:?}\");",
            "if trigger != Trigger::Restarted {
                let _ = self.shared.registry.monitor().fire(name, trigger, reason);
            }",
        ),
    ),
];

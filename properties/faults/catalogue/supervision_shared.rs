//! The planted faults of the lock around a tree, and of the calls for shells.

use super::{Engine, Fault, by, expression, statement};

const SHARED: &str = "supervision/shared.rs";
const SIGNAL: &str = "supervision/signal.rs";

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
            "state.raised = true;",
            "",
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

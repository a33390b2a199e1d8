//! The planted faults of the decisions of supervision: verdicts, backoff, intensity, escalation, reports.

use super::{Engine, Fault, by, expression, statement};

const DECIDE: &str = "supervision/tree/decide.rs";
const MOD: &str = "supervision/tree/mod.rs";
const NODE: &str = "supervision/tree/node.rs";
const POLICY: &str = "supervision/policy.rs";
const REPORT: &str = "supervision/tree/report.rs";
const ROUND: &str = "supervision/tree/round.rs";

/// Several faults each share these anchors.
const GAVE_UP: &str = "self.judge(id, Verdict::Stop);\n            self.give_up(id, now);";
const OUTSIDE: &str = "has_passed(*granted, self.window, now)";
const ROOM: &str = "self.grants.len() < self.max_restarts as usize";
const FORGIVEN: &str = "has_passed(node.running_since, window, now)";
const CURRENT: &str = "(incarnation.id == name).then_some(incarnation)";
const UP: &str = "next = node.as_supervisor().and_then(|supervisor| supervisor.brought_down_by);";

/// What the suite of the tree must find.
const fn decided(fault: Fault) -> Fault {
    by(Engine::Supervision, fault)
}

/// In the order of the rules they break first.
pub(super) const FAULTS: &[Fault] = &[
    decided(statement(
        "never_is_silent: a child that is never restarted stays as it failed",
        &["SV-1"],
        DECIDE,
        GAVE_UP,
        "self.judge(id, Verdict::Stop);",
    )),
    decided(statement(
        "verdict_left_out: nobody is told that a child is given up",
        &["SV-1"],
        DECIDE,
        GAVE_UP,
        "self.give_up(id, now);",
    )),
    decided(statement(
        "failed_attempt_forgotten: nothing is decided about a restart attempt that fails",
        &["SV-1", "SV-10"],
        REPORT,
        "self.fire(id, trigger, Some(reason), now);",
        "self.fire(id, trigger, Some(reason), now);
         if trigger == Trigger::RestartFailed {
             return self.turn_is_over(id, now);
         }",
    )),
    decided(statement(
        "backoff_not_capped: a backoff grows above its maximum",
        &["SV-3"],
        POLICY,
        "return max;",
        "return from_nanos(next);",
    )),
    decided(expression(
        "rounded_up: a backoff is rounded up",
        &["SV-3"],
        POLICY,
        "top / bottom",
        "top.div_ceil(bottom)",
    )),
    decided(expression(
        "multiplier_upside_down: a backoff is multiplied by the inverse",
        &["SV-3"],
        POLICY,
        "Some((top.checked_mul(numerator)?, bottom.checked_mul(denominator)?))",
        "Some((top.checked_mul(denominator)?, bottom.checked_mul(numerator)?))",
    )),
    decided(expression(
        "first_attempt_is_one: the first restart waits as the second one",
        &["SV-3", "SV-4"],
        DECIDE,
        "strategy.delay(attempt)",
        "strategy.delay(attempt + 1)",
    )),
    decided(expression(
        "window_does_not_slide: a grant is counted for ever",
        &["SV-4"],
        NODE,
        OUTSIDE,
        "false",
    )),
    decided(expression(
        "window_one_too_long: a grant is still counted when its window is over",
        &["SV-4"],
        NODE,
        OUTSIDE,
        "has_passed(*granted, self.window + Duration::from_nanos(1), now)",
    )),
    decided(expression(
        "window_one_too_short: a grant is not counted at the last instant of its window",
        &["SV-4"],
        NODE,
        OUTSIDE,
        "has_passed(*granted, self.window - Duration::from_nanos(1), now)",
    )),
    decided(expression(
        "one_restart_too_many: one restart more than allowed is granted",
        &["SV-4"],
        NODE,
        ROOM,
        "self.grants.len() <= self.max_restarts as usize",
    )),
    decided(expression(
        "counted_per_child: each child has the restarts of its supervisor for itself",
        &["SV-4"],
        DECIDE,
        "self.grant(parent, now)",
        "self.node(id).attempt < 2 || self.grant(parent, now)",
    )),
    decided(statement(
        "attempts_never_end: a child that ran for a window goes on counting",
        &["SV-4"],
        DECIDE,
        "node.attempt = 0;",
        "",
    )),
    decided(expression(
        "forgiven_too_early: a child that ran for less than a window counts from 0",
        &["SV-4"],
        DECIDE,
        FORGIVEN,
        "has_passed(node.running_since, window - Duration::from_nanos(1), now)",
    )),
    decided(expression(
        "forgiven_too_late: a child that ran for just a window goes on counting",
        &["SV-4"],
        DECIDE,
        FORGIVEN,
        "has_passed(node.running_since, window + Duration::from_nanos(1), now)",
    )),
    decided(statement(
        "sibling_forgiven: a sibling that is restarted along counts its attempts from 0",
        &["SV-4", "SV-5"],
        ROUND,
        "self.fire(id, Trigger::RestartPlanned, None, now);",
        "self.fire(id, Trigger::RestartPlanned, None, now); self.node_mut(id).attempt = 0;",
    )),
    decided(statement(
        "grants_survive: a supervisor that is restarted remembers its grants",
        &["SV-4", "SV-6"],
        ROUND,
        "supervisor.grants.clear();",
        "",
    )),
    decided(statement(
        "escalates_past_the_parent: an escalated failure goes to the root at once",
        &["SV-6"],
        DECIDE,
        "self.decide(parent, now);",
        "let root = self.root;
         if self.node(root).state == LifecycleState::Running {
             self.fire(root, Trigger::HandlerFailed, None, now);
         }
         self.fail_root(root, now);",
    )),
    decided(statement(
        "escalation_unheard: nothing is decided about a supervisor that failed",
        &["SV-6", "SV-1"],
        DECIDE,
        "self.decide(parent, now);",
        "if self.node(parent).parent.is_none() { self.decide(parent, now); }",
    )),
    decided(statement(
        "path_ends_early: the error of the system names the supervisor, not the child",
        &["SV-6"],
        DECIDE,
        UP,
        "next = node.as_supervisor().and_then(|supervisor| supervisor.brought_down_by)
             .filter(|node| self.node(*node).is_supervisor());",
    )),
    decided(statement(
        "root_goes_on: the failure of the root is told, and nothing stops",
        &["SV-6"],
        DECIDE,
        "self.stop(root, now);",
        "",
    )),
    decided(expression(
        "old_reports_heard: a report of an incarnation that is gone is taken for one of the present one",
        &["SV-9", "SV-8"],
        REPORT,
        CURRENT,
        "{ let _ = name; Some(incarnation) }",
    )),
    decided(statement(
        "restarted_twice: a restart begins while another one is under way",
        &["SV-9"],
        ROUND,
        "self.held_up.insert(granted);\n            return;",
        "",
    )),
    decided(expression(
        "planned_over_granted: a restart is taken on request while one is granted",
        &["SV-9"],
        ROUND,
        "self.is_covered(id)",
        "false",
    )),
    decided(expression(
        "backoff_never_ends: the timer of a backoff is not set",
        &["SV-10"],
        DECIDE,
        "Some(self.set_timer(at, Timer::Backoff(parent, id)))",
        "Some((at, 0))",
    )),
    decided(statement(
        "held_up_for_ever: a restart that had to wait for another one is forgotten",
        &["SV-10"],
        MOD,
        "self.begin_the_held_up(now);",
        "",
    )),
    decided(statement(
        "next_never_comes: a round does not go on when a hook has succeeded",
        &["SV-10", "LC-6"],
        REPORT,
        "self.fire(id, if first { Trigger::Started } else { Trigger::Restarted }, None, now);",
        "self.fire(id, if first { Trigger::Started } else { Trigger::Restarted }, None, now);
         self.node_mut(id).ahead = None;",
    )),
    decided(statement(
        "shell_not_called: nobody tells the shell that it has an incarnation to make",
        &["SV-10"],
        ROUND,
        "self.time_hook(id, now.saturating_add(within));\n                self.actions.push(Action::Wake(id));",
        "self.time_hook(id, now.saturating_add(within));",
    )),
];

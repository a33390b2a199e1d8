//! The planted faults of groups, stops and shutdowns.

use super::{Engine, Fault, by, expression, statement};

const DECIDE: &str = "supervision/tree/decide.rs";
const MEMBERS: &str = "supervision/tree/members.rs";
const NODE: &str = "supervision/tree/node.rs";
const REPORT: &str = "supervision/tree/report.rs";
const ROUND: &str = "supervision/tree/round.rs";
const STOP: &str = "supervision/tree/stop.rs";

/// Several faults each share these anchors.
const LATER: &str = "self.node(*sibling).place >= from";
const JOINS: &str = "node.ahead.is_some() || self.is_covered(id)";
const LIVE: &str = "live && !self.stop_wanted";
const TURNED: &str = "self.fire(id, Trigger::Stop, None, now);\n                return false;";

/// What the suite of the tree must find.
const fn decided(fault: Fault) -> Fault {
    by(Engine::Supervision, fault)
}

/// In the order of the rules they break first.
pub(super) const FAULTS: &[Fault] = &[
    decided(expression(
        "one_for_all_takes_one: one for all restarts the failed child alone",
        &["SV-5"],
        DECIDE,
        "self.ordered(supervisor.children.iter().copied())",
        "self.ordered([failed])",
    )),
    decided(expression(
        "rest_takes_all: rest for one restarts those before as well",
        &["SV-5"],
        DECIDE,
        LATER,
        "{ let _ = (sibling, from); true }",
    )),
    decided(expression(
        "rest_without_itself: rest for one restarts those after alone",
        &["SV-5"],
        DECIDE,
        LATER,
        "self.node(*sibling).place > from",
    )),
    decided(expression(
        "joins_for_a_grant: a child that fails while its group waits needs a grant of its own",
        &["SV-5", "SV-4"],
        DECIDE,
        JOINS,
        "node.ahead.is_some()",
    )),
    decided(expression(
        "joins_under_way_for_a_grant: a child that fails before its turn needs a grant of its own",
        &["SV-5", "SV-4"],
        DECIDE,
        JOINS,
        "self.is_covered(id)",
    )),
    decided(statement(
        "own_timer_kept: a child in backoff that joins a group is restarted for itself as well",
        &["SV-5"],
        DECIDE,
        "self.take_in(parent, from, &members);",
        "",
    )),
    decided(expression(
        "stopped_child_revived: the restart of a group revives a child that somebody stops",
        &["SV-5"],
        NODE,
        LIVE,
        "live",
    )),
    decided(expression(
        "down_in_start_order: a group goes down in the order in which it started",
        &["SV-5", "LC-6"],
        ROUND,
        "members.iter().filter(running).copied().collect()",
        "members.iter().rev().filter(running).copied().collect()",
    )),
    decided(expression(
        "up_in_reverse: a group comes up in reverse order",
        &["SV-5", "LC-6"],
        ROUND,
        "up.pop_front()",
        "up.pop_back()",
    )),
    decided(statement(
        "siblings_go_on: the siblings of a failed child are not restarted",
        &["SV-5"],
        ROUND,
        "self.order_stop(id, now);\n        true",
        "let _ = now;\n        false",
    )),
    decided(expression(
        "late_stop_hook_holds_up: a restart does not go on after a stop hook that was not in time",
        &["SV-5", "SV-10"],
        REPORT,
        "self.node(id).ahead",
        "if forced { None } else { self.node(id).ahead }",
    )),
    decided(statement(
        "failed_stop_hook_unreported: nobody is told of a stop hook that failed",
        &["SV-5", "SV-1"],
        REPORT,
        "self.actions.push(Action::StopHookFailed { node, reason });",
        "let _ = (node, reason);",
    )),
    decided(expression(
        "start_order_by_chance: nodes start in the order in which they are found",
        &["LC-6"],
        MEMBERS,
        "found.sort_unstable_by_key(|node| self.node(*node).place)",
        "()",
    )),
    decided(expression(
        "stops_from_the_front: what is below a node stops in the order in which it started",
        &["LC-6"],
        STOP,
        "plan.left.pop()",
        "if plan.left.is_empty() { None } else { Some(plan.left.remove(0)) }",
    )),
    decided(expression(
        "stops_side_by_side: nobody waits for the stop hook of those who stop before",
        &["LC-6", "LC-7"],
        STOP,
        "plan.current.is_some_and(|current| !stopped(current))",
        "{ let _ = &stopped; false }",
    )),
    decided(statement(
        "stop_leaves_the_backoff: a stopped child is restarted when its backoff ends",
        &["SV-10", "SV-5"],
        STOP,
        "node.stop_wanted = true;",
        "node.stop_wanted = node.state != LifecycleState::Failed;",
    )),
    decided(statement(
        "failed_child_left: a failed child that somebody stops stays as it is",
        &["LC-7"],
        STOP,
        TURNED,
        "return false;",
    )),
    decided(expression(
        "stop_hook_twice: a stop during the stop hook of a restart runs the hook again",
        &["LC-4", "LC-7"],
        STOP,
        "!incarnation.going_down && incarnation.dropped.is_none()",
        "incarnation.dropped.is_none()",
    )),
    decided(statement(
        "never_forced: the graceful part of a shutdown does not end",
        &["LC-7"],
        STOP,
        "self.set_timer(force, Timer::Force);",
        "",
    )),
    decided(statement(
        "no_deadline: a shutdown waits for ever",
        &["LC-7"],
        STOP,
        "self.set_timer(force.saturating_add(forced), Timer::Deadline);",
        "",
    )),
    decided(statement(
        "force_spares: under force nobody is dropped",
        &["LC-7"],
        STOP,
        "self.order_drop(*id, FailureReason::TimedOut);",
        "",
    )),
    decided(expression(
        "everybody_responds: whoever is not gone by the deadline is not named",
        &["LC-7"],
        STOP,
        "Action::Down { unresponsive }",
        "Action::Down { unresponsive: { drop(unresponsive); Vec::new() } }",
    )),
    decided(expression(
        "hook_without_end: a hook may take as long as it likes",
        &["LC-7", "SV-10"],
        ROUND,
        "self.set_timer(at, Timer::Hook(id, incarnation))",
        "{ let _ = incarnation; (at, 0) }",
    )),
];

//! The planted faults of what supervision refuses, of delays that few histories come to, and of jitter.

use super::{Engine, Fault, by, expression, statement};

const JITTER: &str = "supervision/jitter.rs";
const MEMBERS: &str = "supervision/tree/members.rs";
const POLICY: &str = "supervision/policy.rs";
const SHARED: &str = "supervision/shared.rs";

/// Several faults each share these anchors.
const SHORTENED: &str = "delay.saturating_sub(from_nanos(delay.as_nanos() * u128::from(share) / BILLION))";
const MULTIPLIER: &str = "denominator == 0 || numerator < denominator";

/// What a law of the tree must find.
const fn law(fault: Fault) -> Fault {
    by(Engine::SupervisionLaw, fault)
}

/// In the order of the rules they break first.
pub(super) const FAULTS: &[Fault] = &[
    law(expression(
        "multiplier_below_one_taken: a backoff may shrink",
        &["SV-3"],
        POLICY,
        MULTIPLIER,
        "denominator == 0",
    )),
    law(expression(
        "multiplier_of_nothing_taken: the denominator of a multiplier may be 0",
        &["SV-3"],
        POLICY,
        MULTIPLIER,
        "numerator < denominator",
    )),
    law(expression(
        "initial_above_max_taken: the first delay may be above the longest",
        &["SV-3"],
        POLICY,
        "initial > max",
        "false",
    )),
    law(expression(
        "jitter_above_one_taken: more than the whole delay may be taken off",
        &["SV-3"],
        POLICY,
        "jitter_permille <= 1000",
        "true",
    )),
    law(expression(
        "power_wraps: a power that does not fit begins at the bottom again",
        &["SV-3"],
        POLICY,
        "Some((top.checked_mul(numerator)?, bottom.checked_mul(denominator)?))",
        "Some((top.wrapping_mul(numerator), bottom.checked_mul(denominator)?))",
    )),
    law(expression(
        "jitter_lengthens: jitter makes delays longer",
        &["SV-3"],
        JITTER,
        SHORTENED,
        "delay.saturating_add(from_nanos(delay.as_nanos() * u128::from(share) / BILLION))",
    )),
    law(expression("no_jitter: jitter changes nothing", &["SV-3"], JITTER, SHORTENED, "delay")),
    law(expression(
        "jitter_unbounded: jitter takes off more than its share",
        &["SV-3"],
        JITTER,
        "self.next() % (u64::from(permille) * (BILLION / 1000) as u64 + 1)",
        "self.next() % (BILLION as u64 + 1)",
    )),
    law(expression(
        "seed_ignored: every seed gives the same jitter",
        &["SV-3"],
        JITTER,
        "Jitter(seed)",
        "Jitter(0)",
    )),
    law(expression(
        "zero_window_taken: a window may be 0",
        &["SV-4"],
        POLICY,
        "self.window.is_zero()",
        "false",
    )),
    law(expression(
        "no_time_to_start_taken: a start hook may have no time",
        &["SV-10"],
        POLICY,
        "self.start_within.is_zero()",
        "false",
    )),
    law(expression(
        "child_of_a_child: a child may have children",
        &["LC-5"],
        MEMBERS,
        "!node.is_supervisor()",
        "false",
    )),
    law(expression(
        "child_of_the_stopped: a supervisor that stops may get children",
        &["LC-5"],
        MEMBERS,
        "node.stop_wanted || node.state.is_terminal()",
        "false",
    )),
    law(statement(
        "refused_child_kept: who is refused its name stays in the tree",
        &["LC-5"],
        SHARED,
        "inner.tree.discard(node);",
        "",
    )),
    law(expression(
        "needed_before_taken: who wants the name of a supervisor at work is told to remove its children first",
        &["LC-5"],
        SHARED,
        "former.filter(|former| inner.tree.state(*former) == Some(LifecycleState::Stopped))",
        "former",
    )),
    law(expression(
        "root_removed: the root may be removed",
        &["LC-5"],
        SHARED,
        "name == inner.root",
        "false",
    )),
    law(expression(
        "orphans_made: a stopped supervisor is replaced although its children are still there",
        &["LC-6"],
        SHARED,
        "!all.is_empty()",
        "all.len() > 9",
    )),
    law(statement(
        "order_kept: a name that is registered again keeps its old place in the start order",
        &["LC-6"],
        SHARED,
        "inner.tree.reorder(&order);",
        "",
    )),
    law(expression(
        "no_time_to_stop_taken: a stop hook may have no time",
        &["LC-7"],
        POLICY,
        "self.stop_within.is_zero()",
        "false",
    )),
];

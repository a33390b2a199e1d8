//! The clauses about supervisors, and when they apply.

use alys_models::supervision::ModelGroup;

use super::capabilities::{RestartKind, SupervisorCapabilities};
use crate::clause::{Clause, clauses, missing};

clauses! {
    SILENT = "SV-1" "sv_1_no_failure_is_silent" 50 "After a failure the child is restarted or gone: nobody asks it in vain for ever.";
    TOLD = "SV-1" "sv_1_every_failure_is_told_once" 50 "Each failure is told to end in exactly one of: restarted, stopped, escalated.";
    SIBLINGS = "SV-2" "sv_2_a_panic_stops_nobody_else" 50 "A panic in one child stops no sibling, and the supervisor goes on.";
    NOW = "SV-3" "sv_3_always_is_at_once" 50 "What is always restarted is restarted at once.";
    NEVER = "SV-3" "sv_3_never_is_never" 20 "What is never restarted is stopped.";
    FIXED = "SV-3" "sv_3_a_fixed_delay_is_kept" 50 "A restart comes after the fixed delay, and not before.";
    BACKOFF = "SV-3" "sv_3_a_backoff_grows_to_its_bound" 50 "A restart comes after min(max, initial * multiplier^attempt), and not before.";
    INTENSITY = "SV-4" "sv_4_one_restart_too_many_is_an_escalation" 20 "The restart that would be one too many within the window, and no other, is an escalation.";
    ONE = "SV-5" "sv_5_one_for_one_restarts_one" 20 "One-for-one restarts the failed child only.";
    ALL = "SV-5" "sv_5_one_for_all_restarts_all" 20 "One-for-all restarts every child that runs.";
    REST = "SV-5" "sv_5_rest_for_one_restarts_the_rest" 20 "Rest-for-one restarts the failed child and those started after it.";
    ESCALATED = "SV-6" "sv_6_an_escalated_failure_is_one_of_the_supervisor" 20 "An escalated failure restarts the supervisor with its children as its own supervisor says, or stops all.";
    QUEUED = "SV-7" "sv_7_queued_messages_are_delivered_after_the_restart" 20 "Queued messages are delivered, in order, to the new incarnation.";
    ONCE = "SV-7" "sv_7_what_was_in_hand_is_not_delivered_again" 50 "A message that was in hand when its incarnation failed is not delivered again, and its asker is told.";
    FRESH = "SV-8" "sv_8_restarted_state_is_fresh" 50 "The state of a new incarnation is new.";
    SCHEDULED = "SV-8" "sv_8_timers_end_with_their_incarnation" 20 "A timer runs in the incarnation that set it, and not after its end.";
    PANICKED = "SV-10" "sv_10_a_panic_ends_in_running" 50 "A child that panicked runs again, where its strategy allows it.";
    FAILED = "SV-10" "sv_10_a_failure_ends_in_running" 50 "A child that said it cannot go on runs again, where its strategy allows it.";
    PLANNED = "SV-10" "sv_10_a_planned_restart_ends_in_running" 20 "A planned restart makes one new incarnation.";
    STOPPED = "SV-10" "sv_10_a_stopped_child_stays_stopped" 20 "A child that was stopped as planned is not started again.";
}

/// Says which capability is missing, if one is.
pub type SupervisorMissing = fn(&SupervisorCapabilities) -> Option<&'static str>;

/// A clause about supervisors, and when it applies.
#[derive(Clone, Copy, Debug)]
pub struct SupervisorClause {
    /// What is judged.
    pub clause: &'static Clause,
    /// The capability that is missing, if it does not apply.
    pub missing: SupervisorMissing,
}

/// Every clause about supervisors, in the order of the rules.
#[must_use]
pub fn supervisor_clauses() -> Vec<SupervisorClause> {
    let all: [(&'static Clause, SupervisorMissing); 20] = [
        (&SILENT, lacks_failures),
        (&TOLD, |able| lacks_failures(able).or(missing(able.tells, "way to tell"))),
        (&SIBLINGS, |able| lacks_panics(able).or(missing(able.children > 1, "second child"))),
        (&NOW, |able| lacks_restart(able, RestartKind::Always)),
        (&NEVER, |able| lacks_restart(able, RestartKind::Never)),
        (&FIXED, |able| lacks_restart(able, RestartKind::Fixed)),
        (&BACKOFF, |able| lacks_restart(able, RestartKind::Backoff)),
        (&INTENSITY, |able| lacks_some_restart(able).or(missing(able.intensity, "intensity"))),
        (&ONE, |able| lacks_group(able, ModelGroup::OneForOne)),
        (&ALL, |able| lacks_group(able, ModelGroup::OneForAll)),
        (&REST, |able| lacks_group(able, ModelGroup::RestForOne)),
        (&ESCALATED, |able| lacks_some_restart(able).or(missing(able.intensity, "intensity"))),
        (&QUEUED, |able| lacks_some_restart(able).or(missing(able.waits, "handlers that wait"))),
        (&ONCE, lacks_panics_or_waits),
        (&FRESH, lacks_some_restart),
        (&SCHEDULED, |able| lacks_some_restart(able).or(missing(able.timers, "timers"))),
        (&PANICKED, |able| lacks_some_restart(able).or(missing(able.panics, "panics"))),
        (&FAILED, |able| lacks_some_restart(able).or(missing(able.fails, "way to fail"))),
        (&PLANNED, |able| lacks_children(able).or(missing(able.restart, "planned restart"))),
        (&STOPPED, |able| lacks_children(able).or(missing(able.stop || able.stops_itself, "planned stop"))),
    ];
    all.map(|(clause, missing)| SupervisorClause { clause, missing }).to_vec()
}

fn lacks_children(able: &SupervisorCapabilities) -> Option<&'static str> {
    missing(able.children > 0, "children")
}

fn lacks_failures(able: &SupervisorCapabilities) -> Option<&'static str> {
    let has_strategy = missing(!able.restarts.is_empty(), "restart strategy");
    lacks_children(able).or(missing(able.panics || able.fails, "way to fail")).or(has_strategy)
}

fn lacks_panics(able: &SupervisorCapabilities) -> Option<&'static str> {
    lacks_failures(able).or(missing(able.panics, "panics"))
}

fn lacks_panics_or_waits(able: &SupervisorCapabilities) -> Option<&'static str> {
    lacks_failures(able).or(missing(able.panics || able.waits_aside, "failure with a message in hand"))
}

fn lacks_some_restart(able: &SupervisorCapabilities) -> Option<&'static str> {
    let restarts = able.restarts.iter().any(|kind| *kind != RestartKind::Never);
    lacks_failures(able).or(missing(restarts, "strategy that restarts"))
}

fn lacks_restart(able: &SupervisorCapabilities, kind: RestartKind) -> Option<&'static str> {
    lacks_failures(able).or(missing(able.restarts.contains(&kind), "such strategy"))
}

fn lacks_group(able: &SupervisorCapabilities, group: ModelGroup) -> Option<&'static str> {
    let has = able.groups.contains(&group) || (able.groups.is_empty() && group == ModelGroup::OneForOne);
    lacks_some_restart(able).or(missing(able.children > 1, "second child")).or(missing(has, "such group"))
}

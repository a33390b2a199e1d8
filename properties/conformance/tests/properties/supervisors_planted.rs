//! The kit on our supervision with planted faults: what breaks is found, and belongs to a rule that the catalogue names.

use alys_conformance::{
    adapters::planted::AlysSupervisor,
    court::Verdict,
    supervisor::{SupervisorSubject, judge_supervisor_subject, supervisor_clauses},
};
use alys_properties::{
    planted::{self, Fault},
    sequential::announce,
};

/// Faults of deciding and of the shell. Those with hooks, factories, shutdowns, dead letters and parts of a tick in them are
/// out of reach: the kit has none of these.
const HUNTED: [&str; 25] = [
    "failure_taken_for_an_end",
    "reason_lost",
    "panic_not_told",
    "receiver_not_given_back",
    "goes_on_after_its_end",
    "goes_on_after_its_stop",
    "never_is_silent",
    "verdict_left_out",
    "first_attempt_is_one",
    "window_does_not_slide",
    "window_one_too_long",
    "one_restart_too_many",
    "counted_per_child",
    "sibling_forgiven",
    "grants_survive",
    "escalates_past_the_parent",
    "root_goes_on",
    "backoff_never_ends",
    "held_up_for_ever",
    "shell_not_called",
    "one_for_all_takes_one",
    "rest_takes_all",
    "rest_without_itself",
    "joins_for_a_grant",
    "own_timer_kept",
];

/// How the kit finds a fault, by a clause of the fault's own rules.
fn found(fault: &Fault) -> Option<String> {
    let _planted = planted::plant(fault.id);
    let subject = SupervisorSubject::of::<AlysSupervisor>();
    let own = supervisor_clauses().into_iter().filter(|clause| fault.rules.contains(&clause.clause.rule));
    own.into_iter().find_map(|clause| match judge_supervisor_subject(&subject, &clause) {
        Verdict::Broken(found) => Some(format!("{} in {} steps", clause.clause.name, found.steps.len())),
        _ => None,
    })
}

/// SV-1, SV-3, SV-4, SV-5, SV-6, SV-7, SV-10: faults in our supervision are found, each by a clause of a rule that the
/// catalogue names, in a case that was shrunk.
///
/// Engine: sequential
#[test]
fn planted_faults_of_supervision_are_found() {
    let mut offences = Vec::new();
    for id in HUNTED {
        let fault = planted::live().find(|fault| fault.id == id);
        match fault.and_then(found) {
            Some(how) => announce(&format!("{id}: {how}")),
            None => offences.push(id),
        }
    }
    assert!(offences.is_empty(), "not found: {}", offences.join(", "));
}

//! The kit on the supervisor of Actix, used in ways that show what is said of children that are gone, and of calls that it has not.

use alys_conformance::{
    adapters::ActixSupervisor,
    court::Verdict,
    supervisor::{
        Answered, Pending, SupervisorCapabilities, SupervisorParameters, SupervisorUnderTest, Task, Watch,
        judge_supervisor,
    },
};

/// What is left of it.
const ONLY_PANICS: u8 = 0;
const WAITS_ASIDE_AND_PANICS: u8 = 1;

struct Fragile<const USED: u8>(ActixSupervisor);

impl<const USED: u8> SupervisorUnderTest for Fragile<USED> {
    fn name() -> String {
        format!("actix::Supervisor, use {USED}")
    }

    fn capabilities() -> SupervisorCapabilities {
        let able = ActixSupervisor::capabilities();
        match USED {
            ONLY_PANICS => SupervisorCapabilities { fails: false, ..able },
            _ => SupervisorCapabilities { waits: false, waits_aside: true, ..able },
        }
    }

    fn make(parameters: &SupervisorParameters, watch: &Watch) -> Self {
        Fragile(ActixSupervisor::make(parameters, watch))
    }

    fn ask(&mut self, child: usize, task: Task) -> Pending<Answered> {
        // What a task is to do is nobody's business but the child's, except for this.
        let waits = format!("{task:?}").contains("act: Wait");
        assert!(USED != WAITS_ASIDE_AND_PANICS || !waits, "nobody waits here");
        self.0.ask(child, task)
    }
}

/// SV-5, SV-7, SV-8, SV-10: where no failure is followed by a restart, nothing that a restart brings is said to hold.
///
/// Engine: sequential
#[test]
fn what_a_restart_brings_is_not_met_without_one() {
    let report = judge_supervisor::<Fragile<ONLY_PANICS>>();
    let unmet = [
        "sv_5_one_for_one_restarts_one",
        "sv_7_queued_messages_are_delivered_after_the_restart",
        "sv_8_restarted_state_is_fresh",
    ];
    for name in unmet {
        let verdict = report.verdict(name).expect("a clause of this name");
        assert!(matches!(verdict, Verdict::NotReached { met: 0, .. }), "{report}");
    }
    assert_eq!(report.broken_rules(), ["SV-3", "SV-10"], "{report}");
    // A panic is met, and the siblings survive it.
    assert!(report.verdict("sv_2_a_panic_stops_nobody_else").is_some_and(Verdict::holds), "{report}");
}

/// SV-2: the shortest case asks for nothing that the capabilities leave out.
///
/// Engine: sequential
#[test]
fn the_shortest_case_of_a_supervisor_keeps_to_the_capabilities() {
    let report = judge_supervisor::<Fragile<WAITS_ASIDE_AND_PANICS>>();
    match report.verdict("sv_2_a_panic_stops_nobody_else") {
        Some(Verdict::Broken(found)) => assert_eq!(found.steps, ["Ask(0, WaitAside)"], "{report}"),
        other => panic!("{other:?}"),
    }
}

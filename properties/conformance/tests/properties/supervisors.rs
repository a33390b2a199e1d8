//! The kit on supervisors: that of Actix, and one that supports nothing.

use alys_conformance::{
    adapters::ActixSupervisor,
    court::Verdict,
    supervisor::{
        Answered, Pending, SupervisorCapabilities, SupervisorParameters, SupervisorUnderTest, Task, Watch,
        judge_supervisor,
    },
};

/// SV-8, SV-10: what `actix::Supervisor` documents, it does; a panic is not restarted from, and the state is kept.
///
/// Engine: sequential
#[test]
fn the_supervisor_of_actix_keeps_state_and_survives_no_panic() {
    let report = judge_supervisor::<ActixSupervisor>();
    let broken = report.verdicts.iter().filter(|(_, verdict)| matches!(verdict, Verdict::Broken(_)));
    let broken: Vec<_> = broken.map(|(clause, _)| clause.name).collect();
    let expected = ["sv_8_restarted_state_is_fresh", "sv_10_a_panic_ends_in_running"];
    assert_eq!(broken, expected, "{report}");
    assert!(report.verdicts.iter().all(|(clause, verdict)| {
        verdict.holds() || !verdict.applies() || expected.contains(&clause.name)
    }));
}

/// Supports nothing.
struct Nothing;

impl SupervisorUnderTest for Nothing {
    fn name() -> String {
        "nothing".to_owned()
    }

    fn capabilities() -> SupervisorCapabilities {
        SupervisorCapabilities::NONE
    }

    fn make(_: &SupervisorParameters, _: &Watch) -> Self {
        Nothing
    }

    fn ask(&mut self, _: usize, task: Task) -> Pending<Answered> {
        drop(task);
        Box::pin(std::future::ready(Answered::Failed))
    }
}

/// SV-1: a supervisor that can do nothing is no success.
///
/// Engine: sequential
#[test]
fn a_supervisor_that_can_do_nothing_is_no_success() {
    let report = judge_supervisor::<Nothing>();
    assert!(!report.some_rule_applies() && !report.all_hold(), "{report}");
}

//! The kit on supervisors: that of Actix, and one that supports nothing.

use alys_conformance::{
    adapters::{ActixSupervisor, AlysSupervisor},
    court::{Replayed, Verdict},
    supervisor::{
        Act, Answered, ModelGroup, ModelStrategy, Pending, SupervisorCapabilities, SupervisorParameters,
        SupervisorStep, SupervisorSubject, SupervisorUnderTest, Task, Watch, judge_supervisor,
        judge_supervisor_subject, replay_supervisor, supervisor_clauses,
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
    let others = report.verdicts.iter().filter(|(clause, _)| !expected.contains(&clause.name));
    let unjudged = others.filter(|(_, verdict)| verdict.applies() && !verdict.holds());
    assert_eq!(unjudged.count(), 0, "{report}");
}

/// SV-8: judging twice says the same, byte for byte, and a counterexample that is written down as a test breaks the same clause.
///
/// Engine: sequential
#[test]
fn a_verdict_is_the_same_every_time_and_its_case_replays() {
    let clauses = supervisor_clauses();
    let fresh = clauses.iter().find(|clause| clause.clause.name == "sv_8_restarted_state_is_fresh");
    let fresh = fresh.expect("a clause of this name");
    let subject = SupervisorSubject::of::<ActixSupervisor>();
    let verdict = judge_supervisor_subject(&subject, fresh);
    assert_eq!(verdict, judge_supervisor_subject(&subject, fresh));
    let start = SupervisorParameters {
        children: vec![ModelStrategy::Always],
        group: ModelGroup::OneForOne,
        max_restarts: 1000,
        window: 1,
        above: None,
    };
    let steps = [SupervisorStep::Ask(0, Act::Fail), SupervisorStep::Ask(0, Act::Answer)];
    let Verdict::Broken(found) = verdict else { panic!("{verdict}") };
    assert_eq!(found.steps, steps.map(|step| format!("{step:?}")));
    let replayed = replay_supervisor::<ActixSupervisor>(fresh.clause.name, &start, &steps);
    assert_eq!(replayed, Replayed::Broken(found.message));
    let replayed = replay_supervisor::<AlysSupervisor>(fresh.clause.name, &start, &steps);
    assert_eq!(replayed, Replayed::Held);
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

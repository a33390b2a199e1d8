//! A case that is run again says what it judged: nothing is taken for a verdict that is none.

use alys_conformance::{
    adapters::{ActixSupervisor, AlysMailbox, AlysSupervisor},
    court::Replayed,
    mailbox::{PLAIN, Parameters, Policy, Step, replay_mailbox},
    supervisor::{Act, ModelGroup, ModelStrategy, SupervisorParameters, SupervisorStep, replay_supervisor},
};

use super::plain::{EVICTS_THE_OLDEST, NEWEST_FIRST, Plain};

const ZERO: &str = "mb_1_capacity_zero_is_refused";
const ORDER: &str = "mb_3_messages_of_a_sender_keep_their_order";
const CONSERVED: &str = "mb_5_nothing_vanishes_and_nothing_comes_twice";
const WAKES: &str = "mb_7_no_wake_up_is_lost";

const START: Parameters =
    Parameters { capacity: 2, policy: Policy::Reject, aging: None, thresholds: (700, 900), eager: true };

/// MB-1, MB-5, MB-7: a case without the situation of its clause, one of a mailbox that is not made and one of a clause that does not
/// apply are told from one that holds.
///
/// Engine: sequential
#[test]
fn what_is_not_judged_does_not_hold() {
    let ours = replay_mailbox::<AlysMailbox>;
    assert_eq!(ours(WAKES, START, &[Step::Receive, Step::CloseBySender]), Replayed::Held);
    assert_eq!(ours(WAKES, START, &[Step::Receive]), Replayed::NotMet);
    assert_eq!(ours(WAKES, START, &[]), Replayed::NotMet);
    let none = Parameters { capacity: 0, ..START };
    assert_eq!(ours(ZERO, none, &[]), Replayed::Held);
    assert_eq!(ours(CONSERVED, none, &[Step::TrySend(PLAIN), Step::TryReceive]), Replayed::NotMet);
    let refused = ours(CONSERVED, Parameters { thresholds: (900, 700), ..START }, &[Step::TrySend(PLAIN)]);
    assert!(
        matches!(refused, Replayed::EndedBy { clause: "mb_1_capacity_is_never_exceeded", .. }),
        "{refused:?}"
    );
    let plain =
        replay_mailbox::<Plain<NEWEST_FIRST>>(WAKES, START, &[Step::TrySend(PLAIN), Step::TryReceive]);
    assert_eq!(plain, Replayed::NotApplicable { missing: "futures that wait" });
}

/// MB-2, MB-3, MB-5: a case that another clause ends has no verdict, and says by which one it ended.
///
/// Engine: sequential
#[test]
fn a_case_that_another_clause_ends_does_not_hold() {
    let steps = [Step::TrySend(PLAIN), Step::TrySend(PLAIN), Step::TryReceive];
    let replayed = |name| replay_mailbox::<Plain<NEWEST_FIRST>>(name, START, &steps);
    let message = "a receive gives Message(1), and the rules say Message(0)".to_owned();
    assert_eq!(replayed(ORDER), Replayed::Broken(message.clone()));
    assert_eq!(replayed(CONSERVED), Replayed::EndedBy { clause: ORDER, message });
}

/// MB-5: what evicts is run beside the model, whatever the case says.
///
/// Engine: sequential
#[test]
fn evictions_are_followed() {
    let start = Parameters { capacity: 1, policy: Policy::DropOldest, eager: false, ..START };
    let steps = [Step::TrySend(PLAIN), Step::TrySend(PLAIN), Step::TryReceive];
    let replayed = replay_mailbox::<Plain<EVICTS_THE_OLDEST>>(CONSERVED, start, &steps);
    assert_eq!(replayed, Replayed::Held);
}

/// SV-5, SV-8: a case without a restart holds nothing that a restart brings, nor one of a child that is gone.
///
/// Engine: sequential
#[test]
fn a_case_without_a_restart_holds_nothing_of_one() {
    let start = SupervisorParameters {
        children: vec![ModelStrategy::Always; 2],
        group: ModelGroup::OneForOne,
        max_restarts: 1000,
        window: 1,
        above: None,
    };
    let (fresh, one) = ("sv_8_restarted_state_is_fresh", "sv_5_one_for_one_restarts_one");
    let answered = [SupervisorStep::Ask(0, Act::Answer)];
    assert_eq!(replay_supervisor::<AlysSupervisor>(fresh, &start, &answered), Replayed::NotMet);
    let failed = [SupervisorStep::Ask(0, Act::Fail)];
    assert_eq!(replay_supervisor::<ActixSupervisor>(one, &start, &failed), Replayed::Held);
    let panicked = [SupervisorStep::Ask(0, Act::Panic)];
    assert_eq!(replay_supervisor::<ActixSupervisor>(one, &start, &panicked), Replayed::NotMet);
    let above = replay_supervisor::<ActixSupervisor>("sv_3_never_is_never", &start, &panicked);
    assert_eq!(above, Replayed::NotApplicable { missing: "such strategy" });
}

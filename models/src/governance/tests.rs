//! The numbers of GV-6 and one proposal, by hand.

use super::*;

#[test]
fn more_than_two_thirds_of_three_is_three() {
    let of = |total, share: (u64, u64)| shares::passing(total, share.0, share.1);
    assert_eq!([of(3, (2, 3)), of(4, (2, 3)), of(100, (1, 2)), of(7, (0, 1))], [3, 3, 51, 1]);
    assert_eq!(of(u64::MAX, (2, 3)), u64::MAX / 3 * 2 + 1);
}

#[test]
fn one_of_four_can_do_nothing_at_two_thirds() {
    assert!(!shares::passes_alone(1, 3));
    assert!(!shares::blocks_alone(4, 1, 3, 3) && shares::blocks_alone(4, 2, 3, 3));
    assert!(!shares::two_certificates(&[1, 1, 1], 1, 3) && shares::two_certificates(&[1, 1], 2, 3));
    // Three halves do not split.
    assert!(!shares::two_certificates(&[4], 2, 4));
}

#[test]
fn a_proposal_lives_and_is_executed_once() {
    let mut model = GovernanceModel::new(ModelLimits { payload: 9, batch: 9, undecided: 9 });
    let application = ModelApplication { key: ModelKey::Of(5), possessed: true, weight: 3 };
    assert_eq!(model.apply(&GovernanceTransition::Admit(application), 0), [O::Admitted(0)]);
    let draft = ModelDraft { payload: 1, tag: 0, threshold: (2, 3), quorum: 1, opens: 1, closes: 3 };
    assert_eq!(model.apply(&GovernanceTransition::Submit(draft), 0), [O::Submitted(0)]);
    let choice = ModelChoice::Approve;
    let vote = GovernanceTransition::Vote(ModelVote { proposal: 0, member: 0, choice, signed: true });
    assert_eq!(model.apply(&vote, 0), [O::NotCounted(0, 0, NotCounted::NotOpen)]);
    assert_eq!(model.apply(&vote, 2), [O::Opened(0), O::Counted(0, 0, choice)]);
    let tally = ModelTally { approve: 3, ..ModelTally::default() };
    let execute = GovernanceTransition::Execute(0);
    assert_eq!(model.apply(&execute, 3), [O::Decided(0, ModelOutcome::Approved, tally), O::Execute(0)]);
    let again = NotExecuted::NotApproved(ModelState::Executed);
    assert_eq!(model.apply(&execute, 3), [O::NotExecuted(0, again)]);
}

//! Effects in the words of the model.

use alys_governance::{
    engine::{Effect, ExecutionRefusal, VoteRefusal},
    message::Choice,
    proposal::State,
    registry::Refusal,
    scheme::KeyError,
    tally::{Outcome, Tally},
    terms::DraftRefusal,
};
use alys_models::governance::{
    GovernanceOutcome as O, ModelChoice, ModelOutcome, ModelState, ModelTally, NotAdmitted, NotCounted,
    NotExecuted, NotSubmitted,
};

fn choice(choice: Choice) -> ModelChoice {
    match choice {
        Choice::Approve => ModelChoice::Approve,
        Choice::Reject => ModelChoice::Reject,
        Choice::Abstain => ModelChoice::Abstain,
    }
}

fn state(state: State) -> ModelState {
    match state {
        State::Pending => ModelState::Pending,
        State::Active => ModelState::Active,
        State::Approved => ModelState::Approved,
        State::Rejected => ModelState::Rejected,
        State::Expired => ModelState::Expired,
        State::Executed => ModelState::Executed,
    }
}

fn came_to(outcome: Outcome) -> ModelOutcome {
    match outcome {
        Outcome::Approved => ModelOutcome::Approved,
        Outcome::Rejected => ModelOutcome::Rejected,
        Outcome::Expired => ModelOutcome::Expired,
    }
}

/// An effect as the model would say it.
pub(super) fn outcome(effect: &Effect) -> O {
    match *effect {
        Effect::Submitted { proposal, .. } => O::Submitted(proposal),
        Effect::NotSubmitted(refusal) => O::NotSubmitted(not_submitted(refusal)),
        Effect::Opened { proposal } => O::Opened(proposal),
        Effect::Decided { proposal, outcome, tally } => {
            let Tally { approve, reject, abstain } = tally;
            O::Decided(proposal, came_to(outcome), ModelTally { approve, reject, abstain })
        }
        Effect::Counted { proposal, member, choice: voted } => O::Counted(proposal, member, choice(voted)),
        Effect::Known { proposal, member, choice: voted } => O::Known(proposal, member, choice(voted)),
        Effect::Late { proposal, member, choice: voted } => O::Late(proposal, member, choice(voted)),
        Effect::Equivocated(ref evidence) => {
            let choices = evidence.signed.iter().map(|(voted, _)| choice(*voted)).collect();
            O::Equivocated(evidence.proposal, evidence.member, choices)
        }
        Effect::NotCounted { proposal, member, refusal } => {
            O::NotCounted(proposal, member, not_counted(refusal))
        }
        Effect::TooMany { votes, .. } => O::TooMany(votes),
        Effect::Execute { proposal, .. } => O::Execute(proposal),
        Effect::NotExecuted { proposal, refusal } => O::NotExecuted(
            proposal,
            match refusal {
                ExecutionRefusal::NotApproved { state: stands } => NotExecuted::NotApproved(state(stands)),
                _ => NotExecuted::Unknown,
            },
        ),
        Effect::Admitted { member } => O::Admitted(member),
        Effect::NotAdmitted(refusal) => O::NotAdmitted(not_admitted(refusal)),
        Effect::Removed { member } => O::Removed(member),
        Effect::NotRemoved { member } => O::NotRemoved(member),
    }
}

fn not_counted(refusal: VoteRefusal) -> NotCounted {
    match refusal {
        VoteRefusal::UnknownProposal => NotCounted::UnknownProposal,
        VoteRefusal::NotOpen { .. } => NotCounted::NotOpen,
        VoteRefusal::UnknownMember => NotCounted::UnknownMember,
        _ => NotCounted::BadSignature,
    }
}

fn not_submitted(refusal: DraftRefusal) -> NotSubmitted {
    match refusal {
        DraftRefusal::NoMembers => NotSubmitted::NoMembers,
        DraftRefusal::Payload { .. } => NotSubmitted::Payload,
        DraftRefusal::Quorum { .. } => NotSubmitted::Quorum,
        DraftRefusal::Window { .. } => NotSubmitted::Window,
        DraftRefusal::Crowded { undecided } => NotSubmitted::Crowded(undecided),
        _ => NotSubmitted::Over,
    }
}

fn not_admitted(refusal: Refusal) -> NotAdmitted {
    match refusal {
        Refusal::NoWeight => NotAdmitted::NoWeight,
        Refusal::Duplicate { member } => NotAdmitted::Duplicate(member),
        Refusal::Key(KeyError::Malformed) => NotAdmitted::Malformed,
        Refusal::Key(KeyError::Infinity) => NotAdmitted::Infinity,
        Refusal::Key(_) => NotAdmitted::NotPossessed,
        _ => NotAdmitted::TooHeavy,
    }
}

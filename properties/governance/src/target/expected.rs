//! What the crate must answer, to the last field, when the model says something.

use alys_models::governance::{
    GovernanceOutcome as O, ModelOutcome, ModelState, ModelTally, NotAdmitted, NotCounted, NotExecuted,
    NotSubmitted,
};

use super::alys::engine::{Effect, ExecutionRefusal, VoteRefusal};
use super::alys::evidence::Evidence;
use super::alys::proposal::State as Stands;
use super::alys::registry::Refusal;
use super::alys::scheme::KeyError;
use super::alys::tally::{Outcome, Tally};
use super::alys::terms::DraftRefusal;
use super::keys::Keyring;
use super::signing::{Signing, choice};
use crate::reference::{State, Step};

/// Where a proposal stands, in the words of the crate.
#[must_use]
pub fn stands(state: ModelState) -> Stands {
    match state {
        ModelState::Pending => Stands::Pending,
        ModelState::Active => Stands::Active,
        ModelState::Approved => Stands::Approved,
        ModelState::Rejected => Stands::Rejected,
        ModelState::Expired => Stands::Expired,
        ModelState::Executed => Stands::Executed,
    }
}

/// An outcome in the words of the crate.
#[must_use]
pub fn outcome(outcome: ModelOutcome) -> Outcome {
    match outcome {
        ModelOutcome::Approved => Outcome::Approved,
        ModelOutcome::Rejected => Outcome::Rejected,
        ModelOutcome::Expired => Outcome::Expired,
    }
}

/// A tally in the words of the crate.
#[must_use]
pub fn tally(tally: ModelTally) -> Tally {
    let ModelTally { approve, reject, abstain } = tally;
    Tally { approve, reject, abstain }
}

/// The effect that one thing the model says must be, after a step.
#[must_use]
pub fn effect<K: Keyring>(signing: &Signing<K>, state: &State, step: &Step, said: &O) -> Effect {
    let model = &state.model;
    match *said {
        O::Submitted(proposal) => Effect::Submitted { proposal, content: signing.content(proposal).into() },
        O::NotSubmitted(why) => Effect::NotSubmitted(not_submitted(state, step, why)),
        O::Opened(proposal) => Effect::Opened { proposal },
        O::Decided(proposal, came, weights) => {
            Effect::Decided { proposal, outcome: outcome(came), tally: tally(weights) }
        }
        O::Counted(proposal, member, voted) => Effect::Counted { proposal, member, choice: choice(voted) },
        O::Known(proposal, member, voted) => Effect::Known { proposal, member, choice: choice(voted) },
        O::Late(proposal, member, voted) => Effect::Late { proposal, member, choice: choice(voted) },
        O::Equivocated(proposal, member, ref choices) => {
            let owner = state.owner(member);
            let signed = choices.iter().map(|one| (choice(*one), signing.sound(owner, proposal, *one)));
            Effect::Equivocated(Evidence { proposal, member, signed: signed.collect() })
        }
        O::NotCounted(proposal, member, why) => {
            let refusal = match why {
                NotCounted::UnknownProposal => VoteRefusal::UnknownProposal,
                NotCounted::UnknownMember => VoteRefusal::UnknownMember,
                NotCounted::BadSignature => VoteRefusal::BadSignature,
                NotCounted::NotOpen => {
                    let opens = model.proposals[proposal as usize].draft.opens;
                    VoteRefusal::NotOpen { opens, now: model.now }
                }
            };
            Effect::NotCounted { proposal, member, refusal }
        }
        O::TooMany(votes) => Effect::TooMany { votes, allowed: model.limits().batch },
        O::Execute(proposal) => {
            let draft = model.proposals[proposal as usize].draft;
            Effect::Execute { proposal, payload: vec![draft.tag; draft.payload] }
        }
        O::NotExecuted(proposal, why) => {
            let refusal = match why {
                NotExecuted::Unknown => ExecutionRefusal::Unknown,
                NotExecuted::NotApproved(state) => ExecutionRefusal::NotApproved { state: stands(state) },
            };
            Effect::NotExecuted { proposal, refusal }
        }
        O::Admitted(member) => Effect::Admitted { member },
        O::NotAdmitted(why) => Effect::NotAdmitted(not_admitted(state, step, why)),
        O::Removed(member) => Effect::Removed { member },
        O::NotRemoved(member) => Effect::NotRemoved { member },
    }
}

/// A refused draft changes nothing, so the state after the step tells why.
fn not_submitted(state: &State, step: &Step, why: NotSubmitted) -> DraftRefusal {
    let model = &state.model;
    let Step::Submit(draft) = step else { unreachable!("only drafts are refused as such") };
    let (quorum, opens, closes) = (draft.quorum, draft.opens, draft.closes);
    match why {
        NotSubmitted::NoMembers => DraftRefusal::NoMembers,
        NotSubmitted::Payload => {
            DraftRefusal::Payload { len: draft.payload, allowed: model.limits().payload }
        }
        NotSubmitted::Quorum => DraftRefusal::Quorum { quorum, total: model.total() },
        NotSubmitted::Window => DraftRefusal::Window { opens, closes },
        NotSubmitted::Over => DraftRefusal::Over { closes, now: model.now },
        NotSubmitted::Crowded(undecided) => DraftRefusal::Crowded { undecided },
    }
}

fn not_admitted(state: &State, step: &Step, why: NotAdmitted) -> Refusal {
    let Step::Admit { weight, .. } = *step else { unreachable!("only applications are refused as such") };
    match why {
        NotAdmitted::NoWeight => Refusal::NoWeight,
        NotAdmitted::Duplicate(member) => Refusal::Duplicate { member },
        NotAdmitted::TooHeavy => Refusal::TooHeavy { weight, total: state.model.total() },
        NotAdmitted::Malformed => Refusal::Key(KeyError::Malformed),
        NotAdmitted::Infinity => Refusal::Key(KeyError::Infinity),
        NotAdmitted::NotPossessed => Refusal::Key(KeyError::NotPossessed),
    }
}

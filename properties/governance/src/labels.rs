//! What the suite of governance counts: steps by kind, state and outcome, and the situations that it must meet.

use alys_engines::coverage::{self, Labels, Situation};
use alys_models::governance::{
    GovernanceOutcome as O, ModelOutcome, ModelState, NotAdmitted, NotCounted, NotExecuted, NotSubmitted,
};

use crate::reference::{Ballot, How, State, Step};

/// The coverage of the suite of governance.
#[derive(Clone, Copy, Debug)]
pub struct GovernanceLabels;

const fn must(name: &'static str) -> Situation {
    Situation { name, minimum: 10 }
}

impl Labels for GovernanceLabels {
    const KINDS: &'static [&'static str] = &["tick", "submit", "vote", "votes", "execute", "admit", "remove"];
    const CLASSES: &'static [&'static str] = &["nothing proposed", "nothing open", "open", "several open"];
    const OUTCOMES: &'static [&'static str] = &[
        "nothing",
        "opened",
        "decided",
        "submitted",
        "not submitted",
        "counted",
        "known",
        "equivocated",
        "late",
        "not counted",
        "too many",
        "executed",
        "not executed",
        "admitted",
        "not admitted",
        "removed",
        "not removed",
    ];
    const SITUATIONS: &'static [Situation] = &[
        must("approved with exactly what passes"),
        must("rejected for one weight too little"),
        must("rejected though it passes, by as much against it"),
        must("expired for one weight too little"),
        must("approved with exactly the quorum"),
        must("decided without a vote"),
        must("several decided at once"),
        must("opened and decided at once"),
        must("an equivocation takes back what passed"),
        must("a third choice of one member"),
        must("an equivocation of who abstained"),
        must("a vote at the closing time"),
        must("a late vote against one in time"),
        must("a late vote that was in time as well"),
        must("a vote after the execution"),
        must("a vote of who has left"),
        must("a vote of who came later is refused"),
        must("a vote before the opening is refused"),
        must("a vote on no proposal is refused"),
        must("executed twice is refused"),
        must("executed before the end is refused"),
        must("executed without approval is refused"),
        must("a wrong vote among sound ones"),
        must("two wrong votes that add up"),
        must("one vote twice in a batch"),
        must("a batch that is too long"),
        must("a batch of nothing"),
        must("signed for another chain"),
        must("signed for another proposal"),
        must("signed for another registry"),
        must("signed for another choice"),
        must("signed by another"),
        must("a sum of signatures as a vote"),
        must("a wrong signature where the right one is known"),
        must("no members to vote"),
        must("a payload that is too long"),
        must("a quorum over the total"),
        must("closing before opening"),
        must("closed already"),
        must("too many undecided"),
        must("no weight"),
        must("a key twice"),
        must("a key that was a former member's"),
        must("too heavy together"),
        must("as heavy as can be"),
        must("a malformed key"),
        must("the key of everybody"),
        must("a key without its proof"),
        must("the clock goes back"),
    ];
}

fn kind(step: &Step) -> usize {
    match step {
        Step::Tick(_) => 0,
        Step::Submit(_) => 1,
        Step::Vote(_) => 2,
        Step::Votes(_) => 3,
        Step::Execute(_) => 4,
        Step::Admit { .. } => 5,
        Step::Remove(_) => 6,
    }
}

fn class(state: &State) -> usize {
    let model = &state.model;
    let open = (0..model.proposals.len() as u64).filter(|one| model.state(*one) == Some(ModelState::Active));
    match open.count() {
        0 => usize::from(!model.proposals.is_empty()),
        1 => 2,
        _ => 3,
    }
}

fn outcome(outcomes: &[O]) -> usize {
    let rank = |outcome: &O| match outcome {
        O::Opened(_) => 1,
        O::Decided(..) => 2,
        O::Submitted(_) => 3,
        O::NotSubmitted(_) => 4,
        O::Counted(..) => 5,
        O::Known(..) => 6,
        O::Equivocated(..) => 7,
        O::Late(..) => 8,
        O::NotCounted(..) => 9,
        O::TooMany(_) => 10,
        O::Execute(_) => 11,
        O::NotExecuted(..) => 12,
        O::Admitted(_) => 13,
        O::NotAdmitted(_) => 14,
        O::Removed(_) => 15,
        O::NotRemoved(_) => 16,
    };
    outcomes.last().map_or(0, rank)
}

/// Counts what the last step was, given the state before it.
pub fn record(before: &State, state: &State, step: &Step) {
    coverage::record::<GovernanceLabels>(kind(step), class(before), outcome(&state.outcomes));
    let met = decided(state)
        .into_iter()
        .chain(voted(before, state))
        .chain(answered(state))
        .chain(sent(before, state, step))
        .chain(managed(before, state, step));
    for (place, met) in met.enumerate() {
        if met {
            coverage::reached::<GovernanceLabels>(place);
        }
    }
}

fn decided(state: &State) -> [bool; 8] {
    let out = &state.outcomes;
    let any = |is: &dyn Fn(u64, ModelOutcome) -> bool| {
        out.iter().any(|one| matches!(one, O::Decided(number, outcome, _) if is(*number, *outcome)))
    };
    let of = |number: u64| {
        let proposal = &state.model.proposals[number as usize];
        let tally = proposal.tally();
        (tally, tally.approve + tally.reject + tally.abstain, proposal.passing(), proposal.draft.quorum)
    };
    let count = out.iter().filter(|one| matches!(one, O::Decided(..))).count();
    let opened = |number: u64| out.contains(&O::Opened(number)) && any(&|other, _| other == number);
    [
        any(&|one, as_| as_ == ModelOutcome::Approved && of(one).0.approve == of(one).2),
        any(&|one, as_| as_ == ModelOutcome::Rejected && of(one).0.approve + 1 == of(one).2 && of(one).1 > 0),
        any(&|one, as_| as_ == ModelOutcome::Rejected && of(one).0.approve >= of(one).2),
        any(&|one, as_| as_ == ModelOutcome::Expired && of(one).1 + 1 == of(one).3 && of(one).1 > 0),
        any(&|one, as_| as_ == ModelOutcome::Approved && of(one).1 == of(one).3),
        any(&|one, _| of(one).1 == 0),
        count >= 2,
        (0..state.model.proposals.len() as u64).any(opened),
    ]
}

fn voted(before: &State, state: &State) -> [bool; 7] {
    let out = &state.outcomes;
    let equivocated = |is: &dyn Fn(u64, u64, usize) -> bool| {
        out.iter().any(
            |one| matches!(one, O::Equivocated(number, member, choices) if is(*number, *member, choices.len())),
        )
    };
    let late = |is: &dyn Fn(u64, u64) -> bool| {
        out.iter().any(|one| matches!(one, O::Late(number, member, _) if is(*number, *member)))
    };
    let known =
        |is: &dyn Fn(u64) -> bool| out.iter().any(|one| matches!(one, O::Known(number, ..) if is(*number)));
    let at = |state: &State, number: u64| state.model.proposals.get(number as usize).cloned();
    let lost = |number: u64| {
        let passes =
            |state: &State| at(state, number).is_some_and(|one| one.tally().approve >= one.passing());
        passes(before) && !passes(state)
    };
    let abstained = |number: u64, member: u64| {
        at(before, number)
            .is_some_and(|one| one.choices(member) == [alys_models::governance::ModelChoice::Abstain])
    };
    let now = state.model.now;
    let closes_now = |number: u64| at(state, number).is_some_and(|one| one.draft.closes == now);
    let closed = |number: u64| at(state, number).is_some_and(|one| one.draft.closes <= now);
    let voted = |number, member| at(state, number).is_some_and(|one| !one.choices(member).is_empty());
    let executed = |number: u64| at(state, number).is_some_and(|one| one.executed);
    [
        equivocated(&|number, _, _| lost(number)),
        equivocated(&|_, _, choices| choices == 3),
        equivocated(&|number, member, choices| choices == 2 && abstained(number, member)),
        late(&|number, _| closes_now(number)),
        late(&voted),
        known(&closed),
        late(&|number, _| executed(number)),
    ]
}

fn answered(state: &State) -> [bool; 7] {
    let out = &state.outcomes;
    let is_member = |member: u64| state.model.members.iter().any(|(number, ..)| *number == member);
    let was_member = |member: u64| (member as usize) < state.owners.len();
    let refused = |is: &dyn Fn(u64, NotCounted) -> bool| {
        out.iter().any(|one| matches!(one, O::NotCounted(_, member, why) if is(*member, *why)))
    };
    let not_executed = |is: &dyn Fn(ModelState) -> bool| {
        out.iter().any(|one| matches!(one, O::NotExecuted(_, NotExecuted::NotApproved(state)) if is(*state)))
    };
    let unfinished = [ModelState::Pending, ModelState::Active];
    [
        out.iter().any(|one| matches!(one, O::Counted(_, member, _) if !is_member(*member))),
        refused(&|member, why| why == NotCounted::UnknownMember && was_member(member)),
        refused(&|_, why| why == NotCounted::NotOpen),
        refused(&|_, why| why == NotCounted::UnknownProposal),
        not_executed(&|state| state == ModelState::Executed),
        not_executed(&|state| unfinished.contains(&state)),
        not_executed(&|state| [ModelState::Rejected, ModelState::Expired].contains(&state)),
    ]
}

fn sent(before: &State, state: &State, step: &Step) -> [bool; 12] {
    let ballots: Vec<Ballot> = match step {
        Step::Vote(ballot) => vec![*ballot],
        Step::Votes(ballots) => ballots.clone(),
        _ => Vec::new(),
    };
    let bad = |one: &&O| matches!(one, O::NotCounted(_, _, NotCounted::BadSignature));
    let refused = state.outcomes.iter().filter(bad).count();
    let counted = state.outcomes.iter().any(|one| matches!(one, O::Counted(..)));
    let so = |how: How| refused > 0 && ballots.iter().any(|one| one.how == how);
    let pair = ballots.len() >= 2 && so(How::Up) && so(How::Down) && refused >= 2;
    let sound: Vec<_> = ballots.iter().filter(|one| one.how == How::Well).collect();
    let twice = counted && sound.windows(2).any(|two| two[0] == two[1]);
    let is_known = |one: &Ballot| {
        let on = before.model.proposals.get(one.proposal as usize);
        on.is_some_and(|on| on.votes.contains(&(one.member, one.choice)))
    };
    [
        refused == 1 && counted && ballots.len() > 2,
        pair,
        twice || (counted && ballots.len() > 1 && ballots.first() == ballots.last()),
        state.outcomes.iter().any(|one| matches!(one, O::TooMany(_))),
        matches!(step, Step::Votes(ballots) if ballots.is_empty()),
        so(How::ForAnotherChain),
        so(How::ForAnotherProposal),
        so(How::ForAnotherRegistry),
        so(How::ForAnotherChoice),
        so(How::ByAnother),
        so(How::Summed),
        refused > 0 && ballots.iter().any(|one| one.how != How::Well && is_known(one)),
    ]
}

fn managed(before: &State, state: &State, step: &Step) -> [bool; 15] {
    let out = &state.outcomes;
    let not_submitted = |is: &dyn Fn(NotSubmitted) -> bool| {
        out.iter().any(|one| matches!(one, O::NotSubmitted(why) if is(*why)))
    };
    let not_admitted = |is: &dyn Fn(NotAdmitted) -> bool| {
        out.iter().any(|one| matches!(one, O::NotAdmitted(why) if is(*why)))
    };
    let admitted = out.iter().any(|one| matches!(one, O::Admitted(_)));
    let former = matches!(step, Step::Admit { key: alys_models::governance::ModelKey::Of(owner), .. }
        if before.owners.contains(owner));
    [
        not_submitted(&|why| why == NotSubmitted::NoMembers),
        not_submitted(&|why| why == NotSubmitted::Payload),
        not_submitted(&|why| why == NotSubmitted::Quorum),
        not_submitted(&|why| why == NotSubmitted::Window),
        not_submitted(&|why| why == NotSubmitted::Over),
        not_submitted(&|why| matches!(why, NotSubmitted::Crowded(_))),
        not_admitted(&|why| why == NotAdmitted::NoWeight),
        not_admitted(&|why| matches!(why, NotAdmitted::Duplicate(_))),
        admitted && former,
        not_admitted(&|why| why == NotAdmitted::TooHeavy),
        admitted && state.model.total() == u64::MAX,
        not_admitted(&|why| why == NotAdmitted::Malformed),
        not_admitted(&|why| why == NotAdmitted::Infinity),
        not_admitted(&|why| why == NotAdmitted::NotPossessed),
        matches!(step, Step::Tick(by) if *by < 0),
    ]
}

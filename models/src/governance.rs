//! The reference model of governance: every vote that ever counted stands in a list, and everything else is computed
//! from the list anew.
//!
//! Signatures are a word in the transition: whoever makes it has signed it, or not. [`bytes`] says which bytes are
//! signed, [`shares`] what Byzantine weight can do.
//!
//! # Invariants
//!
//! - GV-2: the weight of a vote is what the proposal's own list of members says.
//! - GV-3: who is in the list with two choices of one proposal counts for nothing.
//! - GV-5: the list of a proposal does not change once it is closed.

pub mod bytes;
pub mod shares;
#[cfg(test)]
mod tests;
mod words;

pub use words::{
    GovernanceOutcome, GovernanceTransition, ModelApplication, ModelChoice, ModelDraft, ModelKey,
    ModelLimits, ModelOutcome, ModelState, ModelTally, ModelVote, NotAdmitted, NotCounted, NotExecuted,
    NotSubmitted,
};

use GovernanceOutcome as O;

/// A member: its number, whose key it has, its weight.
pub type ModelMember = (u64, u64, u64);

/// A proposal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ModelProposal {
    /// What it asks for.
    pub draft: ModelDraft,
    /// Who may vote: the members when it was submitted.
    pub members: Vec<ModelMember>,
    /// Who voted for what in time, each pair once, in the order in which they came.
    pub votes: Vec<(u64, ModelChoice)>,
    /// Who voted for what late.
    pub late: Vec<(u64, ModelChoice)>,
    /// Whether it was executed.
    pub executed: bool,
}

impl ModelProposal {
    fn weight(&self, member: u64) -> Option<u64> {
        self.members.iter().find(|(number, ..)| *number == member).map(|(.., weight)| *weight)
    }

    /// The weight of all who may vote.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.members.iter().map(|(.., weight)| weight).sum()
    }

    /// The least weight that passes it.
    #[must_use]
    pub fn passing(&self) -> u64 {
        shares::passing(self.total(), self.draft.threshold.0, self.draft.threshold.1)
    }

    /// What a member has voted for in time.
    #[must_use]
    pub fn choices(&self, member: u64) -> Vec<ModelChoice> {
        let mut choices: Vec<_> =
            self.votes.iter().filter(|(voter, _)| *voter == member).map(|(_, choice)| *choice).collect();
        choices.sort_unstable();
        choices
    }

    /// Who counts for a choice: its members, in order, who have voted for it and for nothing else.
    #[must_use]
    pub fn side(&self, choice: ModelChoice) -> Vec<u64> {
        let members = self.members.iter().map(|(number, ..)| *number);
        members.filter(|member| self.choices(*member) == [choice]).collect()
    }

    /// The weight of each choice.
    #[must_use]
    pub fn tally(&self) -> ModelTally {
        let weight = |choice| self.side(choice).into_iter().filter_map(|member| self.weight(member)).sum();
        let [approve, reject, abstain] = ModelChoice::ALL.map(weight);
        ModelTally { approve, reject, abstain }
    }

    /// What its votes come to.
    #[must_use]
    pub fn outcome(&self) -> ModelOutcome {
        let ModelTally { approve, reject, abstain } = self.tally();
        let (above, below) = self.draft.threshold;
        let quorum = approve + reject + abstain >= self.draft.quorum;
        let passes = u128::from(approve) * u128::from(below) > u128::from(self.total()) * u128::from(above);
        match (quorum, passes && approve > reject) {
            (false, _) => ModelOutcome::Expired,
            (true, true) => ModelOutcome::Approved,
            (true, false) => ModelOutcome::Rejected,
        }
    }

    /// Where it stands at a time.
    #[must_use]
    pub fn state(&self, now: u64) -> ModelState {
        if now < self.draft.opens {
            return ModelState::Pending;
        }
        if now < self.draft.closes {
            return ModelState::Active;
        }
        match self.outcome() {
            ModelOutcome::Approved if self.executed => ModelState::Executed,
            ModelOutcome::Approved => ModelState::Approved,
            ModelOutcome::Rejected => ModelState::Rejected,
            ModelOutcome::Expired => ModelState::Expired,
        }
    }
}

/// The proposals of a chain, and who is a member.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GovernanceModel {
    limits: ModelLimits,
    /// The members now, by number.
    pub members: Vec<ModelMember>,
    /// How many members there have ever been.
    pub admitted: u64,
    /// The proposals, by number.
    pub proposals: Vec<ModelProposal>,
    /// The latest time seen.
    pub now: u64,
}

impl GovernanceModel {
    /// Nobody is a member, nothing is proposed, and it is time 0.
    #[must_use]
    pub fn new(limits: ModelLimits) -> Self {
        GovernanceModel { limits, members: Vec::new(), admitted: 0, proposals: Vec::new(), now: 0 }
    }

    /// What there is at most.
    #[must_use]
    pub fn limits(&self) -> ModelLimits {
        self.limits
    }

    /// The weight of all members.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.members.iter().map(|(.., weight)| weight).sum()
    }

    /// Where a proposal stands.
    #[must_use]
    pub fn state(&self, proposal: u64) -> Option<ModelState> {
        self.proposals.get(usize::try_from(proposal).ok()?).map(|one| one.state(self.now))
    }

    /// The next time at which voting opens or closes.
    #[must_use]
    pub fn next_due(&self) -> Option<u64> {
        let times = self.proposals.iter().flat_map(|one| [one.draft.opens, one.draft.closes]);
        times.filter(|at| *at > self.now).min()
    }

    /// Makes a transition at a time, and says what comes of it and of the time before it.
    pub fn apply(&mut self, transition: &GovernanceTransition, time: u64) -> Vec<GovernanceOutcome> {
        let mut out = self.pass(time);
        match transition {
            GovernanceTransition::Tick => {}
            GovernanceTransition::Submit(draft) => self.submit(*draft, &mut out),
            GovernanceTransition::Vote(vote) => out.push(self.vote(vote)),
            GovernanceTransition::Votes(votes) if votes.len() > self.limits.batch => {
                out.push(O::TooMany(votes.len()));
            }
            GovernanceTransition::Votes(votes) => out.extend(votes.iter().map(|vote| self.vote(vote))),
            GovernanceTransition::Execute(proposal) => out.push(self.execute(*proposal)),
            GovernanceTransition::Admit(application) => out.push(self.admit(application)),
            GovernanceTransition::Remove(member) => out.push(self.remove(*member)),
        }
        out
    }

    /// Lets time pass: everything that opens or closes by then, in the order of times and numbers.
    fn pass(&mut self, time: u64) -> Vec<GovernanceOutcome> {
        let from = self.now;
        self.now = from.max(time);
        let mut happened = Vec::new();
        for (number, proposal) in (0..).zip(&self.proposals) {
            let ModelDraft { opens, closes, .. } = proposal.draft;
            if from < opens && opens <= self.now {
                happened.push((opens, number, O::Opened(number)));
            }
            if from < closes && closes <= self.now {
                let decided = O::Decided(number, proposal.outcome(), proposal.tally());
                happened.push((closes, number, decided));
            }
        }
        happened.sort_by_key(|(at, number, _)| (*at, *number));
        happened.into_iter().map(|(.., outcome)| outcome).collect()
    }

    fn submit(&mut self, draft: ModelDraft, out: &mut Vec<GovernanceOutcome>) {
        if let Some(refused) = self.refused(draft) {
            return out.push(O::NotSubmitted(refused));
        }
        let (number, members) = (self.proposals.len() as u64, self.members.clone());
        let (votes, late, executed) = (Vec::new(), Vec::new(), false);
        self.proposals.push(ModelProposal { draft, members, votes, late, executed });
        out.push(O::Submitted(number));
        if draft.opens <= self.now {
            out.push(O::Opened(number));
        }
    }

    fn refused(&self, draft: ModelDraft) -> Option<NotSubmitted> {
        let undecided = self.proposals.iter().filter(|one| self.now < one.draft.closes).count();
        if self.members.is_empty() {
            Some(NotSubmitted::NoMembers)
        } else if draft.payload > self.limits.payload {
            Some(NotSubmitted::Payload)
        } else if draft.quorum > self.total() {
            Some(NotSubmitted::Quorum)
        } else if draft.closes <= draft.opens {
            Some(NotSubmitted::Window)
        } else if draft.closes <= self.now {
            Some(NotSubmitted::Over)
        } else if undecided >= self.limits.undecided {
            Some(NotSubmitted::Crowded(undecided))
        } else {
            None
        }
    }

    fn vote(&mut self, vote: &ModelVote) -> GovernanceOutcome {
        let ModelVote { proposal: number, member, choice, signed } = *vote;
        let state = self.state(number);
        let refused = |why| O::NotCounted(number, member, why);
        let place = usize::try_from(number).unwrap_or(usize::MAX);
        let Some(proposal) = self.proposals.get_mut(place) else {
            return refused(NotCounted::UnknownProposal);
        };
        if state == Some(ModelState::Pending) {
            return refused(NotCounted::NotOpen);
        }
        if proposal.weight(member).is_none() {
            return refused(NotCounted::UnknownMember);
        }
        if !signed {
            return refused(NotCounted::BadSignature);
        }
        if proposal.votes.contains(&(member, choice)) || proposal.late.contains(&(member, choice)) {
            return O::Known(number, member, choice);
        }
        if state != Some(ModelState::Active) {
            proposal.late.push((member, choice));
            return O::Late(number, member, choice);
        }
        proposal.votes.push((member, choice));
        match proposal.choices(member) {
            one if one.len() == 1 => O::Counted(number, member, choice),
            several => O::Equivocated(number, member, several),
        }
    }

    fn execute(&mut self, number: u64) -> GovernanceOutcome {
        match self.state(number) {
            None => O::NotExecuted(number, NotExecuted::Unknown),
            Some(ModelState::Approved) => {
                self.proposals[number as usize].executed = true;
                O::Execute(number)
            }
            Some(state) => O::NotExecuted(number, NotExecuted::NotApproved(state)),
        }
    }

    fn admit(&mut self, application: &ModelApplication) -> GovernanceOutcome {
        let ModelApplication { key, possessed, weight } = *application;
        let taken = |(_, taken, _): &&ModelMember| ModelKey::Of(*taken) == key;
        if weight == 0 {
            return O::NotAdmitted(NotAdmitted::NoWeight);
        }
        if let Some((member, ..)) = self.members.iter().find(taken) {
            return O::NotAdmitted(NotAdmitted::Duplicate(*member));
        }
        if u128::from(self.total()) + u128::from(weight) > u128::from(u64::MAX) {
            return O::NotAdmitted(NotAdmitted::TooHeavy);
        }
        match key {
            ModelKey::Malformed => O::NotAdmitted(NotAdmitted::Malformed),
            ModelKey::Infinity => O::NotAdmitted(NotAdmitted::Infinity),
            ModelKey::Of(_) if !possessed => O::NotAdmitted(NotAdmitted::NotPossessed),
            ModelKey::Of(owner) => {
                let number = self.admitted;
                self.admitted += 1;
                self.members.push((number, owner, weight));
                O::Admitted(number)
            }
        }
    }

    fn remove(&mut self, member: u64) -> GovernanceOutcome {
        let before = self.members.len();
        self.members.retain(|(number, ..)| *number != member);
        if self.members.len() < before { O::Removed(member) } else { O::NotRemoved(member) }
    }
}

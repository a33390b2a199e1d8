//! The model as proptest-state-machine wants it.

use std::fmt;
use std::rc::Rc;

use alys_engines::cases::Stored;
use alys_engines::small::{Small, fingerprint};
use alys_models::governance::{
    GovernanceModel, GovernanceOutcome, GovernanceTransition, ModelApplication, ModelChoice, ModelDraft,
    ModelKey, ModelLimits, ModelVote,
};
use proptest::strategy::{BoxedStrategy, Strategy};
use proptest_state_machine::ReferenceStateMachine;
use serde::{Deserialize, Serialize};

use crate::generate::{Next, Start, simpler};

/// How the signature of a vote comes about. Only the first is the member's for this vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum How {
    /// The member has signed it.
    Well,
    /// The member has signed it for another chain.
    ForAnotherChain,
    /// For another proposal of the same content.
    ForAnotherProposal,
    /// For the same proposal of another registry.
    ForAnotherRegistry,
    /// For another choice.
    ForAnotherChoice,
    /// Somebody else has signed it.
    ByAnother,
    /// One bit is wrong.
    Flipped,
    /// It is nothing at all.
    Nothing,
    /// The sum of the member's and somebody else's signatures over the same.
    Summed,
    /// The member's, and something added: two such, one up and one down, are right together.
    Up,
    /// The member's, and the same taken away.
    Down,
}

/// A vote, and how it was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ballot {
    /// On which proposal.
    pub proposal: u64,
    /// In whose name.
    pub member: u64,
    /// For what.
    pub choice: ModelChoice,
    /// How it was signed.
    pub how: How,
}

/// How the proof of possession comes about. Only the first is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Proof {
    /// By the owner.
    Own,
    /// By somebody else, of another key.
    Foreign,
    /// It is nothing at all.
    Nothing,
}

/// What happens to governance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// The clock goes so far ahead, or back.
    Tick(i64),
    /// Somebody submits a draft.
    Submit(ModelDraft),
    /// A vote comes in.
    Vote(Ballot),
    /// Votes come in together.
    Votes(Vec<Ballot>),
    /// A proposal should be executed.
    Execute(u64),
    /// Somebody wants to be a member.
    Admit {
        /// With which key.
        key: ModelKey,
        /// With which proof.
        proof: Proof,
        /// With what weight.
        weight: u64,
    },
    /// A member should leave.
    Remove(u64),
}

/// What a case begins with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beginning {
    /// The chain.
    pub chain_id: u64,
    /// What there is at most.
    pub limits: ModelLimits,
    /// The first members: whose key, what weight.
    pub members: Vec<(u64, u64)>,
}

/// The model, and what its last step came to.
#[derive(Clone)]
pub struct State {
    /// What the case began with.
    pub beginning: Rc<Beginning>,
    /// The model itself.
    pub model: GovernanceModel,
    /// Whose key every member has that there ever was, by number.
    pub owners: Rc<Vec<u64>>,
    /// The clock.
    pub time: u64,
    /// What the last step came to.
    pub outcomes: Vec<GovernanceOutcome>,
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.beginning.fmt(f)
    }
}

impl State {
    /// The beginning of a case.
    #[must_use]
    pub fn new(beginning: Beginning) -> Self {
        let model = GovernanceModel::new(beginning.limits);
        let members = beginning.members.clone();
        let (owners, outcomes) = (Rc::new(Vec::new()), Vec::new());
        let state = State { beginning: Rc::new(beginning), model, owners, time: 0, outcomes };
        let admit = |state: Self, (owner, weight): &(u64, u64)| {
            state.step(&Step::Admit { key: ModelKey::Of(*owner), proof: Proof::Own, weight: *weight })
        };
        members.iter().fold(state, admit)
    }

    /// Whose key a member has, or had; who never was one has a key of nobody.
    #[must_use]
    pub fn owner(&self, member: u64) -> u64 {
        let known = usize::try_from(member).ok().and_then(|place| self.owners.get(place));
        known.copied().unwrap_or(u64::MAX - 9)
    }

    /// A step in the words of the model.
    #[must_use]
    pub fn transition(step: &Step) -> GovernanceTransition {
        let vote = |ballot: &Ballot| {
            let Ballot { proposal, member, choice, how } = *ballot;
            ModelVote { proposal, member, choice, signed: how == How::Well }
        };
        match step {
            Step::Tick(_) => GovernanceTransition::Tick,
            Step::Submit(draft) => GovernanceTransition::Submit(*draft),
            Step::Vote(ballot) => GovernanceTransition::Vote(vote(ballot)),
            Step::Votes(ballots) => GovernanceTransition::Votes(ballots.iter().map(vote).collect()),
            Step::Execute(proposal) => GovernanceTransition::Execute(*proposal),
            Step::Admit { key, proof, weight } => {
                let possessed = *proof == Proof::Own;
                GovernanceTransition::Admit(ModelApplication { key: *key, possessed, weight: *weight })
            }
            Step::Remove(member) => GovernanceTransition::Remove(*member),
        }
    }

    /// Makes one step of the model.
    #[must_use]
    pub fn step(mut self, step: &Step) -> Self {
        if let Step::Tick(by) = step {
            self.time = self.time.saturating_add_signed(*by);
        }
        self.outcomes = self.model.apply(&Self::transition(step), self.time);
        let admitted = self.outcomes.iter().any(|one| matches!(one, GovernanceOutcome::Admitted(_)));
        if let (true, Step::Admit { key: ModelKey::Of(owner), .. }) = (admitted, step) {
            Rc::make_mut(&mut self.owners).push(*owner);
        }
        self
    }
}

/// The reference state machine.
#[derive(Clone, Copy, Debug)]
pub struct GovernanceReference;

impl ReferenceStateMachine for GovernanceReference {
    type State = State;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<State> {
        Start.boxed()
    }

    fn transitions(state: &State) -> BoxedStrategy<Step> {
        Next::after(state).boxed()
    }

    fn apply(state: State, step: &Step) -> State {
        state.step(step)
    }
}

impl Small for GovernanceReference {
    const RUNS_MAX: usize = 1_500;

    /// Fewer members, all of weight 1.
    fn simpler_starts(state: &State) -> Vec<State> {
        let beginning = state.beginning.as_ref();
        let with = |members: Vec<(u64, u64)>| State::new(Beginning { members, ..beginning.clone() });
        let members = &beginning.members;
        let shorter = [members.len() / 2, members.len().saturating_sub(1)];
        let shorter = shorter.into_iter().filter(|len| *len < members.len());
        let mut simpler: Vec<State> = shorter.map(|len| with(members[..len].to_vec())).collect();
        if members.iter().any(|(_, weight)| *weight != 1) {
            simpler.push(with(members.iter().map(|(owner, _)| (*owner, 1)).collect()));
        }
        simpler
    }

    fn simpler(step: &Step) -> Vec<Step> {
        simpler(step)
    }

    fn participant(step: &Step) -> String {
        match step {
            Step::Vote(ballot) => format!("member {}", ballot.member),
            Step::Votes(_) => "a peer".to_owned(),
            Step::Tick(_) => "the clock".to_owned(),
            _ => "the operator".to_owned(),
        }
    }

    fn fingerprint(state: &State) -> Option<u64> {
        Some(fingerprint(&state.model))
    }
}

impl Stored for GovernanceReference {
    type Parameters = Beginning;

    fn parameters(initial: &State) -> Beginning {
        initial.beginning.as_ref().clone()
    }

    fn initial(beginning: Beginning) -> State {
        State::new(beginning)
    }
}

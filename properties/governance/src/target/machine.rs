//! The adapter of the sequential suite: the real engine, held to the model after every step.

use alys_engines::trace::note;
use alys_engines::violation::{check_eq, guarded, violated};
use alys_models::governance::{GovernanceOutcome as O, ModelChoice, ModelDraft, bytes};
use proptest_state_machine::StateMachineTest;

use super::alys::ballots::Signed;
use super::alys::certificate::{Certificate, NoCertificate};
use super::alys::engine::{Effect, Event, Governance, Settings};
use super::alys::proposal::{Proposal, State as Stands};
use super::alys::scheme::Scheme;
use super::alys::terms::{Draft, Limits, Share};
use super::alys::vote::Vote;
use super::expected;
use super::keys::{Key, Keyring};
use super::signing::{Signing, choice};
use crate::compare::{self, ProposalView, Sides, View};
use crate::labels;
use crate::reference::{Ballot, GovernanceReference, State, Step};

/// The real engine, and who signs.
#[derive(Debug)]
pub struct Machine<K: Keyring> {
    engine: Governance<K::Scheme>,
    signing: Signing<K>,
    before: State,
}

/// A draft in the words of the crate.
#[must_use]
pub fn draft(draft: &ModelDraft) -> Draft {
    let ModelDraft { payload, tag, threshold: (above, below), quorum, opens, closes } = *draft;
    let threshold = Share::new(above, below)
        .unwrap_or_else(|error| violated("GV-6", format!("a sound share is refused: {error}")));
    Draft { payload: vec![tag; payload], threshold, quorum, opens, closes }
}

impl<K: Keyring> Machine<K> {
    fn new(state: &State) -> Self {
        let limits = state.model.limits();
        let limits = Limits { payload: limits.payload, batch: limits.batch, undecided: limits.undecided };
        let chain_id = state.beginning.chain_id;
        let mut signing = Signing::<K>::new(chain_id);
        let mut engine = Governance::new(Settings { chain_id, limits }, signing.scheme.clone());
        for (number, (owner, weight)) in (0..).zip(&state.beginning.members) {
            let key = alys_models::governance::ModelKey::Of(*owner);
            let application = signing.application(key, crate::reference::Proof::Own, *weight);
            let effects = engine.handle(Event::Admit(application), 0);
            check_eq("GV-2", "a sound application", &vec![Effect::Admitted { member: number }], &effects);
        }
        Machine { engine, signing, before: state.clone() }
    }

    /// What happens to the engine when a step is made.
    fn event(&mut self, step: &Step) -> Event {
        match step {
            Step::Tick(_) => Event::Tick,
            Step::Submit(planned) => Event::Submit(draft(planned)),
            Step::Vote(ballot) => Event::Vote(self.vote(ballot)),
            Step::Votes(ballots) => Event::Votes(ballots.iter().map(|one| self.vote(one)).collect()),
            Step::Execute(proposal) => Event::Execute(*proposal),
            Step::Admit { key, proof, weight } => {
                Event::Admit(self.signing.application(*key, *proof, *weight))
            }
            Step::Remove(member) => Event::Remove(*member),
        }
    }

    /// A vote as it comes in: as bytes, from which alone it is judged.
    fn vote(&self, ballot: &Ballot) -> Vote {
        let Ballot { proposal, member, choice, .. } = *ballot;
        let signature = self.signing.signature(&self.before, ballot);
        let sent = bytes::vote(proposal, member, choice, &signature);
        let read = Vote::decode(&sent);
        read.unwrap_or_else(|error| violated("GV-7", format!("the bytes of a vote are refused: {error}")))
    }

    fn step(&mut self, state: &State, step: &Step) {
        let event = self.event(step);
        for said in &state.outcomes {
            if let O::Submitted(proposal) = said {
                self.signing.submitted(&state.model.proposals[*proposal as usize]);
            }
        }
        let effects = self.engine.handle(event, state.time);
        let expected: Vec<_> =
            state.outcomes.iter().map(|said| expected::effect(&self.signing, state, step, said)).collect();
        note("effects", &expected, &effects);
        for place in 0..expected.len().max(effects.len()) {
            let rule = compare::rule_of(state.outcomes.get(place));
            check_eq(rule, "what comes of it", &expected.get(place), &effects.get(place));
        }
        for effect in &effects {
            self.inspect(state, effect);
        }
    }

    /// Looks at what others can be shown.
    fn inspect(&self, state: &State, effect: &Effect) {
        match effect {
            Effect::Equivocated(evidence) => {
                let verified = evidence.verify(&self.signing.scheme, self.proposal(evidence.proposal));
                check_eq("GV-3", "whether evidence proves itself", &Ok(()), &verified);
            }
            Effect::Decided { proposal, .. }
            | Effect::Late { proposal, .. }
            | Effect::Execute { proposal, .. }
            | Effect::Opened { proposal } => {
                ModelChoice::ALL.into_iter().for_each(|voted| self.certificate(state, *proposal, voted));
            }
            Effect::NotExecuted { proposal, .. } if state.model.state(*proposal).is_none() => {
                let none = self.engine.certificate(*proposal, choice(ModelChoice::Approve));
                check_eq("GV-5", "the certificate of nothing", &None, &none);
            }
            _ => {}
        }
    }

    fn proposal(&self, number: u64) -> &Proposal<Key<K>> {
        let proposal = self.engine.proposal(number);
        proposal.unwrap_or_else(|| violated("GV-5", format!("proposal {number} is not there")))
    }

    /// Holds a certificate, or that there is none, to GV-5.
    fn certificate(&self, state: &State, number: u64, voted: ModelChoice) {
        let proposal = &state.model.proposals[number as usize];
        let stood = state.model.state(number).map(expected::stands).unwrap_or(Stands::Pending);
        let side = proposal.side(voted);
        let weigh =
            |member: &u64| proposal.members.iter().find(|(one, ..)| one == member).map_or(0, |one| one.2);
        let (weight, passing) = (side.iter().map(weigh).sum::<u64>(), proposal.passing());
        let made = self.engine.certificate(number, choice(voted));
        let expected = if [Stands::Pending, Stands::Active].contains(&stood) {
            Err(NoCertificate::Undecided { state: stood })
        } else if weight < passing {
            Err(NoCertificate::TooLight { weight, passing })
        } else {
            let signatures: Vec<_> =
                side.iter().map(|member| self.signing.sound(state.owner(*member), number, voted)).collect();
            let signature = self.signing.scheme.aggregate(&signatures).unwrap_or_default();
            Ok(Certificate { proposal: number, choice: choice(voted), signers: side, signature })
        };
        check_eq("GV-5", "a certificate", &Some(&expected), &made.as_ref());
        if let Ok(certificate) = expected {
            let carried = certificate.verify(&self.signing.scheme, self.proposal(number));
            check_eq("GV-5", "what a certificate carries", &Ok(weight), &carried);
        }
    }

    fn view(&self) -> View {
        let engine = &self.engine;
        let proposals = engine.proposals().zip(0..).map(|(proposal, number)| {
            check_eq("GV-5", "the number of a proposal", &number, &proposal.id());
            viewed(proposal)
        });
        View {
            now: engine.now(),
            next_due: engine.next_due(),
            total: engine.registry().total(),
            members: engine.registry().members().map(|(number, one)| (number, one.weight)).collect(),
            proposals: proposals.collect(),
        }
    }

    /// Whose keys the members have.
    fn keys(&mut self, state: &State) {
        for (number, owner, _) in &state.model.members {
            let stated = self.engine.registry().member(*number).map(|member| member.stated.0);
            check_eq("GV-2", "the key of a member", &Some(self.signing.key(*owner)), &stated);
        }
    }
}

fn viewed<T: Clone>(proposal: &Proposal<T>) -> ProposalView {
    let tally = proposal.ballots().tally();
    let state = match proposal.state() {
        Stands::Pending => alys_models::governance::ModelState::Pending,
        Stands::Active => alys_models::governance::ModelState::Active,
        Stands::Approved => alys_models::governance::ModelState::Approved,
        Stands::Rejected => alys_models::governance::ModelState::Rejected,
        Stands::Expired => alys_models::governance::ModelState::Expired,
        Stands::Executed => alys_models::governance::ModelState::Executed,
    };
    ProposalView {
        state,
        passing: proposal.passing(),
        tally: alys_models::governance::ModelTally {
            approve: tally.approve,
            reject: tally.reject,
            abstain: tally.abstain,
        },
        in_time: sides(proposal.ballots().in_time()),
        late: sides(proposal.ballots().late()),
        members: proposal.registry().members().map(|(number, one)| (number, one.weight)).collect(),
    }
}

fn sides<'a>(signed: impl Iterator<Item = (u64, &'a Signed)>) -> Sides {
    let choices = |signed: &Signed| {
        let is = |voted: &ModelChoice| signed.signature(choice(*voted)).is_some();
        ModelChoice::ALL.into_iter().filter(is).collect()
    };
    signed.map(|(member, signed)| (member, choices(signed))).collect()
}

impl<K: Keyring> StateMachineTest for Machine<K> {
    type SystemUnderTest = Machine<K>;
    type Reference = GovernanceReference;

    fn init_test(state: &State) -> Self {
        let machine = Machine::new(state);
        compare::views(&View::of(&state.model), &machine.view());
        machine
    }

    fn apply(machine: Self, state: &State, step: Step) -> Self {
        labels::record(&machine.before, state, &step);
        guarded(machine, |machine| {
            machine.step(state, &step);
            compare::views(&View::of(&state.model), &machine.view());
            machine.keys(state);
            machine.before = state.clone();
        })
    }
}

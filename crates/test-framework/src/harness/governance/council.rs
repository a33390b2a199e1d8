//! A council: real members with BLS keys before the real actor, and what everybody who listens hears of it.

mod said;

use std::sync::Arc;

use actix::{Actor, Addr, Context, Handler};
use alys_governance::{
    engine::{Effect, Event, Governance, Settings},
    proposal::Proposal,
    registry::Registry,
    scheme::{Bls, BlsPublicKey},
    shell::{Certify, GovernanceActor, Handle, Published},
    terms::Limits,
    vote::Vote,
};
use alys_governance_properties::{
    real::{
        keys::BlsKeys,
        machine::draft,
        signing::{Signing, choice},
    },
    reference::{Ballot, Beginning, How, Proof, State, Step},
};
use alys_models::governance::{
    GovernanceOutcome as O, ModelChoice, ModelDraft, ModelKey, ModelLimits, ModelState,
};

use crate::{
    event::TestEventType::{MessageReceived, MessageRefused, MessageSent, Observed, StateTransition},
    evidence::Evidence,
    judge::Judge,
    stage::{DriveError, Driven, Stage},
};

/// Who asks the council for something.
const ASKED: &str = "asked";
/// Who hears what came of it.
pub(super) const HEARD: &str = "heard";
/// Who looks at certificates and evidence.
pub(super) const VERIFIER: &str = "verifier";

const LIMITS: ModelLimits = ModelLimits { payload: 64, batch: 16, undecided: 8 };

/// Says what was being done when something could not be.
pub(super) fn at<E: std::fmt::Display>(doing: &'static str) -> impl Fn(E) -> DriveError {
    move |error| DriveError::new(doing, error)
}

/// Writes down what is published.
struct Listener(Stage);

impl Actor for Listener {
    type Context = Context<Self>;
}

impl Handler<Published> for Listener {
    type Result = ();

    fn handle(&mut self, Published(effects): Published, _: &mut Context<Self>) {
        for outcome in effects.iter().map(said::outcome) {
            let kind = match outcome {
                O::Opened(_) | O::Decided(..) | O::Execute(_) | O::Submitted(_) => StateTransition,
                O::Counted(..) | O::Known(..) | O::Late(..) | O::Equivocated(..) => MessageReceived,
                O::NotCounted(..) | O::TooMany(_) | O::NotSubmitted(_) | O::NotExecuted(..) => MessageRefused,
                _ => Observed,
            };
            self.0.record(kind, HEARD, [("outcome", format!("{outcome:?}").into())]);
        }
    }
}

/// The actor, the keys of its members, and the model of what has happened.
pub(super) struct Council {
    stage: Stage,
    actor: Addr<GovernanceActor<Bls>>,
    pub(super) signing: Signing<BlsKeys>,
    pub(super) state: State,
    registry: Arc<Registry<BlsPublicKey>>,
}

impl Council {
    /// Members of these weights, and no proposal.
    pub(super) fn assemble(stage: &Stage, weights: &[u64]) -> Result<Self, DriveError> {
        let members = (0..).zip(weights.iter().copied()).collect();
        let beginning = Beginning { chain_id: 11, limits: LIMITS, members };
        let told = serde_json::to_string(&beginning).map_err(at("writing down a council"))?;
        stage.record(Observed, "council", [("beginning", told.into())]);
        let mut signing = Signing::<BlsKeys>::new(beginning.chain_id);
        let mut registry = Registry::default();
        for (owner, weight) in &beginning.members {
            let application = signing.application(ModelKey::Of(*owner), Proof::Own, *weight);
            registry.admit(&Bls, &application).map_err(at("admitting a member"))?;
        }
        let ModelLimits { payload, batch, undecided } = LIMITS;
        let settings =
            Settings { chain_id: beginning.chain_id, limits: Limits { payload, batch, undecided } };
        let engine = Governance::with_registry(settings, Bls, registry.clone());
        let listener = Listener(stage.clone()).start().recipient();
        let actor = GovernanceActor::new(engine, stage.clock(), listener).start();
        let (stage, state) = (stage.clone(), State::new(beginning));
        Ok(Council { stage, actor, signing, state, registry: Arc::new(registry) })
    }

    /// The test's time in milliseconds.
    pub(super) fn now(&self) -> u64 {
        self.stage.clock().now().as_nanos() / 1_000_000
    }

    /// Lets time go by until then.
    pub(super) async fn until(&self, millis: u64) {
        let left = millis.saturating_sub(self.now());
        self.stage.pass(std::time::Duration::from_millis(left)).await;
        // Whoever waited for the same instant comes first.
        tokio::task::yield_now().await;
    }

    /// Asks for something, and returns what came of it.
    pub(super) async fn ask(&mut self, step: Step) -> Result<Vec<Effect>, DriveError> {
        let told = serde_json::to_string(&step).map_err(at("writing down a step"))?;
        self.stage.record(MessageSent, ASKED, [("step", told.into())]);
        let event = self.event(&step);
        let before = self.state.model.proposals.len();
        let state = State { time: self.now(), ..self.state.clone() };
        self.state = state.step(&step);
        for proposal in &self.state.model.proposals[before..] {
            self.signing.submitted(proposal);
        }
        let effects = self.actor.send(Handle(event)).await.map_err(at("asking the council"))?;
        tokio::task::yield_now().await;
        Ok(effects)
    }

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

    fn vote(&self, ballot: &Ballot) -> Vote {
        let Ballot { proposal, member, choice: voted, .. } = *ballot;
        let signature = self.signing.signature(&self.state, ballot);
        Vote { proposal, member, choice: choice(voted), signature }
    }

    /// Submits a proposal that asks for two thirds, with a window from now on; returns its number.
    pub(super) async fn submit(&mut self, quorum: u64, opens: u64, closes: u64) -> Result<u64, DriveError> {
        let (number, now) = (self.state.model.proposals.len() as u64, self.now());
        let (opens, closes, tag) = (now + opens, now + closes, number as u8);
        let planned = ModelDraft { payload: 8, tag, threshold: (2, 3), quorum, opens, closes };
        self.ask(Step::Submit(planned)).await.map(|_| number)
    }

    /// A member votes.
    pub(super) async fn votes(
        &mut self,
        proposal: u64,
        member: u64,
        choice: ModelChoice,
        how: How,
    ) -> Driven {
        self.ask(Step::Vote(Ballot { proposal, member, choice, how })).await.map(drop)
    }

    /// Waits until every proposal is decided.
    pub(super) async fn adjourn(&mut self) -> Driven {
        let last = self.state.model.proposals.iter().map(|proposal| proposal.draft.closes).max();
        self.until(last.unwrap_or(0) + 1).await;
        self.ask(Step::Tick(0)).await.map(drop)
    }

    /// The proposal as somebody knows it who has only its terms and the registry, which must not have changed since.
    pub(super) fn known(&self, number: u64) -> Option<Proposal<BlsPublicKey>> {
        let planned = self.state.model.proposals.get(usize::try_from(number).ok()?)?.draft;
        let chain_id = self.state.beginning.chain_id;
        Some(Proposal::new(chain_id, number, draft(&planned), Arc::clone(&self.registry)))
    }

    /// Asks for a certificate.
    pub(super) async fn certify(
        &self,
        proposal: u64,
        voted: ModelChoice,
    ) -> Result<<Certify as actix::Message>::Result, DriveError> {
        let certify = Certify { proposal, choice: choice(voted) };
        self.actor.send(certify).await.map_err(at("asking for a certificate"))
    }
}

/// What the model says came of everything that was asked, with the milliseconds, and how it stands in the end; `None` where
/// the record is not one of a council.
pub(super) fn by_model(seen: Evidence<'_>) -> Option<(State, Vec<String>)> {
    let told = seen.from(Observed, "council").map(|event| event.words("beginning")).next()?;
    let mut state = State::new(serde_json::from_str(told).ok()?);
    let mut expected = Vec::new();
    for event in seen.from(MessageSent, ASKED) {
        let step: Step = serde_json::from_str(event.words("step")).ok()?;
        let time = event.timestamp? / 1_000_000;
        state = State { time, ..state }.step(&step);
        for outcome in &state.outcomes {
            let draft = |number: &u64| state.model.proposals.get(*number as usize).map(|one| one.draft);
            let at = match outcome {
                // Who submits after the opening opens at once: then it is now.
                O::Opened(number) if !matches!(step, Step::Submit(_)) => draft(number)?.opens,
                O::Decided(number, ..) => draft(number)?.closes,
                _ => time,
            };
            expected.push(format!("{at} ms: {outcome:?}"));
        }
    }
    Some((state, expected))
}

/// What was heard, with the milliseconds.
fn heard(seen: Evidence<'_>) -> Vec<(u64, String)> {
    let heard = seen.all().filter(|event| event.source.0 == HEARD);
    heard
        .map(|event| {
            let at = event.timestamp.map_or_else(|| "?".to_owned(), |nanos| (nanos / 1_000_000).to_string());
            (event.event_id, format!("{at} ms: {}", event.words("outcome")))
        })
        .collect()
}

/// Everything that was heard must be what the model says, at its time; and of each of these beginnings of outcomes there
/// must be so many at least.
pub(super) fn judge_council(seen: Evidence<'_>, judge: &mut Judge, rule: &str, wanted: &[(&str, usize)]) {
    let heard = heard(seen);
    let Some((state, expected)) = by_model(seen) else {
        return judge.equal(rule, "the record of the council", "can be read", "cannot be read");
    };
    judge.same(rule, "what came of what was asked", &expected, &heard);
    let open = (0..state.model.proposals.len() as u64).filter(|number| {
        state.model.state(*number).is_some_and(|one| [ModelState::Pending, ModelState::Active].contains(&one))
    });
    judge.equal("GV-5", "proposals that are not decided in the end", 0_u64, open.count());
    for (what, least) in wanted {
        let of_it = |(_, said): &&(u64, String)| {
            said.split_once(" ms: ").is_some_and(|(_, outcome)| outcome.contains(what))
        };
        judge.at_least(
            "gate",
            &format!("times that `{what}` was heard"),
            *least,
            heard.iter().filter(of_it).count(),
        );
    }
}

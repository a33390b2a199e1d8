//! The engine: events and the time go in, effects come out.

mod effect;
mod receive;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use effect::{Effect, Event, ExecutionRefusal, VoteRefusal};

use crate::certificate::{Certificate, NoCertificate};
use crate::message::Choice;
use crate::proposal::{Proposal, State};
use crate::registry::{Application, Registry};
use crate::scheme::Scheme;
use crate::terms::{Draft, DraftRefusal, Limits};

/// How an engine is set up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Votes of other chains do not count.
    pub chain_id: u64,
    /// What there is at most.
    pub limits: Limits,
}

/// The proposals of one chain and one registry.
///
/// What has become due by the time of an event happens before the event does: votes that come at the closing time are
/// late. Time is whole numbers, and never goes back: an event with an earlier time happens at the latest one seen.
///
/// ```
/// use alys_governance::engine::{Effect, Event, Governance, Settings};
/// use alys_governance::message::Choice;
/// use alys_governance::registry::Application;
/// use alys_governance::scheme::{Bls, BlsSecretKey, Scheme};
/// use alys_governance::{tally::Outcome, terms::Draft, vote::Vote};
///
/// let mut governance = Governance::new(Settings::default(), Bls);
/// let secret = BlsSecretKey::from_seed(&[1; 32]).unwrap();
/// let (key, possession) = (Bls.public_key(&secret), Bls.prove_possession(&secret));
/// governance.handle(Event::Admit(Application { key, possession, weight: 1 }), 0);
/// governance.handle(Event::Submit(Draft::binding(b"raise the limit".to_vec(), 1, 10, 20)), 0);
///
/// let message = governance.proposal(0).unwrap().message(Choice::Approve);
/// let signature = Bls.sign(&secret, &message);
/// let vote = Vote { proposal: 0, member: 0, choice: Choice::Approve, signature };
/// governance.handle(Event::Vote(vote), 10);
///
/// let effects = governance.handle(Event::Tick, 20);
/// assert!(matches!(effects[..], [Effect::Decided { outcome: Outcome::Approved, .. }]));
/// ```
#[derive(Clone, Debug)]
pub struct Governance<S: Scheme> {
    settings: Settings,
    scheme: S,
    registry: Arc<Registry<S::PublicKey>>,
    proposals: BTreeMap<u64, Proposal<S::PublicKey>>,
    // invariant: of each proposal that is not decided exactly one, its opening or its closing
    due: BTreeSet<(u64, u64)>,
    now: u64,
}

impl<S: Scheme> Governance<S> {
    /// An engine without members and proposals, at time 0.
    #[must_use]
    pub fn new(settings: Settings, scheme: S) -> Self {
        Self::with_registry(settings, scheme, Registry::default())
    }

    /// An engine with these members, and without proposals.
    #[must_use]
    pub fn with_registry(settings: Settings, scheme: S, registry: Registry<S::PublicKey>) -> Self {
        let (registry, proposals, due) = (Arc::new(registry), BTreeMap::new(), BTreeSet::new());
        Governance { settings, scheme, registry, proposals, due, now: 0 }
    }

    /// Takes an event, and answers with what came of it and of the time that has passed, in order.
    #[must_use]
    pub fn handle(&mut self, event: Event, now: u64) -> Vec<Effect> {
        self.now = self.now.max(now);
        let mut effects = Vec::new();
        self.settle(&mut effects);
        match event {
            Event::Tick => {}
            Event::Vote(vote) => effects.extend(self.receive(&[vote])),
            Event::Votes(votes) => self.batch(&votes, &mut effects),
            Event::Submit(draft) => self.submit(draft, &mut effects),
            Event::Execute(proposal) => effects.push(self.execute(proposal)),
            Event::Admit(application) => effects.push(self.admit(&application)),
            Event::Remove(member) => effects.push(self.remove(member)),
        }
        effects
    }

    /// The members as they are now.
    #[must_use]
    pub fn registry(&self) -> &Registry<S::PublicKey> {
        &self.registry
    }

    /// A proposal.
    #[must_use]
    pub fn proposal(&self, id: u64) -> Option<&Proposal<S::PublicKey>> {
        self.proposals.get(&id)
    }

    /// The proposals, in the order in which they were submitted.
    pub fn proposals(&self) -> impl Iterator<Item = &Proposal<S::PublicKey>> {
        self.proposals.values()
    }

    /// When something will next become due: a shell should let the engine know then.
    #[must_use]
    pub fn next_due(&self) -> Option<u64> {
        self.due.first().map(|(at, _)| *at)
    }

    /// The latest time seen.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.now
    }

    /// The certificate of a decided proposal for a choice; `None` when there is no such proposal.
    #[must_use]
    pub fn certificate(&self, proposal: u64, choice: Choice) -> Option<Result<Certificate, NoCertificate>> {
        let proposal = self.proposals.get(&proposal)?;
        Some(Certificate::of(&self.scheme, proposal, choice))
    }

    /// Opens and closes voting where that is due.
    fn settle(&mut self, effects: &mut Vec<Effect>) {
        while let Some((at, id)) = self.due.first().copied()
            && at <= self.now
        {
            self.due.pop_first();
            let Some(proposal) = self.proposals.get_mut(&id) else { continue };
            if proposal.state() == State::Pending {
                proposal.open();
                self.due.insert((proposal.draft().closes, id));
                effects.push(Effect::Opened { proposal: id });
            } else {
                let (outcome, tally) = proposal.close();
                effects.push(Effect::Decided { proposal: id, outcome, tally });
            }
        }
    }

    fn submit(&mut self, draft: Draft, effects: &mut Vec<Effect>) {
        if let Err(refusal) = self.checked(&draft) {
            return effects.push(Effect::NotSubmitted(refusal));
        }
        let (id, opens) = (self.proposals.len() as u64, draft.opens);
        let proposal = Proposal::new(self.settings.chain_id, id, draft, Arc::clone(&self.registry));
        effects.push(Effect::Submitted { proposal: id, content: proposal.content() });
        self.proposals.insert(id, proposal);
        self.due.insert((opens, id));
        self.settle(effects);
    }

    fn checked(&self, draft: &Draft) -> Result<(), DraftRefusal> {
        let Settings { limits, .. } = &self.settings;
        draft.check(limits, self.registry.total(), self.now)?;
        match self.due.len() {
            undecided if undecided >= limits.undecided => Err(DraftRefusal::Crowded { undecided }),
            _ => Ok(()),
        }
    }

    fn execute(&mut self, id: u64) -> Effect {
        let Some(proposal) = self.proposals.get_mut(&id) else {
            return Effect::NotExecuted { proposal: id, refusal: ExecutionRefusal::Unknown };
        };
        let state = proposal.state();
        match proposal.execute() {
            Some(payload) => Effect::Execute { proposal: id, payload },
            None => Effect::NotExecuted { proposal: id, refusal: ExecutionRefusal::NotApproved { state } },
        }
    }

    fn admit(&mut self, application: &Application) -> Effect {
        match Arc::make_mut(&mut self.registry).admit(&self.scheme, application) {
            Ok(member) => Effect::Admitted { member },
            Err(refusal) => Effect::NotAdmitted(refusal),
        }
    }

    fn remove(&mut self, member: u64) -> Effect {
        match Arc::make_mut(&mut self.registry).remove(member) {
            Some(_) => Effect::Removed { member },
            None => Effect::NotRemoved { member },
        }
    }
}

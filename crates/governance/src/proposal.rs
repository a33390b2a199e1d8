//! A proposal: its terms, who may vote on it, and what was signed.

use std::fmt;
use std::sync::Arc;

use alloy_primitives::B256;

use crate::ballots::{Ballots, Received};
use crate::message::{Choice, MESSAGE_BYTES, vote_message};
use crate::registry::Registry;
use crate::tally::{Outcome, Tally};
use crate::terms::Draft;
use crate::vote::Vote;

/// Where a proposal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Voting has not opened.
    Pending,
    /// Votes count.
    Active,
    /// It passed, and may be executed.
    Approved,
    /// It did not pass.
    Rejected,
    /// Too little weight voted.
    Expired,
    /// It passed and was handed out to be done.
    Executed,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Expired => "expired",
            Self::Executed => "executed",
        })
    }
}

impl From<Outcome> for State {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Approved => Self::Approved,
            Outcome::Rejected => Self::Rejected,
            Outcome::Expired => Self::Expired,
        }
    }
}

/// A proposal, with the registry as it was when it was created: members that come later have no vote on it, and those who
/// leave keep theirs.
#[derive(Clone, Debug)]
pub struct Proposal<K> {
    chain_id: u64,
    id: u64,
    content: B256,
    draft: Draft,
    registry: Arc<Registry<K>>,
    passing: u64,
    state: State,
    ballots: Ballots,
}

impl<K: Clone> Proposal<K> {
    /// A proposal on which nobody has voted; also for who only verifies certificates and evidence of it.
    #[must_use]
    pub fn new(chain_id: u64, id: u64, draft: Draft, registry: Arc<Registry<K>>) -> Self {
        let (content, passing) = (draft.content(registry.root()), draft.threshold.passing(registry.total()));
        let (state, ballots) = (State::Pending, Ballots::default());
        Proposal { chain_id, id, content, draft, registry, passing, state, ballots }
    }

    /// Its number.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The hash of its terms, its payload and its registry, which every vote signs.
    #[must_use]
    pub fn content(&self) -> B256 {
        self.content
    }

    /// What it asks for.
    #[must_use]
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// Who may vote on it, and with what weight.
    #[must_use]
    pub fn registry(&self) -> &Registry<K> {
        &self.registry
    }

    /// The least weight that passes it, and of which a certificate is.
    #[must_use]
    pub fn passing(&self) -> u64 {
        self.passing
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> State {
        self.state
    }

    /// What was signed of it.
    #[must_use]
    pub fn ballots(&self) -> &Ballots {
        &self.ballots
    }

    /// Whether voting is over.
    #[must_use]
    pub fn is_decided(&self) -> bool {
        !matches!(self.state, State::Pending | State::Active)
    }

    /// What a vote for this choice signs.
    #[must_use]
    pub fn message(&self, choice: Choice) -> [u8; MESSAGE_BYTES] {
        vote_message(self.chain_id, self.id, self.content, choice)
    }

    /// Lets votes count.
    pub(crate) fn open(&mut self) {
        self.state = State::Active;
    }

    /// Decides, from what was signed until now. Nothing that comes later changes it.
    pub(crate) fn close(&mut self) -> (Outcome, Tally) {
        let tally = self.ballots.tally();
        let outcome = tally.decide(self.passing, self.draft.quorum);
        self.state = outcome.into();
        (outcome, tally)
    }

    /// Marks it as done; `None` when it may not be, or has been.
    pub(crate) fn execute(&mut self) -> Option<Vec<u8>> {
        if self.state != State::Approved {
            return None;
        }
        self.state = State::Executed;
        Some(self.draft.payload.clone())
    }

    /// Takes a vote whose signature is verified, of a member of this weight.
    pub(crate) fn receive(&mut self, vote: &Vote, weight: u64) -> Received {
        let Vote { member, choice, signature, .. } = *vote;
        match self.is_decided() {
            true => self.ballots.receive_late(member, choice, signature),
            false => self.ballots.receive(member, choice, signature, weight),
        }
    }
}

//! What happens to an engine, and what comes of it.

use alloy_primitives::B256;

use crate::evidence::Evidence;
use crate::message::Choice;
use crate::proposal::State;
use crate::registry::{Application, Refusal};
use crate::tally::{Outcome, Tally};
use crate::terms::{Draft, DraftRefusal};
use crate::vote::Vote;

/// What happens to an engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Time has passed.
    Tick,
    /// Somebody has a proposal.
    Submit(Draft),
    /// A vote came in.
    Vote(Vote),
    /// Votes came in together. They are verified together, and come to what they would have come to one by one.
    Votes(Vec<Vote>),
    /// A proposal is to be executed.
    Execute(u64),
    /// Somebody is to become a member, for the proposals that are submitted from now on.
    Admit(Application),
    /// A member is to leave, for the proposals that are submitted from now on.
    Remove(u64),
}

/// Why a vote neither counts nor is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[non_exhaustive]
pub enum VoteRefusal {
    /// There is no such proposal.
    #[error("there is no such proposal")]
    UnknownProposal,
    /// Voting has not opened. The vote can come again.
    #[error("voting opens at {opens}, and it is {now}")]
    NotOpen {
        /// When it does.
        opens: u64,
        /// The time.
        now: u64,
    },
    /// Nobody with that number was a member when the proposal was created.
    #[error("there was no such member when the proposal was created")]
    UnknownMember,
    /// The signature is not the member's, for this choice, proposal, content and chain.
    #[error("the signature does not verify")]
    BadSignature,
}

/// Why a proposal is not executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[non_exhaustive]
pub enum ExecutionRefusal {
    /// There is no such proposal.
    #[error("there is no such proposal")]
    Unknown,
    /// It did not pass, or not yet, or it was executed before.
    #[error("the proposal is {state}, allowed is only an approved one")]
    NotApproved {
        /// Where it stands.
        state: State,
    },
}

/// What comes of an event, or of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A draft became a proposal.
    Submitted {
        /// Its number.
        proposal: u64,
        /// What its votes are bound to.
        content: B256,
    },
    /// A draft did not.
    NotSubmitted(DraftRefusal),
    /// Votes count from now on.
    Opened {
        /// On which proposal.
        proposal: u64,
    },
    /// Votes count no longer, and this is what came of them. It is said once of each proposal.
    Decided {
        /// Of which proposal.
        proposal: u64,
        /// The outcome.
        outcome: Outcome,
        /// The weights it follows from.
        tally: Tally,
    },
    /// A vote counts.
    Counted {
        /// On which proposal.
        proposal: u64,
        /// Whose.
        member: u64,
        /// For what.
        choice: Choice,
    },
    /// A vote was there already.
    Known {
        /// On which proposal.
        proposal: u64,
        /// Whose.
        member: u64,
        /// For what.
        choice: Choice,
    },
    /// A member has signed several choices: none of its votes on the proposal counts.
    Equivocated(Evidence),
    /// A vote came when voting had closed: it is kept, and does not count.
    Late {
        /// On which proposal.
        proposal: u64,
        /// Whose.
        member: u64,
        /// For what.
        choice: Choice,
    },
    /// A vote is refused.
    NotCounted {
        /// On which proposal.
        proposal: u64,
        /// Who is said to have voted.
        member: u64,
        /// Why.
        refusal: VoteRefusal,
    },
    /// A batch is refused as a whole, for its length alone.
    TooMany {
        /// How many votes it has.
        votes: usize,
        /// How many it may have.
        allowed: usize,
    },
    /// This is to be done. It is said at most once of each proposal.
    Execute {
        /// Of which proposal.
        proposal: u64,
        /// What.
        payload: Vec<u8>,
    },
    /// A proposal is not executed.
    NotExecuted {
        /// Which.
        proposal: u64,
        /// Why.
        refusal: ExecutionRefusal,
    },
    /// Somebody became a member.
    Admitted {
        /// Its number.
        member: u64,
    },
    /// Somebody did not.
    NotAdmitted(Refusal),
    /// A member left.
    Removed {
        /// Its number.
        member: u64,
    },
    /// There was no such member.
    NotRemoved {
        /// The number.
        member: u64,
    },
}

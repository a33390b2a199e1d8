//! What happens to governance, and what comes of it.

#[cfg(feature = "serde")]
use serde::{Deserialize, Serialize};

/// What can be voted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
pub enum ModelChoice {
    /// For it.
    Approve,
    /// Against it.
    Reject,
    /// Neither.
    Abstain,
}

impl ModelChoice {
    /// All of them.
    pub const ALL: [ModelChoice; 3] = [ModelChoice::Approve, ModelChoice::Reject, ModelChoice::Abstain];
}

/// What there is at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
pub struct ModelLimits {
    /// Bytes in a payload.
    pub payload: usize,
    /// Votes in a batch.
    pub batch: usize,
    /// Proposals that are not decided.
    pub undecided: usize,
}

/// A proposal as it is submitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
pub struct ModelDraft {
    /// How long its payload is; the payload is so many times the byte `tag`.
    pub payload: usize,
    /// What its payload is made of.
    pub tag: u8,
    /// The share of which more must approve: above and below the line.
    pub threshold: (u64, u64),
    /// The weight that must vote.
    pub quorum: u64,
    /// When voting opens.
    pub opens: u64,
    /// When voting closes.
    pub closes: u64,
}

/// A vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ModelVote {
    /// On which proposal.
    pub proposal: u64,
    /// In whose name.
    pub member: u64,
    /// For what.
    pub choice: ModelChoice,
    /// Whether exactly this member has signed exactly this.
    pub signed: bool,
}

/// A key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
pub enum ModelKey {
    /// Somebody's.
    Of(u64),
    /// No key at all.
    Malformed,
    /// Everybody's.
    Infinity,
}

/// Somebody wants to be a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ModelApplication {
    /// With which key.
    pub key: ModelKey,
    /// Whether it has shown that it has the secret one.
    pub possessed: bool,
    /// With what weight.
    pub weight: u64,
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GovernanceTransition {
    /// Time passes.
    Tick,
    /// Somebody has a proposal.
    Submit(ModelDraft),
    /// A vote comes in.
    Vote(ModelVote),
    /// Votes come in together.
    Votes(Vec<ModelVote>),
    /// A proposal should be executed.
    Execute(u64),
    /// Somebody wants to be a member.
    Admit(ModelApplication),
    /// A member should leave.
    Remove(u64),
}

/// What a proposal came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ModelOutcome {
    /// Enough approve.
    Approved,
    /// Enough vote, and not enough approve.
    Rejected,
    /// Not enough vote.
    Expired,
}

/// Where a proposal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ModelState {
    /// Before voting.
    Pending,
    /// During voting.
    Active,
    /// After it, and enough approve.
    Approved,
    /// After it, and not enough approve.
    Rejected,
    /// After it, and not enough have voted.
    Expired,
    /// Approved, and handed out to be done.
    Executed,
}

/// The weight of each choice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ModelTally {
    /// For it.
    pub approve: u64,
    /// Against it.
    pub reject: u64,
    /// Neither.
    pub abstain: u64,
}

/// Why a draft is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NotSubmitted {
    /// Nobody could vote.
    NoMembers,
    /// Too long.
    Payload,
    /// More than there is.
    Quorum,
    /// It would close before it opens.
    Window,
    /// It would be closed already.
    Over,
    /// So many are not decided.
    Crowded(usize),
}

/// Why a vote is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NotCounted {
    /// No such proposal.
    UnknownProposal,
    /// Voting has not opened.
    NotOpen,
    /// No such member then.
    UnknownMember,
    /// It has not signed this.
    BadSignature,
}

/// Why a proposal is not executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NotExecuted {
    /// No such proposal.
    Unknown,
    /// It stands there.
    NotApproved(ModelState),
}

/// Why somebody does not become a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NotAdmitted {
    /// Its votes would be for nothing.
    NoWeight,
    /// The key is this member's.
    Duplicate(u64),
    /// All weights together would not be below 2^64.
    TooHeavy,
    /// No key.
    Malformed,
    /// Everybody's key.
    Infinity,
    /// It has not shown that it has the secret key.
    NotPossessed,
}

/// What comes of a transition, or of time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GovernanceOutcome {
    /// A draft became a proposal.
    Submitted(u64),
    /// A draft did not.
    NotSubmitted(NotSubmitted),
    /// Voting opened.
    Opened(u64),
    /// Voting closed.
    Decided(u64, ModelOutcome, ModelTally),
    /// A member's vote counts.
    Counted(u64, u64, ModelChoice),
    /// It was there already.
    Known(u64, u64, ModelChoice),
    /// A member has voted for all of these.
    Equivocated(u64, u64, Vec<ModelChoice>),
    /// It came late.
    Late(u64, u64, ModelChoice),
    /// A vote in a member's name is refused.
    NotCounted(u64, u64, NotCounted),
    /// So many at once are refused.
    TooMany(usize),
    /// A proposal is to be done.
    Execute(u64),
    /// It is not.
    NotExecuted(u64, NotExecuted),
    /// Somebody is a member now.
    Admitted(u64),
    /// Somebody is not.
    NotAdmitted(NotAdmitted),
    /// A member left.
    Removed(u64),
    /// There was no such member.
    NotRemoved(u64),
}

//! The vocabulary of the chain model: what happens to a node, and what it does and answers.

use std::collections::BTreeSet;
use std::fmt;

/// A block's name: what its header hashes to, which the model takes as it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct BlockId(pub [u8; 32]);

impl fmt::Debug for BlockId {
    /// The first bytes tell blocks of one case apart.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().take(4).try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// What a node is configured with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ChainSetting {
    /// How many authorities there are.
    pub authorities: u64,
    /// Which one the node is, if any.
    pub me: Option<u64>,
    /// When slot 0 begins.
    pub genesis_time: u64,
    /// How long a slot is.
    pub slot_duration: u64,
    /// Every how many blocks there is a checkpoint.
    pub interval: u64,
    /// How much the pool keeps for each owner.
    pub per_owner: usize,
    /// How much the pool keeps in all.
    pub total: usize,
}

/// A transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Payment {
    /// So much from one account to another.
    Of {
        /// Who pays.
        from: u64,
        /// Who is paid.
        to: u64,
        /// How much.
        amount: u64,
    },
    /// So many bytes that are no payment.
    Junk {
        /// How many.
        len: usize,
    },
}

/// What is wrong with a block that its fields do not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Flaw {
    /// The header names another body.
    Body,
    /// Somebody else signed it, or for something else.
    Signature,
    /// The header names another state.
    State,
}

/// A block as far as the model looks at it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ModelBlock {
    /// Its name.
    pub id: BlockId,
    /// Its parent's.
    pub parent: BlockId,
    /// What its header says.
    pub height: u64,
    /// What its header says.
    pub slot: u64,
    /// What its header says.
    pub proposer: u64,
    /// What its header says.
    pub timestamp: u64,
    /// What it does.
    pub payments: Vec<Payment>,
    /// What else is wrong with it.
    pub flaw: Option<Flaw>,
}

/// An approval by one or more authorities.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ModelApproval {
    /// What is approved.
    pub block: BlockId,
    /// The slot that is approved.
    pub slot: u64,
    /// Who is said to approve.
    pub signers: BTreeSet<u64>,
    /// For how many authorities it has bits.
    pub bits: u64,
    /// Whether it came as one authority's approval, with an index and no bits.
    pub single: bool,
    /// Whether all of them have signed just this, on this chain, and each counts once.
    pub signed: bool,
}

/// What happens to a node.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ChainTransition {
    /// A proposal comes in.
    Block(ModelBlock),
    /// An approval comes in.
    Approval(ModelApproval),
    /// A block comes in with what certifies it; whether signatures are verified.
    Import(ModelBlock, ModelApproval, bool),
    /// Time has passed.
    Tick,
    /// A block should be proposed; this is the one that would be, if it may be.
    Propose(Vec<Payment>),
    /// Everything above this block should be forgotten.
    Rollback(BlockId),
    /// What does not descend from the checkpoint of this height should be forgotten.
    Prune(u64),
}

/// Why a block is refused.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Refused {
    /// Its timestamp lies in this slot instead, or before genesis.
    Slot(Option<u64>),
    /// It is this one's slot.
    Proposer(u64),
    /// Its body is another one.
    Body,
    /// Its proposer has not signed it.
    Signature,
    /// Its parent is of this height.
    Height(u64),
    /// Its parent is of this slot.
    Order(u64),
    /// This transaction is none.
    Junk(usize),
    /// The payer of this transaction has only so much.
    Poor(usize, u64),
    /// It leads to another state.
    State,
}

/// Why an approval is refused.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Unapproved {
    /// There is no such authority.
    Unknown(u64),
    /// It has bits for so many.
    Bits(u64),
    /// Nobody approves.
    Nobody,
    /// Not all of its signers have signed this.
    Signature,
    /// Its block is of this slot.
    Slot(u64),
}

/// Whose room something takes in the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PoolOwner {
    /// Blocks of one authority.
    Proposer(u64),
    /// Approvals of one authority alone.
    Signer(u64),
    /// Approvals of several.
    Aggregates,
    /// Approvals of enough.
    Certificates,
}

/// Which bound of the pool pushed something out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PoolBound {
    /// That of its owner.
    Owner(PoolOwner),
    /// That of all, in which its owner had most.
    Total(PoolOwner),
    /// That of aggregates of one block.
    OfBlock,
}

/// What lies in the pool.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PoolItem {
    /// A block.
    Block(BlockId),
    /// An approval: of what, in which slot, by whom.
    Approval(BlockId, u64, BTreeSet<u64>),
}

/// A due checkpoint: its height and its block.
pub type Due = (u64, BlockId);

/// A change of the tip: the new one, what is disconnected from the top down, what is connected from below up.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Moved {
    /// The new tip.
    pub head: BlockId,
    /// Not canonical any more.
    pub disconnected: Vec<BlockId>,
    /// Canonical from now on.
    pub connected: Vec<BlockId>,
}

/// What becomes durable at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Committed {
    /// What has entered the tree.
    pub entered: Option<BlockId>,
    /// What has left it.
    pub removed: Vec<BlockId>,
    /// What it begins with from now on.
    pub base: Option<BlockId>,
    /// How the tip has changed.
    pub head: Option<Moved>,
    /// What is final.
    pub finalised: Option<BlockId>,
    /// The checkpoints that are due.
    pub checkpoints: Vec<Due>,
    /// Two final blocks that conflict.
    pub violation: Option<(BlockId, BlockId)>,
}

/// What a node does or answers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ChainOutcome {
    /// A block is refused.
    Refused(BlockId, Refused),
    /// A block is known.
    Known(BlockId),
    /// A block waits for its parent.
    WaitsForParent(BlockId),
    /// A block waits for its slot.
    WaitsForSlot(BlockId),
    /// A block is valid.
    Candidate(BlockId),
    /// An approval does not count.
    Unapproved(BlockId, Unapproved),
    /// An approval adds nothing.
    ApprovalKnown(BlockId),
    /// An approval is kept.
    ApprovalKept(BlockId),
    /// The pool has pushed something out.
    Evicted(PoolItem, PoolBound),
    /// A slot is voted in.
    PersistVote(u64),
    /// Our approval leaves.
    SendApproval(BlockId, u64),
    /// A slot is proposed in.
    PersistProposal(u64),
    /// Our block leaves.
    SendBlock(BlockId),
    /// Something becomes durable.
    Commit(Committed),
    /// The tip is made known.
    HeadChanged(Moved),
    /// Finality is made known.
    Finalised(BlockId),
    /// A violation is made known.
    Violated(BlockId, BlockId),
    /// A block is not imported.
    NotImported(BlockId, NotImported),
    /// Nothing is proposed.
    NotProposed(NotProposed),
    /// Nothing is rolled back.
    NotRolledBack(NotRolledBack),
    /// Nothing is pruned.
    NotPruned(NotPruned),
}

/// Why a block is not imported.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NotImported {
    /// The certificate is of something else.
    Foreign,
    /// So many are too few.
    NoQuorum(u64),
    /// The certificate does not count.
    Certificate(Unapproved),
    /// The block is not valid.
    Block(Refused),
    /// Its parent is not there.
    Parent,
    /// Its slot has not come.
    Slot,
}

/// Why nothing is proposed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NotProposed {
    /// The node is no authority.
    Nobody,
    /// Two final blocks conflict.
    Violated,
    /// It is not our slot.
    Slot(Option<u64>),
    /// We have proposed in this slot or a later one.
    Already(u64),
    /// The tip is of this slot.
    Tip(u64),
    /// The body cannot be executed.
    Body(Refused),
}

/// Why nothing is rolled back.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NotRolledBack {
    /// There is no such block.
    Unknown,
    /// The finalised block would go, or is on another chain.
    Final,
    /// Two final blocks conflict.
    Violated,
}

/// Why nothing is pruned.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NotPruned {
    /// There is no checkpoint of this height.
    NoCheckpoint,
    /// It is not final.
    NotFinal,
    /// The tree begins there or above.
    Already,
    /// Two final blocks conflict.
    Violated,
}

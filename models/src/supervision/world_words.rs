//! The words of the model of supervised actors. Plain data.

use super::words::{ModelVerdict, NodeNumber, SupervisionTransition, Ticks};
use crate::lifecycle::ModelState;

/// What an actor is to do with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum Deed {
    /// Answer.
    Answer,
    /// Refuse to answer.
    Fail,
    /// Panic.
    Panic,
    /// Answer, and say that it cannot go on.
    GiveOut,
    /// Answer, and stop.
    Stop,
    /// Answer when told to, taking other messages meanwhile.
    Later,
    /// Answer when told to, taking no other message meanwhile.
    Exclusive,
    /// Answer, and spawn a future that panics.
    SpawnPanic,
    /// Answer, and set a timer, unless one is set.
    Timer {
        /// How long.
        after: Ticks,
        /// Whether it panics when it is due.
        panics: bool,
    },
    /// Answer, and keep the handle of the timer where the next incarnation finds it.
    Keep,
    /// Answer, and cancel by the handle that was kept.
    CancelKept,
}

impl Deed {
    /// Whether it ends the incarnation.
    #[must_use]
    pub fn is_deadly(self) -> bool {
        matches!(self, Deed::Panic | Deed::GiveOut | Deed::Stop | Deed::SpawnPanic)
    }
}

/// What runs when an incarnation is made, started or stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum HookKind {
    /// The factory.
    Make,
    /// The start hook.
    Start,
    /// The restart hook.
    Restart,
    /// The stop hook.
    Stop,
}

impl HookKind {
    /// Every kind.
    pub const ALL: [HookKind; 4] = [HookKind::Make, HookKind::Start, HookKind::Restart, HookKind::Stop];
}

/// What a hook comes to, the next time that it runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum HookPlan {
    /// It is done at once.
    #[default]
    Done,
    /// It errs at once; a factory can only panic.
    Err,
    /// It panics at once.
    Panic,
    /// It ends when told to; a factory is done at once.
    Later,
}

/// How something that waits is told to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum Opening {
    /// Well.
    Good,
    /// With an error.
    Bad,
    /// With a panic.
    Panic,
}

/// One transition of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum WorldTransition {
    /// A registration, a request, or time; never a report, since the actors report for themselves.
    Tree(SupervisionTransition),
    /// What a hook of a child will come to, once.
    Plan(NodeNumber, HookKind, HookPlan),
    /// Somebody sends a child a message without waiting, or asks it.
    Post {
        /// Which child.
        node: NodeNumber,
        /// In which lane.
        lane: u8,
        /// What it is to do.
        deed: Deed,
        /// Whether somebody waits for the answer.
        ask: bool,
    },
    /// A handler that waits is told to end: the n-th of its child, the oldest first.
    Open(NodeNumber, u8, Opening),
    /// A hook that waits is told to end.
    OpenHook(NodeNumber, Opening),
}

/// How a post ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum PostAnswer {
    /// Accepted (a send).
    Accepted,
    /// There was no room.
    Full,
    /// The mailbox is closed.
    Closed,
    /// Answered by this incarnation, as the how-manieth message that it began to handle.
    Reply {
        /// The incarnation.
        incarnation: u64,
        /// Counted from 1.
        handled: u32,
    },
    /// Delivered, and not answered.
    Failed,
    /// Drained.
    Drained,
}

/// Why a message is dead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum WorldDeath {
    /// Left behind in a mailbox.
    Drained(u32),
    /// In the hands of an incarnation that ended.
    Interrupted,
}

/// What a transition led to; where several children are concerned, what is of one child is in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct WorldOutcome {
    /// Whether a request was refused.
    pub refused: bool,
    /// What became of failures, in order.
    pub verdicts: Vec<(NodeNumber, ModelVerdict)>,
    /// Whose stop hook failed, in order.
    pub stop_hooks_failed: Vec<NodeNumber>,
    /// The path of the failure that stops the system.
    pub fatal: Option<Vec<NodeNumber>>,
    /// The hooks that ran: of which child, in which incarnation.
    pub hooks: Vec<(NodeNumber, u64, HookKind)>,
    /// The messages that were begun.
    pub handled: Vec<(NodeNumber, u64, u32)>,
    /// The incarnations that were dropped: of which child, and the state that it was in then.
    pub gone: Vec<(NodeNumber, u64, ModelState)>,
    /// The timers that were due.
    pub timers: Vec<(NodeNumber, u64)>,
    /// How posts ended, by the number of the message.
    pub posts: Vec<(u32, PostAnswer)>,
    /// The dead letters.
    pub dead: Vec<(NodeNumber, u8, WorldDeath)>,
}

impl WorldOutcome {
    /// Puts what is of different children into the order of their numbers, which no schedule changes.
    pub fn sort(&mut self) {
        self.hooks.sort_by_key(|(node, ..)| *node);
        self.gone.sort_by_key(|(node, ..)| *node);
        self.handled.sort_by_key(|(node, ..)| *node);
        self.timers.sort_by_key(|(node, ..)| *node);
        self.posts.sort_by_key(|(post, _)| *post);
        self.dead.sort_by_key(|(node, ..)| *node);
    }
}

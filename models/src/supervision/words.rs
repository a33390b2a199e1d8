//! The words of the supervision model. Plain data.

use crate::lifecycle::ModelState;

/// A number of ticks of virtual time.
pub type Ticks = u64;

/// A node by its number: numbered in the order of registration, which is the start order. The root is 0.
pub type NodeNumber = usize;

/// Whether and when a failed node is restarted (SV-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum ModelStrategy {
    /// At once.
    Always,
    /// Not at all.
    Never,
    /// After so many ticks.
    Fixed(Ticks),
    /// After `initial * (numerator / denominator)^attempt` ticks, rounded down, `max` at most.
    Backoff {
        /// The first delay.
        initial: Ticks,
        /// Of the multiplier.
        numerator: u32,
        /// Of the multiplier; at least 1, and not above the numerator.
        denominator: u32,
        /// The longest delay.
        max: Ticks,
    },
}

impl ModelStrategy {
    /// The delay before a restart, by the number of the attempt.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_models::supervision::ModelStrategy;
    ///
    /// let strategy = ModelStrategy::Backoff { initial: 2, numerator: 3, denominator: 2, max: 5 };
    /// assert_eq!([0, 1, 2, 3].map(|attempt| strategy.delay(attempt)), [Some(2), Some(3), Some(4), Some(5)]);
    /// ```
    #[must_use]
    pub fn delay(self, attempt: u32) -> Option<Ticks> {
        match self {
            ModelStrategy::Always => Some(0),
            ModelStrategy::Never => None,
            ModelStrategy::Fixed(ticks) => Some(ticks),
            ModelStrategy::Backoff { initial, numerator, denominator, max } => {
                if initial == 0 {
                    return Some(0);
                }
                let top = u128::from(numerator).checked_pow(attempt);
                let bottom = u128::from(denominator).checked_pow(attempt);
                let product = top.and_then(|top| top.checked_mul(u128::from(initial)));
                let exact = product.zip(bottom).map(|(top, bottom)| top / bottom);
                Some(exact.map_or(max, |ticks| u64::try_from(ticks).unwrap_or(max).min(max)))
            }
        }
    }
}

/// Whom a failed node takes along (SV-5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum ModelGroup {
    /// Nobody.
    OneForOne,
    /// Every sibling.
    OneForAll,
    /// Every sibling that started after it.
    RestForOne,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum ModelKind {
    /// It supervises.
    Supervisor {
        /// Whom a failed child takes along.
        group: ModelGroup,
        /// Grants within a window.
        max_restarts: usize,
        /// The window, in ticks; not 0.
        window: Ticks,
    },
    /// It works.
    Child {
        /// Ticks that a start or restart hook may take.
        start_within: Ticks,
        /// Ticks that a stop hook may take.
        stop_within: Ticks,
    },
}

/// One transition of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum SupervisionTransition {
    /// Puts a node under another one.
    Add {
        /// Under whom.
        parent: NodeNumber,
        /// What it is.
        kind: ModelKind,
        /// How it is restarted.
        restart: ModelStrategy,
    },
    /// Starts what was not started at and below a node.
    Start(NodeNumber),
    /// Stops a node and what is below it.
    Stop(NodeNumber),
    /// Restarts what runs at and below a node.
    Restart(NodeNumber),
    /// Stops everything: gracefully for so many ticks, then by force for so many.
    Shutdown(Ticks, Ticks),
    /// The incarnation of a child says that its start or restart hook succeeded.
    Started(NodeNumber),
    /// The incarnation of a child is gone: with a failure, or as it was ordered.
    Ended(NodeNumber, bool),
    /// An incarnation that is gone reports once more, that it has started or that it failed.
    Stale(NodeNumber, bool),
    /// Time passes.
    Advance(Ticks),
}

/// What the shell of a child is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum ModelOrder {
    /// Make an incarnation and run its start hook.
    Start,
    /// Make an incarnation and run its restart hook.
    Restart,
    /// Handle messages.
    Run,
    /// Run the stop hook.
    Stop,
    /// Drop it.
    Drop,
}

/// What becomes of a failure (SV-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum ModelVerdict {
    /// Restarted: the number of the attempt, and when the backoff ends.
    Restart(u32, Ticks),
    /// Restarted with others, or goes the way of its supervisor.
    Join,
    /// Stopped.
    Stop,
    /// A failure of its supervisor.
    Escalate,
}

/// Why a request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum ModelRefusal {
    /// The parent is a child.
    ParentNotSupervisor,
    /// The parent stops or has stopped.
    ParentStopped(ModelState),
    /// It stops or has stopped.
    Stopped(ModelState),
    /// Its parent does not run.
    ParentNotRunning(ModelState),
    /// It does not run.
    NotRunning(ModelState),
    /// It is being restarted already.
    UnderWay,
}

/// What a transition is answered with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SupervisionOutcome {
    /// Why nothing happened.
    pub refused: Option<ModelRefusal>,
    /// What became of failures, in order.
    pub verdicts: Vec<(NodeNumber, ModelVerdict)>,
    /// Whose stop hook failed, in order.
    pub stop_hooks_failed: Vec<NodeNumber>,
    /// The path of the failure that stops the system.
    pub fatal: Option<Vec<NodeNumber>>,
    /// The end of a shutdown, with those who are not gone.
    pub down: Option<Vec<NodeNumber>>,
}

/// Everything about a node that can be seen from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NodeView<'a> {
    /// Its state.
    pub state: ModelState,
    /// What its shell is to do, and with the how-manieth of its incarnations.
    pub order: Option<(u64, ModelOrder)>,
    /// The states that it went through since it was registered, the first one left out.
    pub went: &'a [ModelState],
}

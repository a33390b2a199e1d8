//! Reference model of the store of a chain (rules CH-6 to CH-8, and what CH-10 asks of anchors).
//!
//! What is held is a map of blocks, the canonical chain as another map, and a few numbers. Checkpoints are not kept but
//! defined: each canonical height above 0, up to the finalised one, that the interval divides. What is kept of them is
//! only how they were damaged. There are two copies of all that: a transition changes the volatile one, and when it is
//! acknowledged that is the durable one; a crash in between leaves one of the two.
//!
//! # Examples
//!
//! ```
//! use alys_models::chain_store::{Block, ChainStoreModel, Commit, Outcome, Transition};
//!
//! let mut model = ChainStoreModel::new(2);
//! let block = |id: u32| Block { id, parent: id - 1, height: u64::from(id) };
//! let commit = Commit { blocks: vec![block(1), block(2)], head: Some(2), finalised: Some(2), values: vec![] };
//! assert_eq!(model.apply(&Transition::Commit(commit)), Outcome::Done);
//! assert_eq!(model.durable.due(), [2]);
//! ```

mod checkpoints;
mod chosen;
mod commit;
mod held;
#[cfg(test)]
mod tests;
mod transition;

pub use self::{
    checkpoints::{Broken, Fault, Field, Row},
    held::{Anchor, Held},
    transition::{Block, Commit, Outcome, Refusal, Transition},
};

/// The reference state machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainStoreModel {
    /// What a transition sees and changes.
    pub volatile: Held,
    /// What a crash leaves of what was acknowledged.
    pub durable: Held,
}

impl ChainStoreModel {
    /// A store that has its genesis, block 0, and makes checkpoints at this interval.
    #[must_use]
    pub fn new(interval: u64) -> Self {
        ChainStoreModel::holding(Held::new(interval))
    }

    /// A store that has recovered this.
    #[must_use]
    pub fn holding(held: Held) -> Self {
        ChainStoreModel { volatile: held.clone(), durable: held }
    }

    /// Makes a transition that is acknowledged: done or refused, what is then seen is durable.
    pub fn apply(&mut self, transition: &Transition) -> Outcome {
        let outcome = self.begin(transition);
        self.durable = self.volatile.clone();
        outcome
    }

    /// Makes a transition that is not acknowledged yet.
    pub fn begin(&mut self, transition: &Transition) -> Outcome {
        let mut next = self.volatile.clone();
        let outcome = next.make(transition);
        if outcome == Outcome::Done {
            self.volatile = next;
        }
        outcome
    }

    /// What a crash at this moment may leave: what was acknowledged, with all or nothing of what was not.
    #[must_use]
    pub fn after_crash(&self) -> [Held; 2] {
        [self.durable.clone(), self.volatile.clone()]
    }
}
